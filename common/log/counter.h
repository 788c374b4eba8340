/* counter.h - counters with the field's names, from counter.def. */
#ifndef COMMON_LOG_COUNTER_H
#define COMMON_LOG_COUNTER_H

enum counter_id {
#define COUNTER(id, object, name, kind, help) COUNTER_##id,
#include "common/log/counter.def"
#undef COUNTER
	COUNTER_COUNT
};

enum counter_kind {
	COUNTER_IS_COUNT, /* only grows while the program runs */
	COUNTER_IS_LEVEL,
};

/* Whose they are; a program keeps those of its own objects, others stay 0. */
#define COUNTER_OF_CALLMANAGER "Cisco CallManager"
#define COUNTER_OF_SYSTEM      "Cisco CallManager System Performance"
#define COUNTER_OF_CTIMANAGER  "Cisco CTI Manager"

struct counter_def {
	const char *object; /* perfmon object: "Cisco CTI Manager" */
	const char *name;
	enum counter_kind kind;
	const char *help;
};

const struct counter_def *counter_def(enum counter_id id);

#endif
