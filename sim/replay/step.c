#include "sim/replay/step.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/view/trace.h"
#include "sim/harness/process_types.h"
#include "sim/harness/verb.h"

#define LINE_MAX_   2048
#define TRACE_LINES 10
#define TRACE_MAX   1000

struct step {
	const struct journal *journal;
	FILE *in, *out;
	uint64_t goal;	 /* the signal to stand at next */
	uint64_t at;	 /* handled so far in this run */
	int64_t time_ns; /* of the last one */
	struct sdl_record_cursor cursor;
	struct sim_host *host;
	bool over; /* this run is let go to its end, unwatched: the goal lies before */
	bool quit;
	bool moved;
};

/* ---- looks --------------------------------------------------------------------------- */

static const struct sdl_record *record_of(struct sim_host *host)
{
	size_t n;

	/* All programs of a virtual host share one. */
	return sim_host_programs(host, &n)[0].record;
}

/* The last n lines of the trace up to here. */
static void show_trace(struct step *s, size_t n)
{
	struct sdl_trace_options o = { .type = sim_type_of, .day_ns = SDL_TRACE_VIRTUAL_DAY_NS };
	struct sdl_trace *trace = sdl_trace_new(&o);
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;
	char(*lines)[LINE_MAX_] = calloc(n, sizeof(*lines));
	size_t seen = 0;

	if (!lines)
		abort();
	while ((e = sdl_record_next(record_of(s->host), &cursor)))
		seen += sdl_trace_line(trace, e, lines[seen % n], LINE_MAX_) > 0;
	for (size_t i = seen > n ? seen - n : 0; i < seen; i++)
		fprintf(s->out, "%s\n", lines[i % n]);
	free(lines);
	sdl_trace_destroy(&trace);
}

static void show_signal(struct step *s)
{
	struct sdl_trace_options o = { .type = sim_type_of, .day_ns = SDL_TRACE_VIRTUAL_DAY_NS };
	struct sdl_trace *trace = sdl_trace_new(&o);
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;
	char line[LINE_MAX_], last[LINE_MAX_] = "";

	while ((e = sdl_record_next(record_of(s->host), &cursor)))
		if (sdl_trace_line(trace, e, line, sizeof(line)) > 0 && journal_counts(e))
			memcpy(last, line, sizeof(last));
	fprintf(s->out, "%s\n", last);
	sdl_trace_destroy(&trace);
}

static void where(struct step *s, const char *rest)
{
	const struct journal *j = s->journal;

	(void)rest;
	fprintf(s->out, "signal %llu of %llu, %lld.%06lld s\n", (unsigned long long)s->at,
		(unsigned long long)j->signals, (long long)(s->time_ns / 1000000000),
		(long long)(s->time_ns / 1000 % 1000000));
	show_signal(s);
	for (size_t i = 0; i < j->faults_n; i++)
		if (j->faults[i].signals == s->at)
			fprintf(s->out, "next: %s\n", j->faults[i].text);
}

static void states(struct step *s, const char *rest)
{
	if (!step_states(s->host, *rest ? rest : NULL, s->out))
		fprintf(s->out, "there is no process of label, type or program '%s' now\n", rest);
}

/* ---- moves --------------------------------------------------------------------------- */

static void move(struct step *s, const struct journal_stop *to)
{
	if (to->signals == s->at) {
		where(s, "");
		return;
	}
	s->goal = to->signals;
	s->over = s->goal < s->at;
	s->moved = true;
}

/* A number, `none` if there is none; 0 = it is not one, and that was said. */
static uint64_t number(struct step *s, const char *rest, uint64_t none)
{
	char *end;
	unsigned long long n;

	if (!*rest)
		return none;
	n = strtoull(rest, &end, 10);
	if (!isdigit((unsigned char)*rest) || *end || n == 0 || n > UINT32_MAX) {
		fprintf(s->out, "'%s' is not a number of signals\n", rest);
		return 0;
	}
	return n;
}

static void forward(struct step *s, const char *rest)
{
	uint64_t n = number(s, rest, 1);

	if (n && s->at == s->journal->signals)
		fprintf(s->out, "that was the last signal\n");
	else if (n)
		move(s, journal_after(s->journal, s->at + n));
}

static void back(struct step *s, const char *rest)
{
	uint64_t n = number(s, rest, 1);

	if (n)
		move(s, journal_before(s->journal, s->at > n ? s->at - n : 1));
}

static void to_signal(struct step *s, const char *rest)
{
	uint64_t n = number(s, rest, s->at);

	if (n)
		move(s, journal_after(s->journal, n));
}

static void to_fault(struct step *s, const char *rest)
{
	const struct journal *j = s->journal;

	(void)rest;
	for (size_t i = 0; i < j->faults_n; i++)
		if (j->faults[i].signals > s->at) {
			move(s, journal_before(j, j->faults[i].signals));
			return;
		}
	fprintf(s->out, "no more faults\n");
}

/* A time since the start, "1.5s", or of the day as in the trace, "10:00:01.500"; -1 = neither. */
static int64_t time_of(const char *text)
{
	unsigned h, m;
	int n = 0;
	char seconds[40];

	if (sscanf(text, "%2u:%2u:%n", &h, &m, &n) < 2 || !n)
		return sim_time_parse(text);
	snprintf(seconds, sizeof(seconds), "%.30ss", text + n);
	if (sim_time_parse(seconds) < 0)
		return -1;
	return sim_time_parse(seconds) + (int64_t)(h * 60 + m) * 60000000000LL -
	       SDL_TRACE_VIRTUAL_DAY_NS;
}

static void to_time(struct step *s, const char *rest)
{
	int64_t at_ns = time_of(rest);

	if (at_ns < 0)
		fprintf(s->out, "'%s' is no time here; write 1.5s or 10:00:01.500\n", rest);
	else
		move(s, journal_at_time(s->journal, at_ns));
}

static void trace(struct step *s, const char *rest)
{
	uint64_t n = number(s, rest, TRACE_LINES);

	if (n)
		show_trace(s, n > TRACE_MAX ? TRACE_MAX : (size_t)n);
}

static void quit(struct step *s, const char *rest)
{
	(void)rest;
	s->quit = s->over = s->moved = true;
}

/* ---- commands ------------------------------------------------------------------------ */

static void help(struct step *s, const char *rest);

static const struct {
	const char *name; /* its first letters will do */
	void (*run)(struct step *s, const char *rest);
	const char *help;
} commands[] = {
	{ "forward", forward, "[N]: on by N signals (1); an empty line does the same" },
	{ "back", back, "[N]: back by N signals (1)" },
	{ "fault", to_fault, "on to where the next fault is about to strike" },
	{ "signal", to_signal, "N: to signal number N" },
	{ "time", to_time, "T: to the last signal until 1.5s, or 10:00:01.500" },
	{ "where", where, "the signal that was handled last, and what comes next" },
	{ "states", states, "[LABEL|TYPE|PROGRAM]: processes with their states and timers" },
	{ "trace", trace, "[N]: the last N lines of the trace (10)" },
	{ "help", help, "this list" },
	{ "quit", quit, "ends" },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void help(struct step *s, const char *rest)
{
	(void)rest;
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(s->out, "%-8s %s\n", commands[i].name, commands[i].help);
}

static void obey(struct step *s, char *line)
{
	size_t n;
	char *rest;

	line[strcspn(line, "\r\n")] = '\0';
	line += strspn(line, " \t");
	n = strcspn(line, " \t");
	rest = line + n + strspn(line + n, " \t");
	line[n] = '\0';
	for (size_t i = strlen(rest); i > 0 && isspace((unsigned char)rest[i - 1]); i--)
		rest[i - 1] = '\0';
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strncmp(commands[i].name, line, n)) {
			commands[i].run(s, rest);
			return;
		}
	fprintf(s->out, "there is no '%s'; 'help' lists what there is\n", line);
}

/* ---- a run --------------------------------------------------------------------------- */

static void ask(struct step *s)
{
	char line[400];

	where(s, "");
	for (s->moved = false; !s->moved;) {
		fputs("> ", s->out);
		fflush(s->out);
		if (fgets(line, sizeof(line), s->in))
			obey(s, line);
		else
			quit(s, "");
	}
}

static void stepped(void *arg, struct sim_host *host)
{
	struct step *s = arg;
	const struct sdl_record_entry *e;
	uint64_t before = s->at;

	if (s->over)
		return;
	while ((e = sdl_record_next(record_of(host), &s->cursor)))
		if (journal_counts(e)) {
			s->at++;
			s->time_ns = e->time_ns;
		}
	if (s->at < s->goal || s->at == before)
		return;
	s->host = host;
	ask(s);
}

void step_prompt(const struct journal *journal, step_run *run, void *arg, FILE *in, FILE *out)
{
	struct step s = { .journal = journal, .in = in, .out = out };
	const struct sim_watch watch = { stepped, &s };

	if (!journal->stops_n)
		return;
	do {
		s.at = 0;
		s.cursor = (struct sdl_record_cursor){ 0 };
		s.over = false;
		run(arg, &watch);
		if (!s.over)
			fprintf(out, "the run is over before signal %llu: it is not repeatable\n",
				(unsigned long long)s.goal);
	} while (s.over && !s.quit);
	fputc('\n', out);
}
