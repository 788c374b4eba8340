/* process.h - the process types of the CTIManager, one per file; their numbers. */
#ifndef CTIMANAGER_PROCESS_H
#define CTIMANAGER_PROCESS_H

#include "sdl/sdl.h"
#include "common/msg/address.h"

enum ctim_type {
	CTIM_CTI_HANDLER = TYPE_FIRST_FREE,
	CTIM_CTI_DEVICE_LINE_MGR,
	CTIM_CM_LINK,
};

extern const struct sdl_type ctim_cti_manager;
extern const struct sdl_type ctim_cti_handler;
extern const struct sdl_type ctim_cti_device_line_mgr;
extern const struct sdl_type ctim_cm_link;
extern const struct sdl_type ctim_park_monitor;
extern const struct sdl_type ctim_directory;
extern const struct sdl_type ctim_cti_db_access;

#endif
