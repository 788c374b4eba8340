/* registry_private.h - what the files of the registry share: registry.c has the devices,
 * registry_numbers.c the numbers, registry_route.c looks for them.
 */
#ifndef CALLMANAGER_REGISTRY_PRIVATE_H
#define CALLMANAGER_REGISTRY_PRIVATE_H

#include "callmanager/dial_pattern.h"
#include "callmanager/registry.h"
#include "common/base/roster.h"
#include "common/db/db.h"

/* Every node has one of each number and device of the cluster: they are kept small, and most numbers
 * forward nowhere. */
struct line {
	struct line *next_of_number;
	struct number *number;
	struct sdl_pid control;
	uint16_t index; /* among the lines of its place */
};

struct forwarded {
	char *to, *css;
};

struct forwards {
	struct forwarded cfa, cfna, cfur;
	char *css[CM_SCOPE_MAX]; /* of those that have none of their own */
};

/* In a partition. */
struct number {
	struct number *next_of_dn; /* the same in another partition */
	struct line *lines;
	struct forwards *forwards; /* NULL: none */
	PatternConfig *pattern;	   /* of route and translation patterns */
	uint16_t partition;	   /* 0 = none */
	uint8_t usage;		   /* enum db_usage */
	uint8_t kind;		   /* DeviceKind */
	bool configured;
	bool seen;   /* in the load under way */
	bool marked; /* its forward was set here */
	char dn[];
};

struct partition {
	uint16_t id; /* from 1 */
	struct number **sorted;
	size_t sorted_n;
	char name[];
};

struct space {
	uint16_t *partitions; /* in order */
	size_t n;
	bool seen;
	char name[];
};

struct place {
	struct place *next; /* of the same device */
	struct cm_registration is;
	struct line lines[]; /* the device's name follows */
};

struct cm_registry {
	uint8_t node;
	struct roster numbers; /* the first of each dn */
	size_t numbers_n;
	struct roster devices;	  /* the first place of each */
	struct roster partitions; /* by name */
	struct partition **by_id; /* [0] stands for none */
	uint16_t partitions_n;	  /* with it */
	struct roster spaces;
	struct cm_trie trie; /* of numbers that are no single one */
	bool stale;	     /* what is sorted, and the trie */
	size_t here;	     /* places at this node */
	/* The analysis under way: the partitions that count, and the place of each in their order. */
	uint32_t turn;
	uint32_t *turns;
	uint16_t *ranks;
	uint16_t *reached;
	size_t reached_n;
};

static inline const struct place *registry_place_of(const struct line *line)
{
	const void *first = line - line->index;

	return (const void *)((const char *)first - offsetof(struct place, lines));
}

void *registry_must(void *p);

/* registry_numbers.c. partition: its name, or NULL. */
struct number *registry_number(const struct cm_registry *r, const char *dn, const char *partition);
struct number *registry_first_of(const struct cm_registry *r, const char *dn);
/* Made if it is not there. */
struct number *registry_number_get(struct cm_registry *r, const char *dn, const char *partition);
/* Forgets a number that is neither configured nor registered. */
void registry_number_put(struct cm_registry *r, struct number *n);
const char *registry_partition_name(const struct cm_registry *r, uint16_t id);
const struct space *registry_space(const struct cm_registry *r, const char *name);
/* Sorts, and fills the trie, if something has changed. */
void registry_refresh(struct cm_registry *r);
void registry_numbers_free(struct cm_registry *r);

#endif
