/* db_message.h - what the database says, as messages of the programs: for those who serve it (Db,
 * CTIDbAccess).
 *
 * Use for a device: db_device_by_name, db_device_config_make, send `config->message`,
 * db_device_config_free. The message borrows its texts from `dev`, which has to outlive it.
 */
#ifndef COMMON_DB_DB_MESSAGE_H
#define COMMON_DB_DB_MESSAGE_H

#include "common/db/db.h"
#include "common/msg/messages.h"

/* What a code of db.h (0 or negative; lists: a count or negative) is in an answer. */
DbResult db_result(int rc);

/* Can the database (NULL: there is none) be read? Opening has checked that it is ours. The answer
 * borrows err's text. */
void db_init_answer(struct db *db, DbInitRes *res, struct db_error *err);

struct db_device_config {
	DeviceConfig message;
	uint32_t group[DB_GROUP_MAX];
	LineConfig *lines;
	LineConfig **line_list;
	char *(*css)[2];
	DialRule *dial_rules;
	DialRule **dial_rule_list;
};

void db_device_config_make(struct db_device_config *config, struct db_device *dev);
void db_device_config_free(struct db_device_config *config);

/* The calling search spaces of a line in the order in which they count: the line's own, then the
 * device's; on CTI ports and route points the other way round. Empty ones are left out. Returns how
 * many there are. */
size_t db_css_order(char *css[2], DeviceKind kind, char *of_line, char *of_device);

/* What kind a device of that class, model and protocol is. */
DeviceKind db_device_kind(int device_class, int model, enum db_protocol protocol);

#endif
