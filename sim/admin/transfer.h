/* transfer.h - bulk import and export of the objects of a kind as CSV. Private.
 *
 * The first row names columns. An import is one transaction: all rows or none; a row that is refused is
 * named by its number. What an export wrote an import takes. Passwords are not exported. */
#ifndef SIM_ADMIN_TRANSFER_H
#define SIM_ADMIN_TRANSFER_H

#include "sim/admin/work.h"

int work_import(struct work *w, struct db_error *e);
int work_export(struct work *w, struct db_error *e);

#endif
