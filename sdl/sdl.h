/*
 * sdl.h - the runtime that every Rehome program is made of.
 *
 * A program is a set of SDL processes: finite state machines with an address, which share nothing
 * and only handle signals and timers and send signals. Behaviour is written once against this
 * header; what is below it (`struct sdl_world`) is filled twice, by the real host (ZeroMQ, the
 * monotonic clock) and by the virtual host (virtual time from a seed).
 *
 * How a process is written: see `struct sdl_type`. Rules: handlers are `on_<signal>`, return the
 * next state and never write it; they post, never call; they block on nothing.
 *
 * Times are nanoseconds since the start of the host, in int64_t.
 */
#ifndef SDL_H
#define SDL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/mutant.h"
#include "common/base/param.h"
#include "common/log/alarm.h"
#include "common/log/counter.h"
#include "common/msg/signal.h"

/* Application numbers, as they are printed in SDL traces. */
enum sdl_app {
	SDL_APP_CALLMANAGER = 100,
	SDL_APP_CTIMANAGER = 200,
	SDL_APP_PHONES = 300,
	SDL_APP_CTI = 400,
	SDL_APP_HARNESS = 900,
};

#define SDL_NODES_MAX	 20 /* server nodes are 1..20; other programs have 101..254 */
#define SDL_HARNESS_NODE 254

/* Largest packed signal and largest link frame; MAXMSGSIZE of the sockets lies above. */
#define SDL_FRAME_MAX  65536
#define SDL_SIGNAL_MAX (SDL_FRAME_MAX - 256)

/* The address of a process. Instances are never reused within an incarnation. Instance 0 of a
 * remote type 0 with app CTI/CTIMANAGER is the far end of a connection (see sdl_conn_open). */
struct sdl_pid {
	uint8_t node;
	uint8_t type;
	uint16_t app;
	uint32_t inst;
};

static inline uint64_t sdl_pid_pack(struct sdl_pid p)
{
	return (uint64_t)p.node << 56 | (uint64_t)p.type << 48 | (uint64_t)p.app << 32 | p.inst;
}

static inline struct sdl_pid sdl_pid_unpack(uint64_t v)
{
	return (struct sdl_pid){ .node = (uint8_t)(v >> 56),
				 .type = (uint8_t)(v >> 48),
				 .app = (uint16_t)(v >> 32),
				 .inst = (uint32_t)v };
}

static inline bool sdl_pid_equal(struct sdl_pid a, struct sdl_pid b)
{
	return sdl_pid_pack(a) == sdl_pid_pack(b);
}

static inline bool sdl_pid_none(struct sdl_pid p)
{
	return sdl_pid_pack(p) == 0;
}

/* Where a chain of signals began; it travels with every signal that follows from the first
 * (`node,app,type,inst.seq^ip^device` in a trace). device is "" where none is known. */
struct sdl_tag {
	struct sdl_pid origin;
	uint32_t seq;
	uint32_t ip; /* host order; 0 = unknown */
	char device[16];
};

/* A signal as a handler sees it. Everything in it, the message too, is gone when the handler
 * returns: copy what has to last. */
struct sdl_signal {
	struct sdl_pid to;
	struct sdl_pid from;
	uint16_t number; /* enum signal */
	struct sdl_tag tag;
	const void *msg; /* the unpacked message that the signal table names */
};

struct sdl_process;
struct sdl_program;

/* Returned by a handler in place of a state: the process ends. */
#define SDL_STOP (-1)
/* Or-ed to a state: arm the state's timer anew although the state is not left. */
#define SDL_REENTER 0x100
/* A row for every state of the type that has no row of its own for the signal. */
#define SDL_ANY 0xff

/* The set of states that a row may go to. A handler may always stay where it is. */
#define TO(state)      (1u << (state))
#define TO_STOP	       (1u << 31)
#define TO_ANY	       (~0u)
#define SDL_STATES_MAX 31

typedef int sdl_handler(struct sdl_process *self, const struct sdl_signal *sig);

/* The handler of a row whose signal waits until the process is in another state. */
sdl_handler sdl_save;
/* The handler of a row whose signal means nothing there, and that is known. */
sdl_handler sdl_ignore;

/* In sdl_state.param: the process arms the timer itself. */
#define PARAM_NONE PARAM_IDS

struct sdl_state {
	const char *name;
	uint16_t timer; /* signal that comes when the state lasts too long; 0 = none */
	uint16_t param; /* enum param_id: how long that is; PARAM_NONE = the process arms it */
	const char
		*waits; /* without a timer: what the state waits for, "" = nothing, it is at rest */
};

struct sdl_row {
	uint8_t state; /* or SDL_ANY */
	uint16_t signal;
	sdl_handler *handler;
	uint32_t next; /* TO(..) | TO(..) | TO_STOP */
};

/* An answer of a served type; see sdl_serve. */
struct sdl_answer;
void sdl_answer(struct sdl_answer *a, uint16_t number, const void *msg);

/* Work of a served type: runs outside the program (on the real host in its one database thread),
 * with the resource of the program (a `struct db *`). It may block; it must not touch the program.
 * Each sdl_answer() in it becomes a signal to the asker. */
typedef void sdl_serve(void *resource, const struct sdl_signal *request, struct sdl_answer *a);

/* A process type: a const table, registered by listing it in the program's types. */
struct sdl_type {
	const char *name; /* the field's name: StationD, CTIHandler ... */
	uint8_t number;	  /* unique in its program; 1 is LinkAdmin */
	bool at_start;	  /* instance 1 is created with the program */
	size_t size;	  /* bytes of data per instance, zeroed at creation */
	const struct sdl_state *states;
	uint8_t states_n;
	const struct sdl_row *rows;
	uint16_t rows_n;
	/* Optional. Called at creation, in the creator's turn; returns the first state (default 0).
	 */
	int (*start)(struct sdl_process *self);
	/* Optional. Frees what the data owns; sends nothing. Also called when the program ends. */
	void (*stop)(struct sdl_process *self);
	/* A served type has this and nothing above but name and number. */
	sdl_serve *serve;
};

/* ---- what a handler may ask ---------------------------------------------------------------- */
void *sdl_data(struct sdl_process *self);
struct sdl_pid sdl_self(const struct sdl_process *self);
struct sdl_pid sdl_parent(const struct sdl_process *self);
int sdl_state(const struct sdl_process *self);
int64_t sdl_now(const struct sdl_process *self);
/* A draw from the stream of this program and purpose; uniform in 0..below-1. */
uint64_t sdl_random(struct sdl_process *self, const char *purpose, uint64_t below);
/* The program's parameters (service parameters and timers). Borrowed. */
const struct param_set *sdl_params(const struct sdl_process *self);
/* The program's own context as given at its creation: read by all, written by one process. */
void *sdl_context(const struct sdl_process *self);
/* Is that mistake to be made? See common/base/mutant.h. */
bool sdl_mutant(const struct sdl_process *self, enum mutant_id id);
/* The address of the singleton (instance 1) of a type of this very program. */
struct sdl_pid sdl_local(const struct sdl_process *self, uint8_t type);
/* Is the link to that program in service? True for the program itself. */
bool sdl_link_up(const struct sdl_process *self, uint8_t node, uint16_t app);

/* ---- what a handler may do ----------------------------------------------------------------- */
/* Packs msg (a protobuf-c message of the signal's type; NULL = all fields absent, only for messages
 * without required fields) and posts it. Nothing is borrowed afterwards. To a program whose link is
 * out of service the signal is dropped and recorded: whoever needs to know watches the link. */
void sdl_send(struct sdl_process *self, struct sdl_pid to, uint16_t number, const void *msg);
/* Passes the signal being handled on, as it is, in this process's name... */
void sdl_forward(struct sdl_process *self, struct sdl_pid to, const struct sdl_signal *sig);
/* ...or in the name of its sender, so that the answer goes there. To another program only if the
 * sender is of this one: nobody speaks there for a third. */
void sdl_relay(struct sdl_process *self, struct sdl_pid to, const struct sdl_signal *sig);
/* A process of this program; its start() has run when the call returns. */
struct sdl_pid sdl_create(struct sdl_process *self, const struct sdl_type *type);
/* One timer per (process, signal). Starting it again moves it. delay_ns is not scaled. */
void sdl_timer_start(struct sdl_process *self, uint16_t number, int64_t delay_ns);
void sdl_timer_start_param(struct sdl_process *self, uint16_t number, enum param_id param);
void sdl_timer_stop(struct sdl_process *self, uint16_t number);
bool sdl_timer_running(const struct sdl_process *self, uint16_t number);
/* From now on the process gets SdlLinkInService / SdlLinkOutOfService of that program (node 0: of
 * every program of that app). Ends with the process or sdl_unwatch. Tells later changes only. */
void sdl_watch(struct sdl_process *self, uint8_t node, uint16_t app);
void sdl_unwatch(struct sdl_process *self, uint8_t node, uint16_t app);
/* A message that the process keeps packed, unpacked for this turn: what thousands of processes keep
 * for long takes a fifth of the memory that way. The bytes are as sdl_pack or protobuf-c made them.
 */
const void *sdl_unpack(struct sdl_process *self, const ProtobufCMessageDescriptor *descriptor,
		       const uint8_t *bytes, size_t len);
/* What the process stands for in traces, reports and the door: a device name, a user, a number.
 * Also the device of the tags of chains that start here. Copied; records
 * show 63 bytes of it. Returns the copy, which lives until the process gets another label. */
const char *sdl_label(struct sdl_process *self, const char *text);
/* A decision, in words, for the trace (AppInfo). */
void sdl_info(struct sdl_process *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* An alarm, with those of its parameters that are known; borrowed. */
void sdl_alarm(struct sdl_process *self, enum alarm_id id, const struct alarm_param *params,
	       size_t n);
/* A counter of the program, by the field's name (common/log/counter.def). */
void sdl_count(struct sdl_process *self, enum counter_id counter, int64_t delta);
/* Ends the whole program in order: links say goodbye, then it exits with that status. */
void sdl_halt(struct sdl_process *self, int status);

/* ---- datagrams: media between endpoints, unnumbered, may be lost ------------------------- */
/* To the instance-1 process of `type` of the program that lives at node. */
void sdl_datagram(struct sdl_process *self, struct sdl_pid to, uint16_t number, const void *msg);

/* ---- connections: an application and its CTIManager (ports 2748 and 2749) ----------------- */
/* Client: begins to connect to the CTIManager of node n (real host: at 127.c.0.n:2748; with an
 * identity at 2749, encrypted with the key of that name; NULL = in the clear). The caller
 * owns it and gets SdlConnUp, then signals, and SdlConnDown exactly once at its end, also
 * when it never came up. The far end is addressed by the returned pid. */
#define SDL_IDENTITY_MAX 63
struct sdl_pid sdl_conn_open(struct sdl_process *self, uint8_t node, const char *identity);
/* Server: the process of the type named in the program's configuration gets SdlConnAccepted per
 * new connection, whose far end is `from`; the owner gets its signals. Set it in that handler. */
void sdl_conn_own(struct sdl_process *self, struct sdl_pid far, struct sdl_pid owner);
/* Either side: ends it. The caller hears nothing more of it; the other side gets SdlConnDown. */
void sdl_conn_close(struct sdl_process *self, struct sdl_pid far);

#endif
