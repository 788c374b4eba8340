/*
 * real.h - the real host: one program as an operating-system process, over ZeroMQ and the monotonic
 * clock. (design: ports and addresses of the field on 127.c.0.n, c = the cluster's number.)
 *
 * A program's main():
 *
 *	struct sdl_real_options o;
 *
 *	sdl_real_options_init(&o, SDL_APP_CALLMANAGER, "ccm");
 *	sdl_real_parse(&o, argc, argv, NULL, NULL);
 *	cm_program(&o.config, &context);
 *	o.resource = (struct sdl_resource){ ... };
 *	return sdl_real_run(&o);
 *
 * A library inside a foreign program opens a host, polls sdl_real_fd() for reading in whatever loop
 * there is, and calls sdl_real_dispatch() when it is readable. sdl_real_run() does the same.
 * Handlers run only inside sdl_real_dispatch() (and sdl_real_close()). One thread per host.
 *
 * ZeroMQ contexts do not survive fork: open a host after any fork, start programs with posix_spawn.
 *
 * Ports: 127.c.0.n:8002 SDL of a callmanager, 8003 of a ctimanager, 8004 of any other program; 2748
 * CTI, 2749 CTI encrypted (CURVE, where there are keys); 16384 (UDP) media of programs with node 101 and above. Taken by somebody else: an error that
 * names it. The abstract socket `rehome-c-n-app` is held for life: a second program of the same
 * node and application refuses, names the first by its process number and leaves it alone (MGR-02).
 */
#ifndef SDL_REAL_H
#define SDL_REAL_H

#include <argp.h>

#include "sdl/program.h"

enum {
	SDL_PORT_CALLMANAGER = 8002,
	SDL_PORT_CTIMANAGER = 8003,
	SDL_PORT_OTHERS = 8004,
	SDL_PORT_CTI = 2748,
	SDL_PORT_CTI_SECURE = 2749,
	SDL_PORT_MEDIA = 16384,
};

/* Nodes of programs that are not servers. A library takes the first free one when given node 0. */
enum { SDL_NODE_OTHERS_MIN = 101, SDL_NODE_OTHERS_MAX = 253 };

/* Exit statuses. */
enum { SDL_EXIT_OK = 0, SDL_EXIT_FAILED = 1, SDL_EXIT_USAGE = 2 };

struct sdl_peer {
	uint8_t node;
	uint16_t app;
};

#define SDL_PEERS_MAX 64

struct sdl_real_options {
	/* node, app, name, incarnation, cluster_id, token, seed: from the options; types, types_n,
	 * accept_type, context: from the program's own function; params: &params below unless set;
	 * record and world are filled by the host. seed 0: at random. */
	struct sdl_config config;
	struct param_set params;
	uint8_t cluster; /* c of 127.c.0.n, 1..254; 0 = 1 */
	int speed;	 /* divides the scaled timers */
	/* Directory of the run: the record (sdl_real_record_path), alarms.log. NULL: a record in
	 * memory only, alarms to nowhere. */
	const char *run_dir;
	bool secure_links;  /* links are encrypted, and each end proves its node (GRP-06) */
	const char *keys;   /* directory of keys (below); NULL = run_dir/keys, if it is there */
	size_t record_size; /* bytes; 0 = default */
	int hwm;	    /* messages that may wait on a line or connection; 0 = 100,000 */
	int control_fd; /* SOCK_SEQPACKET to the supervisor; its end is the program's end. -1: none
			 */
	int parent;	/* process number that must be the parent (sdl_real_run only); 0: any */
	struct sdl_peer links[SDL_PEERS_MAX]; /* linked from the start */
	unsigned links_n;
	bool listen; /* binds an SDL port and may have links; false: connections and media only */
	bool serve_cti; /* binds the CTI port */
	struct sdl_resource resource;
	/* Filled by sdl_real_parse for whoever needs it. */
	const char *program; /* argv[0] */
	char token_text[128];
	char name_text[64];
};

/* Defaults of that application: no links; listen unless SDL_APP_CTI; serve_cti if CTIMANAGER.
 * prefix makes the default name with the node number: "ccm" gives "ccm1". */
void sdl_real_options_init(struct sdl_real_options *o, uint16_t app, const char *prefix);

/* The common command line: --node --cluster --run --name --incarnation --speed --control-fd
 * --parent --link --token-file --cluster-id --record-size. `more` (may be NULL) adds the program's
 * own options; its parser gets `input`. Prints usage and exits with status 2 on a mistake. Borrows
 * argv for life. */
void sdl_real_parse(struct sdl_real_options *o, int argc, char **argv, const struct argp *more,
		    void *input);

/* Runs the program to its end; returns the exit status. SIGTERM and SIGINT end it in order. */
int sdl_real_run(struct sdl_real_options *o);

/* ---- a host inside somebody else's loop ------------------------------------------------------ */
struct sdl_real;

/* Options are borrowed for the life of the host. NULL: one sentence in why. */
struct sdl_real *sdl_real_open(struct sdl_real_options *o, char *why, size_t why_size);
/* Lets what was last sent go out (at most some 200 ms), then takes everything down. */
void sdl_real_close(struct sdl_real **real);
/* An epoll descriptor, readable whenever sdl_real_dispatch() has something to do. */
int sdl_real_fd(const struct sdl_real *real);
/* One turn; never blocks. False when the program has ended: sdl_real_status() says how. */
bool sdl_real_dispatch(struct sdl_real *real);
int sdl_real_status(const struct sdl_real *real);
struct sdl_program *sdl_real_program(struct sdl_real *real);
/* Posts into the program, between two dispatches or within one; makes sdl_real_fd() readable. */
void sdl_real_post(struct sdl_real *real, const struct sdl_envelope *e);
/* Makes sdl_real_fd() readable. From any thread. */
void sdl_real_wakeup(struct sdl_real *real);
/* A new incarnation by the clock, for programs that nobody gives one. */
uint64_t sdl_real_incarnation(void);
/* CLOCK_MONOTONIC in nanoseconds: the time of programs on the real host. */
int64_t sdl_real_now(void);

/* ---- keys ------------------------------------------------------------------------------------ */
/* Make a key in the directory, and the directory, unless there is one by that name. Files are of this
 * user alone. 0, or -1 with a sentence in why. */
int sdl_real_key_for_user(const char *dir, const char *name, char *why, size_t why_size);
int sdl_real_key_for_node(const char *dir, uint8_t node, char *why, size_t why_size);

/* ---- the control channel -------------------------------------------------------------------- */
/* Packets both ways are envelopes as sdl/link/frame.h encodes them, one each. One packet of this
 * single byte tells a program to look for changes of the database at once. */
#define SDL_CONTROL_POKE 'p'

/* Where that program's record lies: "RUN/ccm1-100.3.rec". */
void sdl_real_record_path(const char *run_dir, const char *name, uint16_t app, uint64_t incarnation,
			  char *buffer, size_t size);
/* Tells the servers of a cluster that the database was changed: they look at once instead of within
 * a second. For whoever writes; from any process. */
void sdl_real_poke(uint8_t cluster);
/* The address of a program's SDL port, "127.7.0.1:8002". */
void sdl_real_address(uint8_t cluster, uint8_t node, uint16_t app, char *buffer, size_t size);

#endif
