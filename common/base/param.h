/* param: the parameters of the cluster and of its applications, from the one table param.def.
 *
 * A param_set holds one value per parameter. It is a plain value: copy it, keep it on the stack.
 * It starts as the defaults; what the database or a command line says is put in with
 * param_set_parse, the only way in, so that a value in a set is always within its range.
 * Timers are taken out with param_ns, which knows units and --speed.
 *
 * Source: MGR-07, MGR-08, RTP-09, APF-01, CTF-09, CMF-12, DEP-03 and the public parameter pages.
 */
#ifndef COMMON_BASE_PARAM_H
#define COMMON_BASE_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_service {
	PARAM_CALLMANAGER, /* Cisco CallManager */
	PARAM_CTIMANAGER,  /* Cisco CTIManager */
	PARAM_ENTERPRISE,  /* Enterprise Wide */
	PARAM_JTAPI_INI,   /* an application's jtapi.ini */
};

enum param_unit {
	PARAM_COUNT,
	PARAM_BOOL, /* value 0 or 1, text False or True */
	PARAM_MS,
	PARAM_SECONDS,
	PARAM_MINUTES,
	PARAM_STRING,
};

enum param_id {
#define PARAM(id, service, name, unit, def, min, max, speed, help) PARAM_##id,
#define PARAM_TEXT(id, service, name, def, help)		   PARAM_##id,
#include "common/base/param.def"
#undef PARAM
#undef PARAM_TEXT
	PARAM_IDS, /* how many there are */
	PARAM_TEXTS_FIRST = PARAM_CLUSTER_ID,
	PARAM_TEXTS = PARAM_IDS - PARAM_TEXTS_FIRST,
};

struct param_def {
	const char *name; /* as on the administration page, or the key of jtapi.ini */
	const char *help; /* one line */
	const char *text; /* default of a text, else NULL */
	int64_t value;	  /* default, in the unit; the same for min and max */
	int64_t min;
	int64_t max;
	enum param_service service;
	enum param_unit unit;
	bool scaled; /* --speed shortens it */
};

#define PARAM_TEXT_MAX 255

struct param_set {
	int64_t value[PARAM_TEXTS_FIRST];
	char text[PARAM_TEXTS][PARAM_TEXT_MAX + 1];
	int speed; /* divisor of scaled timers, 1 or more */
};

const struct param_def *param_def(enum param_id id);

/* "Cisco CallManager", "Cisco CTIManager", "Enterprise Wide", "jtapi.ini". */
const char *param_service_name(enum param_service service);

/* The name of a unit for people: "seconds", "ms", "minutes", "count", "bool", "text". */
const char *param_unit_name(enum param_unit unit);

/* Finds a parameter by its service's and its own name, both without regard to case. `service`
 * may be NULL when any will do; the first one of the table is taken then. PARAM_IDS if none. */
enum param_id param_by_name(const char *service, const char *name);

/* All defaults, speed 1. */
void param_set_defaults(struct param_set *set);

/* Puts a value in from its text. 0, or -1 with one sentence in `why` (what is wrong, what is
 * allowed); the set is unchanged then. */
int param_set_parse(struct param_set *set, enum param_id id, const char *text, char *why,
		    size_t why_size);

/* Writes the value as param_set_parse takes it. */
void param_print(const struct param_set *set, enum param_id id, char *buf, size_t size);

/* The number, in the parameter's unit. Not for texts. */
int64_t param_value(const struct param_set *set, enum param_id id);

/* A timer in nanoseconds, divided by the speed if it is scaled. Only for units of time. */
int64_t param_ns(const struct param_set *set, enum param_id id);

/* The value of a text; valid as long as the set is. */
const char *param_text(const struct param_set *set, enum param_id id);

#endif
