/* Lists of an object, members and the like: rows of another table, written anew as a whole. */
#include "sim/admin/object.h"

#include <stdlib.h>
#include <string.h>

#include "sim/admin/sentence.h"

static int add_member(struct admin *a, const struct admin_object *o, const struct admin_list *list,
		      const char *name, int place, struct db_error *err)
{
	const struct admin_reference_def *r = admin_reference(list->reference);
	char pkid[DB_PKID], own[DB_PKID], order[16];
	const char *texts[4] = { own, o->pkid, pkid, order };
	struct sentence s;
	int rc;

	sentence_begin(&s, "%s", "");
	sentence_expand(&s, r->find, "?1");
	rc = admin_look(a, s.text, 1, &name, pkid, sizeof(pkid), err);
	if (!rc && !pkid[0])
		return db_error_set(err, DB_ENOTFOUND,
				    "There is no %s '%.150s'; add it first, or correct the name.",
				    r->what, name);
	if (rc)
		return rc;
	db_pkid(a->db, own);
	snprintf(order, sizeof(order), "%d", place);
	sentence_begin(&s, "INSERT INTO %s (pkid, %s, %s%s%s) VALUES (?1, ?2, ?3%s)", list->table,
		       list->link, list->column, list->order ? ", " : "",
		       list->order ? list->order : "", list->order ? ", ?4" : "");
	a->member = (struct db_fact){ list->fact, name };
	rc = admin_run(a, o, "Setting the members of", s.text, list->order ? 4 : 3, texts, err);
	a->member = (struct db_fact){ 0 };
	return rc;
}

static int store(struct admin *a, const struct admin_object *o, const struct admin_list *list,
		 const char *text, struct db_error *err)
{
	const char *pkid[1] = { o->pkid };
	char *names = strdup(text);
	struct sentence s;
	int place = list->first;
	int rc;

	if (!names)
		abort();
	sentence_begin(&s, "DELETE FROM %s WHERE %s = ?1", list->table, list->link);
	rc = admin_run(a, o, "Setting the members of", s.text, 1, pkid, err);
	for (char *save, *name = strtok_r(names, ",", &save); name && !rc;
	     name = strtok_r(NULL, ",", &save)) {
		size_t n;

		name += strspn(name, " ");
		n = strlen(name);
		while (n && name[n - 1] == ' ')
			name[--n] = '\0';
		rc = add_member(a, o, list, name, place++, err);
	}
	free(names);
	return rc;
}

int admin_store_lists(struct admin *a, const struct admin_object *o, struct db_error *err)
{
	int rc = 0;

	for (size_t i = 0; o->kind->columns[i].name && !rc; i++)
		if (o->text[i] && o->kind->columns[i].type == ADMIN_LIST)
			rc = store(a, o, o->kind->columns[i].list, o->text[i], err);
	return rc;
}
