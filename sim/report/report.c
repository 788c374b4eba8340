/* A run's page: the model made, then the template filled. */
#include "sim/report/report_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char page[] =
#include "report.html.inc"
	;
static const char style[] =
#include "report.css.inc"
	;
static const char *const scripts[] = {
#include "report.js.inc"
	,
#include "devices.js.inc"
	,
#include "ladder.js.inc"
	,
#include "row.js.inc"
	,
#include "tools.js.inc"
};

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void find_span(struct report_model *m)
{
	const struct report_history *h = &m->history;

	m->from_ns = m->in->from_ns;
	if (!m->from_ns) {
		m->from_ns = INT64_MAX;
		if (h->n)
			m->from_ns = h->items[0].at_ns;
		if (m->rows_n && m->rows[0].at_ns < m->from_ns)
			m->from_ns = m->rows[0].at_ns;
		if (m->from_ns == INT64_MAX)
			m->from_ns = 0;
	}
	m->to_ns = m->from_ns + 1;
	if (h->n)
		m->to_ns = later(m->to_ns, h->items[h->n - 1].at_ns);
	if (m->rows_n)
		m->to_ns = later(m->to_ns, m->rows[m->rows_n - 1].at_ns);
}

static void model_make(struct report_model *m, const struct sim_report *in)
{
	memset(m, 0, sizeof(*m));
	m->in = in;
	report_name(&m->names, "");
	for (size_t i = 0; i < in->programs_n; i++)
		report_program(m, in->programs[i].node, in->programs[i].app);
	report_history_read(&m->history, in);
	report_ladder(m);
	report_devices(m);
	report_calls(m);
	report_fold(m);
	find_span(m);
}

static void model_free(struct report_model *m)
{
	struct report_process *p, *next_process;
	struct report_label *l, *next_label;

	HASH_ITER (hh, m->processes, p, next_process) {
		HASH_DEL(m->processes, p);
		free(p);
	}
	HASH_ITER (hh, m->labels, l, next_label) {
		HASH_DEL(m->labels, l);
		free(l);
	}
	for (size_t i = 0; i < m->programs_n; i++)
		free(m->programs[i].changes);
	report_devices_free(m);
	report_history_free(&m->history);
	report_names_free(&m->names);
	free(m->programs);
	free(m->process_at);
	free(m->rows);
	free(m->folds);
	free(m->parts);
	free(m->faults);
}

/* For those who have no script: what it came to. */
static void plain(FILE *f, const struct sim_report *in)
{
	static const char *const results[] = { "passed", "failed", "unknown" };

	fprintf(f, "<p>verdict: %s</p><ul>", results[in->result]);
	for (size_t i = 0; i < in->verdicts_n; i++) {
		const struct sim_report_verdict *v = &in->verdicts[i];

		fprintf(f, "<li>%s ", results[v->result]);
		report_html_text(f, v->clause);
		putc(' ', f);
		report_html_text(f, v->text);
		fputs(" (", f);
		report_html_text(f, v->file);
		fprintf(f, ":%d)</li>\n", v->line);
	}
	fputs("</ul><pre>", f);
	report_html_text(f, in->repeat);
	fputs("</pre>", f);
}

static void fill(FILE *f, const char *place, size_t len, const struct report_model *m)
{
	if (!strncmp(place, "TITLE", len)) {
		report_html_text(f, m->in->title);
	} else if (!strncmp(place, "STYLE", len)) {
		fputs(style, f);
	} else if (!strncmp(place, "PLAIN", len)) {
		plain(f, m->in);
	} else if (!strncmp(place, "DATA", len)) {
		report_json(f, m);
	} else if (!strncmp(place, "SCRIPT", len)) {
		for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
			fputs(scripts[i], f);
	}
}

/* In the template, @@NAME@@ stands for what is filled in. */
static void write_page(FILE *f, const struct report_model *m)
{
	const char *at = page;
	const char *place;

	while ((place = strstr(at, "@@")) != NULL) {
		const char *end = strstr(place + 2, "@@");

		fwrite(at, 1, (size_t)(place - at), f);
		fill(f, place + 2, (size_t)(end - place - 2), m);
		at = end + 2;
	}
	fputs(at, f);
}

static int failed(char *why, size_t why_size, const char *path, int error)
{
	snprintf(why, why_size, "the report cannot be written to %s: %s", path, strerror(error));
	return error ? -error : -EIO;
}

int sim_report_write(const struct sim_report *report, const char *path, char *why, size_t why_size)
{
	struct report_model m;
	char *unfinished;
	FILE *f;
	int error = 0;

	if (asprintf(&unfinished, "%s.unfinished", path) < 0)
		abort();
	f = fopen(unfinished, "w");
	if (!f) {
		error = errno;
		free(unfinished);
		return failed(why, why_size, path, error);
	}
	model_make(&m, report);
	write_page(f, &m);
	model_free(&m);
	errno = EIO;
	if (ferror(f) | fclose(f))
		error = errno;
	if (!error && rename(unfinished, path) < 0)
		error = errno;
	if (error)
		unlink(unfinished);
	free(unfinished);
	return error ? failed(why, why_size, path, error) : 0;
}
