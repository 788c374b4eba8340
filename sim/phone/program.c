#include "sim/phones.h"

#include "sdl/link/link_admin.h"
#include "sim/media.h"
#include "sim/phone/phone.h"

static const struct sdl_type *const types[] = {
	&sdl_link_admin, &sim_phone_init, &sim_media,
	&sim_sccp_phone, &sim_sip_phone,  &sim_conference_bridge,
};

void phones_program(struct sdl_config *config, struct phones_context *context)
{
	if (context->cluster == 0)
		context->cluster = 1;
	context->incarnation = config->incarnation;
	config->types = types;
	config->types_n = sizeof(types) / sizeof(types[0]);
	config->accept_type = 0;
	config->context = context;
}
