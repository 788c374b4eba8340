/* What may follow on a line, from the tables of commands and verbs and from the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/db/db.h"
#include "sim/harness/run_dir.h"
#include "sim/shell/platform.h"
#include "sim/shell/shell.h"

/* One look at a line. Its words are parted by blanks alone: a quoted name of two words is completed
 * word by word, with its quotes. */
struct look {
	const struct shell *shell;
	struct db *db; /* NULL: no cluster runs */
	char *text;
	char *word[SHELL_WORDS_MAX];
	size_t n;
	char **told;
	size_t told_n;
};

static void tell(struct look *l, const char *word, size_t length)
{
	char *copy;

	for (size_t i = 0; i < l->told_n; i++)
		if (strlen(l->told[i]) == length && !strncmp(l->told[i], word, length))
			return;
	copy = strndup(word, length);
	l->told = realloc(l->told, (l->told_n + 1) * sizeof(*l->told));
	if (!copy || !l->told)
		abort();
	l->told[l->told_n++] = copy;
}

static void tell_word(struct look *l, const char *word)
{
	tell(l, word, strlen(word));
}

static int tell_name(void *arg, const char *name)
{
	tell_word(arg, name);
	return 0;
}

static void tell_names(struct look *l, enum db_kind kind)
{
	struct db_error err;

	if (l->db)
		db_each_name(l->db, kind, tell_name, l, &err);
}

/* The word of a phrase that comes next, if the line from word `from` on is a beginning of it. */
static void next_of(struct look *l, size_t from, const char *phrase)
{
	for (size_t i = from; *phrase; i++) {
		size_t length = strcspn(phrase, " ");

		if (i == l->n) {
			tell(l, phrase, length);
			return;
		}
		if (strlen(l->word[i]) != length || strncasecmp(l->word[i], phrase, length) != 0)
			return;
		phrase += length;
		phrase += strspn(phrase, " ");
	}
}

/* ---- the platform's commands --------------------------------------------------------------- */

static bool begins_with(const struct look *l, const char *phrase)
{
	size_t i = 0;

	for (; *phrase; i++) {
		size_t length = strcspn(phrase, " ");

		if (i == l->n || strlen(l->word[i]) != length ||
		    strncasecmp(l->word[i], phrase, length) != 0)
			return false;
		phrase += length;
		phrase += strspn(phrase, " ");
	}
	return true;
}

static void tell_platform(struct look *l)
{
	const struct platform_command *commands;
	size_t n = platform_commands(&commands);

	for (size_t i = 0; i < n; i++) {
		const struct platform_command *c = &commands[i];
		size_t from = shell_phrase_length(c->phrase);

		next_of(l, 0, c->phrase);
		if (!c->choice || !begins_with(l, c->phrase))
			continue;
		if (strstr(c->wants, "...")) /* one after the other */
			from = l->n;
		for (size_t k = 0; c->choice(k); k++)
			next_of(l, from, c->choice(k));
	}
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static int tell_target(void *arg, const char *node)
{
	static const char *const programs[] = { "", ":callmanager", ":ctimanager" };
	char target[160];

	for (size_t i = 0; i < 3; i++) {
		snprintf(target, sizeof(target), "%.100s%s", node, programs[i]);
		tell_word(arg, target);
	}
	return 0;
}

static void tell_value(struct look *l, const struct sim_arg *arg)
{
	const char *choice = arg->choices ? arg->choices : "";
	struct db_error err;

	switch (arg->type) {
	case SIM_ARG_TARGET:
		tell_word(l, "phones");
		if (l->db)
			db_each_name(l->db, DB_KIND_NODE, tell_target, l, &err);
		return;
	case SIM_ARG_NODE:
		tell_names(l, DB_KIND_NODE);
		return;
	case SIM_ARG_DEVICE:
		tell_names(l, DB_KIND_DEVICE);
		return;
	case SIM_ARG_DIGITS:
		tell_names(l, DB_KIND_NUMBER);
		return;
	case SIM_ARG_CHOICE:
		for (size_t n; *choice; choice += n + strspn(choice + n, " ")) {
			n = strcspn(choice, " ");
			tell(l, choice, n);
		}
		return;
	default:
		return;
	}
}

static const struct sim_arg *option(const struct sim_verb *verb, const char *word)
{
	for (unsigned i = 0; i < sim_verb_args(verb); i++)
		if (verb->args[i].use == SIM_OPTION && !strncmp(word, "--", 2) &&
		    !strcmp(word + 2, verb->args[i].name))
			return &verb->args[i];
	return NULL;
}

/* `from`: the first word behind the verb. */
static void tell_arguments(struct look *l, const struct sim_verb *verb, size_t from)
{
	const struct sim_arg *last = l->n > from ? option(verb, l->word[l->n - 1]) : NULL;
	size_t given = 0, place = 0;

	if (last && last->type != SIM_ARG_FLAG) {
		tell_value(l, last);
		return;
	}
	for (size_t i = from; i < l->n; i++) {
		const struct sim_arg *o = option(verb, l->word[i]);

		if (o && o->type != SIM_ARG_FLAG)
			i++; /* its value */
		else if (!o)
			given++;
	}
	for (unsigned i = 0; i < sim_verb_args(verb); i++) {
		char name[80];

		if (verb->args[i].use != SIM_OPTION) {
			if (place++ == given)
				tell_value(l, &verb->args[i]);
			continue;
		}
		snprintf(name, sizeof(name), "--%.70s", verb->args[i].name);
		tell_word(l, name);
	}
}

static void tell_verbs(struct look *l, enum sim_subject subject)
{
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);

	for (size_t i = 0; i < n; i++)
		if (verbs[i].subject == subject && verbs[i].where & (SIM_COMMAND | SIM_HERE))
			tell_word(l, verbs[i].name);
}

/* phone NAME VERB ..., app NAME VERB ... */
static void tell_subject(struct look *l, enum sim_subject subject)
{
	const struct sim_verb *verb;

	if (l->n == 1)
		tell_names(l, subject == SIM_ON_PHONE ? DB_KIND_DEVICE : DB_KIND_USER);
	else if (l->n == 2)
		tell_verbs(l, subject);
	else if ((verb = sim_verb(subject, l->word[2])))
		tell_arguments(l, verb, 3);
}

static void look_on(struct look *l)
{
	const char *wants, *help, *name;
	const struct sim_verb *verb;

	for (size_t i = 0; (name = shell_own(i, &wants, &help)); i++)
		next_of(l, 0, name);
	tell_platform(l);
	if (l->n == 0) {
		tell_verbs(l, SIM_ON_CLUSTER);
		tell_word(l, "phone");
		tell_word(l, "app");
		return;
	}
	if (l->n == 1 && !strcasecmp(l->word[0], "node"))
		tell_names(l, DB_KIND_NODE);
	verb = sim_verb(SIM_ON_CLUSTER, l->word[0]);
	if (!strcmp(l->word[0], "phone"))
		tell_subject(l, SIM_ON_PHONE);
	else if (!strcmp(l->word[0], "app"))
		tell_subject(l, SIM_ON_APP);
	else if (verb)
		tell_arguments(l, verb, 1);
}

void shell_candidates(const struct shell *shell, const char *text,
		      void (*told)(void *arg, const char *word), void *arg)
{
	struct look l = { .shell = shell, .text = strdup(text) };
	char dir[SIM_RUN_DIR_SIZE], path[SIM_RUN_DIR_SIZE + 16], *save = NULL;
	struct sim_error err;
	struct db_error e;

	if (!l.text)
		abort();
	for (char *w = strtok_r(l.text, " \t", &save); w && l.n < SHELL_WORDS_MAX;
	     w = strtok_r(NULL, " \t", &save))
		l.word[l.n++] = w;
	if (sim_run_dir_find(dir, shell->cluster, &err) == 0) {
		snprintf(path, sizeof(path), "%s/cluster.db", dir);
		if (db_open(&l.db, path, DB_READ_ONLY, &e) < 0)
			l.db = NULL;
	}
	look_on(&l);
	for (size_t i = 0; i < l.told_n; i++) {
		told(arg, l.told[i]);
		free(l.told[i]);
	}
	if (l.db)
		db_close(&l.db);
	free(l.told);
	free(l.text);
}
