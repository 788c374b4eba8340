/* node.h - nodes, services on them, CallManager groups and parameters: what is not one plain row. */
#ifndef SIM_ADMIN_NODE_H
#define SIM_ADMIN_NODE_H

#include "sim/admin/object.h"

int admin_node_add(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_node_remove(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_service_change(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_group_check(struct admin *a, struct admin_object *o, struct db_error *err);

/* parameter.c. The parameters that there are, with presets and ranges, as a table of this connection:
 * temp.rehomeparameter. */
int admin_parameter_table(struct db *db, struct db_error *err);
int admin_parameter_set(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_parameter_remove(struct admin *a, struct admin_object *o, struct db_error *err);

#endif
