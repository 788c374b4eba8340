#include "sim/harness/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CLUSTERS_MAX 254

/* The place of all directories, there only while one is in it; `wanted` makes it. Somebody else's
 * directory there is refused. */
static int base(char path[SIM_RUN_DIR_SIZE], bool wanted, struct sim_error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *tmp = getenv("TMPDIR");
	struct stat st;
	int n;

	if (runtime && *runtime == '/' && access(runtime, W_OK) == 0)
		n = snprintf(path, SIM_RUN_DIR_SIZE, "%s/rehome", runtime);
	else
		n = snprintf(path, SIM_RUN_DIR_SIZE, "%s/rehome-%u",
			     tmp && *tmp == '/' ? tmp : "/tmp", (unsigned)geteuid());
	if (n < 0 || n > SIM_RUN_DIR_SIZE - 34)
		return sim_fail(
			err, SIM_USAGE,
			"the temporary directory's name is too long for sockets: set TMPDIR to a "
			"shorter one");
	if (wanted && mkdir(path, 0700) < 0 && errno != EEXIST)
		return sim_fail(err, SIM_USAGE, "%s cannot be made: %s", path, strerror(errno));
	if (lstat(path, &st) < 0 && errno == ENOENT)
		return 0;
	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 077) != 0)
		return sim_fail(
			err, SIM_USAGE,
			"%s is not a directory of yours alone (mode 0700): remove it, or set "
			"TMPDIR",
			path);
	return 0;
}

static int name_check(const char *name, struct sim_error *err)
{
	size_t n = strlen(name);

	if (n < 1 || n > 30 || name[0] == '.' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != n)
		return sim_fail(
			err, SIM_USAGE,
			"'%s' cannot be the name of a cluster: at most 30 letters, digits, '-', "
			"'_' and '.'",
			name);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Opens and locks the lock file; -1 with EWOULDBLOCK when somebody holds it. */
static int lock_dir(const char *path, int flags)
{
	char file[SIM_RUN_DIR_SIZE + 8];
	int fd;

	snprintf(file, sizeof(file), "%s/lock", path);
	fd = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static bool runs(const char *path)
{
	int fd = lock_dir(path, 0);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EWOULDBLOCK;
}

/* One process at a time looks for what was left over, makes new directories and removes the place
 * of all when it is empty. -1 if it is not there. */
static int lock_base(const char *base_path)
{
	int fd = open(base_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

/* Makes and locks the place of all; not one that was removed while we waited for the lock. */
static int take_base(char path[SIM_RUN_DIR_SIZE], struct sim_error *err)
{
	for (;;) {
		struct stat own, now;
		int fd;

		if (base(path, true, err) < 0)
			return -1;
		fd = lock_base(path);
		if (fd < 0 && errno != ENOENT)
			return sim_fail(err, SIM_USAGE, "%s: %s", path, strerror(errno));
		if (fd >= 0 && fstat(fd, &own) == 0 && stat(path, &now) == 0 &&
		    own.st_ino == now.st_ino && own.st_dev == now.st_dev)
			return fd;
		if (fd >= 0)
			close(fd);
	}
}

static void drop_base(const char *path)
{
	char base_path[SIM_RUN_DIR_SIZE];
	char *slash;
	int fd;

	snprintf(base_path, sizeof(base_path), "%s", path);
	slash = strrchr(base_path, '/');
	if (!slash)
		return;
	*slash = '\0';
	fd = lock_base(base_path);
	rmdir(base_path); /* refused while another cluster has a directory in it */
	if (fd >= 0)
		close(fd);
}

static void sweep(const char *base_path)
{
	DIR *dir = opendir(base_path);
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		char path[SIM_RUN_DIR_SIZE + 300];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", base_path, e->d_name);
		if (strlen(path) < SIM_RUN_DIR_SIZE && !runs(path))
			remove_tree(path);
	}
	if (dir)
		closedir(dir);
}

static int take_number(struct sim_run_dir *dir, struct sim_error *err)
{
	for (int c = 1; c <= CLUSTERS_MAX; c++) {
		struct sockaddr_un a = { .sun_family = AF_UNIX };
		int n = snprintf(a.sun_path + 1, sizeof(a.sun_path) - 1, "rehome-%d", c);
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd >= 0 && bind(fd, (struct sockaddr *)&a,
				    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
						(size_t)n)) == 0) {
			dir->number = fd;
			dir->cluster = c;
			return 0;
		}
		if (fd >= 0)
			close(fd);
	}
	return sim_fail(err, SIM_USAGE, "all %d numbers of clusters are taken on this machine",
			CLUSTERS_MAX);
}

static int write_token(struct sim_run_dir *dir, struct sim_error *err)
{
	unsigned char bytes[16];
	char path[SIM_RUN_DIR_SIZE + 8];
	ssize_t written;
	int fd;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return sim_fail(err, SIM_UNKNOWN, "no random numbers: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(dir->token + 2 * i, 3, "%02x", bytes[i]);
	snprintf(path, sizeof(path), "%s/token", dir->path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	written = fd < 0 ? -1 : write(fd, dir->token, 32);
	if (fd >= 0)
		close(fd);
	return written == 32 ? 0 : sim_fail(err, SIM_UNKNOWN, "%s: %s", path, strerror(errno));
}

static int make(struct sim_run_dir *dir, const char *base_path, const char *name,
		struct sim_error *err)
{
	if (name)
		snprintf(dir->name, sizeof(dir->name), "%s", name);
	else
		snprintf(dir->name, sizeof(dir->name), "run-%d", (int)getpid());
	snprintf(dir->path, sizeof(dir->path), "%.50s/%.31s", base_path, dir->name);
	if (mkdir(dir->path, 0700) < 0) {
		if (errno != EEXIST)
			return sim_fail(err, SIM_USAGE, "%s: %s", dir->path, strerror(errno));
		return sim_fail(err, SIM_USAGE,
				"cluster %s is up already: 'rehome down --cluster %s' ends it, "
				"--cluster NAME gives this one another name",
				dir->name, dir->name);
	}
	dir->lock = lock_dir(dir->path, O_CREAT);
	if (dir->lock < 0)
		return sim_fail(err, SIM_USAGE, "%s/lock: %s", dir->path, strerror(errno));
	return write_token(dir, err);
}

int sim_run_dir_new(struct sim_run_dir *dir, const char *name, struct sim_error *err)
{
	char base_path[SIM_RUN_DIR_SIZE];
	int base_lock;
	int result;

	*dir = (struct sim_run_dir){ .lock = -1, .number = -1 };
	if (name && name_check(name, err) < 0)
		return -1;
	base_lock = take_base(base_path, err);
	if (base_lock < 0)
		return -1;
	sweep(base_path);
	result = make(dir, base_path, name, err);
	close(base_lock);
	if (result == 0)
		result = take_number(dir, err);
	if (result < 0 && dir->lock >= 0)
		sim_run_dir_remove(dir);
	return result;
}

void sim_run_dir_remove(struct sim_run_dir *dir)
{
	if (dir->path[0]) {
		remove_tree(dir->path);
		drop_base(dir->path);
	}
	if (dir->lock >= 0)
		close(dir->lock);
	if (dir->number >= 0)
		close(dir->number);
	dir->lock = dir->number = -1;
	dir->path[0] = '\0';
}

int sim_run_dir_find(char path[SIM_RUN_DIR_SIZE], const char *name, struct sim_error *err)
{
	char base_path[SIM_RUN_DIR_SIZE];
	char names[400] = "";
	size_t n = 0;
	DIR *dir;
	struct dirent *e;

	if (name_check(name, err) < 0 || base(base_path, false, err) < 0)
		return -1;
	snprintf(path, SIM_RUN_DIR_SIZE, "%.50s/%.31s", base_path, name);
	if (runs(path))
		return 0;
	dir = opendir(base_path);
	while (dir && (e = readdir(dir))) {
		char other[SIM_RUN_DIR_SIZE + 300];

		snprintf(other, sizeof(other), "%s/%s", base_path, e->d_name);
		if (e->d_name[0] == '.' || !runs(other) || n > sizeof(names) - 60)
			continue;
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%.40s", n ? ", " : "",
				      e->d_name);
	}
	if (dir)
		closedir(dir);
	return sim_fail(err, SIM_USAGE, "there is no cluster '%s'; %s%s", name,
			n ? "running: " : "none runs, 'rehome up' starts one", names);
}
