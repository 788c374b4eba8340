/* rehome call: what is typed, and what happens meanwhile. */
#include "sim/call/call.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <editline/readline.h>

#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"
#include "sim/harness/table.h"

#define WORDS_MAX  12
#define LOOK_MS	   30	/* records are looked at that often */
#define QUIET_MS   400	/* nothing new for so long: a command has had its effect */
#define LONGEST_MS 5000 /* it is waited for that long at most */

static const char prompt_text[] = "call> ";

struct prompt {
	char dir[SIM_RUN_DIR_SIZE];
	struct call_who who;
	struct call_view *view;
	bool typing; /* a person is at the terminal */
	bool over;
	char *line; /* that was typed to its end, and waits to be done */
	int status; /* of the last command */
};

/* The line editor knows one user at a time, and its callbacks take no argument. */
static struct prompt *at_terminal;

/* Names that people use, too. */
static const struct {
	const char *name, *verb;
} also[] = { { "drop", "hangup" }, { "retrieve", "resume" } };

static const char *verb_name(const char *name)
{
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if (!strcmp(also[i].name, name) && !sim_verb(SIM_ON_PHONE, name))
			return also[i].verb;
	return name;
}

/* ---- help -------------------------------------------------------------------------------- */

void sim_call_help(FILE *out)
{
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);
	struct sim_table *t = sim_table_new();

	for (size_t i = 0; i < n; i++) {
		char usage[300];

		if (verbs[i].subject != SIM_ON_PHONE || !(verbs[i].where & SIM_COMMAND))
			continue;
		sim_verb_usage(&verbs[i], usage, sizeof(usage));
		/* "phone NAME call NUMBER" is "call WHO NUMBER" here. */
		sim_table_row(t, "  %s WHO%s\t%s", verbs[i].name,
			      usage + strlen("phone NAME ") + strlen(verbs[i].name), verbs[i].help);
	}
	sim_table_row(t, "  app NAME VERB ...\tWhat an application does; rehome help lists it.");
	sim_table_row(t, "  who\tWho can be called.");
	sim_table_row(t, "  help, quit\tThis; the end. Calls go on.");
	fputs("WHO is a phone, by name or number; a NUMBER may be the name of who has it.\n"
	      "drop is hangup, retrieve is resume. Verbs of the cluster (status, kill ccm1) work, "
	      "too.\n",
	      out);
	sim_table_print(&t, out);
}

static void show_who(const struct prompt *p)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "NUMBER\tDEVICE\t");
	for (size_t i = 0; i < p->who.n; i++)
		sim_table_row(t, "%s\t%s\t%s", p->who.parties[i].dn, p->who.parties[i].device,
			      p->who.parties[i].phone ? "phone" : "");
	sim_table_print(&t, stdout);
}

/* ---- what happens ------------------------------------------------------------------------ */

static void print_line(void *arg, const char *line)
{
	bool *first = arg;

	if (*first && at_terminal)
		fputs("\r\033[K", stdout); /* over the prompt */
	*first = false;
	puts(line);
}

static size_t show_changes(struct prompt *p)
{
	bool first = true;
	size_t n = call_view_read(p->view, print_line, &first);

	fflush(stdout);
	if (n && at_terminal)
		rl_forced_update_display();
	return n;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until nothing happens any more. */
static void follow(struct prompt *p, int64_t at_least_ms)
{
	int64_t begin = now_ms(), news = begin;

	while (now_ms() - begin < at_least_ms ||
	       (now_ms() - news < QUIET_MS && now_ms() - begin < LONGEST_MS)) {
		poll(NULL, 0, LOOK_MS);
		if (show_changes(p))
			news = now_ms();
	}
}

/* ---- what is typed ----------------------------------------------------------------------- */

static void complain(struct prompt *p, int status, const char *text)
{
	p->status = status;
	fflush(stdout);
	if (text[0])
		fprintf(stderr, "%s\n", text);
}

/* A phone verb's subject and numbers may be names of devices, and the other way round. */
static bool resolve(struct prompt *p, const struct sim_verb *verb, char **words, size_t n)
{
	const struct call_party *party = call_who_find(&p->who, words[1]);
	char text[200];

	if (!party || !party->phone) {
		snprintf(text, sizeof(text), "%.60s is %s; 'who' lists all", words[1],
			 party ? "no phone: its calls are an application's (app NAME ...)"
			       : "nobody");
		complain(p, SIM_USAGE, text);
		return false;
	}
	words[1] = party->device;
	for (size_t i = 2; i < n; i++) {
		const struct call_party *called = call_who_find(&p->who, words[i]);

		if (called && verb->args[0].type == SIM_ARG_DIGITS)
			words[i] = called->dn;
	}
	return true;
}

static void run(struct prompt *p, char **words, size_t n)
{
	struct sim_error err = { 0 };
	struct sim_command command;
	int status;

	if (sim_command_parse(&command, (int)n, words, &err) < 0) {
		complain(p, err.status, err.text);
	} else if (command.verb->where & SIM_HERE) {
		complain(p, SIM_USAGE, "that is for the command line: rehome VERB ...");
	} else {
		status = sim_control_ask(p->dir, command.verb, command.subject, command.args,
					 stdout, &err);
		complain(p, status, err.text);
	}
	free(command.rest);
}

static void do_words(struct prompt *p, char **words, size_t n)
{
	const struct sim_verb *verb;
	char *line[WORDS_MAX + 1] = { (char *)"phone" };

	words[0] = (char *)(uintptr_t)verb_name(words[0]);
	verb = sim_verb(SIM_ON_PHONE, words[0]);
	if (!verb) {
		run(p, words, n);
		return;
	}
	if (n < 2) {
		complain(p, SIM_USAGE, "who? for example: call 1001 1002");
		return;
	}
	if (!resolve(p, verb, words, n))
		return;
	line[1] = words[1];
	line[2] = words[0];
	for (size_t i = 2; i < n; i++)
		line[i + 1] = words[i];
	run(p, line, n + 1);
}

static void do_line(struct prompt *p, const char *line)
{
	char *own = strdup(line);
	char *words[WORDS_MAX];
	char *save = NULL;
	size_t n = 0;

	if (!own)
		abort();
	for (char *w = strtok_r(own, " \t\r\n", &save); w && n < WORDS_MAX;
	     w = strtok_r(NULL, " \t\r\n", &save))
		words[n++] = w;
	p->status = 0;
	if (n && (!strcmp(words[0], "quit") || !strcmp(words[0], "exit")))
		p->over = true;
	else if (n && !strcmp(words[0], "help"))
		sim_call_help(stdout);
	else if (n && !strcmp(words[0], "who"))
		show_who(p);
	else if (n)
		do_words(p, words, n);
	free(own);
}

/* ---- at a terminal ----------------------------------------------------------------------- */

static void on_line(char *line)
{
	struct prompt *p = at_terminal;

	rl_callback_handler_remove(); /* else the line is shown again, when it is done */
	p->line = line;
	p->over = !line;
}

/* Words that may stand first, then names and numbers. */
static const char *candidate(const struct prompt *p, size_t i, bool first)
{
	static const char *const words[] = { "who", "help", "quit", "app", "drop", "retrieve" };
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);

	if (!first)
		return i < p->who.n	  ? p->who.parties[i].dn
		       : i < 2 * p->who.n ? p->who.parties[i - p->who.n].device
					  : NULL;
	if (i < sizeof(words) / sizeof(words[0]))
		return words[i];
	i -= sizeof(words) / sizeof(words[0]);
	return i >= n ? NULL
	       : verbs[i].subject == SIM_ON_PHONE ||
			       (verbs[i].subject == SIM_ON_CLUSTER && verbs[i].where & SIM_COMMAND)
		       ? verbs[i].name
		       : "";
}

static char *complete(const char *text, int again, bool first)
{
	static size_t at; /* readline asks for one candidate after the other */
	const char *word;

	if (!again)
		at = 0;
	while ((word = candidate(at_terminal, at, first))) {
		at++;
		if (*word && !strncmp(word, text, strlen(text)))
			return strdup(word);
	}
	return NULL;
}

static char *complete_first(const char *text, int again)
{
	return complete(text, again, true);
}

static char *complete_rest(const char *text, int again)
{
	return complete(text, again, false);
}

static char **on_complete(const char *text, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1;
	return rl_completion_matches(text, start == 0 ? complete_first : complete_rest);
}

static void do_typed(struct prompt *p)
{
	char *line = p->line;

	p->line = NULL;
	if (*line)
		add_history(line);
	at_terminal = NULL; /* there is no prompt meanwhile */
	do_line(p, line);
	show_changes(p);
	free(line);
	at_terminal = p;
	if (!p->over)
		rl_callback_handler_install(prompt_text, on_line);
}

static void talk(struct prompt *p)
{
	rl_attempted_completion_function = on_complete;
	at_terminal = p;
	rl_callback_handler_install(prompt_text, on_line);
	while (!p->over) {
		struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

		if (poll(&in, 1, LOOK_MS) > 0)
			rl_callback_read_char();
		if (p->line)
			do_typed(p);
		else if (!p->over)
			show_changes(p);
	}
	at_terminal = NULL;
}

/* ---- from a file or a pipe ----------------------------------------------------------------- */

static int obey(struct prompt *p)
{
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	while (!p->over && getline(&line, &size, stdin) > 0) {
		printf("%s%s", prompt_text, line);
		do_line(p, line);
		if (!status)
			status = p->status;
		follow(p, 0);
	}
	free(line);
	return status;
}

int sim_call_command(struct sim_command *command, struct sim_error *err)
{
	const char *from = sim_command_value(command, "from");
	const char *to = sim_command_value(command, "to");
	const char *watch = sim_command_value(command, "watch");
	struct prompt p = { .typing = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) };
	int status = 0;
	char line[200];

	if (from && !to)
		return sim_fail(err, SIM_USAGE, "call: say who calls whom: rehome call 1001 1002");
	if (sim_run_dir_find(p.dir, command->cluster ? command->cluster : SIM_CLUSTER_DEFAULT,
			     err) < 0 ||
	    call_who_read(&p.who, p.dir, err) < 0)
		return -1;
	p.view = call_view_new(p.dir);
	if (from) {
		snprintf(line, sizeof(line), "call %.90s %.90s", from, to);
		do_line(&p, line);
		status = p.status;
		follow(&p, watch ? sim_time_parse(watch) / 1000000 : 0);
	}
	if (p.typing && !watch && !status) {
		if (!from)
			puts("calls by hand; 'help' says how, 'quit' ends this");
		talk(&p);
	} else if (!from) {
		status = obey(&p);
	}
	call_view_destroy(&p.view);
	call_who_free(&p.who);
	if (status)
		err->status = status;
	return status;
}
