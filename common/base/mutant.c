#include "common/base/mutant.h"

#include <stdio.h>
#include <string.h>

static const struct mutant mutants[MUTANTS] = {
#define MUTANT(id, name_, program_, clause_, seeds_, text_)                                        \
	[MUTANT_##id] = { name_, program_, clause_, text_, seeds_ },
#include "common/base/mutant.def"
#undef MUTANT
};

_Static_assert(MUTANTS <= 64, "a program's mutants are one word");

const struct mutant *mutant(enum mutant_id id)
{
	return &mutants[id];
}

int mutants_by_name(const char *names, uint64_t *bits, const char **unknown)
{
	*bits = 0;
	for (;;) {
		size_t n = strcspn(names, ",");
		unsigned id = 0;

		while (id < MUTANTS &&
		       (strlen(mutants[id].name) != n || strncmp(mutants[id].name, names, n) != 0))
			id++;
		if (id == MUTANTS) {
			*unknown = names;
			return -1;
		}
		*bits |= mutant_bit((enum mutant_id)id);
		if (!names[n])
			return 0;
		names += n + 1;
	}
}

void mutants_names(uint64_t bits, char *names, size_t size)
{
	size_t at = 0;

	names[0] = '\0';
	for (unsigned id = 0; id < MUTANTS && at < size; id++)
		if (bits & mutant_bit((enum mutant_id)id))
			at += (size_t)snprintf(names + at, size - at, "%s%s", at ? "," : "",
					       mutants[id].name);
}
