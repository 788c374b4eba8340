/* The model as JSON, as the page's script reads it: columns and numbers, so that 100,000 rows are
 * read at once. Times are nanoseconds from the page's time zero. */
#include "sim/report/report_private.h"

#include <inttypes.h>

static int64_t since(const struct report_model *m, int64_t at_ns)
{
	return at_ns - m->from_ns;
}

static void key_text(FILE *f, const char *key, const char *text)
{
	fprintf(f, "\"%s\":", key);
	report_json_text(f, text);
	fputs(",\n", f);
}

static void comma(FILE *f, size_t i)
{
	if (i)
		putc(',', f);
}

static void head(FILE *f, const struct report_model *m)
{
	const struct sim_report *in = m->in;
	const int64_t day_ns = INT64_C(86400000000000);
	char number[32];

	key_text(f, "title", in->title);
	fprintf(f, "\"result\":%d,\n", (int)in->result);
	key_text(f, "host", in->host);
	snprintf(number, sizeof(number), "%" PRIu64, in->seed);
	key_text(f, "seed", number);
	key_text(f, "commit", in->commit);
	snprintf(number, sizeof(number), "%016" PRIx64, in->trace_hash);
	key_text(f, "hash", in->trace_hash ? number : "");
	key_text(f, "topology", in->topology);
	key_text(f, "repeat", in->repeat);
	fprintf(f, "\"day\":%" PRId64 ",\"to\":%" PRId64 ",\"lost\":%" PRIu64 ",\"leftOut\":%zu,\n",
		((in->time_of_day_ns + m->from_ns) % day_ns + day_ns) % day_ns, since(m, m->to_ns),
		m->history.lost, m->left_out);
	fputs("\"nodes\":[", f);
	for (size_t i = 0; i < in->nodes_n; i++) {
		comma(f, i);
		report_json_text(f, in->nodes[i]);
	}
	fputs("],\n", f);
}

static void programs(FILE *f, const struct report_model *m)
{
	fputs("\"programs\":[", f);
	for (size_t i = 0; i < m->programs_n; i++) {
		const struct report_program *p = &m->programs[i];

		comma(f, i);
		fprintf(f, "[%u,%u,%u,[", p->name, p->node, p->app);
		for (size_t k = 0; k < p->changes_n; k++) {
			comma(f, k);
			fprintf(f, "%" PRId64 ",%d", since(m, p->changes[k].at_ns),
				(int)p->changes[k].life);
		}
		fputs("]]", f);
	}
	fputs("],\n\"processes\":[", f);
	for (size_t i = 0; i < m->processes_n; i++) {
		const struct report_process *p = m->process_at[i];
		struct sdl_pid pid = sdl_pid_unpack(p->key.pid);

		comma(f, i);
		for (size_t k = 0; k < m->programs_n; k++)
			if (m->programs[k].node == pid.node && m->programs[k].app == pid.app)
				fprintf(f, "[%zu,%u,%u,%u,%u]", k, pid.type, p->type, pid.inst,
					(unsigned)p->key.label);
	}
	fputs("],\n", f);
}

static void verdicts(FILE *f, const struct report_model *m)
{
	fputs("\"verdicts\":[", f);
	for (size_t i = 0; i < m->in->verdicts_n; i++) {
		const struct sim_report_verdict *v = &m->in->verdicts[i];
		const char *texts[] = { v->clause, v->clause_text, v->file, v->text, v->seen };

		comma(f, i);
		fprintf(f, "\n[%d,", (int)v->result);
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
			report_json_text(f, texts[k]);
			putc(',', f);
		}
		fprintf(f, "%d,%" PRId64 ",%" PRId64 ",%" PRId64 "]", v->line, v->deadline_ns,
			v->took_ns, since(m, v->at_ns));
	}
	fputs("],\n\"times\":[", f);
	for (size_t i = 0; i < m->in->times_n; i++) {
		comma(f, i);
		putc('[', f);
		report_json_text(f, m->in->times[i].what);
		fprintf(f, ",%" PRId64 "]", m->in->times[i].took_ns);
	}
	fputs("],\n", f);
}

static void numbers(FILE *f, const char *key, const uint8_t *n, size_t count)
{
	fputs(key, f);
	for (size_t i = 0; i < count; i++)
		fprintf(f, i ? ",%u" : "%u", n[i]);
	putc(']', f);
}

static void faults_and_folds(FILE *f, const struct report_model *m)
{
	fputs("\"faults\":[", f);
	for (size_t i = 0; i < m->faults_n; i++) {
		const struct report_fault *fault = &m->faults[i];

		comma(f, i);
		fprintf(f, "[%u,", fault->verb);
		numbers(f, "[", fault->a, fault->a_n);
		numbers(f, ",[", fault->b, fault->b_n);
		putc(']', f);
	}
	fputs("],\n\"folds\":[", f);
	for (size_t i = 0; i < m->folds_n; i++) {
		const struct report_fold *fold = &m->folds[i];

		comma(f, i);
		fprintf(f, "[%" PRId64, since(m, fold->to_ns));
		for (uint32_t k = 0; k < fold->parts_n; k++) {
			const struct report_fold_part *p = &m->parts[fold->parts_at + k];

			fprintf(f, ",%u,%u,%u,%u,%u", p->name, p->from, p->to, p->handled,
				p->vanished);
		}
		putc(']', f);
	}
	fputs("],\n", f);
}

static void devices(FILE *f, const struct report_model *m)
{
	fputs("\"devices\":[", f);
	for (const struct report_device *d = m->devices; d; d = d->hh.next) {
		fprintf(f, "%s\n[%u,%u,[", d == m->devices ? "" : ",", d->name, d->kind);
		for (size_t i = 0; i < d->tracks_n; i++) {
			const struct report_track *t = &d->tracks[i];

			comma(f, i);
			fprintf(f, "[%d,[", t->program);
			for (size_t k = 0; k < t->n; k++) {
				const struct report_span *s = &t->spans[k];
				int64_t to = s->to_ns < 0 ? m->to_ns : s->to_ns;

				comma(f, k);
				fprintf(f, "%" PRId64 ",%" PRId64 ",%d,%u,%u", since(m, s->from_ns),
					since(m, to), (int)s->service, s->node, s->why);
			}
			fputs("]]", f);
		}
		fputs("],[", f);
		for (size_t i = 0; i < d->moves_n; i++) {
			comma(f, i);
			fprintf(f, "%" PRId64 ",%u,%u,%d", since(m, d->moves[i].at_ns),
				d->moves[i].from, d->moves[i].to, d->moves[i].home);
		}
		fputs("]]", f);
	}
	fputs("],\n", f);
}

/* One column of the rows. Times are told as what they are later than the row before. */
enum column { KIND, TIME, FROM, TO, NAME, TEXT, STATE, DEVICE, CALL, CHAIN, LATENCY, EXTRA };

static int64_t cell(const struct report_model *m, size_t i, enum column column)
{
	const struct report_row *row = &m->rows[i];

	switch (column) {
	case KIND:
		return row->kind;
	case TIME:
		return i ? row->at_ns - m->rows[i - 1].at_ns : since(m, row->at_ns);
	case FROM:
		return row->from;
	case TO:
		return row->to;
	case NAME:
		return row->name;
	case TEXT:
		return row->text;
	case STATE:
		return row->state;
	case DEVICE:
		return row->device;
	case CALL:
		return row->call;
	case CHAIN:
		return row->chain;
	case LATENCY:
		return row->sent_ns < 0 ? -1 : row->at_ns - row->sent_ns;
	case EXTRA:
		return row->extra;
	}
	return 0;
}

static void rows(FILE *f, const struct report_model *m)
{
	static const char keys[] = "ktfonxsdcgle";

	fputs("\"rows\":{", f);
	for (size_t c = 0; keys[c]; c++) {
		fprintf(f, "%s\"%c\":[", c ? ",\n" : "", keys[c]);
		for (size_t i = 0; i < m->rows_n; i++)
			fprintf(f, i ? ",%" PRId64 : "%" PRId64, cell(m, i, (enum column)c));
		putc(']', f);
	}
	fputs("},\n", f);
}

void report_json(FILE *f, const struct report_model *m)
{
	putc('{', f);
	head(f, m);
	programs(f, m);
	verdicts(f, m);
	faults_and_folds(f, m);
	devices(f, m);
	rows(f, m);
	fputs("\"s\":[", f);
	for (size_t i = 0; i < m->names.n; i++) {
		comma(f, i);
		report_json_text(f, m->names.at[i]->text);
	}
	fputs("]}", f);
}
