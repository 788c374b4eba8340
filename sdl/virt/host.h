/*
 * host.h - what the virtual host is made of. Private to sdl/virt.
 */
#ifndef SDL_VIRT_HOST_H
#define SDL_VIRT_HOST_H

#include "common/base/prng.h"
#include "sdl/virt.h"
#include "sdl/virt/event.h"

/* A line from one program to another. A generation is one connection. */
struct line {
	uint8_t node;
	uint16_t app;
	bool open;
	bool up;
	uint32_t generation;
	int64_t last;	    /* when the newest frame arrives: no frame overtakes another */
	int64_t lost_after; /* of a program that was killed: what arrives later is lost */
	uint32_t in_flight; /* frames sent and not yet handled */
};

/* What a running program holds as its world: an index, for the array of programs may move. */
struct seat {
	struct sdl_virt *virt;
	int program;
};

struct program {
	struct sdl_virt *virt;
	int index;
	struct sdl_virt_program spec;
	struct sdl_program *running;
	struct seat *seat;
	void *context;
	void *resource;
	uint64_t life;
	bool frozen;
	bool halted;
	bool crashed;
	bool inside; /* its own code runs, which may have called whoever wants to kill it */
	bool killed; /* meanwhile: gone for all, and ended when its code has returned */
	int status;
	struct line *lines;
	int lines_n;
	struct event *inbox; /* while frozen */
	struct event *inbox_last;
	int64_t answers_until; /* order of answers of served types */
	int64_t control_until; /* order of the harness's signals */
};

/* A connection of an application (client) to a CTIManager (server). */
struct conn {
	bool used;
	int client;
	uint64_t client_life;
	uint32_t client_number;
	int server;
	uint64_t server_life;
	uint32_t server_number;
	char identity[SDL_IDENTITY_MAX + 1]; /* "" = in the clear */
	bool up;
	bool ended_by_client; /* once it is not up: the server is told */
	bool deaf;	      /* closed by the server: nothing more is read from it */
	int64_t last[2];      /* to the server, to the client */
	int64_t lost_after[2];
	uint32_t in_flight[2]; /* frames sent and not yet handled */
};

struct sdl_virt {
	struct sdl_virt_options options;
	int64_t now;
	uint32_t instant; /* events at this instant */
	struct prng prng;
	struct events events;
	struct program *programs;
	int programs_n;
	/* When each program wants to be woken; INT64_MAX = never, WAKE_UNKNOWN = ask it. It changes
	 * only when the program takes its turn or is handed out. */
	int64_t *wakes;
	int first;	  /* the program that wants to be woken first; -1 = none */
	int64_t first_at; /* and when; WAKE_UNKNOWN = look */
	struct conn *conns;
	uint32_t conns_n;
	uint32_t conns_made; /* numbers on the servers' side */
	struct sdl_record *record;
	uint64_t signals; /* of programs that have ended */
	uint64_t unexpected;
};

static inline struct program *seat_program(void *seat)
{
	struct seat *s = seat;

	return &s->virt->programs[s->program];
}

#define WAKE_UNKNOWN INT64_MIN

/* virt.c */
void turn(struct sdl_virt *v, struct program *p);
void program_end(struct sdl_virt *v, struct program *p);

/* net.c */
void net_line_open(void *w, uint8_t node, uint16_t app);
void net_line_close(void *w, uint8_t node, uint16_t app);
int net_line_send(void *w, uint8_t node, uint16_t app, const void *frame, size_t len);
void net_conn_open(void *w, uint32_t conn, uint8_t node, const char *identity);
void net_conn_close(void *w, uint32_t conn);
int net_conn_send(void *w, uint32_t conn, const void *frame, size_t len);
void net_datagram(void *w, const struct sdl_envelope *e);
void net_program_up(struct sdl_virt *v, struct program *p);
void net_program_down(struct sdl_virt *v, struct program *p);
/* False: lost on the way, or for a life that has ended. */
bool net_still_comes(struct sdl_virt *v, const struct event *e);
void net_deliver(struct sdl_virt *v, struct program *p, const struct event *e);
/* Posts e into p after the usual delay, not before *until, which moves. */
void post_later(struct sdl_virt *v, struct program *p, const struct sdl_envelope *e,
		int64_t *until);

#endif
