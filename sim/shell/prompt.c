/* The prompt at a terminal: line editing, history and completion by libedit. */
#include "sim/shell/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <editline/readline.h>

#define HISTORY_LINES 1000
#define PATH_SIZE     512

/* The line editor's callbacks take no argument. */
static struct shell *at_terminal;

/* ---- completion -------------------------------------------------------------------------- */

struct candidates {
	char **word;
	size_t n;
};

static void keep(void *arg, const char *word)
{
	struct candidates *c = arg;

	c->word = realloc(c->word, (c->n + 1) * sizeof(*c->word));
	if (!c->word || !(c->word[c->n++] = strdup(word)))
		abort();
}

/* Those of the line up to its last word; the editor asks for one after the other and frees each. */
static char *generate(const char *text, int again)
{
	static struct candidates c;
	static size_t at;

	if (!again) {
		char *before = strndup(rl_line_buffer, (size_t)rl_point - strlen(text));

		for (; at < c.n; at++)
			free(c.word[at]);
		free(c.word);
		c = (struct candidates){ 0 };
		at = 0;
		if (!before)
			abort();
		shell_candidates(at_terminal, before, text, keep, &c);
		free(before);
	}
	return at < c.n ? c.word[at++] : NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)start;
	(void)end;
	rl_attempted_completion_over = 1; /* no names of files */
	return rl_completion_matches(text, generate);
}

/* ---- history ----------------------------------------------------------------------------- */

/* Makes the directory of the history; false if there is no place for it. */
static bool history_path(char path[PATH_SIZE])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = state && *state == '/' ? snprintf(path, PATH_SIZE, "%s/rehome", state)
		: home && *home == '/' ? snprintf(path, PATH_SIZE, "%s/.local/state/rehome", home)
				       : PATH_SIZE;

	if (n < 0 || n > PATH_SIZE - 16)
		return false;
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0700);
	strcat(path, "/history");
	return true;
}

/* Into the file at once: what ends the shell next may be a key. */
static void remember(const char *line, const char *path)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	mode_t mask;

	if (!*line || strcasestr(line, "password") || (last && !strcmp(last->line, line)))
		return;
	add_history(line);
	if (!*path)
		return;
	mask = umask(077);
	write_history(path);
	umask(mask);
}

/* ---- the prompt -------------------------------------------------------------------------- */

void shell_talk(struct shell *shell)
{
	char path[PATH_SIZE];

	if (!history_path(path))
		path[0] = '\0';
	using_history();
	stifle_history(HISTORY_LINES);
	if (*path)
		read_history(path);
	puts("The administrator's prompt. 'help' lists what it knows, 'quit' ends it.");
	while (!shell->over) {
		struct sim_error err;
		char *line;
		at_terminal = shell; /* again: a verb may have had a prompt of its own */
		rl_attempted_completion_function = complete;
		rl_basic_word_break_characters = " \t";
		line = readline("admin:");
		if (!line) {
			putchar('\n');
			break;
		}
		remember(line, path);
		if (shell_do(shell, line, &err) && err.text[0]) {
			fflush(stdout);
			fprintf(stderr, "%s\n", err.text);
		}
		free(line);
	}
}
