#include "sim/call/call.h"

#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "sim/harness/run_dir.h"

#define MODEL_CTI_PORT 72 /* typemodel; ports are of the class of phones */

static char *copy(const char *text)
{
	char *own = strdup(text);

	if (!own)
		abort();
	return own;
}

static int take(void *arg, const struct db_number *n)
{
	struct call_who *who = arg;
	struct call_party *p;

	if (!n->device[0])
		return 0;
	who->parties = realloc(who->parties, (who->n + 1) * sizeof(*who->parties));
	if (!who->parties)
		abort();
	p = &who->parties[who->n++];
	p->dn = copy(n->dn);
	p->device = copy(n->device);
	p->phone = n->device_class == 1 && n->model != MODEL_CTI_PORT;
	return 0;
}

int call_who_read(struct call_who *who, const char *dir, struct sim_error *err)
{
	char path[SIM_RUN_DIR_SIZE + 16];
	struct db_error e = { 0 };
	struct db *db;
	int result;

	*who = (struct call_who){ 0 };
	snprintf(path, sizeof(path), "%s/cluster.db", dir);
	if (db_open(&db, path, DB_READ_ONLY, &e) < 0)
		return sim_fail(err, SIM_USAGE, "%s: %s", path, e.text);
	result = db_each_number(db, take, who, &e);
	db_close(&db);
	if (result < 0) {
		call_who_free(who);
		return sim_fail(err, SIM_UNKNOWN, "%s", e.text);
	}
	return 0;
}

void call_who_free(struct call_who *who)
{
	for (size_t i = 0; i < who->n; i++) {
		free(who->parties[i].dn);
		free(who->parties[i].device);
	}
	free(who->parties);
	*who = (struct call_who){ 0 };
}

const struct call_party *call_who_find(const struct call_who *who, const char *name)
{
	const struct call_party *found = NULL;

	for (size_t i = 0; i < who->n; i++) {
		const struct call_party *p = &who->parties[i];

		if (strcmp(p->device, name) != 0 && strcmp(p->dn, name) != 0)
			continue;
		if (p->phone)
			return p;
		if (!found)
			found = p;
	}
	return found;
}
