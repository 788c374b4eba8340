#include "sim/phone/phone.h"

#include "common/msg/messages.h"

bool sim_phone_cm_usable(const struct sdl_process *self, uint8_t node)
{
	const struct phones_context *context = sdl_context(self);

	return node > 0 && node <= SDL_NODES_MAX && context->in_service[node] &&
	       sdl_link_up(self, node, SDL_APP_CALLMANAGER);
}

void sim_phone_result(struct sdl_process *self, struct sdl_pid to, const char *verb,
		      const char *phone, uint32_t result, const char *text)
{
	CommandResult r = COMMAND_RESULT__INIT;

	r.verb = (char *)verb;
	r.device = (char *)phone;
	r.result = result;
	r.text = (char *)text;
	sdl_send(self, to, SIG_CommandResult, &r);
}
