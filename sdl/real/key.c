/*
 * key.c - CURVE keys as files, and who may connect with them.
 *
 * A directory of keys: nodes/N.key and users/NAME.key hold a pair (the public key in the first line,
 * the secret one in the second, both as Z85), nodes/N.pub the public half alone, known/HEX the name
 * of whose public key that is. A server asks known/ for each connection, so a key that is made or
 * taken away counts from the next connection on, and the number of keys costs nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "sdl/real/host.h"

#define PATH_SIZE 512
#define KEY_LINE  (KEY_TEXT + 2) /* with what ends a line */

/* Names of users may hold anything; those of files not. */
static bool name_is_sound(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/') && strlen(name) <= SDL_IDENTITY_MAX;
}

static int refuse(char *why, size_t why_size, const char *what, const char *path)
{
	snprintf(why, why_size, "%s %.300s: %s", what, path, strerror(errno));
	return -1;
}

/* ---- reading --------------------------------------------------------------------------------- */
static bool read_line(FILE *f, char *line, int size)
{
	if (!fgets(line, size, f))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

static int read_pair(const char *path, struct key_pair *pair)
{
	char text[2][KEY_LINE];
	FILE *f = fopen(path, "re");
	bool read = f && read_line(f, text[0], KEY_LINE) && read_line(f, text[1], KEY_LINE) &&
		    zmq_z85_decode(pair->public_key, text[0]) &&
		    zmq_z85_decode(pair->secret_key, text[1]);

	if (f)
		fclose(f);
	explicit_bzero(text, sizeof(text));
	return read ? 0 : -1;
}

int key_of_node(const struct sdl_real *r, uint8_t node, struct key_pair *pair)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/nodes/%u.key", r->keys, (unsigned)node);
	return read_pair(path, pair);
}

int key_of_user(const struct sdl_real *r, const char *name, struct key_pair *pair)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/users/%s.key", r->keys, name);
	return name_is_sound(name) ? read_pair(path, pair) : -1;
}

int key_public_of_node(const struct sdl_real *r, uint8_t node, uint8_t key[KEY_SIZE])
{
	char path[PATH_SIZE], text[KEY_LINE];
	FILE *f;
	bool read;

	snprintf(path, sizeof(path), "%s/nodes/%u.pub", r->keys, (unsigned)node);
	f = fopen(path, "re");
	read = f && read_line(f, text, sizeof(text)) && zmq_z85_decode(key, text);
	if (f)
		fclose(f);
	return read ? 0 : -1;
}

static void known_path(const char *dir, const uint8_t key[KEY_SIZE], char *path, size_t size)
{
	int n = snprintf(path, size, "%s/known/", dir);

	for (int i = 0; i < KEY_SIZE && n + 2 < (int)size; i++)
		n += snprintf(path + n, size - (size_t)n, "%02x", key[i]);
}

bool key_owner(const struct sdl_real *r, const uint8_t key[KEY_SIZE], char name[KEY_OWNER])
{
	char path[PATH_SIZE];
	FILE *f;
	bool known;

	known_path(r->keys, key, path, sizeof(path));
	f = fopen(path, "re");
	known = f && read_line(f, name, KEY_OWNER) && *name;
	if (f)
		fclose(f);
	return known;
}

/* ---- sockets --------------------------------------------------------------------------------- */
int key_serve(struct sdl_real *r, void *socket, const char *domain, char *why, size_t why_size)
{
	struct key_pair pair;
	int yes = 1;
	bool set = key_of_node(r, r->config.node, &pair) == 0;

	set = set && !zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &yes, sizeof(yes)) &&
	      !zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair.secret_key, KEY_SIZE) &&
	      !zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain));
	explicit_bzero(&pair, sizeof(pair));
	if (!set)
		snprintf(why, why_size, "no key of node %u in %.300s: `rehome up` makes them",
			 (unsigned)r->config.node, *r->keys ? r->keys : "any directory of keys");
	return set ? 0 : -1;
}

int key_connect(struct sdl_real *r, void *socket, uint8_t node, const struct key_pair *own)
{
	uint8_t server[KEY_SIZE];

	return !key_public_of_node(r, node, server) &&
			       !zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server, KEY_SIZE) &&
			       !zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own->public_key,
					       KEY_SIZE) &&
			       !zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own->secret_key,
					       KEY_SIZE)
		       ? 0
		       : -1;
}

const char *key_identity(void *frame)
{
	const char *name = zmq_msg_gets(frame, "User-Id");

	return name && *name ? name : NULL;
}

/* ---- making ---------------------------------------------------------------------------------- */
static int make_dir(const char *path, char *why, size_t why_size)
{
	return mkdir(path, 0700) && errno != EEXIST
		       ? refuse(why, why_size, "cannot make the directory", path)
		       : 0;
}

/* As a whole or not at all: a name of its own first. */
static int write_file(const char *path, const char *text, char *why, size_t why_size)
{
	char temporary[PATH_SIZE + 8];
	size_t len = strlen(text);
	int fd;
	bool written;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(why, why_size, "cannot write", path);
	written = write(fd, text, len) == (ssize_t)len;
	written = !close(fd) && written && !rename(temporary, path);
	if (written)
		return 0;
	refuse(why, why_size, "cannot write", path);
	unlink(temporary);
	return -1;
}

static int write_pair(const char *dir, const char *folder, const char *name, const char *owner,
		      char *why, size_t why_size)
{
	char public_key[KEY_TEXT], secret_key[KEY_TEXT], text[2 * KEY_TEXT + 2], path[PATH_SIZE];
	uint8_t raw[KEY_SIZE];
	int result;

	if (zmq_curve_keypair(public_key, secret_key)) {
		snprintf(why, why_size, "this libzmq makes no keys: it was built without CURVE");
		return -1;
	}
	zmq_z85_decode(raw, public_key);
	known_path(dir, raw, path, sizeof(path));
	result = write_file(path, owner, why, why_size);
	snprintf(path, sizeof(path), "%.200s/%s/%.64s.pub", dir, folder, name);
	result = result ? result : write_file(path, public_key, why, why_size);
	/* Last: what has a key file is complete. */
	snprintf(text, sizeof(text), "%s\n%s\n", public_key, secret_key);
	snprintf(path, sizeof(path), "%.200s/%s/%.64s.key", dir, folder, name);
	result = result ? result : write_file(path, text, why, why_size);
	explicit_bzero(secret_key, sizeof(secret_key));
	explicit_bzero(text, sizeof(text));
	return result;
}

static int make_pair(const char *dir, const char *folder, const char *name, const char *owner,
		     char *why, size_t why_size)
{
	char path[PATH_SIZE];

	if (strlen(dir) > 200 || make_dir(dir, why, why_size))
		return -1;
	snprintf(path, sizeof(path), "%.200s/known", dir);
	if (make_dir(path, why, why_size))
		return -1;
	snprintf(path, sizeof(path), "%.200s/%s", dir, folder);
	if (make_dir(path, why, why_size))
		return -1;
	snprintf(path, sizeof(path), "%.200s/%s/%.64s.key", dir, folder, name);
	return access(path, F_OK) ? write_pair(dir, folder, name, owner, why, why_size) : 0;
}

int sdl_real_key_for_user(const char *dir, const char *name, char *why, size_t why_size)
{
	if (!name_is_sound(name)) {
		snprintf(
			why, why_size,
			"no key for user '%.70s': a key's name has 1 to %d characters, no '/', and "
			"does not begin with '.'",
			name, SDL_IDENTITY_MAX);
		return -1;
	}
	return make_pair(dir, "users", name, name, why, why_size);
}

int sdl_real_key_for_node(const char *dir, uint8_t node, char *why, size_t why_size)
{
	char name[8], owner[16];

	snprintf(name, sizeof(name), "%u", (unsigned)node);
	snprintf(owner, sizeof(owner), SDL_NODE_IDENTITY, (unsigned)node);
	return make_pair(dir, "nodes", name, owner, why, why_size);
}
