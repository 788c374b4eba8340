/* What may follow on a line: from the tables of commands here, else as rehome itself is completed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/admin/completion.h"
#include "sim/shell/platform.h"
#include "sim/shell/shell.h"

/* Words of phrases come first, and often; names, of which there may be many, come once. */
#define PHRASES_MAX 100

/* One look at a line. Its words are parted by blanks alone: a quoted name of two words is completed
 * word by word, with its quotes. */
struct look {
	const struct shell *shell;
	const char *begin; /* of the word to complete */
	char *text;
	char *word[SHELL_WORDS_MAX];
	size_t n;
	char **told;
	size_t told_n;
};

static void tell(struct look *l, const char *word, size_t length)
{
	char *copy;

	if (strncasecmp(word, l->begin, strlen(l->begin)) != 0)
		return;
	for (size_t i = 0; i < l->told_n && i < PHRASES_MAX; i++)
		if (strlen(l->told[i]) == length && !strncmp(l->told[i], word, length))
			return;
	copy = strndup(word, length);
	l->told = realloc(l->told, (l->told_n + 1) * sizeof(*l->told));
	if (!copy || !l->told)
		abort();
	l->told[l->told_n++] = copy;
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

/* These words, as they stand after "rehome". */
static void tell_rehome(struct look *l, const char *const *line, size_t n)
{
	const char *words[SHELL_WORDS_MAX + 3] = { "--cluster", l->shell->cluster };
	char *text = NULL, *save = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < n; i++)
		words[2 + i] = line[i];
	words[2 + n] = l->begin;
	sim_completion_words(words, n + 3, out);
	fclose(out);
	for (char *w = strtok_r(text, "\n", &save); w; w = strtok_r(NULL, "\n", &save))
		tell(l, w, strlen(w));
	free(text);
}

static void look_on(struct look *l)
{
	static const char *const node[] = {
		"platform"
	}; /* a verb whose first word is a node, too */
	const char *wants, *help, *name;

	for (size_t i = 0; (name = shell_own(i, &wants, &help)); i++)
		next_of(l, 0, name);
	tell_platform(l);
	if (l->n == 1 && !strcasecmp(l->word[0], "node"))
		tell_rehome(l, node, 1);
	else
		tell_rehome(l, (const char *const *)l->word, l->n);
}

void shell_candidates(const struct shell *shell, const char *text, const char *begin,
		      void (*told)(void *arg, const char *word), void *arg)
{
	struct look l = { .shell = shell, .begin = begin, .text = strdup(text) };
	char *save = NULL;

	if (!l.text)
		abort();
	for (char *w = strtok_r(l.text, " \t", &save); w && l.n < SHELL_WORDS_MAX;
	     w = strtok_r(NULL, " \t", &save))
		l.word[l.n++] = w;
	look_on(&l);
	for (size_t i = 0; i < l.told_n; i++) {
		told(arg, l.told[i]);
		free(l.told[i]);
	}
	free(l.told);
	free(l.text);
}
