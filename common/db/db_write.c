/* Writers: nodes, CallManager groups, device pools, partitions, search spaces, parameters. */
#include "common/db/db_private.h"

#include <stdio.h>
#include <string.h>

static int failed(struct db *db, struct db_error *err, const char *what, const char *name,
		  const struct db_fact facts[DB_FACTS_MAX])
{
	char doing[200];

	snprintf(doing, sizeof(doing), "%s '%.128s'", what, name);
	return db_explain(db, err, doing, facts);
}

static const char *service_name(enum db_service service)
{
	switch (service) {
	case DB_SERVICE_CALLMANAGER:
		return "Cisco CallManager";
	case DB_SERVICE_TFTP:
		return "Cisco Tftp";
	case DB_SERVICE_CTIMANAGER:
		return "Cisco CTIManager";
	case DB_SERVICE_WEBDIALER:
		return "Cisco WebDialer Web Service";
	case DB_SERVICE_ENTERPRISE:
		break;
	}
	return NULL;
}

static int set_service(struct db *db, const char *node_pkid, enum db_service service, bool active)
{
	char pkid[DB_PKID];

	db_pkid(db, pkid);
	return db_exec(db, DB_S_SERVICE_SET, "ssiss", pkid, node_pkid, (int)service,
		       service_name(service), active ? "t" : "f");
}

int db_add_node(struct db *db, const struct db_node_spec *spec, struct db_error *err)
{
	char number[16], pkid[DB_PKID], callmanager[DB_PKID];
	const struct db_fact facts[DB_FACTS_MAX] = { { "node", spec->name }, { "number", number } };
	int rc;

	if (!spec->name || !*spec->name)
		return db_error_set(err, DB_EINPUT, "A node needs a name.");
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	snprintf(number, sizeof(number), "%d", spec->node_id);
	db_pkid(db, pkid);
	db_pkid(db, callmanager);
	rc = db_exec(db, DB_S_NODE_ADD, "sssi", pkid, spec->name, spec->description,
		     spec->node_id + 1);
	if (!rc)
		rc = db_exec(db, DB_S_CALLMANAGER_ADD, "ssssi", callmanager, spec->name,
			     spec->description, pkid, spec->node_id);
	for (size_t i = 0; i < spec->n_services && !rc; i++)
		rc = set_service(db, pkid, spec->services[i], true);
	if (rc)
		rc = failed(db, err, "Adding node", spec->name, facts);
	return db_write_end(db, rc, err);
}

int db_remove_node(struct db *db, const char *name, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "node", name } };
	char pkid[DB_PKID];
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need(db, DB_S_NODE_PKID, "node", name, pkid, err);
	if (!rc && (db_exec(db, DB_S_CALLMANAGER_REMOVE, "s", pkid) ||
		    db_exec(db, DB_S_NODE_REMOVE, "s", pkid))) {
		rc = failed(db, err, "Removing node", name, facts);
		if (rc == DB_EINUSE)
			rc = db_in_use(db, DB_KIND_NODE, name, err);
	}
	return db_write_end(db, rc, err);
}

int db_set_service(struct db *db, const char *node, enum db_service service, bool active,
		   struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "node", node } };
	char pkid[DB_PKID];
	int rc;

	if (!service_name(service))
		return db_error_set(err, DB_EINPUT, "Service %d cannot be activated on a node.",
				    (int)service);
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_need(db, DB_S_NODE_PKID, "node", node, pkid, err);
	if (!rc && set_service(db, pkid, service, active))
		rc = failed(db, err, "Setting a service of node", node, facts);
	return db_write_end(db, rc, err);
}

static int add_members(struct db *db, const char *group_pkid, const struct db_group_spec *spec,
		       struct db_error *err)
{
	for (size_t i = 0; i < spec->n_nodes; i++) {
		const struct db_fact facts[DB_FACTS_MAX] = { { "group", spec->name },
							     { "node", spec->nodes[i] } };
		char pkid[DB_PKID], callmanager[DB_PKID];
		int rc = db_need(db, DB_S_CALLMANAGER_PKID, "node", spec->nodes[i], callmanager,
				 err);

		if (rc)
			return rc;
		db_pkid(db, pkid);
		if (db_exec(db, DB_S_MEMBER_ADD, "sssi", pkid, group_pkid, callmanager, (int)i))
			return failed(db, err, "Adding a member to CallManager group", spec->name,
				      facts);
	}
	return 0;
}

static int check_group(const struct db_group_spec *spec, struct db_error *err)
{
	if (!spec->name || !*spec->name)
		return db_error_set(err, DB_EINPUT, "A CallManager group needs a name.");
	if (!spec->n_nodes)
		return db_error_set(
			err, DB_EINPUT,
			"CallManager group '%s' has no member, so no device of it could "
			"work; name one to three nodes.",
			spec->name);
	return 0;
}

int db_add_group(struct db *db, const struct db_group_spec *spec, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "group", spec->name } };
	char pkid[DB_PKID];
	int rc = check_group(spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	db_pkid(db, pkid);
	if (db_exec(db, DB_S_GROUP_ADD, "ss", pkid, spec->name))
		rc = failed(db, err, "Adding CallManager group", spec->name, facts);
	else
		rc = add_members(db, pkid, spec, err);
	return db_write_end(db, rc, err);
}

int db_set_group(struct db *db, const struct db_group_spec *spec, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "group", spec->name } };
	char pkid[DB_PKID];
	int rc = check_group(spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_need(db, DB_S_GROUP_PKID, "CallManager group", spec->name, pkid, err);
	if (!rc && db_exec(db, DB_S_MEMBERS_REMOVE, "s", pkid))
		rc = failed(db, err, "Changing CallManager group", spec->name, facts);
	if (!rc)
		rc = add_members(db, pkid, spec, err);
	return db_write_end(db, rc, err);
}

struct removal {
	const char *kind;
	enum db_kind dependents;
	enum db_stmt lookup, remove;
};

static int remove_named(struct db *db, const struct removal *r, const char *name,
			struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	char pkid[DB_PKID], what[64];
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need(db, r->lookup, r->kind, name, pkid, err);
	if (!rc && db_exec(db, r->remove, "s", pkid)) {
		snprintf(what, sizeof(what), "Removing %s", r->kind);
		rc = failed(db, err, what, name, none);
		if (rc == DB_EINUSE)
			rc = db_in_use(db, r->dependents, name, err);
	}
	return db_write_end(db, rc, err);
}

int db_remove_group(struct db *db, const char *name, struct db_error *err)
{
	static const struct removal r = { "CallManager group", DB_KIND_GROUP, DB_S_GROUP_PKID,
					  DB_S_GROUP_REMOVE };

	return remove_named(db, &r, name, err);
}

int db_remove_device_pool(struct db *db, const char *name, struct db_error *err)
{
	static const struct removal r = { "device pool", DB_KIND_POOL, DB_S_POOL_PKID,
					  DB_S_POOL_REMOVE };

	return remove_named(db, &r, name, err);
}

int db_remove_partition(struct db *db, const char *name, struct db_error *err)
{
	static const struct removal r = { "partition", DB_KIND_PARTITION, DB_S_PARTITION_PKID,
					  DB_S_PARTITION_REMOVE };

	return remove_named(db, &r, name, err);
}

int db_remove_search_space(struct db *db, const char *name, struct db_error *err)
{
	static const struct removal r = { "calling search space", DB_KIND_SEARCH_SPACE,
					  DB_S_CSS_PKID, DB_S_CSS_REMOVE };

	return remove_named(db, &r, name, err);
}

int db_remove_device(struct db *db, const char *name, struct db_error *err)
{
	static const struct removal r = { "device", DB_KIND_DEVICE, DB_S_DEVICE_PKID,
					  DB_S_DEVICE_REMOVE };

	return remove_named(db, &r, name, err);
}

int db_add_device_pool(struct db *db, const char *name, const char *group, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "pool", name }, { "group", group } };
	char pkid[DB_PKID], group_pkid[DB_PKID];
	int rc;

	if (!name || !*name)
		return db_error_set(err, DB_EINPUT, "A device pool needs a name.");
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_GROUP_PKID, "CallManager group", group, group_pkid, err);
	db_pkid(db, pkid);
	if (!rc && db_exec(db, DB_S_POOL_ADD, "sss", pkid, name, group_pkid))
		rc = failed(db, err, "Adding device pool", name, facts);
	return db_write_end(db, rc, err);
}

int db_add_partition(struct db *db, const char *name, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "partition", name } };
	char pkid[DB_PKID];
	int rc;

	if (!name || !*name)
		return db_error_set(err, DB_EINPUT, "A partition needs a name.");
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	db_pkid(db, pkid);
	if (db_exec(db, DB_S_PARTITION_ADD, "ss", pkid, name))
		rc = failed(db, err, "Adding partition", name, facts);
	return db_write_end(db, rc, err);
}

/* The field keeps the partitions' names beside the members, joined by colons. */
static void join_names(char *out, size_t size, const char *const *names, size_t n)
{
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%.128s", i ? ":" : "",
					 names[i]);
}

int db_add_search_space(struct db *db, const char *name, const char *const *partitions, size_t n,
			struct db_error *err)
{
	char pkid[DB_PKID], member[DB_PKID], partition[DB_PKID], clause[1024];
	int rc;

	if (!name || !*name)
		return db_error_set(err, DB_EINPUT, "A calling search space needs a name.");
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	join_names(clause, sizeof(clause), partitions, n);
	db_pkid(db, pkid);
	if (db_exec(db, DB_S_CSS_ADD, "sss", pkid, name, clause)) {
		const struct db_fact facts[DB_FACTS_MAX] = { { "css", name } };

		rc = failed(db, err, "Adding calling search space", name, facts);
	}
	for (size_t i = 0; i < n && !rc; i++) {
		const struct db_fact facts[DB_FACTS_MAX] = { { "css", name },
							     { "partition", partitions[i] } };

		rc = db_need(db, DB_S_PARTITION_PKID, "partition", partitions[i], partition, err);
		db_pkid(db, member);
		if (!rc &&
		    db_exec(db, DB_S_CSS_MEMBER_ADD, "sssi", member, pkid, partition, (int)i + 1))
			rc = failed(db, err, "Adding calling search space", name, facts);
	}
	return db_write_end(db, rc, err);
}

int db_set_parameter(struct db *db, enum db_service service, const char *name, const char *value,
		     const char *node, struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "parameter", name }, { "node", node } };
	char pkid[DB_PKID], node_pkid[DB_PKID] = DB_ENTERPRISE_NODE;
	int rc;

	if (!name || !*name)
		return db_error_set(err, DB_EINPUT, "A parameter needs a name.");
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	if (node)
		rc = db_need(db, DB_S_NODE_PKID, "node", node, node_pkid, err);
	db_pkid(db, pkid);
	if (!rc) {
		if (value)
			rc = db_exec(db, DB_S_PARAMETER_SET, "ssist", pkid, node_pkid, (int)service,
				     name, value);
		else
			rc = db_exec(db, DB_S_PARAMETER_REMOVE, "sis", node_pkid, (int)service,
				     name);
		if (rc)
			rc = failed(db, err, "Setting parameter", name, facts);
	}
	return db_write_end(db, rc, err);
}
