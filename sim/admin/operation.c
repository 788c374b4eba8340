/* Add, change, remove; which kinds there are; a new database. */
#include <string.h>

#include <jansson.h>

#include "sim/admin/output.h"
#include "sim/admin/work.h"
#include "sim/harness/table.h"
#include "sim/harness/topology.h"

int work_add(struct work *w, struct db_error *e)
{
	int rc = work_key(w, true, e);

	return rc ? rc : admin_add(&w->admin, &w->object, e);
}

/* The words say which; the options, which may be keys too, what is to be different. */
int work_change(struct work *w, struct db_error *e)
{
	static struct admin_object which;
	struct admin_object *to = &w->object;
	int rc;

	which = (struct admin_object){ .kind = w->kind };
	/* A word beyond the keys is what add takes there: change service ccm2 ctimanager --isactive t. */
	rc = admin_key(&which, w->words, w->words_n, false, e);
	return rc ? rc : admin_change(&w->admin, &which, to, e);
}

int work_remove(struct work *w, struct db_error *e)
{
	int rc = work_key(w, false, e);

	return rc ? rc : admin_remove(&w->admin, &w->object, e);
}

int work_kinds(struct work *w, struct db_error *e)
{
	struct sim_table *t = w->json ? NULL : sim_table_new();
	json_t *array = w->json ? json_array() : NULL;
	const struct admin_kind *k;

	(void)e;
	if (t)
		sim_table_row(t, "KIND\tNAMED BY\tWHAT IT IS");
	for (size_t i = 0; (k = admin_kind_at(i)); i++) {
		char key[200];

		admin_key_usage(k, false, key, sizeof(key));
		if (t)
			sim_table_row(t, "%s\t%s\t%s", k->name, key, k->help);
		else
			json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "kind", k->name,
							       "key", key, "help", k->help));
	}
	if (t)
		sim_table_print(&t, w->out);
	else
		work_print_json(w->out, array);
	return 0;
}

int work_create(struct work *w, struct db_error *e)
{
	const char *path = w->words_n ? w->words[0] : "";
	struct sim_topology *topology = NULL;
	struct db *db = NULL;
	int rc = 0;

	if (w->words_n != 1)
		return db_error_set(e, DB_EINPUT, "Which file is to be made? create FILE.");
	if (w->topology && sim_topology_load(&topology, w->topology, w->err) < 0)
		return db_error_set(e, DB_EINPUT, "%.500s", w->err->text);
	rc = db_create(&db, path, e);
	if (!rc && topology && sim_topology_fill(topology, db, w->err) < 0) {
		rc = db_error_set(e, DB_EINPUT, "%.500s", w->err->text);
		remove(path);
	}
	db_close(&db);
	sim_topology_destroy(&topology);
	if (!rc && !w->json)
		fprintf(w->out, "%s is made; 'rehome admin --database %s ...' works on it\n", path,
			path);
	if (!rc && w->json)
		work_print_json(w->out, json_pack("{s:s}", "database", path));
	return rc;
}
