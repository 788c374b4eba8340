#include "sim/admin/checklist.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/admin/checklist_private.h"
#include "sim/admin/output.h"
#include "sim/harness/table.h"

static const char *const steps[] = {
	"",
	"service parameters",
	"devices",
	"directory numbers",
	"device pool and group",
	"user and Controlled Devices",
	"user groups",
	"service activation",
	"application set-up",
	"application restart",
};
static const char *const states[] = { "ok", "missing", "note" };

void check_say(struct checklist *c, int step, enum check_state state, const char *format, ...)
{
	struct check_line *line = &c->lines[c->lines_n];
	va_list ap;

	/* Room is kept for one line of each step. */
	if (c->lines_n >= CHECK_LINES_MAX - 18 && check_said(c, step))
		return;
	c->lines_n++;
	line->step = step;
	line->state = state;
	va_start(ap, format);
	vsnprintf(line->text, sizeof(line->text), format, ap);
	va_end(ap);
}

bool check_said(const struct checklist *c, int step)
{
	for (size_t i = 0; i < c->lines_n; i++)
		if (c->lines[i].step == step)
			return true;
	return false;
}

/* ---- what it is about ---------------------------------------------------------------- */

static int read_parameter(void *arg, const struct db_parameter *p)
{
	struct checklist *c = arg;
	enum param_service service = p->service == DB_SERVICE_CTIMANAGER    ? PARAM_CTIMANAGER
				     : p->service == DB_SERVICE_CALLMANAGER ? PARAM_CALLMANAGER
									    : PARAM_ENTERPRISE;
	enum param_id id = param_by_name(param_service_name(service), p->name);
	char why[200];

	if (id != PARAM_IDS && p->node_id == 0)
		param_set_parse(&c->params, id, p->value ? p->value : "", why, sizeof(why));
	return 0;
}

struct names {
	char (*all)[DB_NAME];
	size_t n;
};

static int keep_name(void *arg, const char *device)
{
	struct names *names = arg;

	names->all = realloc(names->all, (names->n + 1) * sizeof(*names->all));
	if (!names->all)
		abort();
	snprintf(names->all[names->n++], DB_NAME, "%s", device);
	return 0;
}

static int read_devices(struct checklist *c, struct db_error *e)
{
	struct names names = { 0 };
	int rc = db_each_controlled(c->w->db, c->user, keep_name, &names, e);

	c->devices = calloc(names.n + 1, sizeof(*c->devices));
	if (!c->devices)
		abort();
	for (size_t i = 0; i < names.n && !rc; i++) {
		rc = db_device_by_name(c->w->db, names.all[i], &c->devices[c->devices_n], e);
		c->devices_n += !rc;
	}
	free(names.all);
	return rc;
}

static int read_all(struct checklist *c, struct db_error *e)
{
	int rc;

	param_set_defaults(&c->params);
	rc = db_each_parameter(c->w->db, read_parameter, c, e);
	if (!rc) {
		c->nodes_n = db_nodes(c->w->db, c->nodes, e);
		rc = c->nodes_n < 0 ? c->nodes_n : 0;
	}
	if (!rc)
		rc = db_user_by_id(c->w->db, c->user, &c->u, e);
	c->known = !rc;
	if (!rc)
		return read_devices(c, e);
	return rc == DB_ENOTFOUND ? 0 : rc;
}

/* ---- what is shown ------------------------------------------------------------------- */

static bool show(const struct checklist *c, FILE *out)
{
	struct sim_table *t = sim_table_new();
	bool missing = false;

	sim_table_row(t, "CLAUSE\tSTEP\tSTATE\tWHAT TO DO");
	for (int step = 1; step <= 9; step++)
		for (size_t i = 0; i < c->lines_n; i++) {
			const struct check_line *l = &c->lines[i];

			if (l->step != step)
				continue;
			missing = missing || l->state == CHECK_MISSING;
			sim_table_row(t, "CHK-%02d\t%s\t%s\t%s", step, steps[step],
				      states[l->state], l->text);
		}
	sim_table_print(&t, out);
	return missing;
}

static bool show_json(const struct checklist *c, FILE *out)
{
	json_t *array = json_array();
	bool missing = false;

	for (int step = 1; step <= 9; step++)
		for (size_t i = 0; i < c->lines_n; i++) {
			const struct check_line *l = &c->lines[i];
			char clause[16];

			if (l->step != step)
				continue;
			missing = missing || l->state == CHECK_MISSING;
			snprintf(clause, sizeof(clause), "CHK-0%u", (unsigned)step);
			json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "clause",
							       clause, "step", steps[step], "state",
							       states[l->state], "text", l->text));
		}
	work_print_json(out, array);
	return missing;
}

int work_checklist(struct work *w, struct db_error *e)
{
	struct checklist *c;
	int rc;

	if (w->words_n != 1)
		return db_error_set(e, DB_EINPUT, "Whose application? checklist USER.");
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->w = w;
	c->user = w->words[0];
	rc = read_all(c, e);
	if (!rc) {
		check_parameters(c);
		check_devices(c);
		check_numbers(c);
		check_groups(c);
		check_user(c);
		check_user_groups(c);
		check_services(c);
		rc = check_application(c, e);
	}
	if (!rc)
		rc = (w->json ? show_json(c, w->out) : show(c, w->out)) ? SIM_FAILED : 0;
	for (size_t i = 0; i < c->devices_n; i++)
		db_device_free(&c->devices[i]);
	free(c->devices);
	free(c);
	return rc;
}
