/* depend.h - dependency records (DEP-01..04). Private. */
#ifndef SIM_ADMIN_DEPEND_H
#define SIM_ADMIN_DEPEND_H

#include "sim/admin/work.h"

/* rehome admin depends KIND KEY: how many objects of which kind use it, and with --details which. With
 * the enterprise parameter Enable Dependency Records off, a message says so instead. */
int work_depends(struct work *w, struct db_error *e);
/* A removal was refused: what uses the object is listed, e gets a sentence. */
void work_in_use(struct work *w, struct db_error *e);

#endif
