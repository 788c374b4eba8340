#include "tests/lib/cluster_programs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "callmanager/callmanager.h"
#include "ctimanager/ctimanager.h"
#include "sim/phones.h"
#include "tests/lib/db_fault.h"

static void *context_of(size_t size)
{
	void *context = calloc(1, size);

	ck_assert_ptr_nonnull(context);
	return context;
}

void cluster_make_callmanager(void *arg, struct sdl_config *config)
{
	(void)arg;
	cm_program(config, context_of(sizeof(struct cm_context)));
}

void cluster_make_ctimanager(void *arg, struct sdl_config *config)
{
	(void)arg;
	ctim_program(config);
	db_fault_program(config);
}

void cluster_make_phones(void *arg, struct sdl_config *config)
{
	(void)arg;
	phones_program(config, context_of(sizeof(struct phones_context)));
}

void cluster_free_context(void *arg, void *context)
{
	(void)arg;
	free(context);
}

static void *open_copy(void *arg, char *why, size_t why_size)
{
	struct db_error err;
	struct db *db;

	if (db_clone(&db, arg, &err) == 0)
		return db;
	snprintf(why, why_size, "%s", err.text);
	return NULL;
}

static void close_copy(void *resource)
{
	struct db *db = resource;

	db_close(&db);
}

struct sdl_resource cluster_database(struct db_template *template)
{
	return (struct sdl_resource){ .open = open_copy, .close = close_copy, .arg = template };
}
