/* Programs: their lives, and what struck them. */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

static uint32_t made_up_name(struct report_model *m, uint8_t node, uint16_t app)
{
	static const struct {
		uint16_t app;
		const char *name;
	} apps[] = {
		{ SDL_APP_CALLMANAGER, "callmanager" }, { SDL_APP_CTIMANAGER, "ctimanager" },
		{ SDL_APP_PHONES, "phones" },		{ SDL_APP_CTI, "application" },
		{ SDL_APP_HARNESS, "harness" },
	};
	const char *what = "program";
	char text[128];

	for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++)
		if (apps[i].app == app)
			what = apps[i].name;
	if (app == SDL_APP_HARNESS)
		return report_name(&m->names, what);
	if (node >= 1 && node <= m->in->nodes_n && m->in->nodes[node - 1])
		snprintf(text, sizeof(text), "%.60s:%s", m->in->nodes[node - 1], what);
	else
		snprintf(text, sizeof(text), "node%u:%s", node, what);
	return report_name(&m->names, text);
}

size_t report_program(struct report_model *m, uint8_t node, uint16_t app)
{
	struct report_program *p;

	for (size_t i = 0; i < m->programs_n; i++)
		if (m->programs[i].node == node && m->programs[i].app == app)
			return i;
	REPORT_GROW(m->programs, m->programs_n, m->programs_size);
	p = &m->programs[m->programs_n];
	memset(p, 0, sizeof(*p));
	p->node = node;
	p->app = app;
	for (size_t i = 0; i < m->in->programs_n && !p->name; i++)
		if (m->in->programs[i].node == node && m->in->programs[i].app == app)
			p->name = report_name(&m->names, m->in->programs[i].name);
	if (!p->name)
		p->name = made_up_name(m, node, app);
	return m->programs_n++;
}

struct report_program *report_program_of(struct report_model *m, const struct sdl_record_entry *e)
{
	size_t number = report_program(m, e->node, e->app);

	return &m->programs[number];
}

void report_life_change(struct report_program *p, int64_t at_ns, enum report_life life)
{
	if (p->changes_n && p->changes[p->changes_n - 1].life == life)
		return;
	REPORT_GROW(p->changes, p->changes_n, p->changes_size);
	p->changes[p->changes_n++] = (struct report_change){ at_ns, life };
}

/* ---- labels --------------------------------------------------------------------------------- */
uint32_t report_label(const struct report_model *m, struct sdl_pid pid)
{
	uint64_t key = sdl_pid_pack(pid);
	struct report_label *label;

	HASH_FIND(hh, m->labels, &key, sizeof(key), label);
	if (!label)
		return 0;
	for (size_t i = 0; i < m->programs_n; i++)
		if (m->programs[i].node == pid.node && m->programs[i].app == pid.app)
			return m->programs[i].starts == label->starts ? label->label : 0;
	return 0;
}

void report_label_set(struct report_model *m, const struct sdl_record_entry *e)
{
	uint64_t key = sdl_pid_pack(e->to);
	struct report_label *label;

	HASH_FIND(hh, m->labels, &key, sizeof(key), label);
	if (!label) {
		label = calloc(1, sizeof(*label));
		if (!label)
			abort();
		label->pid = key;
		HASH_ADD(hh, m->labels, pid, sizeof(label->pid), label);
	}
	label->starts = report_program_of(m, e)->starts;
	label->label = report_name_n(&m->names, (const char *)e->payload, e->payload_len);
}

/* ---- faults --------------------------------------------------------------------------------- */
static const struct {
	const char *word;
	enum report_verb verb;
	unsigned targets;
} verbs[] = {
	{ "kill", REPORT_KILL, 1 }, { "term", REPORT_TERM, 1 },	    { "freeze", REPORT_FREEZE, 1 },
	{ "thaw", REPORT_THAW, 1 }, { "start", REPORT_START, 1 },   { "restart", REPORT_START, 1 },
	{ "cut", REPORT_CUT, 2 },   { "drop_link", REPORT_CUT, 2 }, { "heal", REPORT_HEAL, 2 },
	{ "slow", REPORT_SLOW, 2 },
};

/* "ccm1:callmanager", or "ccm1" for all programs of the node. */
static uint8_t find_struck(const struct report_model *m, const char *target, size_t len,
			   uint8_t struck[REPORT_STRUCK_MAX])
{
	uint8_t n = 0;

	for (size_t i = 0; i < m->programs_n && n < REPORT_STRUCK_MAX; i++) {
		const char *name = report_text(&m->names, m->programs[i].name);

		if (!strncmp(name, target, len) && (name[len] == '\0' || name[len] == ':'))
			struck[n++] = (uint8_t)i;
	}
	return n;
}

/* The next word of a line; *len is 0 at its end. */
static const char *word(const char **line, size_t *len)
{
	const char *start = *line + strspn(*line, " ");

	*len = strcspn(start, " ");
	*line = start + *len;
	return start;
}

void report_fault_read(struct report_model *m, const char *text, struct report_fault *fault)
{
	const char *line = text;
	unsigned targets = 0;
	size_t len;
	const char *w = word(&line, &len);

	memset(fault, 0, sizeof(*fault));
	fault->text = report_name(&m->names, text);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strlen(verbs[i].word) == len && !memcmp(verbs[i].word, w, len)) {
			fault->verb = (uint8_t)verbs[i].verb;
			targets = verbs[i].targets;
		}
	w = word(&line, &len);
	if (targets >= 1 && len)
		fault->a_n = find_struck(m, w, len, fault->a);
	w = word(&line, &len);
	if (targets == 2 && len)
		fault->b_n = find_struck(m, w, len, fault->b);
}
