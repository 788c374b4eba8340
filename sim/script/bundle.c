/* What a run leaves behind: all that is needed to look at it, and to repeat it. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/db/db.h"
#include "sdl/view/trace.h"
#include "sim/harness/clauses.h"
#include "sim/harness/host_private.h"
#include "sim/harness/process_types.h"
#include "sim/report/report.h"
#include "sim/script/engine.h"

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0;
}

static bool make_dir(struct engine *e)
{
	struct sim_run *run = e->run;

	if (run->options.bundle) {
		snprintf(run->bundle, sizeof(run->bundle), "%s", run->options.bundle);
	} else {
		if (mkdir(run->options.report, 0777) < 0 && errno != EEXIST)
			return false;
		snprintf(run->bundle, sizeof(run->bundle), "%s/%s-%s-%llu", run->options.report,
			 run->title, run->options.real ? "real" : "virtual",
			 (unsigned long long)run->options.seed);
	}
	nftw(run->bundle, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return mkdir(run->bundle, 0777) == 0;
}

static FILE *open_in(const struct engine *e, const char *name)
{
	char path[800];

	snprintf(path, sizeof(path), "%s/%s", e->run->bundle, name);
	return fopen(path, "we");
}

static void write_text(const struct engine *e, const char *name, const char *text)
{
	FILE *f = open_in(e, name);

	if (!f)
		return;
	fputs(text, f);
	fclose(f);
}

static void copy_scenario(const struct engine *e)
{
	FILE *from = fopen(e->path, "re");
	FILE *to = open_in(e, "scenario.lua");
	char bytes[8192];
	size_t n;

	while (from && to && (n = fread(bytes, 1, sizeof(bytes), from)) > 0)
		fwrite(bytes, 1, n, to);
	if (from)
		fclose(from);
	if (to)
		fclose(to);
}

static void write_events(const struct engine *e)
{
	FILE *f = open_in(e, "events.txt");

	for (size_t i = 0; f && i < sim_history_n(e->history); i++) {
		char line[2200];

		if (sim_history_at(e->history, i)->kind == SIM_EVENT_JTAPI)
			continue; /* what follows from the one before it */
		sim_history_print(e->history, i, line, sizeof(line));
		fprintf(f, "%s\n", line);
	}
	if (f)
		fclose(f);
}

static int64_t day_ns(const struct engine *e)
{
	return e->run->options.real ? sim_record_day_ns() : SDL_TRACE_VIRTUAL_DAY_NS;
}

static void write_trace(const struct engine *e, const struct sim_log *log)
{
	struct sdl_trace_options o = { .type = sim_type_of, .day_ns = day_ns(e) };
	struct sdl_trace *trace;
	char name[SIM_NAME_SIZE * 2 + 8];
	FILE *f;

	snprintf(name, sizeof(name), "%s.txt", log->name);
	f = open_in(e, name);
	if (!f)
		return;
	trace = sdl_trace_new(&o);
	sdl_trace_print(trace, log->record, f);
	sdl_trace_destroy(&trace);
	fclose(f);
}

static void copy_database(const struct engine *e)
{
	struct db_error why;
	char path[800];

	snprintf(path, sizeof(path), "%s/cluster.db", e->run->bundle);
	db_copy_to(e->db, path, &why);
}

static const char *verdict_name(enum sim_exit verdict)
{
	return verdict == SIM_PASSED ? "passed" : verdict == SIM_FAILED ? "failed" : "unknown";
}

void sim_bundle_commit(char commit[64])
{
	FILE *f = popen("git rev-parse --short=12 HEAD 2>/dev/null", "re");

	commit[0] = '\0';
	if (f && fgets(commit, 64, f))
		commit[strcspn(commit, "\n")] = '\0';
	if (f)
		pclose(f);
}

static void write_run(const struct engine *e, const char *commit)
{
	const struct sim_run *run = e->run;
	char seed[32], hash[32], mutants[32];
	json_t *judged = json_array();
	json_t *o;
	FILE *f = open_in(e, "run.json");

	for (size_t i = 0; i < run->judged_n; i++)
		json_array_append_new(
			judged, json_pack("{s:s, s:i, s:s, s:s, s:s, s:I}", "clause",
					  run->judged[i].clause, "line", run->judged[i].line,
					  "text", run->judged[i].text, "seen", run->judged[i].seen,
					  "verdict", verdict_name(run->judged[i].verdict),
					  "took_ns", (json_int_t)run->judged[i].took_ns));
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)run->options.seed);
	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)run->trace_hash);
	snprintf(mutants, sizeof(mutants), "%llu", (unsigned long long)run->options.mutants);
	o = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "scenario",
		      run->path, "host", run->options.real ? "real" : "virtual", "seed", seed,
		      "mutants", mutants, "speed", run->options.speed, "commit", commit, "topology",
		      e->topology->name, "verdict", verdict_name(run->verdict), "why",
		      run->err.text, "trace_hash", run->options.real ? "" : hash, "repeat",
		      run->repeat, "judged", judged);
	if (f) {
		if (o)
			json_dumpf(o, f, JSON_INDENT(1));
		fclose(f);
	}
	json_decref(o);
}

/* ---- the page ------------------------------------------------------------------------ */

struct page {
	struct sim_report report;
	struct sim_report_program *programs;
	struct sim_report_verdict *verdicts;
	struct sim_report_line *said;
	struct sim_report_time *times;
	const struct sdl_record **records;
	const char **nodes;
};

static void *list(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (!p)
		abort();
	return p;
}

static enum sim_report_result result_of(enum sim_exit verdict)
{
	return verdict == SIM_PASSED   ? SIM_REPORT_PASSED
	       : verdict == SIM_FAILED ? SIM_REPORT_FAILED
				       : SIM_REPORT_UNKNOWN;
}

static void fill_verdicts(struct page *p, const struct sim_run *run)
{
	p->verdicts = list(run->judged_n, sizeof(*p->verdicts));
	for (size_t i = 0; i < run->judged_n; i++) {
		const struct sim_judged *j = &run->judged[i];
		char first[8];

		snprintf(first, sizeof(first), "%.6s", j->clause);
		p->verdicts[i] = (struct sim_report_verdict){
			.result = result_of(j->verdict),
			.clause = *j->clause ? j->clause : NULL,
			.clause_text = *j->clause ? sim_clause_text(first) : NULL,
			.file = run->path,
			.line = j->line,
			.text = j->text,
			.seen = j->seen,
			.deadline_ns = j->deadline_ns > 0 ? j->deadline_ns : 0,
			.took_ns = j->took_ns,
			.at_ns = j->at_ns,
		};
	}
	p->report.verdicts = p->verdicts;
	p->report.verdicts_n = run->judged_n;
}

static void fill_told(struct page *p, const struct sim_run *run)
{
	p->said = list(run->said_n, sizeof(*p->said));
	for (size_t i = 0; i < run->said_n; i++)
		p->said[i] = (struct sim_report_line){ run->said[i].at_ns, run->said[i].text };
	p->times = list(run->times_n, sizeof(*p->times));
	for (size_t i = 0; i < run->times_n; i++)
		p->times[i] = (struct sim_report_time){ run->times[i].text, run->times[i].took_ns };
	p->report.narration = p->said;
	p->report.narration_n = run->said_n;
	p->report.times = p->times;
	p->report.times_n = run->times_n;
}

static void fill_cluster(struct page *p, struct engine *e)
{
	struct sim_host *host = e->host;

	p->programs = list(host->programs_n, sizeof(*p->programs));
	for (size_t i = 0; i < host->programs_n; i++)
		p->programs[i] =
			(struct sim_report_program){ host->programs[i].node, host->programs[i].app,
						     host->programs[i].name };
	p->records = list(host->logs_n, sizeof(const struct sdl_record *));
	for (size_t i = 0; i < host->logs_n; i++)
		p->records[i] = host->logs[i].record;
	p->nodes = list(e->topology->nodes_n, sizeof(const char *));
	for (size_t i = 0; i < e->topology->nodes_n; i++)
		p->nodes[i] = e->topology->nodes[i].name;
	p->report.programs = p->programs;
	p->report.programs_n = host->programs_n;
	p->report.records = p->records;
	p->report.records_n = host->logs_n;
	p->report.nodes = p->nodes;
	p->report.nodes_n = e->topology->nodes_n;
}

static void write_page(struct engine *e, const char *commit)
{
	const struct sim_run *run = e->run;
	struct page p = { .report = { .title = run->title,
				      .result = result_of(run->verdict),
				      .host = run->options.real ? "real" : "virtual",
				      .seed = run->options.seed,
				      .commit = *commit ? commit : NULL,
				      .trace_hash = run->trace_hash,
				      .topology = e->topology->name,
				      .repeat = run->repeat,
				      .type_of = sim_type_of,
				      .time_of_day_ns = day_ns(e) } };
	char path[800], why[300];

	fill_verdicts(&p, run);
	fill_told(&p, run);
	fill_cluster(&p, e);
	snprintf(path, sizeof(path), "%s/report.html", run->bundle);
	if (sim_report_write(&p.report, path, why, sizeof(why)) < 0)
		fprintf(stderr, "rehome: no report: %s\n", why);
	free(p.programs);
	free(p.verdicts);
	free(p.said);
	free(p.times);
	free(p.records);
	free(p.nodes);
}

void bundle_write(struct engine *e)
{
	char *alarms;
	char commit[64];
	struct sim_error err;

	if (!e->run->options.report && !e->run->options.bundle)
		return;
	if (!make_dir(e)) {
		fprintf(stderr, "rehome: no bundle in %s: %s\n",
			e->run->options.bundle ? e->run->options.bundle : e->run->options.report,
			strerror(errno));
		e->run->bundle[0] = '\0';
		return;
	}
	sim_bundle_commit(commit);
	/* Whoever is late with its file is attached now. */
	sim_history_update(e->history);
	if (sim_host_save_records(e->host, e->run->bundle, &err) < 0)
		fprintf(stderr, "rehome: %s\n", err.text);
	copy_scenario(e);
	write_text(e, "topology.lua", e->topology->source ? e->topology->source : "");
	alarms = sim_host_alarms(e->host);
	write_text(e, "alarms.log", alarms);
	free(alarms);
	write_events(e);
	copy_database(e);
	for (size_t i = 0; i < e->host->logs_n; i++)
		if (e->host->logs[i].record)
			write_trace(e, &e->host->logs[i]);
	write_run(e, commit);
	write_page(e, commit);
}
