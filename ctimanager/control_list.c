#include "ctimanager/control_list.h"

#include <stdlib.h>
#include <string.h>

void ctim_control_list_free(struct control_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->name[i]);
	free(list->name);
	*list = (struct control_list){ 0 };
}

/* Where the name is, or belongs. */
static size_t place_of(const struct control_list *list, const char *name, bool *there)
{
	size_t low = 0, high = list->n;

	*there = false;
	/* Most come in order. */
	if (high && strcmp(list->name[high - 1], name) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(list->name[middle], name);

		if (order == 0)
			*there = true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool ctim_control_list_has(const struct control_list *list, const char *name)
{
	bool there;

	place_of(list, name, &there);
	return there;
}

static void make_room(struct control_list *list)
{
	if (list->n < list->size)
		return;
	list->size = list->size ? list->size * 2 : 16;
	list->name = realloc(list->name, list->size * sizeof(list->name[0]));
	if (!list->name)
		abort();
}

bool ctim_control_list_add(struct control_list *list, const char *name)
{
	bool there;
	size_t at = place_of(list, name, &there);

	if (there)
		return false;
	make_room(list);
	memmove(&list->name[at + 1], &list->name[at], (list->n - at) * sizeof(list->name[0]));
	list->name[at] = strdup(name);
	if (!list->name[at])
		abort();
	list->n++;
	return true;
}

bool ctim_control_list_remove(struct control_list *list, const char *name)
{
	bool there;
	size_t at = place_of(list, name, &there);

	if (!there)
		return false;
	free(list->name[at]);
	list->n--;
	memmove(&list->name[at], &list->name[at + 1], (list->n - at) * sizeof(list->name[0]));
	return true;
}
