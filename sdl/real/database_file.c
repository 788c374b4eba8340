/* database_file.c - the database as a resource: opening, changes, parameters. */
#include "sdl/database.h"

#include <stdio.h>

#include "common/msg/messages.h"
#include "sdl/real.h"

void sdl_database_begin(struct sdl_database *place, struct db *db)
{
	place->version = db_data_version(db);
	place->change = db_last_change(db);
}

struct telling {
	struct sdl_database *place;
	struct sdl_answer *answer;
};

static int tell_one(void *arg, const struct db_change *c)
{
	struct telling *t = arg;
	DbChangeNotify msg = DB_CHANGE_NOTIFY__INIT;

	msg.table = (char *)(uintptr_t)c->table;
	msg.pkid = (char *)(uintptr_t)c->pkid;
	msg.operation = (char *)(uintptr_t)c->operation;
	msg.name = c->name && c->name[0] ? (char *)(uintptr_t)c->name : NULL;
	sdl_answer(t->answer, SIG_DbChangeNotify, &msg);
	t->place->change = c->id;
	return 0;
}

void sdl_database_tell(struct sdl_database *place, struct db *db, struct sdl_answer *a)
{
	struct telling t = { .place = place, .answer = a };
	struct db_error err = { 0 };
	int64_t version = db_data_version(db);

	/* The version tells of other connections only; on the virtual host all share one. */
	if (version == place->version && db_last_change(db) == place->change)
		return;
	/* The table of changes was emptied: what is in it now is all new. */
	if (db_last_change(db) < place->change)
		place->change = 0;
	/* Locked just now: the version is kept, so that the next look finds it again. */
	if (db_changes_since(db, place->change, tell_one, &t, &err) >= 0)
		place->version = version;
}

static void *open_database(void *arg, char *why, size_t why_size)
{
	struct sdl_database *place = arg;
	struct db_error err = { 0 };
	struct db *db = NULL;
	int rc = db_open(&db, place->path, place->writes ? DB_READ_WRITE : DB_READ_ONLY, &err);

	if (rc == DB_EREADONLY || rc == DB_EACCESS) /* what it would write is refused, no more */
		rc = db_open(&db, place->path, DB_READ_ONLY, &err);
	if (rc) {
		snprintf(why, why_size, "%s", err.text);
		return NULL;
	}
	sdl_database_begin(place, db);
	return db;
}

static void close_database(void *resource)
{
	struct db *db = resource;

	db_close(&db);
}

static void poll_database(void *arg, void *resource, struct sdl_answer *a)
{
	sdl_database_tell(arg, resource, a);
}

void sdl_database_resource(struct sdl_resource *resource, struct sdl_database *place,
			   const char *path, uint8_t notify_type)
{
	snprintf(place->path, sizeof(place->path), "%s", path);
	*resource = (struct sdl_resource){
		.open = open_database,
		.close = close_database,
		.poll = poll_database,
		.notify_type = notify_type,
		.arg = place,
	};
}

/* ---- parameters ----------------------------------------------------------------------------- */
struct filling {
	struct param_set *params;
	uint8_t node;
};

static const char *service_name(enum db_service service)
{
	switch (service) {
	case DB_SERVICE_CALLMANAGER:
		return param_service_name(PARAM_CALLMANAGER);
	case DB_SERVICE_CTIMANAGER:
		return param_service_name(PARAM_CTIMANAGER);
	case DB_SERVICE_ENTERPRISE:
		return param_service_name(PARAM_ENTERPRISE);
	default:
		return NULL;
	}
}

static int fill(void *arg, const struct db_parameter *p)
{
	struct filling *f = arg;
	const char *service = service_name(p->service);
	enum param_id id = service ? param_by_name(service, p->name) : PARAM_IDS;
	char why[256];

	if (id != PARAM_IDS && (!p->node_id || p->node_id == f->node) &&
	    param_set_parse(f->params, id, p->value, why, sizeof(why)))
		fprintf(stderr, "%s: %s; the parameter keeps its former value\n", p->name, why);
	return 0;
}

int sdl_database_params(struct db *db, uint8_t node, struct param_set *params, struct db_error *err)
{
	struct filling f = { .params = params, .node = node };

	return db_each_parameter(db, fill, &f, err);
}

int sdl_database_of_run(struct sdl_real_options *o, struct sdl_database *place, uint8_t notify_type,
			char *why, size_t why_size)
{
	struct db_error err = { 0 };
	struct db *db = NULL;
	char path[sizeof(place->path)];

	if (!o->run_dir) {
		snprintf(why, why_size, "no directory of a run with a database in it: give --run");
		return -1;
	}
	snprintf(path, sizeof(path), "%s/" SDL_DATABASE_FILE, o->run_dir);
	sdl_database_resource(&o->resource, place, path, notify_type);
	if (db_open(&db, path, DB_READ_ONLY, &err) ||
	    sdl_database_params(db, o->config.node, &o->params, &err) < 0) {
		snprintf(why, why_size, "%s", err.text);
		db_close(&db);
		return -1;
	}
	db_close(&db);
	return 0;
}
