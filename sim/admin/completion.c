#include "sim/admin/completion.h"

#include <stdlib.h>
#include <string.h>

#include "sim/admin/node.h"
#include "sim/admin/work.h"
#include "sim/harness/run_dir.h"

static const char script[] =
	"# Completion of rehome for bash: from its own tables, so it needs no change with them.\n"
	"# Targets have colons, which are to be parts of words.\n"
	"COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n"
	"_rehome() {\n"
	"	local word\n"
	"	COMPREPLY=()\n"
	"	while IFS= read -r word; do\n"
	"		COMPREPLY+=(\"$(printf %q \"$word\")\")\n"
	"	done < <(\"${COMP_WORDS[0]}\" completion words \"${COMP_WORDS[@]:1:COMP_CWORD}\""
	" 2>/dev/null)\n"
	"}\n"
	"complete -o default -F _rehome rehome\n";

struct look {
	const char *const *words;
	size_t n;	   /* words before the one that is completed */
	const char *begin; /* of that one */
	const char *cluster, *database;
	struct db *db;
	FILE *out;
};

static void tell(const struct look *l, const char *word)
{
	if (!strncmp(word, l->begin, strlen(l->begin)))
		fprintf(l->out, "%s\n", word);
}

static void tell_option(const struct look *l, const char *name)
{
	char option[100];

	snprintf(option, sizeof(option), "--%.90s", name);
	if (l->begin[0] == '-')
		tell(l, option);
}

static int tell_name(void *arg, const char *name)
{
	tell(arg, name);
	return 0;
}

static void tell_names(struct look *l, enum db_kind kind)
{
	struct db_error unread;

	if (l->db)
		db_each_name(l->db, kind, tell_name, l, &unread);
}

/* Of the running cluster, or the file that is said. */
static void open_database(struct look *l)
{
	char dir[SIM_RUN_DIR_SIZE], path[300];
	struct sim_error unread;
	struct db_error none;

	if (l->database)
		snprintf(path, sizeof(path), "%s", l->database);
	else if (sim_run_dir_find(dir, l->cluster ? l->cluster : SIM_CLUSTER_DEFAULT, &unread) == 0)
		snprintf(path, sizeof(path), "%s/cluster.db", dir);
	else
		return;
	if (db_open(&l->db, path, DB_READ_ONLY, &none))
		l->db = NULL;
}

/* ---- verbs --------------------------------------------------------------------------- */

static void tell_verbs(const struct look *l, enum sim_subject subject)
{
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);

	for (size_t i = 0; i < n; i++)
		if (verbs[i].subject == subject && (verbs[i].where & (SIM_COMMAND | SIM_HERE)))
			tell(l, verbs[i].name);
}

static void tell_choices(const struct look *l, const char *choices)
{
	char word[80];

	for (size_t n; choices && *choices; choices += n + strspn(choices + n, " ")) {
		n = strcspn(choices, " ");
		snprintf(word, sizeof(word), "%.*s", (int)n, choices);
		tell(l, word);
	}
}

static int tell_target(void *arg, const char *node)
{
	char target[200];

	tell(arg, node);
	snprintf(target, sizeof(target), "%.100s:callmanager", node);
	tell(arg, target);
	snprintf(target, sizeof(target), "%.100s:ctimanager", node);
	tell(arg, target);
	return 0;
}

static void tell_value(struct look *l, const struct sim_arg *a)
{
	struct db_error unread;

	tell_choices(l, a->choices);
	if (a->type == SIM_ARG_NODE)
		tell_names(l, DB_KIND_NODE);
	if (a->type == SIM_ARG_DEVICE)
		tell_names(l, DB_KIND_DEVICE);
	if (a->type == SIM_ARG_DIGITS)
		tell_names(l, DB_KIND_NUMBER);
	if (a->type == SIM_ARG_TARGET && l->db)
		db_each_name(l->db, DB_KIND_NODE, tell_target, l, &unread);
}

static const struct sim_arg *option_of(const struct sim_verb *verb, const char *word)
{
	for (unsigned i = 0; i < sim_verb_args(verb) && !strncmp(word, "--", 2); i++)
		if (verb->args[i].use == SIM_OPTION && !strcmp(word + 2, verb->args[i].name))
			return &verb->args[i];
	return NULL;
}

static void complete_verb(struct look *l, const struct sim_verb *verb, size_t from)
{
	const struct sim_arg *last = l->n > from ? option_of(verb, l->words[l->n - 1]) : NULL;
	size_t given = 0, place = 0;

	if (last && last->type != SIM_ARG_FLAG) {
		tell_value(l, last);
		return;
	}
	for (size_t i = from; i < l->n; i++) {
		const struct sim_arg *o = option_of(verb, l->words[i]);

		given += !o;
		i += o && o->type != SIM_ARG_FLAG;
	}
	for (unsigned i = 0; i < sim_verb_args(verb); i++)
		if (verb->args[i].use == SIM_OPTION)
			tell_option(l, verb->args[i].name);
		else if (place++ == given)
			tell_value(l, &verb->args[i]);
	tell_option(l, "help");
}

/* ---- admin --------------------------------------------------------------------------- */

static int tell_first(void *arg, const struct admin_kind *kind, const char *const *values)
{
	(void)kind;
	if (values[0])
		tell(arg, values[0]);
	return 0;
}

static void tell_objects(struct look *l, const struct admin_kind *kind)
{
	struct admin a;
	struct db_error unread;

	if (!l->db)
		return;
	admin_open(&a, l->db);
	if (!admin_parameter_table(l->db, &unread))
		admin_list_objects(&a, kind, NULL, tell_first, l, &unread);
	admin_close(&a);
}

/* What a column may be: a flag, or the names of the kind that it refers to. */
static void tell_column(struct look *l, const struct admin_column *c)
{
	const struct admin_kind *k;

	if (c->type == ADMIN_FLAG)
		tell_choices(l, "t f");
	for (size_t i = 0; c->reference && (k = admin_kind_at(i)); i++)
		if (!strcmp(k->title, admin_reference(c->reference)->what))
			tell_objects(l, k);
}

static void tell_columns(const struct look *l, const struct admin_kind *kind)
{
	for (size_t i = 0; kind->columns[i].name; i++) {
		const char *name = kind->columns[i].name;

		if (kind->columns[i].type != ADMIN_SHOWN)
			tell_option(l, !strncmp(name, "fk", 2) || !strncmp(name, "tk", 2) ? name + 2
											  : name);
	}
}

static const struct work_operation *operation_of(const char *word)
{
	for (size_t i = 0; work_operations[i].name; i++)
		if (!strcmp(work_operations[i].name, word))
			return &work_operations[i];
	return NULL;
}

static void complete_kind(struct look *l, const struct work_operation *o,
			  const struct admin_kind *kind)
{
	const char *last = l->words[l->n - 1];
	int column = !strncmp(last, "--", 2) ? admin_column(kind, last + 2, strlen(last + 2)) : -1;
	size_t words = 0;

	if (o->sets && column >= 0) {
		tell_column(l, &kind->columns[column]);
		return;
	}
	if (o->sets)
		tell_columns(l, kind);
	for (size_t i = 0; i < l->n; i++)
		words += strncmp(l->words[i], "--", 2) != 0;
	/* admin, the operation, the kind: the key comes next. */
	if (words >= 3 && strcmp(l->words[l->n - 1], kind->name) == 0 && l->begin[0] != '-')
		tell_objects(l, kind);
}

static void complete_admin(struct look *l)
{
	const struct work_operation *o = NULL;
	const struct admin_kind *kind = NULL;

	for (size_t i = 1; i < l->n; i++) {
		const bool option = !strncmp(l->words[i], "--", 2);

		if (option && !o)
			i++; /* --database FILE */
		else if (!option && !o)
			o = operation_of(l->words[i]);
		else if (!option && !kind)
			kind = admin_kind(l->words[i]);
	}
	tell_choices(l, l->begin[0] == '-' ? "--json --database --cluster --help" : "");
	if (!o) {
		for (size_t i = 0; work_operations[i].name; i++)
			tell(l, work_operations[i].name);
	} else if (o->can && !kind) {
		for (size_t i = 0; admin_kind_at(i); i++)
			if (admin_kind_at(i)->can & o->can)
				tell(l, admin_kind_at(i)->name);
	} else if (kind) {
		complete_kind(l, o, kind);
	} else if (!strcmp(o->name, "checklist")) {
		tell_names(l, DB_KIND_USER);
	}
}

/* ---- all ----------------------------------------------------------------------------- */

static void complete(struct look *l)
{
	const struct sim_verb *verb;
	bool phone, app;

	if (l->n == 0) {
		tell_verbs(l, SIM_ON_CLUSTER);
		tell_choices(l, "phone app help --cluster --version");
		return;
	}
	phone = !strcmp(l->words[0], "phone");
	app = !strcmp(l->words[0], "app");
	if (!strcmp(l->words[0], "admin"))
		complete_admin(l);
	else if ((phone || app) && l->n == 1)
		tell_names(l, phone ? DB_KIND_DEVICE : DB_KIND_USER);
	else if ((phone || app) && l->n == 2)
		tell_verbs(l, phone ? SIM_ON_PHONE : SIM_ON_APP);
	else if ((verb = sim_verb(phone ? SIM_ON_PHONE
				  : app ? SIM_ON_APP
					: SIM_ON_CLUSTER,
				  l->words[phone || app ? 2 : 0])))
		complete_verb(l, verb, phone || app ? 3 : 1);
}

void sim_completion_words(const char *const *words, size_t n, FILE *out)
{
	struct look l = { .words = words, .out = out };

	if (!n)
		return;
	if (n > 2 && !strcmp(words[0], "--cluster")) {
		l.cluster = words[1];
		l.words += 2;
		n -= 2;
	}
	l.n = n - 1;
	l.begin = l.words[l.n];
	for (size_t i = 0; i + 1 < l.n; i++)
		if (!strcmp(l.words[i], "--database"))
			l.database = l.words[i + 1];
		else if (!strcmp(l.words[i], "--cluster"))
			l.cluster = l.words[i + 1];
	open_database(&l);
	complete(&l);
	db_close(&l.db);
}

int sim_completion_command(struct sim_command *command, struct sim_error *err)
{
	if (command->rest_n == 1 && !strcmp(command->rest[0], "bash")) {
		fputs(script, stdout);
		return 0;
	}
	if (command->rest_n && !strcmp(command->rest[0], "words")) {
		sim_completion_words(command->rest + 1, command->rest_n - 1, stdout);
		return 0;
	}
	return sim_fail(err, SIM_USAGE,
			"completion: 'rehome completion bash' prints the script for bash; other "
			"shells are not known");
}
