/* dial_rules.h - sets of SIP dial rules: their patterns are rows of another table. */
#ifndef SIM_ADMIN_DIAL_RULES_H
#define SIM_ADMIN_DIAL_RULES_H

#include "sim/admin/object.h"

int admin_dial_rules_after(struct admin *a, struct admin_object *o, struct db_error *err);

#endif
