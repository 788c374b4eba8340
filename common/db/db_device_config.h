/* db_device_config: a device of the database as the message that programs send each other.
 *
 * Use: db_device_by_name, db_device_config_make, send `config->message`, db_device_config_free. The
 * message borrows its texts from `dev`, which has to outlive it.
 */
#ifndef COMMON_DB_DB_DEVICE_CONFIG_H
#define COMMON_DB_DB_DEVICE_CONFIG_H

#include "common/db/db.h"
#include "common/msg/messages.h"

struct db_device_config {
	DeviceConfig message;
	uint32_t group[DB_GROUP_MAX];
	LineConfig *lines;
	LineConfig **line_list;
};

void db_device_config_make(struct db_device_config *config, struct db_device *dev);
void db_device_config_free(struct db_device_config *config);

/* What kind a device of that class, model and protocol is. */
DeviceKind db_device_kind(int device_class, int model, enum db_protocol protocol);

#endif
