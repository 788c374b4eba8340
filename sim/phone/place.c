#include "sim/phone/place.h"

#include <string.h>

#define NS_PER_S INT64_C(1000000000)

unsigned sim_place_rank(const struct phone_place *p, uint8_t node)
{
	unsigned i = 0;

	while (i < p->group_n && p->group[i] != node)
		i++;
	return i;
}

/* The first member before that rank which is in service and has not refused; 0 = none. */
static uint8_t best_before(const struct sdl_process *self, const struct phone_place *p,
			   unsigned rank)
{
	for (unsigned i = 0; i < rank && i < p->group_n; i++)
		if (!(p->refused >> p->group[i] & 1) && sim_phone_cm_usable(self, p->group[i]))
			return p->group[i];
	return 0;
}

void sim_place_take_group(struct phone_place *p, const uint32_t *group, size_t n)
{
	uint8_t before[PHONE_GROUP_MAX] = { 0 };

	if (n == 0)
		return;
	memcpy(before, p->group, p->group_n);
	memset(p->group, 0, sizeof(p->group));
	p->group_n = 0;
	for (size_t i = 0; i < n && p->group_n < PHONE_GROUP_MAX; i++)
		if (group[i] > 0 && group[i] <= SDL_NODES_MAX)
			p->group[p->group_n++] = (uint8_t)group[i];
	/* Who has rejected it by another configuration may take it now. */
	if (memcmp(before, p->group, sizeof(before)) != 0)
		p->refused = 0;
}

void sim_place_set(struct sdl_process *self, struct phone_place *p, uint8_t *which, uint8_t node)
{
	uint8_t before = *which;

	if (before == node)
		return;
	*which = node;
	if (before && before != p->at && before != p->target)
		sdl_unwatch(self, before, SDL_APP_CALLMANAGER);
	if (node && p->at != p->target)
		sdl_watch(self, node, SDL_APP_CALLMANAGER);
}

void sim_place_to_phone_init(struct sdl_process *self, uint16_t number, uint8_t node)
{
	PhoneRegistration r = PHONE_REGISTRATION__INIT;

	r.node = node;
	sdl_send(self, sdl_local(self, PHONES_PHONE_INIT), number, &r);
}

bool sim_place_choose(struct sdl_process *self, struct phone_place *p)
{
	uint8_t best = best_before(self, p, p->group_n);

	p->station = (struct sdl_pid){ 0 };
	p->reset_due = false;
	sdl_timer_stop(self, SIG_StationKeepAliveTimer);
	sdl_timer_stop(self, SIG_StationTokenTimer);
	sdl_timer_stop(self, SIG_StationRetryTimer);
	sim_place_set(self, p, &p->target, 0);
	sim_place_set(self, p, &p->at, best);
	if (best) {
		sim_place_to_phone_init(self, SIG_PhoneRegisterReq, best);
		return true;
	}
	if (p->refused)
		sdl_timer_start_param(self, SIG_StationRetryTimer, PARAM_STATION_RETRY_INTERVAL);
	return false;
}

void sim_place_improve(struct sdl_process *self, struct phone_place *p)
{
	uint8_t better;

	if (p->target || sdl_timer_running(self, SIG_StationTokenTimer))
		return;
	better = best_before(self, p, sim_place_rank(p, p->at));
	if (!better || sdl_mutant(self, MUTANT_PHONE_STAYS))
		return;
	sim_place_set(self, p, &p->target, better);
	sim_place_to_phone_init(self, SIG_PhoneRegisterReq, better);
}

bool sim_place_better(struct phone_place *p, uint8_t node, bool queued)
{
	if (queued && sim_place_rank(p, node) >= sim_place_rank(p, p->at))
		return false;
	return sim_place_rank(p, node) < p->group_n;
}

void sim_place_start_keepalive(struct sdl_process *self, const struct phone_place *p,
			       int64_t less_ns)
{
	int64_t interval_ns = (int64_t)p->keepalive_s * NS_PER_S / sdl_params(self)->speed;

	sdl_timer_start(self, SIG_StationKeepAliveTimer, interval_ns - less_ns);
}

void sim_place_registered(struct sdl_process *self, struct phone_place *p, struct sdl_pid station,
			  uint32_t keepalive_s)
{
	uint64_t span_ms;

	p->station = station;
	p->missed = 0;
	p->keepalive_s = keepalive_s > 0 ? keepalive_s : 1;
	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, p->at);
	/* Phones that registered together must not say so together for ever. */
	span_ms = (uint64_t)p->keepalive_s * 1000 / (uint64_t)sdl_params(self)->speed;
	sim_place_start_keepalive(
		self, p, (int64_t)sdl_random(self, "keepalive", span_ms / 2 + 1) * 1000000);
}

bool sim_place_keepalive(struct sdl_process *self, struct phone_place *p)
{
	if (p->missed >= param_value(sdl_params(self), PARAM_STATION_KEEPALIVES_MISSED_MAX)) {
		sdl_info(self, "no answer to %u keepalives", (unsigned)p->missed);
		return false;
	}
	p->missed++;
	sim_place_start_keepalive(self, p, 0);
	return true;
}

void sim_place_stay(struct sdl_process *self, struct phone_place *p, int64_t wait_ns)
{
	if (p->target)
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, p->target);
	sim_place_set(self, p, &p->target, 0);
	sdl_timer_start(self, SIG_StationTokenTimer, wait_ns);
}

void sim_place_move(struct sdl_process *self, struct phone_place *p)
{
	uint8_t target = p->target;

	sdl_timer_stop(self, SIG_StationKeepAliveTimer);
	sdl_timer_stop(self, SIG_StationTokenTimer);
	p->station = (struct sdl_pid){ 0 };
	p->reset_due = false;
	sim_place_set(self, p, &p->at, target);
	sim_place_set(self, p, &p->target, 0);
}

void sim_place_none(struct sdl_process *self, struct phone_place *p)
{
	sdl_info(self, "CallManager %u is lost: the stream is kept", (unsigned)p->at);
	p->station = (struct sdl_pid){ 0 };
	sdl_timer_stop(self, SIG_StationKeepAliveTimer);
	sdl_timer_stop(self, SIG_StationTokenTimer);
	sim_place_set(self, p, &p->target, 0);
	sim_place_set(self, p, &p->at, 0);
}
