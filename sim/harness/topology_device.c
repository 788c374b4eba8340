/* The devices of a topology: phones, ports, route points. */
#include "sim/harness/topology_reader.h"

#include <lauxlib.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define LINE_FIELDS "dn", "partition", "display", "cfa", "cfb", "cfb_int", "cfna", "cfna_int",    \
	"cfur", "cfur_int", "cfof", "css", "cfa_css", "cfb_css", "cfna_css", "cfur_css", "cfof_css", \
	"auto_answer", "ring", "max_calls", "busy_trigger", "cti_restricted", "pickup_group", NULL
static const char *const line_fields[] = { LINE_FIELDS };
static const char *const device_fields[] = { "name", "count", "model", "sip", "enbloc", "pool",
					     "device_css", "transport", "dial_rules", "encrypted", "lines",
					     LINE_FIELDS };
/* clang-format on */

static int read_auto_answer(struct loader *l, const char *what)
{
	const char *how = field_text(l, what, "auto_answer");

	if (!how)
		return 0;
	if (!strcmp(how, "headset"))
		return 1;
	if (strcmp(how, "speaker"))
		field_stop(l, "auto_answer", "%s: auto_answer is \"speaker\" or \"headset\"", what);
	return 2;
}

static void read_line(struct loader *l, const char *what, struct sim_line *line)
{
	line->dn = field_text(l, what, "dn");
	if (!line->dn || !*line->dn)
		field_stop(l, NULL, "%s: a line needs a number (dn)", what);
	line->partition = field_text(l, what, "partition");
	line->pickup_group = field_text(l, what, "pickup_group");
	line->display = field_text(l, what, "display");
	line->cfa = field_text(l, what, "cfa");
	line->cfb = field_text(l, what, "cfb");
	line->cfna = field_text(l, what, "cfna");
	line->cfof = field_text(l, what, "cfof");
	line->cfur = field_text(l, what, "cfur");
	line->cfb_int = field_text(l, what, "cfb_int");
	line->cfna_int = field_text(l, what, "cfna_int");
	line->cfur_int = field_text(l, what, "cfur_int");
	line->css = field_text(l, what, "css");
	line->cfa_css = field_text(l, what, "cfa_css");
	line->cfb_css = field_text(l, what, "cfb_css");
	line->cfna_css = field_text(l, what, "cfna_css");
	line->cfur_css = field_text(l, what, "cfur_css");
	line->cfof_css = field_text(l, what, "cfof_css");
	line->auto_answer = read_auto_answer(l, what);
	line->ring_s = field_number(l, what, "ring", 0, 1, 300);
	line->max_calls = field_number(l, what, "max_calls", 0, 1, 10000);
	line->busy_trigger = field_number(l, what, "busy_trigger", 0, 1, 10000);
	line->cti_restricted = field_flag(l, what, "cti_restricted", false);
}

static void read_lines(struct loader *l, const char *what, struct sim_device *d)
{
	lua_getfield(l->L, -1, "lines");
	if (lua_isnil(l->L, -1)) {
		lua_pop(l->L, 1);
		d->lines_n = 1;
		d->lines = sim_topology_alloc(l->t, sizeof(*d->lines));
		read_line(l, what, d->lines);
		d->lines->cti_restricted = false; /* said of the device */
		return;
	}
	if (!lua_istable(l->L, -1))
		field_stop(l, "lines", "%s: lines has to be a list of tables", what);
	d->lines_n = lua_rawlen(l->L, -1);
	if (d->lines_n < 1 || d->lines_n > SIM_TOPOLOGY_LINES)
		field_stop(l, "lines", "%s has %zu lines: allowed are 1 to %d", what, d->lines_n,
			   SIM_TOPOLOGY_LINES);
	d->lines = sim_topology_alloc(l->t, d->lines_n * sizeof(*d->lines));
	for (size_t i = 0; i < d->lines_n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (!lua_istable(l->L, -1))
			field_stop(l, "lines", "%s: line %zu is a %s, not a table", what, i + 1,
				   luaL_typename(l->L, -1));
		field_only(l, what, line_fields, 0);
		read_line(l, what, &d->lines[i]);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static struct sim_device *add_device(struct loader *l)
{
	if (l->t->devices_n == SIM_TOPOLOGY_DEVICES)
		field_stop(l, "count", "more than %d devices", SIM_TOPOLOGY_DEVICES);
	if (l->t->devices_n == l->devices_size) {
		l->devices_size = l->devices_size ? l->devices_size * 2 : 32;
		l->t->devices = realloc(l->t->devices, l->devices_size * sizeof(*l->t->devices));
		if (!l->t->devices)
			abort();
	}
	return &l->t->devices[l->t->devices_n++];
}

/* The text with its last digits counted up; as many digits as they were, or more. Phones count in
 * hexadecimal where the text ends in such digits only from a decimal start, so decimal it is. */
static const char *counted(struct loader *l, const char *text, int by)
{
	size_t n = strlen(text);
	size_t digits = 0;
	char out[200];

	while (digits < n && digits < 9 && isdigit((unsigned char)text[n - digits - 1]))
		digits++;
	if (digits == 0)
		field_stop(l, text, "'%s' does not end in a number, so it cannot be counted up",
			   text);
	snprintf(out, sizeof(out), "%.*s%0*ld", (int)(n - digits), text, (int)digits,
		 strtol(text + n - digits, NULL, 10) + by);
	return sim_topology_text(l->t, out);
}

static void repeat(struct loader *l, size_t first, int count)
{
	for (int i = 1; i < count; i++) {
		struct sim_device *copy = add_device(l);
		struct sim_line *lines = NULL;

		*copy = l->t->devices[first];
		copy->name = counted(l, copy->name, i);
		lines = sim_topology_alloc(l->t, copy->lines_n * sizeof(*lines));
		memcpy(lines, copy->lines, copy->lines_n * sizeof(*lines));
		for (size_t n = 0; n < copy->lines_n; n++)
			lines[n].dn = counted(l, lines[n].dn, i);
		copy->lines = lines;
	}
}

static bool read_udp(struct loader *l, const char *what)
{
	const char *transport = field_text(l, what, "transport");

	if (!transport || !strcmp(transport, "tcp"))
		return false;
	if (strcmp(transport, "udp"))
		field_stop(l, "transport", "%s: transport is \"tcp\" or \"udp\"", what);
	return true;
}

static void read_device(struct loader *l, enum sim_kind kind, const char *key)
{
	static const int models[] = { [SIM_PHONE] = 7960, [SIM_PORT] = 0, [SIM_ROUTE_POINT] = 0 };
	struct sim_device d = { .kind = kind };
	const char *name;
	size_t first = l->t->devices_n;
	int count;

	if (!lua_istable(l->L, -1))
		field_stop(l, key, "%s: each is a table { \"NAME\", dn = \"1001\" }", key);
	field_only(l, key, device_fields, 1);
	lua_rawgeti(l->L, -1, 1);
	name = lua_type(l->L, -1) == LUA_TSTRING ? sim_topology_text(l->t, lua_tostring(l->L, -1))
						 : NULL;
	lua_pop(l->L, 1);
	d.name = name ? name : field_text(l, key, "name");
	if (!d.name || !*d.name)
		field_stop(l, key, "%s: a device needs a name", key);
	l->anchor = d.name;
	d.model = field_number(l, d.name, "model", models[kind], 1, 100000);
	d.sip = field_flag(l, d.name, "sip", false);
	d.udp = read_udp(l, d.name);
	d.encrypted = field_flag(l, d.name, "encrypted", false);
	if (d.encrypted && d.udp)
		field_stop(l, d.name, "%s: what is encrypted goes over TLS, not UDP", d.name);
	d.dial_rules = field_text(l, d.name, "dial_rules");
	if ((d.udp || d.dial_rules) && !d.sip)
		field_stop(l, d.name, "%s: transport and dial_rules are for SIP phones", d.name);
	d.enbloc = field_flag(l, d.name, "enbloc", false);
	d.cti_restricted = field_flag(l, d.name, "cti_restricted", false);
	d.pool = field_text(l, d.name, "pool");
	d.css = field_text(l, d.name, "device_css");
	if (!d.pool && l->t->pools_n == 1)
		d.pool = l->t->pools[0].name;
	if (!d.pool)
		field_stop(l, NULL, "%s: a device needs a pool (USR-03)", d.name);
	count = field_number(l, d.name, "count", 1, 1, SIM_TOPOLOGY_DEVICES);
	read_lines(l, d.name, &d);
	*add_device(l) = d;
	repeat(l, first, count);
	l->anchor = NULL;
}

void topology_read_devices(struct loader *l, enum sim_kind kind, const char *key)
{
	lua_getfield(l->L, -1, key);
	if (!lua_isnil(l->L, -1) && !lua_istable(l->L, -1))
		field_stop(l, key, "%s has to be a list", key);
	for (lua_Integer i = 1; !lua_isnil(l->L, -1) && i <= (lua_Integer)lua_rawlen(l->L, -1);
	     i++) {
		lua_rawgeti(l->L, -1, i);
		read_device(l, kind, key);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}
