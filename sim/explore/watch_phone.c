/* What a phone makes of a call that its CallManager has: looked at, not told. */
#include "sim/explore/watch_private.h"

#include "callmanager/sip_station_d.h"
#include "sim/phone/sccp_phone.h"
#include "sim/phone/sip_phone.h"

struct asked {
	struct sdl_pid station;
	uint32_t ci;
	uint64_t dialog; /* Call-ID of that call, 0 = there is none */
	struct watch_phone_call *call;
};

static void take_dialog(void *arg, struct sdl_process *process)
{
	struct asked *a = arg;
	const struct sip_station_d *d = sdl_data(process);

	if (!sdl_pid_equal(sdl_self(process), a->station))
		return;
	for (const struct sip_dialog *i = d->dialogs; i; i = i->next)
		if (i->ci == a->ci)
			a->dialog = i->id;
}

static void voice(const struct asked *a, const struct phone_voice *v, uint64_t id)
{
	a->call->hears = v->call == id && v->receiving;
	a->call->speaks = v->call == id && v->transmitting;
}

static void take_sccp(const struct asked *a, struct sccp_phone *phone)
{
	const struct sccp_call *call = sim_sccp_call(phone, a->ci);

	if (!sdl_pid_equal(phone->base.place.station, a->station))
		return;
	a->call->known = true;
	a->call->talks = call && call->state == STATION_CALL_STATE_VALUE__Connected;
	a->call->holds = call && call->state == STATION_CALL_STATE_VALUE__Hold;
	voice(a, &phone->base.voice, a->ci);
}

static void take_sip(const struct asked *a, struct sip_phone *phone)
{
	const struct sip_call *call = sim_sip_call(phone, a->dialog);

	if (!sdl_pid_equal(phone->base.place.station, a->station))
		return;
	a->call->known = true;
	a->call->talks = call && call->state == SIP_CONNECTED;
	a->call->holds = call && call->state == SIP_HELD;
	a->call->waits = call && (call->state == SIP_CALLING || call->state == SIP_RINGBACK ||
				  call->state == SIP_ANSWERED || call->state == SIP_RESUMING);
	voice(a, &phone->base.voice, a->dialog);
}

static void take_phone(void *arg, struct sdl_process *process)
{
	if (sdl_self(process).type == PHONES_SCCP_PHONE)
		take_sccp(arg, sdl_data(process));
	else if (sdl_self(process).type == PHONES_SIP_PHONE)
		take_sip(arg, sdl_data(process));
}

struct watch_phone_call watch_phone_call(struct watch *w, struct sdl_pid station, uint32_t ci)
{
	struct watch_phone_call call = { 0 };
	struct asked a = { .station = station, .ci = ci, .call = &call };
	size_t n;
	struct sim_program *programs = sim_host_programs(w->host, &n);

	for (size_t i = 0; i < n; i++)
		if (station.type == CM_SIP_STATION_D && programs[i].app == SDL_APP_CALLMANAGER &&
		    programs[i].node == station.node && sim_host_running(w->host, &programs[i]))
			sdl_program_each(sim_host_running(w->host, &programs[i]), take_dialog, &a);
	for (size_t i = 0; i < n; i++)
		if (programs[i].app == SDL_APP_PHONES && sim_host_running(w->host, &programs[i]))
			sdl_program_each(sim_host_running(w->host, &programs[i]), take_phone, &a);
	return call;
}
