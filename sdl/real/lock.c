/* lock.c - one program per (cluster, node, application): an abstract socket, freed by any death. To
 * call there wakes the program. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sdl/real/host.h"

static socklen_t name_of(struct sockaddr_un *name, uint8_t cluster, uint8_t node, uint16_t app)
{
	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	int n = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "rehome-%u-%u-%u",
			 (unsigned)cluster, (unsigned)node, (unsigned)app);

	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

/* A connection to whoever has that place; -1 if nobody has. */
static int call_on(const struct sockaddr_un *name, socklen_t len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)name, len)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The process that listens there, 0 if it cannot be told. */
static pid_t holder(const struct sockaddr_un *name, socklen_t len)
{
	struct ucred cred = { .pid = 0 };
	socklen_t size = sizeof(cred);
	int fd = call_on(name, len);

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size))
		cred.pid = 0;
	close(fd);
	return cred.pid;
}

static const char *app_name(uint16_t app)
{
	switch (app) {
	case SDL_APP_CALLMANAGER:
		return "callmanager";
	case SDL_APP_CTIMANAGER:
		return "ctimanager";
	case SDL_APP_PHONES:
		return "phones program";
	default:
		return "application";
	}
}

int lock_take(uint8_t cluster, uint8_t node, uint16_t app, char *why, size_t why_size)
{
	struct sockaddr_un name;
	socklen_t len = name_of(&name, cluster, node, app);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0) {
		snprintf(why, why_size, "no socket to hold the place of this program: %s",
			 strerror(errno));
		return -1;
	}
	if (!bind(fd, (struct sockaddr *)&name, len) && !listen(fd, 64))
		return fd;

	int error = errno;
	close(fd);
	if (error != EADDRINUSE) {
		snprintf(why, why_size, "cannot hold the place of this program: %s",
			 strerror(error));
		return -1;
	}
	pid_t pid = holder(&name, len);
	int used = snprintf(why, why_size, "node %u of cluster %u already has a %s", (unsigned)node,
			    (unsigned)cluster, app_name(app));
	if (used > 0 && (size_t)used < why_size && pid > 0)
		snprintf(why + used, why_size - (size_t)used,
			 ", process %d; it is left alone. End it first, or take another node",
			 (int)pid);
	return -2;
}

/* Whoever calls is let go again: it wanted to know who lives here, or that the database is looked
 * at. */
void lock_answer(struct sdl_real *r)
{
	int fd;

	while ((fd = accept4(r->lock.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		close(fd);
	r->lock.ready = false;
	database_poke(r);
}

void sdl_real_poke(uint8_t cluster)
{
	static const uint16_t apps[] = { SDL_APP_CALLMANAGER, SDL_APP_CTIMANAGER };

	for (uint8_t node = 1; node <= SDL_NODES_MAX; node++)
		for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++) {
			struct sockaddr_un name;
			socklen_t len = name_of(&name, cluster, node, apps[i]);
			int fd = call_on(&name, len);

			if (fd >= 0)
				close(fd);
		}
}
