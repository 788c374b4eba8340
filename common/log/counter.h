/* counter.h - counters with the field's names, from counter.def. */
#ifndef COMMON_LOG_COUNTER_H
#define COMMON_LOG_COUNTER_H

enum counter_id {
#define COUNTER(id, object, name, help) COUNTER_##id,
#include "common/log/counter.def"
#undef COUNTER
	COUNTER_COUNT
};

struct counter_def {
	const char *object; /* perfmon object: "Cisco CTI Manager" */
	const char *name;
	const char *help;
};

const struct counter_def *counter_def(enum counter_id id);

#endif
