#include "sim/phone/voice.h"

#include "sim/media.h"

uint32_t sim_voice_ip(const struct sdl_process *self)
{
	const struct phones_context *context = sdl_context(self);

	return sim_media_ip(context->cluster, sdl_self(self).node);
}

static struct sim_stream own_end(const struct sdl_process *self, const struct phone_voice *v)
{
	return (struct sim_stream){ .ip = sim_voice_ip(self),
				    .port = v->port,
				    .device = v->device };
}

void sim_voice_take(struct sdl_process *self, struct phone_voice *v, uint64_t call)
{
	if (v->call != call)
		sim_voice_close(self, v);
	v->call = call;
}

void sim_voice_receive(struct sdl_process *self, struct phone_voice *v)
{
	const struct sim_stream own = own_end(self, v);

	v->receiving = true;
	sim_media_receive(self, &own);
}

void sim_voice_transmit(struct sdl_process *self, struct phone_voice *v, uint32_t ip, uint32_t port)
{
	const struct sim_stream own = own_end(self, v);
	bool same = (v->to_ip == ip && v->to_port == port) ||
		    (v->from_ip == ip && v->from_port == port);

	/* The end of the stream of before was that of another party's. */
	if (!same && v->silent) {
		v->silent = v->ended = false;
		sdl_timer_stop(self, SIG_StationMediaFailureTimer);
	}
	v->transmitting = true;
	v->to_ip = ip;
	v->to_port = port;
	sim_media_transmit(self, &own, ip, port);
}

void sim_voice_stop_receiving(struct sdl_process *self, struct phone_voice *v)
{
	sdl_timer_stop(self, SIG_StationMediaFailureTimer);
	if (v->receiving)
		sim_media_stop_receiving(self, v->port);
	v->receiving = false;
	v->hearing = false;
	v->silent = false;
}

void sim_voice_stop_transmitting(struct sdl_process *self, struct phone_voice *v)
{
	if (v->transmitting)
		sim_media_stop_transmitting(self, v->port);
	v->transmitting = false;
}

void sim_voice_close(struct sdl_process *self, struct phone_voice *v)
{
	if (v->receiving || v->transmitting)
		sim_media_close(self, v->port);
	*v = (struct phone_voice){ .device = v->device, .port = v->port };
	sdl_timer_stop(self, SIG_StationMediaFailureTimer);
}

bool sim_voice_streaming(const struct phone_voice *v)
{
	return v->receiving && v->transmitting && !v->silent;
}

void sim_voice_heard(struct sdl_process *self, struct phone_voice *v)
{
	v->hearing = v->receiving;
	v->silent = false;
	sdl_timer_stop(self, SIG_StationMediaFailureTimer);
}

void sim_voice_stopped(struct sdl_process *self, struct phone_voice *v,
		       const MediaStreamEvent *event)
{
	if (!v->receiving)
		return;
	v->hearing = false;
	v->silent = true;
	v->from_ip = event->from_ip;
	v->from_port = event->from_port;
	v->ended = event->reason == MEDIA_STOP_REASON__MEDIA_LAST_TICK;
	sdl_timer_start_param(self, SIG_StationMediaFailureTimer, PARAM_MEDIA_TICK_INTERVAL);
}

bool sim_voice_failed(struct sdl_process *self, struct phone_voice *v)
{
	if (!v->receiving || v->hearing)
		return false;
	sdl_timer_start_param(self, SIG_StationMediaFailureTimer, PARAM_STATION_RETRY_INTERVAL);
	return true;
}

void sim_voice_describe(const struct phone_voice *v, struct sdl_text *text)
{
	if (v->receiving || v->transmitting)
		sdl_text_put(text, ", stream%s%s", v->transmitting ? " out" : "",
			     v->hearing ? " in" : "");
}
