/* registry.h - what digit analysis knows: the configured numbers and patterns, who may call them, and
 * which devices are registered at which node of the cluster with which lines.
 *
 * Plain data without signals: Da writes it, others read. A device may be registered at several
 * nodes for a while (CMF-17); the one that counts is the one at the node of highest priority in its
 * group, and one that nobody has open counts last. Entries of nodes that cannot be reached are not
 * here.
 *
 * The same number may stand in several partitions. A caller reaches those of its calling search
 * spaces, and what stands in none. The closest match wins, then the partition that comes first;
 * numbers without partition come last.
 *
 * Finding a number costs the same however many there are; patterns are few, and in a trie.
 *
 * Source: APF-04, CMF-17, CMF-18; number analysis of domain.md 11.1 (digit by digit, T302).
 */
#ifndef CALLMANAGER_REGISTRY_H
#define CALLMANAGER_REGISTRY_H

#include "callmanager/forwarding.h"
#include "callmanager/process.h"

struct cm_registry;

/* Borrowed until the registry changes. Every node has one of every device: kept small. */
struct cm_registration {
	const char *device;
	struct sdl_pid device_pid;
	uint32_t generation;
	uint16_t lines_n;
	uint8_t node;
	uint8_t kind; /* DeviceKind */
	uint8_t group[3];
	uint8_t group_n;
	bool orphan;
};

struct cm_query {
	const char *digits;
	bool complete; /* no more will come */
	struct cm_scope scope;
	const char *calling; /* NULL: nobody asks what becomes of it */
};

/* Where a number leads. Texts are borrowed until the registry changes. */
struct cm_route {
	DaResult result;
	uint32_t cause;		   /* NONE: Q.850 */
	uint8_t node;		   /* ROUTE */
	struct cm_forward forward; /* FORWARD */
	FeatureReason reason;	   /* FORWARD */
	/* All but MORE and NONE: the number found, and what the digits and the calling number have
	 * become on the way. */
	const char *dn, *partition;
	char called[CM_DN_SIZE], calling[CM_DN_SIZE];
};

struct cm_registry *cm_registry_new(uint8_t node);
void cm_registry_destroy(struct cm_registry **r);

/* Configured numbers and calling search spaces: begin, any number of them, end; those not named in
 * between are configured no more. */
void cm_registry_load_begin(struct cm_registry *r);
void cm_registry_load(struct cm_registry *r, const NumberConfig *number);
void cm_registry_load_space(struct cm_registry *r, const SearchSpaceConfig *space);
void cm_registry_load_end(struct cm_registry *r);
size_t cm_registry_numbers(const struct cm_registry *r);
/* Devices registered at this node itself. */
size_t cm_registry_devices_here(const struct cm_registry *r);

/* A device at a node; an older registration of it there is replaced. */
void cm_registry_add(struct cm_registry *r, uint8_t node, const DaRegistration *d);
/* Does nothing if the registration there is of another generation. */
void cm_registry_remove(struct cm_registry *r, uint8_t node, const char *device,
			uint32_t generation);
void cm_registry_node_lost(struct cm_registry *r, uint8_t node);

/* The registration that counts, leaving that node out (0: none). NULL if there is none. */
const struct cm_registration *cm_registry_device(const struct cm_registry *r, const char *device,
						 uint8_t without_node);
/* The registration at this node itself, or NULL. */
const struct cm_registration *cm_registry_here(const struct cm_registry *r, const char *device);
/* Is the registration at a the one that counts, and not that at b? */
bool cm_registration_prefers(const struct cm_registration *a, const struct cm_registration *b);
/* Do they stand at the same place of their groups, which differ: the group was changed between. */
bool cm_registration_ties(const struct cm_registration *a, const struct cm_registration *b);
/* Each registration of this node itself as a message to be packed; borrowed for the call. */
void cm_registry_each_own(struct cm_registry *r, void (*each)(void *arg, DaRegistration *d),
			  void *arg);

struct cm_route cm_registry_route(struct cm_registry *r, const struct cm_query *q);
/* SHARED: each device that has the number, where it counts. */
void cm_registry_each_appearance(const struct cm_registry *r, const char *dn, const char *partition,
				 void (*each)(void *arg, const struct cm_registration *is),
				 void *arg);
/* The LineControl of the number at this node itself (NULL device: of any that has it), none if there
 * is none. */
struct sdl_pid cm_registry_line(const struct cm_registry *r, const char *dn, const char *partition,
				const char *device);
/* Each device of this node that has a number of these digits, in whatever partition. */
void cm_registry_each_here(const struct cm_registry *r, const char *dn,
			   void (*each)(void *arg, const char *device), void *arg);
/* Each number of these digits, in whatever partition (NULL: none). */
void cm_registry_each_partition(const struct cm_registry *r, const char *dn,
				void (*each)(void *arg, const char *dn, const char *partition),
				void *arg);
/* Call forward all of a number is that now (NULL: none), looked for in that space (NULL: the line's). */
void cm_registry_set_forward_all(struct cm_registry *r, const char *dn, const char *partition,
				 const char *to, const char *css);
/* Its users have set it at this node; each that was set here since the start. */
void cm_registry_mark_forward(struct cm_registry *r, const char *dn, const char *partition);
void cm_registry_each_marked(const struct cm_registry *r,
			     void (*each)(void *arg, const char *dn, const char *partition),
			     void *arg);
/* Each device of this node that has just this number. */
void cm_registry_each_of(const struct cm_registry *r, const char *dn, const char *partition,
			 void (*each)(void *arg, const struct cm_registration *is), void *arg);
/* Where calls to a number go that cannot be offered to its device (APF-04); nowhere: to is NULL. */
struct cm_forward cm_registry_forward(const struct cm_registry *r, const char *dn,
				      const char *partition, FeatureReason *reason);

#endif
