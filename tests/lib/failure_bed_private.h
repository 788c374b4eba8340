/* failure_bed_private.h - the parts of a bed: the cluster and what is done to it (failure_bed.c), and
 * what there is to be seen (failure_sight.c). */
#ifndef TESTS_LIB_FAILURE_BED_PRIVATE_H
#define TESTS_LIB_FAILURE_BED_PRIVATE_H

#include "sim/explore/watch.h"
#include "sim/script/history.h"
#include "tests/lib/failure_bed.h"

#define SECONDS(n) ((int64_t)(n)*1000000000)

struct party_state {
	enum party_kind kind;
	size_t told, shown; /* places in the history up to which events were awaited */
};

/* One end of a stream: the program and its port there. */
struct end {
	uint8_t node;
	uint32_t port;
	char device[16];
	int64_t spoke_ns; /* when a tick of it last reached somebody; 0 = never */
};

struct bed {
	struct sim_topology *topology;
	struct db *db;
	struct sim_host *host;
	struct watch *watch;
	struct sim_history *history;
	struct sim_reader *reader; /* of streams */
	struct party_state party[PARTIES];
	size_t mark;
	struct end ends[64]; /* of streams, as they came up */
	size_t ends_n;
	char words[1200];
};
extern struct bed bed;

/* What the party uses: the name of its phone, its port, its route point. */
const char *bed_device(enum party p);
struct sim_program *bed_program(enum party p);

/* Steps until done says so; false when it did not come to that. */
bool bed_until(bool (*done)(void *arg), void *arg, int64_t ns);
/* Takes in what is new. */
void bed_read(void);
__attribute__((format(printf, 3, 4))) void bed_put(char *to, size_t size, const char *format, ...);

#endif
