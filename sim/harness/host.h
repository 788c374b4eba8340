/*
 * host.h - a running cluster, as the harness holds it; the same on the real and on the virtual
 * host.
 *
 * A host runs the programs that a topology and a run call for: per node a callmanager and a
 * ctimanager, one program for all phones, one per application. It starts and strikes them, posts
 * control signals into them and gives their records to whoever reads. All else is built on this
 * header: verbs, scenarios, reports, exploration.
 *
 *	sim_host_virtual(&host, &options, &err) or sim_host_real(...)
 *	sim_host_up(host, deadline, &err)		every program of the topology says Ready
 *	sim_host_app(host, &spec, &program, &err)	an application joins
 *	sim_host_kill(host, program, &err) ...		faults
 *	sim_host_until(host, done, arg, deadline)	time passes; nowhere else
 *	sim_host_destroy(&host)				nothing is left
 *
 * Time passes only inside sim_host_until: the virtual host then moves its clock from event to
 * event, the real host waits for what its programs do. Times are nanoseconds of the host's clock:
 * since 10:00:00.000 of the virtual day, or CLOCK_MONOTONIC.
 *
 * Functions return 0, or -1 with a sentence in *err, which also holds the exit status that suits.
 */
#ifndef SIM_HARNESS_HOST_H
#define SIM_HARNESS_HOST_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sdl/program.h"
#include "sdl/record.h"

struct cti_app;
struct db;
struct sim_host;
struct sim_topology;

/* Exit statuses. */
enum sim_exit {
	SIM_PASSED = 0,
	SIM_FAILED = 1,
	SIM_USAGE = 2,	 /* usage or input error: nothing was started */
	SIM_UNKNOWN = 3, /* run, but not judgeable */
};

struct sim_error {
	int status; /* enum sim_exit */
	char text[3000];
};
/* Fills *err; returns -1. */
int sim_fail(struct sim_error *err, enum sim_exit status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- programs ------------------------------------------------------------------------ */

/* Where programs other than servers live. */
#define SIM_NODE_PHONES	   101
#define SIM_NODE_APP_FIRST 102
#define SIM_PROGRAMS_MAX   96
#define SIM_NAME_SIZE	   64

enum sim_state {
	SIM_DOWN,     /* not started yet, ended, or killed */
	SIM_STARTING, /* runs, and has not said Ready */
	SIM_READY,
	SIM_FROZEN,
};

struct sim_program {
	char name[SIM_NAME_SIZE]; /* "ccm1:callmanager", "phones", "app:ivr" */
	uint8_t node;
	uint16_t app;
	enum sim_state state;
	bool was_ready;	      /* what it is when thawed */
	bool ordered;	      /* its present or coming end was ordered by a verb */
	bool doomed;	      /* it has a crash point: SIGKILL may come from itself */
	bool deactivated;     /* its service is not activated on the node: it may not be started */
	int64_t since_ns;     /* in that state */
	uint64_t incarnation; /* 0 = never started */
	pid_t pid;	      /* real host while it runs, else 0 */
	char end[160];	      /* how it ended: "killed by signal 9 (Killed)"; "" while it runs */
	struct sdl_record *record; /* of this incarnation; on the virtual host all share one */
	char record_path[200];	   /* real host */
};

/* The name of a state: "down", "starting", "ready", "frozen". */
const char *sim_state_name(enum sim_state state);

/* ---- life ---------------------------------------------------------------------------- */

/* Virtual host: told after each signal that a program is done with, in the middle of its turn. It
 * may look at everything and read records; it must not act. */
struct sim_watch {
	void (*stepped)(void *arg, struct sim_host *host);
	void *arg;
};

struct sim_host_options {
	const struct sim_topology *topology; /* borrowed while the host lives */
	struct db *db; /* holds the topology; borrowed; real host: <dir>/cluster.db */
	uint64_t seed;
	int speed; /* divides the scaled timers; 1 or more */
	/* virtual host */
	uint64_t mutants;
	size_t record_size;	       /* bytes of the one ring; 0 = 64 MiB */
	const struct sim_watch *watch; /* borrowed while the host lives; NULL = nobody */
	/* real host */
	const char *dir;      /* the run directory, made by sim_run_dir_new */
	const char *programs; /* directory of the programs; NULL = beside this one */
	int cluster;	      /* c: node n lives on 127.c.0.n */
	/* Nothing is waited for any more once it is not 0; NULL = never. */
	const volatile sig_atomic_t *interrupted;
};

int sim_host_virtual(struct sim_host **host, const struct sim_host_options *options,
		     struct sim_error *err);
int sim_host_real(struct sim_host **host, const struct sim_host_options *options,
		  struct sim_error *err);
/* Ends whatever runs, by force if need be; *host is NULL afterwards. */
void sim_host_destroy(struct sim_host **host);

bool sim_host_is_virtual(const struct sim_host *host);
const struct sim_host_options *sim_host_options(const struct sim_host *host);

/* Starts all programs of the topology, plugs the phones in, and waits until all are ready. */
int sim_host_up(struct sim_host *host, int64_t deadline_ns, struct sim_error *err);

struct sim_app_spec {
	const char *name;		/* "ivr": the program is app:ivr */
	const char *user;		/* of the topology, or any */
	const char *password;		/* NULL = the one that the topology gives the user */
	const char *const *ctimanagers; /* node names, primary first */
	size_t ctimanagers_n;
	int heartbeat_s; /* DesiredServerHeartbeatInterval; 0 = its default */
	/* The key of the encrypted connection (GRP-06), named as the user whose it is; NULL = in the
	 * clear. */
	const char *key;
	const char *kind; /* "JTAPI", "TAPI", "DIRECT" (MGR-11); NULL = JTAPI */
	/* Virtual host: the application itself, borrowed while the host lives, in place of the one
	 * that takes commands. On the real host it is a program of its own (cti_open, cti_main). */
	const struct cti_app *callbacks;
};
/* Declares and starts an application program; it is ready when it runs, its provider may open
 * later. */
int sim_host_app(struct sim_host *host, const struct sim_app_spec *spec,
		 struct sim_program **program, struct sim_error *err);

/* ---- faults: each is done when the call returns -------------------------------------- */
int sim_host_start(struct sim_host *host, struct sim_program *program, struct sim_error *err);
int sim_host_kill(struct sim_host *host, struct sim_program *program, struct sim_error *err);
/* Several at once, as when their machine loses power. */
int sim_host_kill_all(struct sim_host *host, struct sim_program *const *programs, size_t n,
		      struct sim_error *err);
/* Asks for an orderly end; sim_host_until sees it happen. */
int sim_host_term(struct sim_host *host, struct sim_program *program, struct sim_error *err);
int sim_host_freeze(struct sim_host *host, struct sim_program *program, struct sim_error *err);
int sim_host_thaw(struct sim_host *host, struct sim_program *program, struct sim_error *err);
enum sim_moment { SIM_BEFORE_SENT, SIM_AFTER_SENT, SIM_BEFORE_HANDLED, SIM_AFTER_HANDLED };
/* The program kills itself at that moment of the nth signal of that number from now on. It may have
 * eight such points; they go with it. */
int sim_host_crash_at(struct sim_host *host, struct sim_program *program, uint16_t signal,
		      uint32_t nth, enum sim_moment moment, struct sim_error *err);
/* What a sends to b is held until healed. The other direction is another call. */
int sim_host_cut(struct sim_host *host, struct sim_program *a, struct sim_program *b, bool cut,
		 struct sim_error *err);
int sim_host_slow(struct sim_host *host, struct sim_program *a, struct sim_program *b,
		  int64_t delay_ns, struct sim_error *err);

/* ---- looks and signals --------------------------------------------------------------- */
int64_t sim_host_now(const struct sim_host *host);

/* The programs, in the order of their creation; the array does not move. */
struct sim_program *sim_host_programs(struct sim_host *host, size_t *n);
struct sim_program *sim_host_program(struct sim_host *host, const char *name);
struct sim_program *sim_host_program_at(struct sim_host *host, uint8_t node, uint16_t app);

/* All programs that a target names: "ccm1" (the node), "ccm1:ctimanager", "app:ivr", "phones".
 * Returns how many, or -1 with what names there are. */
int sim_host_target(struct sim_host *host, const char *target,
		    struct sim_program *found[SIM_PROGRAMS_MAX], struct sim_error *err);

/* Posts a control signal in the harness's name: msg is packed at once. A program that is down: -1.
 */
int sim_host_post(struct sim_host *host, struct sim_program *program, uint8_t type, uint16_t number,
		  const void *msg, struct sim_error *err);

/* Whoever wants the signals that programs send to the harness (Ready is seen by the host itself).
 * One listener at a time; NULL = none. e lives until it returns. */
typedef void sim_listener(void *arg, struct sim_program *program, const struct sdl_envelope *e);
void sim_host_listen(struct sim_host *host, sim_listener *listener, void *arg);

/* Lets the cluster live until done(arg) says so; it is asked first, and again whenever something
 * may have changed. NULL = never. */
enum sim_until {
	SIM_DONE,
	SIM_DEADLINE, /* the time came first */
	SIM_AT_REST,  /* virtual host: nothing is pending any more, at any time */
	SIM_BROKEN,   /* a program ended that nobody had struck; see sim_host_broken */
};
enum sim_until sim_host_until(struct sim_host *host, bool (*done)(void *arg), void *arg,
			      int64_t deadline_ns);
/* The program that ended unordered since the last call, or NULL. */
struct sim_program *sim_host_broken(struct sim_host *host);

/* All programs look at once whether the database was changed. */
void sim_host_poke(struct sim_host *host);

/* Real host: how much later than asked for the harness itself was woken at worst since the last
 * call. A machine that lets it wait so long may have let the programs wait, too. */
int64_t sim_host_lag(struct sim_host *host);

/* Real host: becomes readable when sim_host_until(host, NULL, NULL, 0) has something to do. -1:
 * virtual. */
int sim_host_fd(const struct sim_host *host);

/* ---- records ------------------------------------------------------------------------- */
/* A place in all records. It begins at their oldest entries; records of programs that start later
 * are followed too. visit gets every entry since the last read, in the order of time as far as it
 * is known by now; the entry is valid until it returns. */
struct sim_reader;
struct sim_reader *sim_reader_new(struct sim_host *host);
void sim_reader_destroy(struct sim_reader **reader);
typedef void sim_visit(void *arg, const struct sdl_record_entry *entry);
void sim_reader_read(struct sim_reader *reader, sim_visit *visit, void *arg);
/* Bytes of records that were overwritten before this reader saw them. */
uint64_t sim_reader_lost(const struct sim_reader *reader);

/* Writes every record as a file of its own into dir, which exists: names end in ".rec". */
int sim_host_save_records(struct sim_host *host, const char *dir, struct sim_error *err);
/* The running program itself, to be looked at; NULL while it is down, and on the real host. */
struct sdl_program *sim_host_running(struct sim_host *host, const struct sim_program *program);
/* The hash over all signals; virtual host only. */
uint64_t sim_host_trace_hash(const struct sim_host *host);
/* Signals that all programs have handled so far; virtual host only. */
uint64_t sim_host_signals(const struct sim_host *host);
/* Puts a line about a fault into the harness's own record (SDL_REC_FAULT): what was struck, when.
 */
void sim_host_note(struct sim_host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The alarm lines so far, oldest first, each ending in a line feed; owned by the caller (free). */
char *sim_host_alarms(struct sim_host *host);

#endif
