/*
 * checklist.h - the steps of setting up CTI for an application, one after the other (CHK-01..09): which
 * are complete, and what to do about the others. Private.
 *
 * States: ok; missing: the application does not work until that is done; note: it works, but see. The
 * exit status is 1 when something is missing. What the application itself is told, its list of CTIManagers,
 * a running cluster knows; for one that is stopped --ctimanagers says it.
 */
#ifndef SIM_ADMIN_CHECKLIST_H
#define SIM_ADMIN_CHECKLIST_H

#include "sim/admin/work.h"

int work_checklist(struct work *w, struct db_error *e);

#endif
