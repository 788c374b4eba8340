/* Nodes are two rows, services have a row only when they were ever activated. */
#include "sim/admin/node.h"

#include <stdlib.h>
#include <string.h>

int admin_node_add(struct admin *a, struct admin_object *o, struct db_error *err)
{
	static const enum db_service services[] = { DB_SERVICE_CALLMANAGER };
	const char *number = admin_text(o, "ctiid");
	struct db_node_spec spec = { .name = admin_text(o, "name"),
				     .description = admin_text(o, "description"),
				     .services = services,
				     .n_services = 1 };
	struct db_node nodes[DB_NODES_MAX];
	int n = db_nodes(a->db, nodes, err);

	if (n < 0)
		return n;
	if (number && *number) {
		spec.node_id = atoi(number);
	} else {
		spec.node_id = 1;
		while (spec.node_id <= n && nodes[spec.node_id - 1].node_id == spec.node_id)
			spec.node_id++;
	}
	return db_add_node(a->db, &spec, err);
}

int admin_node_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	return db_remove_node(a->db, admin_text(o, "name"), err);
}

int admin_service_change(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const int active = admin_column(o->kind, "isactive", 8);
	const int service = admin_column(o->kind, "tkservice", 9);
	const struct admin_object *of = o->of;
	struct admin_object named = *of;
	int rc = admin_bind_object(a, &named, err);

	if (rc)
		return rc;
	return db_set_service(a->db, admin_text(o, "fkprocessnode"),
			      (enum db_service)atoi(named.bound[service]),
			      o->bound[active][0] == 't', err);
}

/* An empty list would leave its devices without any CallManager. */
int admin_group_check(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *members = o->text[admin_column(o->kind, "members", 7)];

	(void)a;
	if (!members || members[strspn(members, ", ")])
		return 0;
	return db_error_set(err, DB_EINPUT,
			    "CallManager group '%s' would have no member, so no device of it could "
			    "work; name one to three nodes.",
			    admin_text(o, "name"));
}
