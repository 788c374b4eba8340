/* host_private.h - what the two hosts fill in, and what they share. */
#ifndef SIM_HARNESS_HOST_PRIVATE_H
#define SIM_HARNESS_HOST_PRIVATE_H

#include "sim/harness/host.h"

/* The only times at which a program is waited for inside a fault: it was told by a signal of the
 * operating system that cannot be refused. */
#define SIM_STRIKE_NS 5000000000LL

struct sim_host_ops { /* fd, hash, signals, running and destroy may be NULL */
	bool is_virtual;
	/* The program's state and `ordered` are set by the caller. */
	int (*start)(struct sim_host *host, struct sim_program *program, struct sim_error *err);
	int (*kill)(struct sim_host *host, struct sim_program *program, struct sim_error *err);
	int (*term)(struct sim_host *host, struct sim_program *program, struct sim_error *err);
	int (*freeze)(struct sim_host *host, struct sim_program *program, struct sim_error *err);
	int (*thaw)(struct sim_host *host, struct sim_program *program, struct sim_error *err);
	int (*post)(struct sim_host *host, struct sim_program *program,
		    const struct sdl_envelope *e, struct sim_error *err);
	int64_t (*now)(const struct sim_host *host);
	/* Goes on until something happened (SIM_DONE) or the deadline has come; `watched`: somebody
	 * looks at records, which grow without an event. */
	enum sim_until (*turn)(struct sim_host *host, int64_t deadline_ns, bool watched);
	int (*fd)(const struct sim_host *host);
	void (*poke)(struct sim_host *host);
	struct sdl_program *(*running)(struct sim_host *host, const struct sim_program *program);
	uint64_t (*hash)(const struct sim_host *host);
	uint64_t (*signals)(const struct sim_host *host);
	char *(*alarms)(struct sim_host *host);
	void (*destroy)(struct sim_host *host);
};

/* An application as it was asked for; its texts are owned. */
struct sim_app {
	char *user;
	char *password;
	char *instance;
	char *key; /* NULL = in the clear */
	uint8_t ctimanagers[10];
	size_t ctimanagers_n;
	int heartbeat_s;
	int kind;			 /* enum cti_kind */
	const struct cti_app *callbacks; /* borrowed; NULL = the one that takes commands */
};

/* One record; on the real host there is one for each incarnation of each program. */
struct sim_log {
	struct sdl_record *record; /* NULL: its file is not there yet */
	char path[256];		   /* "": in memory */
	char name[SIM_NAME_SIZE * 2];
};

struct sim_host {
	const struct sim_host_ops *ops;
	struct sim_host_options options;
	struct sim_program programs[SIM_PROGRAMS_MAX];
	struct sim_app *apps[SIM_PROGRAMS_MAX]; /* of programs that are applications */
	size_t programs_n;
	struct sim_log *logs; /* the first one is the harness's own, or the one that all share */
	size_t logs_n;
	struct sim_program *broken;
	int64_t lag_ns; /* see sim_host_lag */
	bool plug;	/* the phones program has become ready: its phones are to be plugged in */
	sim_listener *listener;
	void *listener_arg;
	uint64_t fault_seq;
};

/* Fills what both hosts share; declares the programs of the topology. */
void sim_host_init(struct sim_host *host, const struct sim_host_ops *ops,
		   const struct sim_host_options *options);
void sim_host_free(struct sim_host *host);
/* A program that does not run yet; NULL: there are too many. */
struct sim_program *sim_host_declare(struct sim_host *host, uint8_t node, uint16_t app,
				     const char *name, const char *suffix);

/* The programs that this one links to from its start. Returns how many. */
unsigned sim_host_links(const struct sim_host *host, const struct sim_program *program,
			struct sdl_pid *peers, unsigned max);
/* "JTAPI", "TAPI", "DIRECT". */
const char *sim_app_kind_name(const struct sim_app *app);
struct sim_app *sim_host_app_of(struct sim_host *host, const struct sim_program *program);

/* Waits until all programs that link to each other have met. */
enum sim_until sim_host_meet(struct sim_host *host, int64_t deadline_ns);

/* What hosts report. */
void sim_host_control(struct sim_host *host, struct sim_program *program,
		      const struct sdl_envelope *e);
void sim_host_ended(struct sim_host *host, struct sim_program *program, const char *how);
void sim_host_state(struct sim_host *host, struct sim_program *program, enum sim_state state);

/* The parameters as the topology has them, with the speed; programs read the database's themselves.
 */
void sim_host_params(const struct sim_host *host, struct param_set *params);

/* Adds a log; its record may come later. */
struct sim_log *sim_host_log(struct sim_host *host, struct sdl_record *record, const char *path,
			     const char *name);

#endif
