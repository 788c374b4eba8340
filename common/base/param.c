#include "common/base/param.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIXED, SCALED };
/* PARAM_STRING is the unit of every text; the column of the table is about numbers only. */
static const struct param_def defs[PARAM_IDS] = {
#define PARAM(id, service_, name_, unit_, def_, min_, max_, speed_, help_)                         \
	[PARAM_##id] = { .name = name_,                                                            \
			 .help = help_,                                                            \
			 .value = def_,                                                            \
			 .min = min_,                                                              \
			 .max = max_,                                                              \
			 .service = PARAM_##service_,                                              \
			 .unit = PARAM_##unit_,                                                    \
			 .scaled = (speed_) == SCALED },
#define PARAM_TEXT(id, service_, name_, def_, help_)                                               \
	[PARAM_##id] = { .name = name_,                                                            \
			 .help = help_,                                                            \
			 .text = def_,                                                             \
			 .max = PARAM_TEXT_MAX,                                                    \
			 .service = PARAM_##service_,                                              \
			 .unit = PARAM_STRING },
#include "common/base/param.def"
#undef PARAM
#undef PARAM_TEXT
};

const struct param_def *param_def(enum param_id id)
{
	if (id < 0 || id >= PARAM_IDS)
		abort();
	return &defs[id];
}

const char *param_service_name(enum param_service service)
{
	switch (service) {
	case PARAM_CALLMANAGER:
		return "Cisco CallManager";
	case PARAM_CTIMANAGER:
		return "Cisco CTIManager";
	case PARAM_ENTERPRISE:
		return "Enterprise Wide";
	case PARAM_JTAPI_INI:
		return "jtapi.ini";
	}
	return "unknown service";
}

const char *param_unit_name(enum param_unit unit)
{
	switch (unit) {
	case PARAM_COUNT:
		return "count";
	case PARAM_BOOL:
		return "bool";
	case PARAM_MS:
		return "ms";
	case PARAM_SECONDS:
		return "seconds";
	case PARAM_MINUTES:
		return "minutes";
	case PARAM_STRING:
		return "text";
	}
	return "unknown unit";
}

enum param_id param_by_name(const char *service, const char *name)
{
	for (int i = 0; i < PARAM_IDS; i++) {
		if (service && strcasecmp(service, param_service_name(defs[i].service)) != 0)
			continue;
		if (strcasecmp(name, defs[i].name) == 0)
			return (enum param_id)i;
	}
	return PARAM_IDS;
}

void param_set_defaults(struct param_set *set)
{
	memset(set, 0, sizeof(*set));
	for (int i = 0; i < PARAM_TEXTS_FIRST; i++)
		set->value[i] = defs[i].value;
	for (int i = 0; i < PARAM_TEXTS; i++)
		snprintf(set->text[i], sizeof(set->text[i]), "%s",
			 defs[PARAM_TEXTS_FIRST + i].text);
	set->speed = 1;
}

static int parse_text(struct param_set *set, enum param_id id, const char *text, char *why,
		      size_t why_size)
{
	if (strlen(text) > PARAM_TEXT_MAX) {
		snprintf(why, why_size, "%s is longer than %d characters", defs[id].name,
			 PARAM_TEXT_MAX);
		return -1;
	}
	for (const char *s = text; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			snprintf(why, why_size, "%s holds a control character", defs[id].name);
			return -1;
		}
	}
	memset(set->text[id - PARAM_TEXTS_FIRST], 0, PARAM_TEXT_MAX + 1);
	memcpy(set->text[id - PARAM_TEXTS_FIRST], text, strlen(text));
	return 0;
}

static int parse_bool(struct param_set *set, enum param_id id, const char *text, char *why,
		      size_t why_size)
{
	static const char *const words[][4] = { { "False", "F", "0", "no" },
						{ "True", "T", "1", "yes" } };

	for (int v = 0; v < 2; v++) {
		for (int i = 0; i < 4; i++) {
			if (strcasecmp(text, words[v][i]) == 0) {
				set->value[id] = v;
				return 0;
			}
		}
	}
	snprintf(why, why_size, "%s is True or False, not '%.40s'", defs[id].name, text);
	return -1;
}

static int parse_number(struct param_set *set, enum param_id id, const char *text, char *why,
			size_t why_size)
{
	const struct param_def *def = &defs[id];
	const char *unit = def->unit == PARAM_COUNT ? "" : param_unit_name(def->unit);
	const char *space = *unit ? " " : "";
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	/* strtoll skips spaces and takes '+': a value is digits only, perhaps negative. */
	if (end == text || *end || strspn(text, "-0123456789") != strlen(text)) {
		snprintf(why, why_size,
			 "%s is a whole number from %" PRId64 " to %" PRId64 "%s%s, not '%.40s'",
			 def->name, def->min, def->max, space, unit, text);
		return -1;
	}
	if (errno == ERANGE || v < def->min || v > def->max) {
		snprintf(why, why_size,
			 "%s goes from %" PRId64 " to %" PRId64 "%s%s (default %" PRId64
			 "); %.40s is outside",
			 def->name, def->min, def->max, space, unit, def->value, text);
		return -1;
	}
	set->value[id] = v;
	return 0;
}

int param_set_parse(struct param_set *set, enum param_id id, const char *text, char *why,
		    size_t why_size)
{
	switch (param_def(id)->unit) {
	case PARAM_STRING:
		return parse_text(set, id, text, why, why_size);
	case PARAM_BOOL:
		return parse_bool(set, id, text, why, why_size);
	default:
		return parse_number(set, id, text, why, why_size);
	}
}

void param_print(const struct param_set *set, enum param_id id, char *buf, size_t size)
{
	switch (param_def(id)->unit) {
	case PARAM_STRING:
		snprintf(buf, size, "%s", param_text(set, id));
		break;
	case PARAM_BOOL:
		snprintf(buf, size, "%s", set->value[id] ? "True" : "False");
		break;
	default:
		snprintf(buf, size, "%" PRId64, set->value[id]);
		break;
	}
}

int64_t param_value(const struct param_set *set, enum param_id id)
{
	if (param_def(id)->unit == PARAM_STRING)
		abort();
	return set->value[id];
}

int64_t param_ns(const struct param_set *set, enum param_id id)
{
	const struct param_def *def = param_def(id);
	int64_t unit_ns;

	switch (def->unit) {
	case PARAM_MS:
		unit_ns = 1000000;
		break;
	case PARAM_SECONDS:
		unit_ns = 1000000000;
		break;
	case PARAM_MINUTES:
		unit_ns = 60 * INT64_C(1000000000);
		break;
	default:
		abort();
	}
	return set->value[id] * unit_ns / (def->scaled && set->speed > 1 ? set->speed : 1);
}

const char *param_text(const struct param_set *set, enum param_id id)
{
	if (param_def(id)->unit != PARAM_STRING)
		abort();
	return set->text[id - PARAM_TEXTS_FIRST];
}
