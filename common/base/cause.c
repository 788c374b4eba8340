#include "common/base/cause.h"

#include <string.h>

static const struct entry {
	enum cause_set set;
	int value;
	const char *name;
} entries[] = {
#define CAUSE(set_, id_, name_, value_) { CAUSE_##set_, value_, name_ },
#include "common/base/cause.def"
#undef CAUSE
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

const char *cause_name(enum cause_set set, int value)
{
	for (size_t i = 0; i < ENTRIES; i++)
		if (entries[i].set == set && entries[i].value == value)
			return entries[i].name;
	return "UNDEFINED";
}

int cause_by_name(enum cause_set set, const char *name, int *value)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		if (entries[i].set == set && strcmp(entries[i].name, name) == 0) {
			*value = entries[i].value;
			return 0;
		}
	}
	return -1;
}

const char *cause_at(enum cause_set set, size_t i, int *value)
{
	for (size_t k = 0; k < ENTRIES; k++) {
		if (entries[k].set != set)
			continue;
		if (i-- == 0) {
			*value = entries[k].value;
			return entries[k].name;
		}
	}
	return NULL;
}
