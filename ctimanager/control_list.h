/*
 * control_list.h - names of devices in order: those that a user controls, those that a super provider
 * has acquired.
 *
 * A plain book that owns its names. A zeroed struct is an empty list. Order is that of strcmp, as the
 * database gives them.
 */
#ifndef CTIMANAGER_CONTROL_LIST_H
#define CTIMANAGER_CONTROL_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct control_list {
	char **name;
	size_t n, size;
};

void ctim_control_list_free(struct control_list *list);
bool ctim_control_list_has(const struct control_list *list, const char *name);
/* Known already: nothing changes, and false. */
bool ctim_control_list_add(struct control_list *list, const char *name);
/* Not known: nothing changes, and false. */
bool ctim_control_list_remove(struct control_list *list, const char *name);

#endif
