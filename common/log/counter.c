#include "common/log/counter.h"

#include <stddef.h>

static const struct counter_def counters[COUNTER_COUNT] = {
#define COUNTER(id, object, name, kind, help)                                                      \
	[COUNTER_##id] = { object, name, COUNTER_IS_##kind, help },
#include "common/log/counter.def"
#undef COUNTER
};

const struct counter_def *counter_def(enum counter_id id)
{
	return (unsigned)id < COUNTER_COUNT ? &counters[id] : NULL;
}
