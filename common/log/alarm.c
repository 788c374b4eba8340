#include "common/log/alarm.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct alarm_def defs[ALARM_IDS] = {
#define ALARM(name_, facility_, severity_, text_, ...)                                             \
	[ALARM_##name_] = { .name = #name_,                                                        \
			    .text = text_,                                                         \
			    .params = { __VA_ARGS__ },                                             \
			    .facility = ALARM_UC_##facility_,                                      \
			    .severity = severity_ },
#include "common/log/alarm.def"
#undef ALARM
};

const struct alarm_def *alarm_def(enum alarm_id id)
{
	if (id >= ALARM_IDS)
		abort();
	return &defs[id];
}

const char *alarm_facility_name(enum alarm_facility facility)
{
	switch (facility) {
	case ALARM_UC_CTI:
		return "UC_CTI";
	case ALARM_UC_CALLMANAGER:
		return "UC_CALLMANAGER";
	case ALARM_UC_GENERIC:
		return "UC_GENERIC";
	}
	return "UC_UNKNOWN";
}

enum alarm_id alarm_by_name(const char *name)
{
	for (int i = 0; i < ALARM_IDS; i++)
		if (strcmp(defs[i].name, name) == 0)
			return (enum alarm_id)i;
	return ALARM_IDS;
}

static size_t write_text(char *out, const char *text)
{
	size_t len = strlen(text);

	memcpy(out, text, len);
	return len;
}

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c != 0x7f && c != '[' && c != ']' && c != '\\';
}

/* At most ALARM_VALUE_MAX bytes. */
static size_t write_value(char *out, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t at = 0;
	size_t cut = 0; /* last place where "..." would still fit */

	for (const char *s = value; *s; s++) {
		unsigned char c = (unsigned char)*s;
		size_t width = is_plain(c) ? 1 : 4;

		if (at + 3 <= ALARM_VALUE_MAX)
			cut = at;
		if (at + width > ALARM_VALUE_MAX)
			return cut + write_text(out + cut, "...");
		if (width == 1) {
			out[at++] = *s;
			continue;
		}
		out[at++] = '\\';
		out[at++] = 'x';
		out[at++] = hex[c >> 4];
		out[at++] = hex[c & 15];
	}
	return at;
}

static size_t write_param(char *out, const char *name, const char *value)
{
	size_t at = 0;

	out[at++] = '[';
	at += write_text(out + at, name);
	out[at++] = '=';
	at += write_value(out + at, value);
	out[at++] = ']';
	return at;
}

static bool has_param(const struct alarm_def *def, const char *name)
{
	for (size_t i = 0; i < ALARM_PARAMS_MAX && def->params[i]; i++)
		if (strcmp(def->params[i], name) == 0)
			return true;
	return false;
}

size_t alarm_format(char line[ALARM_LINE_MAX], enum alarm_id id, const struct alarm_origin *origin,
		    const struct alarm_param *params, size_t n)
{
	const struct alarm_def *def = alarm_def(id);
	size_t at;

	for (size_t i = 0; i < n; i++)
		if (!has_param(def, params[i].name))
			abort();
	at = (size_t)snprintf(line, ALARM_LINE_MAX, "%%%s-%d-%s: %%",
			      alarm_facility_name(def->facility), def->severity, def->name);
	for (size_t p = 0; p < ALARM_PARAMS_MAX && def->params[p]; p++) {
		for (size_t i = 0; i < n; i++) {
			if (params[i].value && strcmp(params[i].name, def->params[p]) == 0) {
				at += write_param(line + at, def->params[p], params[i].value);
				break;
			}
		}
	}
	at += write_param(line + at, "AppID", origin->app);
	at += write_param(line + at, "ClusterID", origin->cluster);
	at += write_param(line + at, "NodeID", origin->node);
	at += write_text(line + at, ": ");
	at += write_text(line + at, def->text);
	line[at] = '\0';
	return at;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes write_value in place; -1 at a sequence that write_value does not make. */
static int unescape(char *value)
{
	char *to = value;

	for (const char *s = value; *s; s++) {
		int high;
		int low;

		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		if (s[1] != 'x' || (high = hex_digit(s[2])) < 0 || (low = hex_digit(s[3])) < 0)
			return -1;
		*to++ = (char)(high << 4 | low);
		s += 3;
	}
	*to = '\0';
	return 0;
}

/* Ends the text at the first `what` after s; returns what follows, NULL if it is not there. */
static char *split(char *s, const char *what)
{
	char *at = strstr(s, what);

	if (!at)
		return NULL;
	*at = '\0';
	return at + strlen(what);
}

static char *parse_head(struct alarm_line *alarm, char *s)
{
	char *severity;
	char *rest;

	if (*s != '%')
		return NULL;
	alarm->facility = s + 1;
	severity = split(s, "-");
	if (!severity || !isdigit((unsigned char)severity[0]) || severity[1] != '-')
		return NULL;
	alarm->severity = severity[0] - '0';
	alarm->name = severity + 2;
	rest = split(severity + 2, ": %");
	alarm->id = alarm_by_name(alarm->name);
	return rest;
}

static char *parse_param(struct alarm_line *alarm, char *s)
{
	struct alarm_param *param = &alarm->params[alarm->params_n];
	char *value;
	char *rest = split(s, "]");

	if (!rest || alarm->params_n == sizeof(alarm->params) / sizeof(alarm->params[0]))
		return NULL;
	value = split(s, "=");
	if (!value || unescape(value) != 0)
		return NULL;
	param->name = s + 1;
	param->value = value;
	alarm->params_n++;
	return rest;
}

int alarm_parse(struct alarm_line *alarm, const char *line)
{
	size_t len = strcspn(line, "\n");
	char *s;

	memset(alarm, 0, sizeof(*alarm));
	if (len >= ALARM_LINE_MAX)
		return -1;
	memcpy(alarm->bytes, line, len);
	s = parse_head(alarm, alarm->bytes);
	while (s && *s == '[')
		s = parse_param(alarm, s);
	if (!s || s[0] != ':' || s[1] != ' ')
		return -1;
	alarm->text = s + 2;
	return 0;
}

const char *alarm_value(const struct alarm_line *alarm, const char *param)
{
	for (size_t i = 0; i < alarm->params_n; i++)
		if (strcmp(alarm->params[i].name, param) == 0)
			return alarm->params[i].value;
	return NULL;
}
