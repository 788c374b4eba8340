#include "ctimanager/ctimanager.h"

#include "ctimanager/process.h"
#include "sdl/link/link_admin.h"

static const struct sdl_type *const types[] = {
	&sdl_link_admin,   &ctim_cti_db_access,	      &ctim_directory, &ctim_cti_manager,
	&ctim_cti_handler, &ctim_cti_device_line_mgr, &ctim_cm_link,   &ctim_park_monitor,
};

void ctim_program(struct sdl_config *config)
{
	config->types = types;
	config->types_n = sizeof(types) / sizeof(types[0]);
	config->accept_type = CTIM_CTI_MANAGER;
}
