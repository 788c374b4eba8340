/*
 * peer.h - programs of the real host for tests: the test program starts itself anew, each time as
 * one program with a LinkAdmin and a Probe that sends, counts and tells.
 *
 *	peer_start(&a, &(struct peer_spec){ .node = 1, .app = 100, .link_node = 2, ... });
 *	peer_expect(&a, "isv", "2.200");	waits for what it tells; fails the test after a while
 *	peer_order(&a, "send", "2.200", "mark", 50000);
 *
 * What a Probe tells: `ready`; `isv`/`oos` PEER (result: the reason); `got` MARK (result: how many
 * came, in order, when the last of a burst came); `disorder`; `up`/`down`/`accepted`
 * IDENTITY. main()
 * calls peer_main() first: it does not return in a started program.
 */
#ifndef TESTS_LIB_PEER_H
#define TESTS_LIB_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PEER_LINKS 4

struct peer_spec {
	uint8_t node;
	uint16_t app;
	const char *links;     /* "2.200,3.100" or NULL */
	uint64_t incarnation;  /* 0 = the clock */
	unsigned heartbeat_ms; /* 0 = 100 */
	unsigned silence_ms;   /* 0 = 1000 */
	unsigned hwm;	       /* 0 = the host's own */
	const char *token;     /* NULL = "secret" */
	const char *run_dir;   /* NULL = none */
	bool secure_links;
	const char *kind; /* NULL = "--peer"; another one is for the main() of the test */
};

struct peer {
	struct peer_spec spec;
	pid_t pid;
	int control;
	/* What was last told. */
	char verb[32];
	char device[64];
	char text[256];
	uint32_t result;
};

void peer_main(int argc, char **argv);

struct sdl_real_options;
/* For programs of another kind: the application and all options of a spec, from the arguments. */
void peer_options(struct sdl_real_options *o, int argc, char **argv);

/* Takes a free cluster number for this test, for the life of the process. */
void peer_cluster(void);
uint8_t peer_cluster_number(void);

/* Listens at that TCP port of node's address, as a stranger would; close() frees it. */
int peer_hold_port(uint16_t port, uint8_t node);

/* Starts it, and waits for nothing. */
void peer_launch(struct peer *p, const struct peer_spec *spec);
/* Starts it and waits until it runs. */
void peer_start(struct peer *p, const struct peer_spec *spec);
/* Starts it; stderr goes to a pipe that is read to its end with peer_end(). */
void peer_start_doomed(struct peer *p, const struct peer_spec *spec, int *stderr_fd);
/* Waits for its end. Returns the wait status; text gets what it wrote. */
int peer_end(struct peer *p, int stderr_fd, char *text, size_t size);
void peer_kill(struct peer *p);
void peer_freeze(struct peer *p);
void peer_thaw(struct peer *p);
/* Ends it in order; fails unless its exit status is 0. */
void peer_stop(struct peer *p);

/* verb: send (count signals, numbered from 1, marked, to the Probe of `to`), conn (connect to the
 * CTIManager of node `to`, with the key named by the mark if there is one), talk (count signals over the connection), hangup (its end), tick (a
 * datagram to `to`). */
void peer_order(struct peer *p, const char *verb, const char *to, const char *mark, uint64_t count);
/* A control signal of any kind. */
void peer_post(struct peer *p, uint8_t type, uint16_t number, const void *msg);
/* The next telling; false when none comes within that time. */
bool peer_told(struct peer *p, int timeout_ms);
/* Waits until it tells that; what is told before is passed over. device NULL: any. */
void peer_expect(struct peer *p, const char *verb, const char *device);
/* Nothing of that kind is told within that time. */
void peer_never(struct peer *p, const char *verb, const char *device, int within_ms);

#endif
