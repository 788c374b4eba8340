/* rehome run: files and folders, verdicts, JUnit, and the verdicts that `rehome clauses` reads. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/mutant.h"
#include "sim/harness/command.h"
#include "sim/script/script.h"

/* Whoever interrupts a run wants nothing left of it: programs and directory go first. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	interrupted = number;
}

/* ---- finding ------------------------------------------------------------------------- */

struct found {
	char **paths;
	size_t n;
};

static void add(struct found *f, const char *path)
{
	f->paths = realloc(f->paths, (f->n + 1) * sizeof(*f->paths));
	if (!f->paths || !(f->paths[f->n++] = strdup(path)))
		abort();
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_folder(struct found *f, const char *folder, int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		char path[1024];
		struct stat st;
		size_t n = strlen(e->d_name);

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (stat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < 8)
			add_folder(f, path, depth + 1);
		else if (n > 4 && !strcmp(e->d_name + n - 4, ".lua"))
			add(f, path);
	}
	if (dir)
		closedir(dir);
}

int sim_scenarios_find(const char *const *paths, size_t paths_n, char ***found, size_t *n,
		       struct sim_error *err)
{
	struct found f = { 0 };

	for (size_t i = 0; i < paths_n; i++) {
		size_t before = f.n;
		struct stat st;

		if (stat(paths[i], &st) < 0)
			return sim_fail(err, SIM_USAGE, "%s: %s", paths[i], strerror(errno));
		if (!S_ISDIR(st.st_mode)) {
			add(&f, paths[i]);
			continue;
		}
		add_folder(&f, paths[i], 0);
		if (f.n == before)
			return sim_fail(err, SIM_USAGE, "%s: there is no scenario in it (*.lua)",
					paths[i]);
		qsort(f.paths + before, f.n - before, sizeof(*f.paths), by_name);
	}
	*found = f.paths;
	*n = f.n;
	return 0;
}

/* ---- results ------------------------------------------------------------------------- */

static const char *verdict_name(enum sim_exit verdict)
{
	return verdict == SIM_PASSED ? "passed" : verdict == SIM_FAILED ? "failed" : "unknown";
}

/* A line per clause that the scenario asserts, for the clause map. */
static void write_verdicts(const struct sim_run *run)
{
	const char *dir = getenv("REHOME_VERDICTS");
	char path[1024];
	FILE *f;

	if (!dir || !*dir) {
		mkdir("rehome-report", 0777);
		dir = "rehome-report/verdicts";
	}
	mkdir(dir, 0777);
	snprintf(path, sizeof(path), "%s/scenario-%s-%s.jsonl", dir, run->title,
		 run->options.real ? "real" : "virtual");
	f = fopen(path, "we");
	if (!f)
		return;
	for (size_t i = 0; i < run->judged_n; i++) {
		json_t *o;

		if (!run->judged[i].clause[0])
			continue;
		o = json_pack("{s:s, s:s, s:s, s:s}", "scenario", run->path, "clause",
			      run->judged[i].clause, "host", run->options.real ? "real" : "virtual",
			      "verdict", verdict_name(run->judged[i].verdict));
		if (o)
			json_dumpf(o, f, JSON_COMPACT);
		fputc('\n', f);
		json_decref(o);
	}
	fclose(f);
}

static void xml(FILE *f, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t')
				fputc(*text, f);
		}
}

static void junit_case(FILE *f, const struct sim_run *run, double seconds)
{
	fputs("  <testcase classname=\"", f);
	xml(f, run->options.real ? "real" : "virtual");
	fputs("\" name=\"", f);
	xml(f, run->path);
	fprintf(f, "\" time=\"%.3f\">", seconds);
	if (run->verdict != SIM_PASSED) {
		/* Unknown is an error of the run, not a failure of what was tested. */
		const char *tag = run->verdict == SIM_FAILED ? "failure" : "error";

		fprintf(f, "\n    <%s message=\"%s\">", tag, verdict_name(run->verdict));
		xml(f, run->err.text);
		fputs("\nrepeat with: ", f);
		xml(f, run->repeat);
		fprintf(f, "</%s>\n  ", tag);
	}
	fputs("</testcase>\n", f);
}

/* ---- the command --------------------------------------------------------------------- */

struct series {
	struct sim_run_options options;
	FILE *junit; /* the cases, in memory */
	char *junit_text;
	size_t junit_size;
	unsigned passed, failed, unknown;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum sim_exit run_one(struct series *s, const char *path)
{
	struct sim_run *run = calloc(1, sizeof(*run));
	double start = now_s();
	enum sim_exit verdict;

	if (!run)
		abort();
	printf("scenario: %s\n", path);
	fflush(stdout);
	sim_scenario_run(run, path, &s->options);
	verdict = run->verdict;
	fflush(stdout);
	if (verdict != SIM_PASSED)
		fprintf(stderr, "%s\n", run->err.text);
	for (size_t i = 0; i < run->times_n; i++)
		printf("  %-32s %8lld ms\n", run->times[i].text,
		       (long long)(run->times[i].took_ns / 1000000));
	if (verdict != SIM_USAGE) {
		if (*run->bundle)
			printf("report: %s/report.html\n", run->bundle);
		if (verdict != SIM_PASSED)
			printf("repeat with: %s\n", run->repeat);
		printf("verdict: %s\n", verdict_name(verdict));
		if (!s->options.real)
			printf("trace hash: %016llx\n", (unsigned long long)run->trace_hash);
		if (!run->options.mutants) /* else it says nothing about the program */
			write_verdicts(run);
	}
	fflush(stdout);
	if (s->junit)
		junit_case(s->junit, run, now_s() - start);
	s->passed += verdict == SIM_PASSED;
	s->failed += verdict == SIM_FAILED;
	s->unknown += verdict != SIM_PASSED && verdict != SIM_FAILED;
	sim_run_free(run);
	free(run);
	return verdict;
}

static int write_junit(struct series *s, const char *path, struct sim_error *err)
{
	FILE *f = fopen(path, "we");

	fclose(s->junit);
	if (!f) {
		free(s->junit_text);
		return sim_fail(err, SIM_USAGE, "%s: %s", path, strerror(errno));
	}
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"rehome\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n%s"
		"</testsuite>\n",
		s->passed + s->failed + s->unknown, s->failed, s->unknown, s->junit_text);
	fclose(f);
	free(s->junit_text);
	return 0;
}

static void read_options(const struct sim_command *c, struct sim_run_options *o)
{
	const char *seed = sim_command_value(c, "seed");
	const char *speed = sim_command_value(c, "speed");
	const char *host = sim_command_value(c, "host");
	const char *report = sim_command_value(c, "report");

	o->real = host && !strcmp(host, "real");
	o->seed = seed ? strtoull(seed, NULL, 10) : 1;
	o->speed = speed ? (int)strtol(speed, NULL, 10) : 1;
	o->report = report ? report : "rehome-report";
	if (sim_command_value(c, "no-report"))
		o->report = NULL;
	o->narrate = sim_command_value(c, "narrate") != NULL;
	o->step = sim_command_value(c, "step") != NULL;
}

static int read_mutants(const struct sim_command *c, struct sim_run_options *o,
			struct sim_error *err)
{
	const char *names = sim_command_value(c, "mutant");
	const char *unknown;

	if (!names)
		return 0;
	if (o->real)
		return sim_fail(err, SIM_USAGE,
				"run: --mutant is for the virtual host; add --host=virtual");
	if (mutants_by_name(names, &o->mutants, &unknown) < 0)
		return sim_fail(err, SIM_USAGE,
				"run: there is no mutant '%.60s'; 'rehome mutants' lists them",
				unknown);
	return 0;
}

/* What changes how a run is looked at, and nothing of the run. */
static int read_looks(const struct sim_command *c, struct sim_run_options *o, struct sim_error *err)
{
	const char *trace = sim_command_value(c, "trace");
	const char *size = sim_command_value(c, "record-size");
	unsigned long mib = size ? strtoul(size, NULL, 10) : 0;

	if (sim_command_value(c, "report") && !o->report)
		return sim_fail(err, SIM_USAGE, "run: --report and --no-report exclude each other");
	if (o->real && (trace || size))
		return sim_fail(err, SIM_USAGE,
				"run: --%s is for the virtual host; of a real run, the bundle has "
				"the traces, and 'rehome trace' shows them",
				trace ? "trace" : "record-size");
	if (size && (mib < 1 || mib > 1024))
		return sim_fail(err, SIM_USAGE, "run: --record-size is 1 to 1024 (MiB)");
	o->record_size = mib << 20;
	if (trace && !(o->trace = fopen(trace, "we")))
		return sim_fail(err, SIM_USAGE, "%s: %s", trace, strerror(errno));
	return 0;
}

/* All files are checked before the first one runs. */
static int check_all(char *const *paths, size_t n, struct sim_error *err)
{
	for (size_t i = 0; i < n; i++) {
		struct sim_run *run = calloc(1, sizeof(*run));
		int result;

		if (!run)
			abort();
		result = sim_scenario_check(run, paths[i], err);
		sim_run_free(run);
		free(run);
		if (result < 0)
			return -1;
	}
	return 0;
}

static int run_all(struct series *s, char *const *paths, size_t n, const char *junit,
		   struct sim_error *err)
{
	enum sim_exit worst = SIM_PASSED;

	if (junit)
		s->junit = open_memstream(&s->junit_text, &s->junit_size);
	for (size_t i = 0; i < n; i++) {
		enum sim_exit verdict = run_one(s, paths[i]);

		if (interrupted)
			break;
		/* A failure says more than an unknown. */
		if (verdict == SIM_USAGE || worst == SIM_PASSED ||
		    (verdict == SIM_FAILED && worst == SIM_UNKNOWN))
			worst = verdict;
	}
	if (n > 1)
		printf("%u passed, %u failed, %u unknown\n", s->passed, s->failed, s->unknown);
	if (s->junit && write_junit(s, junit, err) < 0)
		return SIM_USAGE;
	err->text[0] = '\0';
	return (int)worst;
}

static void interruptible(struct sim_run_options *o)
{
	const struct sigaction a = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };

	o->interrupted = &interrupted;
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
}

int sim_script_command(struct sim_command *command, struct sim_error *err)
{
	struct series s = { 0 };
	char **paths = NULL;
	size_t n = 0;
	int status;

	read_options(command, &s.options);
	if (s.options.speed < 1 || s.options.speed > 1000)
		return sim_fail(err, SIM_USAGE, "run: --speed is 1 to 1000");
	if (read_mutants(command, &s.options, err) < 0)
		return -1;
	if (sim_scenarios_find(command->rest, command->rest_n, &paths, &n, err) < 0)
		return -1;
	if (read_looks(command, &s.options, err) < 0) {
		status = -1;
	} else {
		interruptible(&s.options);
		status = check_all(paths, n, err) < 0
				 ? err->status
				 : run_all(&s, paths, n, sim_command_value(command, "junit"), err);
	}
	if (s.options.trace)
		fclose(s.options.trace);
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
	/* The shell, or whoever started the run, hears what ended it. */
	if (interrupted)
		raise(interrupted);
	return status;
}
