/* park_numbers.h - the call park numbers of the cluster: which there are, and which node has which.
 *
 * Plain data without signals: ParkManager writes it, others of the program read. A park number is
 * configured alone ("7701") or in ranges ("77XX", X = any digit), each at one node, where calls are
 * parked by parties of that node. All callers reach them, whatever their calling search space.
 *
 * Source: domain.md 8 (numplan with tkpatternusage 0 and fkcallmanager); CAL-01.
 */
#ifndef CALLMANAGER_PARK_NUMBERS_H
#define CALLMANAGER_PARK_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cm_park_numbers;

struct cm_park_numbers *cm_park_numbers_new(void);
void cm_park_numbers_destroy(struct cm_park_numbers **p);

/* Begin, any number of them, end; those not added in between are there no more. False: the pattern
 * holds something else than keys and X, or too many X to be counted through. */
void cm_park_numbers_begin(struct cm_park_numbers *p);
bool cm_park_numbers_add(struct cm_park_numbers *p, const char *pattern, uint8_t node);
void cm_park_numbers_end(struct cm_park_numbers *p);

/* The node that has the number, 0: it is no park number. */
uint8_t cm_park_numbers_node(const struct cm_park_numbers *p, const char *number);
/* Does a park number begin with these digits and have more? */
bool cm_park_numbers_longer(const struct cm_park_numbers *p, const char *digits);
/* The first number of the node, in the order of the ranges, for which taken says false; written to
 * number (`size` bytes). False: there is none. */
bool cm_park_numbers_free(const struct cm_park_numbers *p, uint8_t node, char *number, size_t size,
			  bool (*taken)(void *arg, const char *number), void *arg);

#endif
