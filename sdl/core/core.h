/*
 * core.h - what a program is made of inside the runtime. Private to sdl/core and sdl/link.
 */
#ifndef SDL_CORE_CORE_H
#define SDL_CORE_CORE_H

#include "common/base/prng.h"
#include "sdl/program.h"

#define PROCESSES_PER_PAGE 256
#define STREAMS_MAX	   16
#define CRASH_POINTS_MAX   8
#define BLOCK_SMALL	   320 /* bytes of a queue block that is kept for reuse */
#define BLOCKS_KEPT_MAX	   512

/* ---- arena.c: memory of the message being handled ---- */
struct arena_chunk;
struct arena {
	ProtobufCAllocator allocator;
	struct arena_chunk *chunks; /* newest first; the last one is kept */
	size_t used;
};
void arena_init(struct arena *a);
void arena_reset(struct arena *a);
void arena_free(struct arena *a);
/* NULL if the bytes are no such message, or too large when unpacked. */
void *arena_unpack(struct arena *a, const ProtobufCMessageDescriptor *d, const uint8_t *bytes,
		   size_t len);

/* ---- queue.c: signals that wait ---- */
struct queued {
	struct queued *next;
	struct sdl_envelope envelope; /* bytes points behind the struct */
	uint64_t session;	      /* of the link it came by; 0 = from within */
	bool kept;		      /* its block is for reuse */
};
struct queue {
	struct queued *head;
	struct queued *tail;
	uint32_t length;
};
struct queued *queued_new(struct sdl_program *p, const struct sdl_envelope *e);
void queued_free(struct sdl_program *p, struct queued *q);
void queue_push(struct queue *queue, struct queued *q);
struct queued *queue_pop(struct queue *queue);
/* Frees every signal for which drop says so. */
void queue_purge(struct sdl_program *p, struct queue *queue,
		 bool (*drop)(const struct queued *q, const void *arg), const void *arg);

/* ---- timer.c ---- */
struct timer {
	struct timer *next; /* of the same process */
	struct sdl_process *process;
	int64_t at;
	uint64_t order; /* ties are broken by the order of starting */
	uint32_t index; /* in the heap */
	uint16_t number;
};
struct timers {
	struct timer **heap;
	uint32_t length;
	uint32_t size;
	uint64_t started;
};
void timers_free(struct timers *timers);
/* The earliest that is due, taken out; NULL if none. The caller frees it. */
struct timer *timers_due(struct sdl_program *p);
int64_t timers_first(const struct timers *timers);
void timer_stop_all(struct sdl_process *process);

/* ---- process.c ---- */
struct watch {
	struct watch *next;	 /* of the same process */
	struct watch *peer_next; /* of the same peer */
	struct watch **peer_prev;
	struct sdl_process *process;
	uint8_t node;
	uint16_t app;
};

struct page {
	struct sdl_process *process[PROCESSES_PER_PAGE];
	uint32_t live;
};

struct sdl_process {
	struct sdl_pid pid;
	struct sdl_pid parent;
	const struct type_index *type;
	struct timer *timers;
	struct watch *watches;
	struct queue *saved; /* NULL while nothing is */
	union {
		char shorter[16]; /* most are names of devices or numbers */
		char *longer;
	} label;
	int64_t since;
	uint8_t state;
	bool ended;
	bool label_longer;
	_Alignas(8) unsigned char data[]; /* of 64-bit values at most */
};

/* A process type made fast: which row a signal takes in a state. Signals that the type knows get a
 * column each; row[state * columns + column] is the row's index + 1. */
struct type_index {
	const struct sdl_type *def;
	struct sdl_program *program;
	uint8_t *column; /* [SIGNAL_COUNT], 0 = unknown */
	uint16_t *row;
	uint16_t columns;
	struct page **pages;
	uint32_t pages_n;
	uint32_t created; /* the last instance number */
	uint32_t live;
	uint64_t *taken; /* per row: how often; for coverage */
};
void type_index_init(struct type_index *t, struct sdl_program *p, const struct sdl_type *def);
void type_index_free(struct type_index *t);
const struct sdl_row *type_row(const struct type_index *t, uint8_t state, uint16_t signal);

struct sdl_process *process_new(struct sdl_program *p, struct type_index *t, struct sdl_pid parent);
struct sdl_process *process_find(const struct sdl_program *p, struct sdl_pid pid);
/* Enters the first state: start() and the state's timer. */
void process_start(struct sdl_process *process);
void process_enter(struct sdl_process *process, int next);
void process_free(struct sdl_process *process);

/* ---- program.c ---- */
struct stream {
	const char *purpose;
	struct prng prng;
};

struct crash_point {
	uint16_t signal; /* 0 = unused */
	uint32_t left;
	uint8_t when; /* 0 before sent, 1 after sent, 2 before handled, 3 after handled */
};

struct links;

struct sdl_program {
	struct sdl_config config;
	struct param_set params;
	char *name;
	char *cluster_id;
	char *token;
	int64_t now;
	uint64_t seq;
	uint32_t triggers; /* chains begun here */
	uint64_t handled;
	uint64_t unexpected;
	struct sdl_tag tag; /* of the signal being handled */
	struct sdl_process *current;
	struct type_index *types[256];
	struct queue queues[SIGNAL_CLASSES];
	struct queued *spare; /* small blocks for reuse */
	uint32_t blocks_kept; /* spare or in use */
	struct timers timers;
	struct arena arena;
	struct links *links;
	struct stream streams[STREAMS_MAX];
	uint8_t streams_n;
	struct crash_point crash[CRASH_POINTS_MAX];
	int64_t started;
	int64_t counters[COUNTER_COUNT];
	uint64_t alarms[ALARM_IDS]; /* how often each was raised */
	bool halting;
	bool crashed; /* by a crash point: nothing of it is recorded any more */
	uint8_t scratch[SDL_FRAME_MAX];
};

/* Queues a copy for a process of this very program. session as in struct queued. */
void program_enqueue(struct sdl_program *p, const struct sdl_envelope *e, uint64_t session);
/* Queues a signal that the runtime itself makes. */
void program_notify(struct sdl_program *p, struct sdl_pid to, struct sdl_pid from, uint16_t number,
		    const void *msg);
void program_note(struct sdl_program *p, enum sdl_record_kind kind, struct sdl_pid to,
		  struct sdl_pid from, uint16_t number, uint16_t state, const void *payload,
		  size_t len);
void program_note_text(struct sdl_program *p, enum sdl_record_kind kind, struct sdl_pid to,
		       const char *text);
void program_note_envelope(struct sdl_program *p, enum sdl_record_kind kind,
			   const struct sdl_envelope *e, uint16_t state);
/* One more signal was handled. */
void program_count_handled(struct sdl_program *p, uint16_t number);
void program_alarm(struct sdl_program *p, enum alarm_id id, const struct alarm_param *params,
		   size_t n);
/* Did a crash point come up? Counts it down; does not return to a living program if so. */
void program_crash_check(struct sdl_program *p, uint16_t signal, uint8_t when);
struct sdl_pid program_self(const struct sdl_program *p);

/* ---- send.c ---- */
/* Sends an envelope made here to where it belongs: within, to a peer, a connection, a served type
 * or the harness. */
void program_route(struct sdl_program *p, const struct sdl_envelope *e);

#endif
