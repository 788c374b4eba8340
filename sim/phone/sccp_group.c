/*
 * sccp_group.c - the CallManager group of an SCCP phone, and how it reaches the members.
 */
#include "sim/phone/sccp_phone.h"

unsigned sim_sccp_rank(const struct sccp_phone *phone, uint8_t node)
{
	unsigned i = 0;

	while (i < phone->group_n && phone->group[i] != node)
		i++;
	return i;
}

static bool refused_by(const struct sccp_phone *phone, uint8_t node)
{
	return phone->refused >> node & 1;
}

uint8_t sim_sccp_best_before(const struct sdl_process *self, const struct sccp_phone *phone,
			     unsigned rank)
{
	for (unsigned i = 0; i < rank && i < phone->group_n; i++)
		if (!refused_by(phone, phone->group[i]) &&
		    sim_phone_cm_usable(self, phone->group[i]))
			return phone->group[i];
	return 0;
}

void sim_sccp_take_group(struct sccp_phone *phone, const uint32_t *group, size_t n)
{
	phone->group_n = 0;
	for (size_t i = 0; i < n && phone->group_n < PHONE_GROUP_MAX; i++)
		if (group[i] > 0 && group[i] <= SDL_NODES_MAX)
			phone->group[phone->group_n++] = (uint8_t)group[i];
}

void sim_sccp_set_place(struct sdl_process *self, uint8_t *place, uint8_t node)
{
	struct sccp_phone *phone = sdl_data(self);
	uint8_t before = *place;

	if (before == node)
		return;
	*place = node;
	if (before && before != phone->at && before != phone->target)
		sdl_unwatch(self, before, SDL_APP_CALLMANAGER);
	if (node && phone->at != phone->target)
		sdl_watch(self, node, SDL_APP_CALLMANAGER);
}

void sim_sccp_to_phone_init(struct sdl_process *self, uint16_t number, uint8_t node)
{
	PhoneRegistration r = PHONE_REGISTRATION__INIT;

	r.node = node;
	sdl_send(self, sdl_local(self, PHONES_PHONE_INIT), number, &r);
}

struct sdl_pid sim_sccp_station_init(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_STATION_INIT, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

void sim_sccp_to_station(struct sdl_process *self, uint16_t number, const void *msg)
{
	struct sccp_phone *phone = sdl_data(self);

	sdl_send(self, phone->station, number, msg);
}
