/*
 * database.h - the cluster's database as the resource of a program's served types.
 *
 *	struct sdl_database place = { .writes = true };
 *	sdl_database_resource(&spec.resource, &place, "RUN/cluster.db", CM_DEVICE_MANAGER);
 *
 * The served types then get a `struct db *`. What others change in the file is told to instance 1
 * of the notified type, one DbChangeNotify per changed row (USR-07).
 */
#ifndef SDL_DATABASE_H
#define SDL_DATABASE_H

#include "common/db/db.h"
#include "sdl/program.h"

#define SDL_DATABASE_FILE "cluster.db" /* in the directory of a run */

/* The caller's, for the life of the program. */
struct sdl_database {
	char path[512];
	bool writes;	 /* set by the caller first: some of its served types write, if they may */
	int64_t version; /* db_data_version when last looked */
	int64_t change;	 /* the last change told */
};

void sdl_database_resource(struct sdl_resource *resource, struct sdl_database *place,
			   const char *path, uint8_t notify_type);

/* The parts, for hosts that open the database in another way: marks what there is as told... */
void sdl_database_begin(struct sdl_database *place, struct db *db);
/* ...and tells what has been changed since. */
void sdl_database_tell(struct sdl_database *place, struct db *db, struct sdl_answer *a);

struct sdl_real_options;
/* All of it for a program of the real host: the database of its run directory is its resource, and
 * the parameters in it are its own. 0, or -1 with one sentence in why: no such file, not a database
 * of ours, of another version. */
int sdl_database_of_run(struct sdl_real_options *options, struct sdl_database *place,
			uint8_t notify_type, char *why, size_t why_size);

/* Puts the cluster's service and enterprise parameters into params, those of node over clusterwide
 * ones. A value that its parameter does not take is left out. 0, or a negative db_code with err. */
int sdl_database_params(struct db *db, uint8_t node, struct param_set *params,
			struct db_error *err);

#endif
