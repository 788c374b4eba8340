/* The process types of the CallManager. */
#include "callmanager/process.h"
#include "sdl/link/link_admin.h"

static const struct sdl_type *const types[] = {
	&sdl_link_admin,
	&cm_db,
	&cm_device_manager,
	&cm_station_init,
	&cm_cti_registrar,
	&cm_da,
	&cm_cc,
	&cm_station_d,
	&cm_cti_station_d,
	&cm_line_control,
	&cm_line_cdpc,
	&cm_transfer,
	&cm_park_manager,
	&cm_park_slot,
	&cm_sip_station_init,
	&cm_sip_station_d,
	&cm_shared_line,
	&cm_pickup_manager,
	&cm_pickup,
	&cm_media_resource_manager,
	&cm_conference,
	&cm_join,
};

void cm_program(struct sdl_config *config, struct cm_context *context)
{
	*context = (struct cm_context){ .incarnation = config->incarnation };
	config->types = types;
	config->types_n = sizeof types / sizeof types[0];
	config->accept_type = 0;
	config->context = context;
}
