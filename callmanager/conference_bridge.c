/* The bridge of a Conference: each leg's media is a port of it. */
#include "callmanager/conference.h"

static struct conference_party *party_at(const struct conference *c, uint32_t ci)
{
	struct conference_party *p = c->parties;

	while (p && p->ci != ci)
		p = p->next;
	return p;
}

int conference_on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcMediaOpen *open = sig->msg;
	struct conference_party *p = conference_party(c, sig->from);
	StationOpenReceiveChannel msg = STATION_OPEN_RECEIVE_CHANNEL__INIT;

	if (!p)
		return cm_stranger(self, sig);
	p->asked = open->open;
	p->unanswered++;
	msg.call_reference = open->ci;
	msg.has_codec = true;
	msg.codec = open->codec;
	sdl_send(self, c->bridge, SIG_StationOpenReceiveChannel, &msg);
	return sdl_state(self);
}

int conference_on_channel_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const StationOpenReceiveChannelAck *ack = sig->msg;
	struct conference_party *p = party_at(c, ack->call_reference);
	CcMediaOpened res = CC_MEDIA_OPENED__INIT;

	if (!sdl_pid_equal(sig->from, c->bridge))
		return cm_stranger(self, sig);
	if (!p || !p->unanswered || --p->unanswered)
		return sdl_state(self);
	res.open = p->asked;
	res.ok = ack->status == 0;
	res.has_ip = res.has_port = true;
	res.ip = ack->ip;
	res.port = ack->port;
	sdl_send(self, p->leg, SIG_CcMediaOpenRes, &res);
	return sdl_state(self);
}

int conference_on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	if (!conference_party(c, sig->from))
		return cm_stranger(self, sig);
	msg.call_reference = ((const CcMediaEnd *)sig->msg)->ci;
	sdl_send(self, c->bridge, SIG_StationCloseReceiveChannel, &msg);
	return sdl_state(self);
}

int conference_on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcMediaSend *send = sig->msg;
	StationStartMediaTransmission msg = STATION_START_MEDIA_TRANSMISSION__INIT;

	if (!conference_party(c, sig->from))
		return cm_stranger(self, sig);
	msg.call_reference = send->ci;
	msg.ip = send->ip;
	msg.port = send->port;
	msg.has_codec = true;
	msg.codec = send->codec;
	sdl_send(self, c->bridge, SIG_StationStartMediaTransmission, &msg);
	return sdl_state(self);
}

int conference_on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	if (!conference_party(c, sig->from))
		return cm_stranger(self, sig);
	msg.call_reference = ((const CcMediaEnd *)sig->msg)->ci;
	sdl_send(self, c->bridge, SIG_StationStopMediaTransmission, &msg);
	return sdl_state(self);
}

/* Of a party whose CallManager is lost it is the end, of another one it means nothing (CAL-04). */
int conference_on_stream_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct conference *c = sdl_data(self);
	const StationMediaTransmissionFailure *failure = sig->msg;
	struct conference_party *p = party_at(c, failure->call_reference);

	if (!sdl_pid_equal(sig->from, c->bridge))
		return cm_stranger(self, sig);
	if (p)
		sdl_send(self, p->leg, SIG_CcStreamLostInd, NULL);
	return sdl_state(self);
}

/* The bridge is gone, and all its streams. */
int conference_on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct conference *c = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->node != c->bridge.node || status->app != c->bridge.app)
		return sdl_state(self);
	for (struct conference_party *p = c->parties; p; p = p->next)
		if (p->ci)
			sdl_send(self, p->leg, SIG_CcDeviceLostInd, NULL);
	return sdl_state(self);
}
