/* cluster_programs.h - the real programs for struct sdl_virt_program, and a database for each. */
#ifndef TESTS_LIB_CLUSTER_PROGRAMS_H
#define TESTS_LIB_CLUSTER_PROGRAMS_H

#include "common/db/db.h"
#include "sdl/program.h"

/* .make, each with a context of its own, which .unmake frees. */
void cluster_make_callmanager(void *arg, struct sdl_config *config);
void cluster_make_ctimanager(void *arg, struct sdl_config *config);
void cluster_make_phones(void *arg, struct sdl_config *config);
void cluster_free_context(void *arg, void *context);

/* .resource: a copy of the template, which has to outlive the program. */
struct sdl_resource cluster_database(struct db_template *template);

#endif
