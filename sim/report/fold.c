/* Keepalives become one row per stretch between two other things, and legs find their calls. */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- calls --------------------------------------------------------------------------------- */
struct leg {
	uint64_t key;
	uint64_t gci;
	UT_hash_handle hh;
};

static void learn(struct leg **legs, uint64_t key, uint64_t gci)
{
	struct leg *leg;

	HASH_FIND(hh, *legs, &key, sizeof(key), leg);
	if (leg)
		return;
	leg = calloc(1, sizeof(*leg));
	if (!leg)
		abort();
	leg->key = key;
	leg->gci = gci;
	HASH_ADD(hh, *legs, key, sizeof(leg->key), leg);
}

/* By its global handle; by that of the leg as long as nobody has told the other. */
static uint32_t call_name(struct report_model *m, const struct report_row *row)
{
	uint64_t handle = row->gci ? row->gci : row->leg;
	char text[40];

	if (!handle)
		return 0;
	snprintf(text, sizeof(text), "%s%u|%u", row->gci ? "" : "leg ", (unsigned)(handle >> 32),
		 (unsigned)handle);
	return report_name(&m->names, text);
}

static uint64_t known(struct leg *const *legs, uint64_t key)
{
	struct leg *leg;

	HASH_FIND(hh, *legs, &key, sizeof(key), leg);
	return leg ? leg->gci : 0;
}

/* A process that is one leg of one call: what it says belongs to that call. */
static bool is_leg(const struct report_model *m, uint64_t pid)
{
	struct sdl_pid p = sdl_pid_unpack(pid);
	const struct sdl_type *type =
		m->in->type_of ? m->in->type_of(m->in->type_arg, p.app, p.type) : NULL;
	size_t len = type ? strlen(type->name) : 0;

	return len > 4 && !strcmp(type->name + len - 4, "Cdpc");
}

void report_calls(struct report_model *m)
{
	struct leg *legs = NULL, *pids = NULL, *leg, *next;

	for (size_t i = 0; i < m->rows_n; i++) {
		const struct report_row *row = &m->rows[i];

		if (row->gci && row->leg)
			learn(&legs, row->leg, row->gci);
	}
	for (size_t i = 0; i < m->rows_n; i++) {
		struct report_row *row = &m->rows[i];
		uint64_t ends[2];

		if (row->kind > REPORT_DISCARDED)
			continue;
		if (!row->gci && row->leg)
			row->gci = known(&legs, row->leg);
		ends[0] = m->process_at[row->from]->key.pid;
		ends[1] = m->process_at[row->to]->key.pid;
		for (size_t k = 0; k < 2; k++) {
			if (!is_leg(m, ends[k]))
				continue;
			if (row->gci)
				learn(&pids, ends[k], row->gci);
			else
				row->gci = known(&pids, ends[k]);
		}
		row->call = call_name(m, row);
	}
	HASH_ITER (hh, legs, leg, next) {
		HASH_DEL(legs, leg);
		free(leg);
	}
	HASH_ITER (hh, pids, leg, next) {
		HASH_DEL(pids, leg);
		free(leg);
	}
}

/* ---- keepalives ---------------------------------------------------------------------------- */
static uint32_t program_of(struct report_model *m, uint32_t process)
{
	struct sdl_pid p = sdl_pid_unpack(m->process_at[process]->key.pid);

	return (uint32_t)report_program(m, p.node, p.app);
}

static void add_to(struct report_model *m, struct report_fold *fold, const struct report_row *row)
{
	uint32_t from = program_of(m, row->from);
	uint32_t to = program_of(m, row->to);
	struct report_fold_part *part = NULL;

	for (uint32_t i = 0; i < fold->parts_n && !part; i++) {
		struct report_fold_part *p = &m->parts[fold->parts_at + i];

		if (p->name == row->name && p->from == from && p->to == to)
			part = p;
	}
	if (!part) {
		REPORT_GROW(m->parts, m->parts_n, m->parts_size);
		part = &m->parts[m->parts_n++];
		*part = (struct report_fold_part){ .name = row->name, .from = from, .to = to };
		fold->parts_n++;
	}
	if (row->kind == REPORT_SIGNAL || row->kind == REPORT_INSIDE)
		part->handled++;
	else
		part->vanished++;
	fold->to_ns = row->at_ns;
}

/* Rows that people see by themselves; what goes on inside programs lets a stretch go on. */
static bool ends_stretch(const struct report_row *row)
{
	return row->kind != REPORT_INSIDE && row->kind != REPORT_INFO && row->kind != REPORT_ALARM;
}

void report_fold(struct report_model *m)
{
	bool open = false;
	size_t n = 0;

	for (size_t i = 0; i < m->rows_n; i++) {
		struct report_row row = m->rows[i];

		if (!row.keepalive) {
			if (ends_stretch(&row))
				open = false;
			m->rows[n++] = row;
			continue;
		}
		if (!open) {
			REPORT_GROW(m->folds, m->folds_n, m->folds_size);
			m->folds[m->folds_n++] =
				(struct report_fold){ .parts_at = (uint32_t)m->parts_n };
			m->rows[n] = (struct report_row){ .kind = REPORT_FOLD,
							  .at_ns = row.at_ns,
							  .sent_ns = -1,
							  .extra = (uint32_t)m->folds_n - 1 };
			n++;
			open = true;
		}
		add_to(m, &m->folds[m->folds_n - 1], &row);
	}
	m->rows_n = n;
}
