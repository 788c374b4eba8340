/* user.h - users: passwords, and warnings about what they are given. */
#ifndef SIM_ADMIN_USER_H
#define SIM_ADMIN_USER_H

#include "sim/admin/object.h"

int admin_user_check(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_user_after(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_membership_add(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_membership_remove(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_controlled_add(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_controlled_remove(struct admin *a, struct admin_object *o, struct db_error *err);

#endif
