/* Media of a leg: the device listens, tells the peer's leg where, and sends to where the peer
 * listens. */
#include "callmanager/leg.h"

bool leg_media_established(const struct leg *leg)
{
	return leg->media.rx == LEG_RX_OPEN && leg->media.sending;
}

void leg_media_new_peer(struct leg *leg)
{
	leg->media.told = leg->media.seen = 0;
	leg->media.local_hold = leg->media.remote_hold = false;
	leg->media.peer_known = false;
}

void leg_media_start(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	struct leg_media *m = &leg->media;
	CcMediaOpen open = CC_MEDIA_OPEN__INIT;

	if (m->rx != LEG_RX_CLOSED || m->local_hold || m->remote_hold)
		return;
	m->rx = LEG_RX_OPENING;
	open.ci = leg->ci;
	open.open = ++m->open;
	open.codec = CM_CODEC_DEFAULT;
	sdl_send(self, leg->device, SIG_CcMediaOpenReq, &open);
	sdl_timer_start_param(self, SIG_MediaExchangeTimer, PARAM_MEDIA_EXCHANGE_TIMEOUT);
}

void leg_media_stop(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	struct leg_media *m = &leg->media;
	CcMediaEnd end = CC_MEDIA_END__INIT;

	end.ci = leg->ci;
	if (m->sending)
		sdl_send(self, leg->device, SIG_CcMediaSendStopReq, &end);
	if (m->rx != LEG_RX_CLOSED)
		sdl_send(self, leg->device, SIG_CcMediaCloseReq, &end);
	sdl_timer_stop(self, SIG_MediaExchangeTimer);
	m->rx = LEG_RX_CLOSED;
	m->sending = m->peer_known = false;
}

/* An encrypted call is one whose streams both are; the caller's side counts. */
static void count_encrypted(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	bool encrypted = leg->outgoing && leg->media.keyed && leg->media.peer_srtp.keyed;

	if (encrypted == leg->encrypted)
		return;
	leg->encrypted = encrypted;
	sdl_count(self, COUNTER_ENCRYPTED_CALLS_ACTIVE, encrypted ? 1 : -1);
}

static void send_when_known(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	struct leg_media *m = &leg->media;
	CcMediaSend send = CC_MEDIA_SEND__INIT;

	if (m->rx != LEG_RX_OPEN || !m->peer_known || m->sending)
		return;
	m->sending = true;
	send.ci = leg->ci;
	send.ip = m->peer_ip;
	send.port = m->peer_port;
	send.codec = m->peer_codec;
	if (m->keyed)
		CM_SRTP_PUT(&send, &m->peer_srtp);
	sdl_send(self, leg->device, SIG_CcMediaSendReq, &send);
	count_encrypted(self);
}

int leg_on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	struct leg_media *m = &leg->media;
	const CcMediaOpened *res = sig->msg;
	CcMedia ind = CC_MEDIA__INIT;
	struct cm_srtp srtp;

	if (m->rx != LEG_RX_OPENING || res->open != m->open)
		return sdl_state(self);
	if (!res->ok)
		return leg_clear(self, CAUSE_CALL_RESOURCESNAVAIL);
	sdl_timer_stop(self, SIG_MediaExchangeTimer);
	m->rx = LEG_RX_OPEN;
	m->ip = res->ip;
	m->port = res->port;
	m->codec = res->has_codec ? res->codec : CM_CODEC_DEFAULT;
	ind.ip = m->ip;
	ind.port = m->port;
	ind.codec = m->codec;
	ind.seen = m->seen;
	CM_SRTP_TAKE(&srtp, res);
	CM_SRTP_PUT(&ind, &srtp);
	m->keyed = srtp.keyed;
	sdl_send(self, leg->peer, SIG_CcMediaInd, &ind);
	send_when_known(self);
	return sdl_state(self);
}

/* Bounded: an application that never says where it listens costs its call, nothing else (MED-03).
 */
int leg_on_media_timeout(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return leg_clear(self, CAUSE_CALL_RECOVERYONTIMEREXPIRY);
}

int leg_on_media_ind(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	struct leg_media *m = &leg->media;
	const CcMedia *ind = sig->msg;

	if (!leg_from_peer(leg, sig) || ind->seen != m->told)
		return sdl_state(self);
	m->peer_ip = ind->ip;
	m->peer_port = ind->port;
	m->peer_codec = ind->codec;
	CM_SRTP_TAKE(&m->peer_srtp, ind);
	m->peer_known = true;
	send_when_known(self);
	return sdl_state(self);
}

int leg_on_remote_hold(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	leg->media.seen++;
	leg->media.remote_hold = true;
	leg_media_stop(self);
	return sdl_state(self);
}

int leg_on_remote_retrieve(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	leg->media.seen++;
	leg->media.remote_hold = false;
	if (sdl_state(self) == LEG_ACTIVE10 && !sdl_mutant(self, MUTANT_RETRIEVED_IN_SILENCE))
		leg_media_start(self);
	return sdl_state(self);
}
