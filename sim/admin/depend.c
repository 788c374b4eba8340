#include "sim/admin/depend.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/param.h"
#include "sim/admin/output.h"
#include "sim/harness/table.h"

#define TYPES_MAX 16

/* What uses an object: all of it, and counted by what it is. */
struct records {
	json_t *details;
	struct {
		char kind[40];
		size_t n;
	} types[TYPES_MAX];
	size_t types_n, n;
};

static int one(void *arg, const struct db_dependent *d)
{
	struct records *r = arg;
	size_t i = 0;

	while (i < r->types_n && strcmp(r->types[i].kind, d->kind) != 0)
		i++;
	if (i == TYPES_MAX)
		abort(); /* the statements name fewer */
	if (i == r->types_n)
		snprintf(r->types[r->types_n++].kind, sizeof(r->types[i].kind), "%s", d->kind);
	r->types[i].n++;
	r->n++;
	json_array_append_new(r->details,
			      json_pack("{s:s, s:s}", "type", d->kind, "name", d->name));
	return 0;
}

static int collect(struct work *w, struct records *r, struct db_error *e)
{
	char key[300];

	*r = (struct records){ .details = json_array() };
	if (w->kind->depends < 0)
		return 0;
	admin_key_text(&w->object, key, sizeof(key));
	return db_each_dependent(w->db, (enum db_kind)w->kind->depends, key, one, r, e);
}

static json_t *summary_json(const struct records *r)
{
	json_t *array = json_array();

	for (size_t i = 0; i < r->types_n; i++)
		json_array_append_new(array,
				      json_pack("{s:I, s:s}", "count", (json_int_t)r->types[i].n,
						"type", r->types[i].kind));
	return array;
}

static void print_details(const struct records *r, FILE *out)
{
	struct sim_table *t = sim_table_new();
	json_t *value;
	size_t i;

	sim_table_row(t, "TYPE\tNAME");
	json_array_foreach(r->details, i, value)
		sim_table_row(t, "%s\t%s", json_string_value(json_object_get(value, "type")),
			      json_string_value(json_object_get(value, "name")));
	sim_table_print(&t, out);
}

static void print_summary(const struct records *r, FILE *out)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "COUNT\tTYPE");
	for (size_t i = 0; i < r->types_n; i++)
		sim_table_row(t, "%zu\t%s", r->types[i].n, r->types[i].kind);
	sim_table_print(&t, out);
}

/* ---- the enterprise parameter -------------------------------------------------------- */

static int read_parameter(void *arg, const struct db_parameter *p)
{
	struct param_set *set = arg;
	enum param_id id = PARAM_IDS;
	char why[200];

	if (p->service == DB_SERVICE_ENTERPRISE)
		id = param_by_name(param_service_name(PARAM_ENTERPRISE), p->name);
	if (id != PARAM_IDS && p->node_id == 0)
		param_set_parse(set, id, p->value ? p->value : "", why, sizeof(why));
	return 0;
}

#define OFF                                                                                        \
	"Dependency records are not enabled; 'rehome admin change parameter \"Enterprise Wide\" "  \
	"\"Enable Dependency Records\" --paramvalue True' enables them (they cost much in large "  \
	"databases)."

int work_depends(struct work *w, struct db_error *e)
{
	struct param_set set;
	struct records r = { 0 };
	char key[300];
	int rc;

	param_set_defaults(&set);
	rc = work_key(w, false, e);
	if (!rc)
		rc = db_each_parameter(w->db, read_parameter, &set, e);
	if (rc)
		return rc;
	if (!param_value(&set, PARAM_ENABLE_DEPENDENCY_RECORDS)) {
		if (w->json)
			work_print_json(w->out,
					json_pack("{s:b, s:s}", "enabled", 0, "message", OFF));
		else
			fprintf(w->out, "%s\n", OFF);
		return 0;
	}
	rc = admin_bind_object(&w->admin, &w->object, e);
	if (!rc)
		rc = admin_find(&w->admin, &w->object, e);
	if (!rc)
		rc = collect(w, &r, e);
	admin_key_text(&w->object, key, sizeof(key));
	if (!rc && w->json)
		work_print_json(w->out, json_pack("{s:b, s:s, s:s, s:o, s:O}", "enabled", 1, "kind",
						  w->kind->name, "key", key, "summary",
						  summary_json(&r), "details", r.details));
	else if (!rc && !r.n)
		fprintf(w->out, "nothing uses %s %s\n", w->kind->title, key);
	else if (!rc && w->details)
		print_details(&r, w->out);
	else if (!rc)
		print_summary(&r, w->out);
	json_decref(r.details);
	return rc;
}

void work_in_use(struct work *w, struct db_error *e)
{
	struct records r;
	struct db_error unread;
	char key[300];

	admin_key_text(&w->object, key, sizeof(key));
	if (!collect(w, &r, &unread) && r.n) {
		if (w->json)
			work_print_json(w->out, json_pack("{s:s, s:s, s:O}", "kind", w->kind->name,
							  "key", key, "details", r.details));
		else
			print_details(&r, w->out);
		db_error_set(e, DB_EINUSE,
			     "%s '%.200s' is in use, as listed (%zu); change or remove %s first.",
			     w->kind->title, key, r.n, r.n > 1 ? "those" : "that");
	}
	json_decref(r.details);
}
