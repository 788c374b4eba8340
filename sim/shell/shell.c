#include "sim/shell/shell.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/db/db.h"
#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"
#include "sim/harness/table.h"
#include "sim/shell/platform.h"

/* ---- the shell's own commands ------------------------------------------------------------ */

typedef int own_run(struct shell *shell, const struct shell_words *words, const char *line,
		    struct sim_error *err);
static own_run run_sql, show_help, change_node, quit;

static const struct {
	const char *name, *wants, *help;
	own_run *run;
} own[] = {
	{ "run sql", "STATEMENT", "Runs an SQL statement on the cluster's database.", run_sql },
	{ "node", "[NODE]", "Goes to another node, or says which one this is.", change_node },
	{ "help", "", "Shows this.", show_help },
	{ "quit", "", "Ends the shell; so does exit.", quit },
	{ "exit", "", NULL, quit },
};
#define OWN (sizeof(own) / sizeof(own[0]))

const char *shell_own(size_t i, const char **wants, const char **help)
{
	if (i >= OWN)
		return NULL;
	*wants = own[i].wants;
	*help = own[i].help;
	return own[i].name;
}

static int quit(struct shell *shell, const struct shell_words *words, const char *line,
		struct sim_error *err)
{
	(void)words;
	(void)line;
	(void)err;
	shell->over = true;
	return 0;
}

static int show_help(struct shell *shell, const struct shell_words *words, const char *line,
		     struct sim_error *err)
{
	const struct platform_command *commands;
	size_t n = platform_commands(&commands);
	struct sim_table *t = sim_table_new();
	const struct sim_verb *verbs;

	(void)shell;
	(void)words;
	(void)line;
	(void)err;
	for (size_t i = 0; i < OWN; i++)
		if (own[i].help)
			sim_table_row(t, "  %s %s\t%s", own[i].name, own[i].wants, own[i].help);
	for (size_t i = 0; i < n; i++)
		sim_table_row(t, "  %s %s\t%s", commands[i].phrase, commands[i].wants,
			      commands[i].help);
	sim_table_print(&t, stdout);
	puts("\nand every verb of rehome; VERB --help tells more:");
	n = sim_verbs(&verbs);
	for (size_t i = 0, column = 0; i < n; i++) {
		if (verbs[i].subject != SIM_ON_CLUSTER ||
		    !(verbs[i].where & (SIM_COMMAND | SIM_HERE)))
			continue;
		if (column + strlen(verbs[i].name) > 76) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("  %s", verbs[i].name);
	}
	puts("  phone NAME VERB  app NAME VERB");
	return 0;
}

/* Informix's words begin where the shell's end; they are not split, for quotes are theirs. */
static int run_sql(struct shell *shell, const struct shell_words *words, const char *line,
		   struct sim_error *err)
{
	struct sim_command command = { .verb = sim_verb(SIM_ON_CLUSTER, "sql"),
				       .subject = "",
				       .cluster = shell->cluster };
	int result;

	(void)words;
	for (int word = 0; word < 2; word++) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t");
	}
	line += strspn(line, " \t");
	if (!*line)
		return sim_fail(err, SIM_USAGE, "usage: run sql STATEMENT");
	command.args[0] = line;
	result = sim_cmd_sql(&command, err);
	return result < 0 ? err->status : result;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static int open_database(const struct shell *shell, struct db **db, struct sim_error *err)
{
	char dir[SIM_RUN_DIR_SIZE], path[SIM_RUN_DIR_SIZE + 16];
	struct db_error e = { 0 };

	if (sim_run_dir_find(dir, shell->cluster, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/cluster.db", dir);
	if (db_open(db, path, DB_READ_ONLY, &e) < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", path, e.text);
	return 0;
}

/* Is there a node of that name? "": the first one, whose name is written there. */
static int find_node(const struct shell *shell, char node[SIM_NAME_SIZE], struct sim_error *err)
{
	struct db_node nodes[DB_NODES_MAX];
	struct db_error e = { 0 };
	struct db *db;
	char names[400] = "";
	int n, found = -1;

	if (open_database(shell, &db, err) < 0)
		return -1;
	n = db_nodes(db, nodes, &e);
	db_close(&db);
	if (n < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s", e.text);
	for (int i = n - 1; i >= 0; i--)
		if (!*node || !strcasecmp(node, nodes[i].name))
			found = i;
	for (int i = 0; i < n && found < 0; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%.40s",
			 i ? ", " : "", nodes[i].name);
	if (found < 0)
		return sim_fail(err, SIM_USAGE, "there is no node '%.40s', but %s", node, names);
	snprintf(node, SIM_NAME_SIZE, "%.63s", nodes[found].name);
	return 0;
}

static int change_node(struct shell *shell, const struct shell_words *words, const char *line,
		       struct sim_error *err)
{
	char node[SIM_NAME_SIZE];

	(void)line;
	snprintf(node, sizeof(node), "%s", words->n > 1 ? words->word[1] : shell->node);
	if (find_node(shell, node, err) < 0)
		return err->status;
	memcpy(shell->node, node, sizeof(node));
	printf("%s\n", node);
	return 0;
}

/* ---- a line ------------------------------------------------------------------------------ */

/* "utils service list page": the word is the shell's. Returns the line without it, to be freed;
 * NULL if it does not end so. */
static char *without_page(const struct shell_words *words, const char *line)
{
	size_t n = strlen(line);
	char *rest;

	if (words->n < 2 || strcasecmp(words->word[words->n - 1], "page") != 0)
		return NULL;
	while (n && strchr(" \t\r", line[n - 1]))
		n--;
	rest = strndup(line, n < 4 ? 0 : n - 4);
	if (!rest)
		abort();
	return rest;
}

static int do_platform(struct shell *shell, const char *line, FILE *out, struct sim_error *err)
{
	const char *args[SIM_ARGS_MAX] = { shell->node, line };
	char dir[SIM_RUN_DIR_SIZE];

	if (find_node(shell, shell->node, err) < 0 ||
	    sim_run_dir_find(dir, shell->cluster, err) < 0)
		return err->status;
	return sim_control_ask(dir, sim_verb(SIM_ON_CLUSTER, "platform"), "", args, out, err);
}

static int do_paged(struct shell *shell, const char *line, struct sim_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	if (!out)
		abort();
	status = do_platform(shell, line, out, err);
	fclose(out);
	shell_page(text);
	free(text);
	return status;
}

static int do_verb(struct shell *shell, struct shell_words *words, struct sim_error *err)
{
	struct sim_command command;
	int status;

	if (!strcmp(words->word[0], "shell")) {
		sim_fail(err, SIM_USAGE, "this is the shell");
		return err->status;
	}
	if (sim_command_parse(&command, (int)words->n, words->word, err) < 0) {
		free(command.rest);
		return err->status;
	}
	if (!command.cluster)
		command.cluster = shell->cluster;
	status = sim_command_run(&command, err);
	free(command.rest);
	return status;
}

/* "rehome status" is what fingers type here, too. */
static void drop_own_name(struct shell_words *words)
{
	if (words->n < 2 || strcmp(words->word[0], "rehome") != 0)
		return;
	words->n--;
	memmove(words->word, words->word + 1, (words->n + 1) * sizeof(words->word[0]));
}

static int show_verb_help(const struct shell_words *words, struct sim_error *err)
{
	if (sim_command_help((int)words->n, (char **)(uintptr_t)words->word) == 0)
		return 0;
	sim_fail(err, SIM_USAGE, "there is no verb '%.60s'; 'help' lists them", words->word[0]);
	return err->status;
}

static bool is_platform(const struct shell_words *words)
{
	return !strcasecmp(words->word[0], "utils") || !strcasecmp(words->word[0], "show");
}

static int do_words(struct shell *shell, struct shell_words *words, const char *line,
		    struct sim_error *err)
{
	for (size_t i = 0; i < OWN; i++)
		if (shell_words_begin(words, own[i].name) == shell_phrase_length(own[i].name)) {
			int status = own[i].run(shell, words, line, err);

			return status < 0 ? err->status : status;
		}
	if (is_platform(words)) {
		char *unpaged = without_page(words, line);
		int status = unpaged ? do_paged(shell, unpaged, err)
				     : do_platform(shell, line, stdout, err);

		free(unpaged);
		return status;
	}
	drop_own_name(words);
	if (words->n > 1 && !strcmp(words->word[words->n - 1], "--help"))
		return show_verb_help(words, err);
	return do_verb(shell, words, err);
}

/* SQL has quotes of its own, which need not be closed as the shell's are. */
static bool is_sql(const char *line)
{
	line += strspn(line, " \t");
	if (strncasecmp(line, "run", 3) != 0 || (line[3] != ' ' && line[3] != '\t'))
		return false;
	line += 3 + strspn(line + 3, " \t");
	return !strncasecmp(line, "sql", 3) && (!line[3] || line[3] == ' ' || line[3] == '\t');
}

int shell_do(struct shell *shell, const char *line, struct sim_error *err)
{
	struct shell_words words;
	const char *why;
	int status;

	*err = (struct sim_error){ 0 };
	line += strspn(line, " \t\r\n");
	if (!*line || *line == '#')
		return 0;
	if (is_sql(line)) {
		status = run_sql(shell, NULL, line, err);
		return status < 0 ? err->status : status;
	}
	if (shell_words_read(&words, line, &why) < 0) {
		sim_fail(err, SIM_USAGE, "%s", why);
		status = err->status;
	} else {
		status = do_words(shell, &words, line, err);
	}
	shell_words_free(&words);
	return status;
}

/* ---- from a pipe, or from the command line ----------------------------------------------- */

static int do_and_tell(struct shell *shell, const char *line)
{
	struct sim_error err;
	int status = shell_do(shell, line, &err);

	fflush(stdout);
	if (status && err.text[0])
		fprintf(stderr, "%s\n", err.text);
	return status;
}

static int obey(struct shell *shell)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int status = 0;

	while (!shell->over && (n = getline(&line, &size, stdin)) > 0) {
		int one;

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		printf("admin:%s\n", line);
		fflush(stdout);
		one = do_and_tell(shell, line);
		status = status ? status : one;
	}
	free(line);
	return status;
}

static int obey_text(struct shell *shell, const char *text)
{
	char *lines = strdup(text), *save = NULL;
	int status = 0;

	if (!lines)
		abort();
	for (char *l = strtok_r(lines, "\n", &save); l && !shell->over;
	     l = strtok_r(NULL, "\n", &save)) {
		int one = do_and_tell(shell, l);

		status = status ? status : one;
	}
	free(lines);
	return status;
}

int sim_shell_command(struct sim_command *command, struct sim_error *err)
{
	const char *node = sim_command_value(command, "node");
	const char *text = sim_command_value(command, "command");
	struct shell shell = { .cluster =
				       command->cluster ? command->cluster : SIM_CLUSTER_DEFAULT };

	snprintf(shell.node, sizeof(shell.node), "%s", node ? node : "");
	if (node && find_node(&shell, shell.node, err) < 0)
		return -1;
	if (text)
		return obey_text(&shell, text);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return obey(&shell);
	shell_talk(&shell);
	return 0;
}
