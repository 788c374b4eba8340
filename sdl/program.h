/*
 * program.h - one running program, as its host sees it.
 *
 * The host (sdl/real, sdl/virt) creates a program, feeds it time, frames and connection events,
 * lets it take its turns, and offers it the world below. Nothing here does I/O.
 *
 * A turn: sdl_program_wake(now) fires what is due (first of all the supervision of the links, so
 * that a program that slept too long distrusts what is queued for it), then events are fed, then
 * sdl_program_step() until it says there is nothing left, then sdl_program_flush().
 */
#ifndef SDL_PROGRAM_H
#define SDL_PROGRAM_H

#include "sdl/sdl.h"
#include "sdl/record.h"

/* A signal in packed form, as it lies in queues, on the control channel and in frames. */
struct sdl_envelope {
	struct sdl_pid to;
	struct sdl_pid from;
	struct sdl_tag tag;
	uint16_t number;
	uint32_t len;
	const uint8_t *bytes;
};

/* Transport handles. A program sends to a peer program over one outgoing line per peer; what comes
 * in names its sender itself. Connections (CTI) are two-way. `line` numbers are given by the
 * program, `conn` numbers by whoever starts it: client conns by the program, accepted ones by the
 * host. */
enum sdl_send_result { SDL_SENT = 0, SDL_SEND_FULL = -1, SDL_SEND_DOWN = -2 };

/* The other end of a connection, as the host found it out. */
struct sdl_conn_peer {
	uint32_t ip;
	const char *identity; /* the connection is encrypted, and the peer has the key of that name;
				 NULL = in the clear */
};

struct sdl_world {
	/* Outgoing line to a peer: connect (and reconnect by itself until closed); drop and reopen
	 * throws away whatever is queued in it. Events come back by sdl_program_line_up/down. */
	void (*line_open)(void *w, uint8_t node, uint16_t app);
	void (*line_close)(void *w, uint8_t node, uint16_t app);
	int (*line_send)(void *w, uint8_t node, uint16_t app, const void *frame, size_t len);
	/* CTI connections. */
	/* Encrypted with the key of that name; NULL = in the clear. Without such a key, or when the
	 * server does not know it, the connection is down at once. */
	void (*conn_open)(void *w, uint32_t conn, uint8_t node, const char *identity);
	void (*conn_close)(void *w, uint32_t conn);
	int (*conn_send)(void *w, uint32_t conn, const void *frame, size_t len);
	/* Media. Best effort. */
	void (*datagram)(void *w, const struct sdl_envelope *e);
	/* A signal for a served type; the answers come back by sdl_program_post. */
	void (*serve)(void *w, const struct sdl_type *type, const struct sdl_envelope *e);
	/* A signal for the harness (app 900). */
	void (*control)(void *w, const struct sdl_envelope *e);
	/* An alarm line, without line feed, for alarms.log. */
	void (*alarm)(void *w, const char *line);
	/* The program asked for its end. */
	void (*halt)(void *w, int status);
	/* A crash point was met: the program dies here and now, as by SIGKILL. */
	void (*crash)(void *w);
};

struct sdl_config {
	uint8_t node;
	uint16_t app;
	uint64_t incarnation; /* grows with each start under the same name; > 0 */
	const char *name;     /* "ccm1", "phones1", an application's name; labels alarms and random
				 streams */
	const char *cluster_id;
	const char *token; /* the cluster's secret; hellos with another are refused */
	uint64_t seed;
	uint64_t mutants;		/* bits; only the virtual host sets any */
	const struct param_set *params; /* copied */
	const struct sdl_type *const *types;
	uint8_t types_n;
	uint8_t accept_type; /* served CTI connections are announced to instance 1 of it; 0 = none
				taken */
	void *context;	     /* sdl_context() */
	struct sdl_record *record; /* borrowed */
	const struct sdl_world *world;
	void *world_data;
};

/* Never NULL. A broken type table is reported by sdl_program_check() beforehand. */
struct sdl_program *sdl_program_new(const struct sdl_config *config, int64_t now);
void sdl_program_destroy(struct sdl_program **program);

/* Checks all tables: names, states reachable, no duplicate rows, timers in rows, a waiting state
 * has a timer or says what it waits for. 0, or -1 with the first breach in why. */
int sdl_program_check(const struct sdl_type *const *types, uint8_t n, char *why, size_t why_size);

/* Peers that this program keeps a link to from its start (server mesh). */
void sdl_program_link(struct sdl_program *p, uint8_t node, uint16_t app);

/* Turn. */
void sdl_program_wake(struct sdl_program *p, int64_t now);
bool sdl_program_step(struct sdl_program *p); /* handles one signal; false = none was waiting */
void sdl_program_flush(struct sdl_program *p);
/* When it next wants sdl_program_wake; INT64_MAX = never. */
int64_t sdl_program_deadline(const struct sdl_program *p);

/* Events from the host. now must have been set by sdl_program_wake. */
void sdl_program_line_up(struct sdl_program *p, uint8_t node, uint16_t app);
void sdl_program_line_down(struct sdl_program *p, uint8_t node, uint16_t app);
/* identity: the line is encrypted, and its sender has that key; a frame of a node that it is not the
 * key of is refused. NULL = in the clear. */
void sdl_program_frame(struct sdl_program *p, const char *identity, const void *frame, size_t len);
#define SDL_NODE_IDENTITY "/node/%u"
void sdl_program_conn_up(struct sdl_program *p, uint32_t conn); /* client: connected */
/* Server: an unknown conn is a new one. */
void sdl_program_conn_frame(struct sdl_program *p, uint32_t conn, const struct sdl_conn_peer *peer,
			    const void *frame, size_t len);
void sdl_program_conn_down(struct sdl_program *p, uint32_t conn);
/* An envelope from the control channel, a served type or a datagram. Copied. Bytes that do not
 * unpack are dropped and recorded. */
void sdl_program_post(struct sdl_program *p, const struct sdl_envelope *e);

/* A fault of the line to a peer: what goes out to that peer is held until healed, and lost if the
 * link goes out of service meanwhile. (By signal: LinkFault, which delays, too.) */
void sdl_program_cut(struct sdl_program *p, uint8_t node, uint16_t app, bool cut);

/* Looks from outside (tests, the door, benchmarks). */
const struct sdl_config *sdl_program_config(const struct sdl_program *p);
uint64_t sdl_program_signals(const struct sdl_program *p);    /* handled so far */
uint64_t sdl_program_unexpected(const struct sdl_program *p); /* discarded for want of a row */
int64_t sdl_program_counter(const struct sdl_program *p, enum counter_id counter);
/* How often it raised an alarm. */
uint64_t sdl_program_alarms(const struct sdl_program *p, enum alarm_id alarm);
bool sdl_program_linked(const struct sdl_program *p, uint8_t node, uint16_t app);
/* Calls visit for each process, in order of type and instance. */
void sdl_program_each(struct sdl_program *p, void (*visit)(void *arg, struct sdl_process *process),
		      void *arg);
const struct sdl_type *sdl_process_type(const struct sdl_process *process);
const char *sdl_process_label(const struct sdl_process *process);

/* What a host hands to a served type: each answer is emitted as number and message. */
struct sdl_answer {
	void (*emit)(void *arg, uint16_t number, const void *msg);
	void *arg;
};

/* What the served types of a program work with: a database, as a rule. On the real host all of it
 * is called in the database thread, on the virtual host inline. */
struct sdl_resource {
	/* The resource, or NULL with one sentence in why. */
	void *(*open)(void *arg, char *why, size_t why_size);
	void (*close)(void *resource);
	/* Optional. Called about once a second (real host), and when poked: looks whether the
	 * database was changed by somebody, and tells each change with sdl_answer(); it goes to
	 * instance 1 of notify_type. */
	void (*poll)(void *arg, void *resource, struct sdl_answer *a);
	uint8_t notify_type;
	void *arg;
};

/* Makes a signal by hand: packs msg into buffer. Returns its length, or -1 when it is too small. */
int64_t sdl_pack(uint16_t number, const void *msg, uint8_t *buffer, size_t size);

#endif
