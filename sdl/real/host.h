/*
 * host.h - the inside of the real host. Private to sdl/real.
 *
 * One epoll descriptor over everything that can wake the program. A turn marks what is ready, then
 * works through it in the order that the links rely on (host.c): time, control, events of lines,
 * frames. What calls out of a callback of the program only marks; nothing is freed before the end
 * of the turn.
 */
#ifndef SDL_REAL_HOST_H
#define SDL_REAL_HOST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sdl/real.h"

#define LINES_MAX   512
#define SECOND_NS   INT64_C(1000000000)
#define MS_NS	    INT64_C(1000000)
#define HWM	    100000 /* unless the options say otherwise */
#define MESSAGE_MAX (1024 * 1024)
#define GOODBYE_MS  200 /* for the last frames to leave at an orderly end */

/* Anything in the epoll set. */
struct source {
	int fd;
	bool ready;
};

/* ---- monitor.c: the events of one ZeroMQ socket ---- */
struct monitor {
	void *socket; /* PAIR; NULL = none */
	struct source source;
};
enum monitor_event { MONITOR_NONE, MONITOR_UP, MONITOR_DOWN };

/* ---- line.c: outgoing lines to peers, and the port where theirs arrive ---- */
struct line {
	uint8_t node;
	uint16_t app;
	bool connected;
	bool lost; /* and the program has not been told yet */
	void *dealer;
	struct monitor monitor;
};

struct lines {
	struct line *line[LINES_MAX]; /* in order of node and application */
	unsigned n;
	uint64_t changes; /* opened and closed so far */
	void *router;
	struct source arrival;
};

/* ---- conn.c: connections of applications ---- */
struct conn;
struct cti_port {
	struct conn *by_id;
	void *router;	      /* NULL = not served */
	struct source source; /* of the router */
	bool sent;	      /* since the router was last asked for news */
	struct monitor monitor;
	int64_t probe_at; /* next time that accepted connections are tried out; INT64_MAX = never */
	unsigned probes;  /* tried since the last disconnection */
};

#define CTI_PORTS 2 /* in the clear, encrypted */
struct conns {
	struct conn *by_number;
	struct cti_port ports[CTI_PORTS];
	uint32_t last; /* number given to an accepted one */
};

/* ---- key.c, zap.c: CURVE ---- */
#define KEY_SIZE  32
#define KEY_TEXT  41 /* as Z85, with its end */
#define KEY_OWNER (SDL_IDENTITY_MAX + 2)
struct key_pair {
	uint8_t public_key[KEY_SIZE];
	uint8_t secret_key[KEY_SIZE];
};
struct zap {
	void *socket; /* NULL = nobody is to be authenticated */
	struct source source;
};

/* ---- control.c ---- */
struct packet;
struct control {
	struct source source;
	struct packet *first; /* waiting for room */
	struct packet *last;
	bool writing; /* EPOLLOUT is asked for */
};

/* ---- database.c: the thread of the served types ---- */
struct job;
struct database {
	bool running;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below but source */
	pthread_cond_t changed;
	struct job *asked, *asked_last;
	struct job *answered, *answered_last;
	bool poked;
	bool stop;
	char failure[256]; /* the resource could not be opened */
	struct source source;
};

struct sdl_real {
	struct sdl_real_options *options;
	struct sdl_config config;
	struct sdl_world world;
	struct sdl_record *record;
	struct sdl_program *program;
	void *zmq;
	int epoll;
	int alarms;	    /* -1 = none */
	struct source lock; /* abstract socket, held for life */
	struct source timer;
	int64_t timer_at; /* armed for; INT64_MAX = not */
	struct source wakeup;
	bool woken;	       /* the eventfd is set because of work left over */
	struct source signals; /* signalfd, sdl_real_run only */
	struct source media;   /* UDP */
	bool ended;
	bool orphaned; /* the supervisor is gone: no farewell */
	int status;
	uint64_t monitors; /* numbers their endpoints */
	struct lines lines;
	char keys[256]; /* directory of keys; "" = none */
	struct zap zap;
	struct conns conns;
	struct control control;
	struct database database;
};

/* ---- host.c ---- */
/* Adds to the epoll set, for reading. 0 or -1. */
int real_watch(struct sdl_real *r, struct source *source, int fd);
void real_unwatch(struct sdl_real *r, struct source *source);
/* Ends the program because of what cannot be mended: a line to stderr, that exit status. */
void real_fail(struct sdl_real *r, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct sdl_pid real_self(const struct sdl_real *r, uint8_t type);

/* ---- monitor.c ---- */
int monitor_open(struct sdl_real *r, struct monitor *m, void *watched);
/* Reads events until one that matters; MONITOR_NONE = no more for now. */
enum monitor_event monitor_next(struct monitor *m);
void monitor_close(struct sdl_real *r, struct monitor *m, void *watched);
/* A new socket with the options that all share, or NULL. */
void *socket_new(struct sdl_real *r, int type);
/* Its descriptor for epoll. */
int socket_fd(void *socket);
/* Is there something to read? Also does what the socket has to do behind the scenes. */
bool socket_readable(void *socket);
/* zmq_bind with a sentence in why. */
int socket_bind(void *socket, const char *address, char *why, size_t why_size);

/* ---- line.c ---- */
int lines_listen(struct sdl_real *r, char *why, size_t why_size);
void lines_events(struct sdl_real *r);
/* What is left for the next turn keeps arrival.ready set. */
void lines_frames(struct sdl_real *r);
/* farewell_ms: how long what was sent last may take to leave. */
void lines_close(struct sdl_real *r, int farewell_ms);
void line_open(void *w, uint8_t node, uint16_t app);
void line_close(void *w, uint8_t node, uint16_t app);
int line_send(void *w, uint8_t node, uint16_t app, const void *frame, size_t len);

/* ---- conn.c ---- */
int conns_listen(struct sdl_real *r, char *why, size_t why_size);
void conns_events(struct sdl_real *r, int64_t now);
bool conns_frames(struct sdl_real *r);
/* End of the turn: frees what was closed; true when there is more to read. */
bool conns_tidy(struct sdl_real *r, int64_t now);
void conns_close(struct sdl_real *r, int farewell_ms);
void conn_open(void *w, uint32_t number, uint8_t node, const char *identity);
void conn_close(void *w, uint32_t number);
int conn_send(void *w, uint32_t number, const void *frame, size_t len);

/* When it next has to look by itself; INT64_MAX = never. */
int64_t conns_deadline(const struct sdl_real *r);

/* ---- key.c ---- */
/* 0, or -1: there is no such key, or it cannot be read. */
int key_of_node(const struct sdl_real *r, uint8_t node, struct key_pair *pair);
int key_of_user(const struct sdl_real *r, const char *name, struct key_pair *pair);
int key_public_of_node(const struct sdl_real *r, uint8_t node, uint8_t key[KEY_SIZE]);
/* Makes a socket the server's or the client's end of what is encrypted, with the key of this node or
 * that one. 0 or -1. */
int key_serve(struct sdl_real *r, void *socket, const char *domain, char *why, size_t why_size);
int key_connect(struct sdl_real *r, void *socket, uint8_t node, const struct key_pair *own);
/* Whose key the sender of this zmq_msg_t has; NULL = it came in the clear. */
const char *key_identity(void *frame);
/* Whose it is: a user's name, "/node/N". */
bool key_owner(const struct sdl_real *r, const uint8_t key[KEY_SIZE], char name[KEY_OWNER]);

/* ---- zap.c ---- */
int zap_open(struct sdl_real *r, char *why, size_t why_size);
void zap_requests(struct sdl_real *r);
void zap_close(struct sdl_real *r);

/* ---- media.c ---- */
int media_open(struct sdl_real *r, uint8_t node);
void media_datagram(void *w, const struct sdl_envelope *e);
void media_read(struct sdl_real *r);

/* ---- control.c ---- */
int control_open(struct sdl_real *r, char *why, size_t why_size);
void control_send(void *w, const struct sdl_envelope *e);
void control_read(struct sdl_real *r);
void control_close(struct sdl_real *r);

/* ---- database.c ---- */
int database_open(struct sdl_real *r, char *why, size_t why_size);
void database_serve(void *w, const struct sdl_type *type, const struct sdl_envelope *e);
void database_answers(struct sdl_real *r);
void database_poke(struct sdl_real *r);
void database_close(struct sdl_real *r);

/* ---- lock.c ---- */
/* Takes the place of (cluster, node, application). The descriptor, -1 with a sentence in why, or
 * -2: somebody else has it, also with a sentence. */
int lock_take(uint8_t cluster, uint8_t node, uint16_t app, char *why, size_t why_size);

void lock_answer(struct sdl_real *r);

#endif
