#include "sim/app/streams.h"

#include <string.h>

#include "sim/media.h"

#define PORT_FIRST 20000
#define PORT_LAST  65534
/* From the end of the other side's stream to our hanging up, unless CallManager says something
 * first: after its last tick, and after mere silence, which may be a program that is frozen for a
 * while. */
#define DROP_AFTER_END_MS     2000
#define DROP_AFTER_SILENCE_MS 10000
#define LOOK_EVERY_MS	      500

uint32_t sim_app_streams_port(struct app_streams *s)
{
	s->last_port = s->last_port < PORT_FIRST || s->last_port >= PORT_LAST ? PORT_FIRST
									      : s->last_port + 2;
	return s->last_port;
}

static void close_streams(struct cti *cti, struct app_call *call)
{
	if (call->receiving || call->transmitting)
		sim_media_close(cti_process(cti), call->port);
	call->receiving = call->transmitting = false;
}

/* Forgets a call of which nothing is left. */
static void forget(struct app_book *book, struct app_call *call)
{
	if (call->ended && !call->receiving && !call->transmitting)
		sim_app_book_remove_call(book, call);
}

/* Where the call's media end here: given by us per call, at open, or told by CallManager. */
static uint32_t port_of(struct app_streams *s, const struct app_book *book, struct app_call *call)
{
	const struct app_device *device = sim_app_book_device(book, call->device);

	if (!call->port)
		call->port = device && device->port ? device->port : sim_app_streams_port(s);
	return call->port;
}

void sim_app_streams_event(struct app_streams *s, struct app_book *book, struct cti *cti,
			   const struct cti_event *e)
{
	struct app_device *device = sim_app_book_device(book, e->device);
	struct app_call *call;
	struct sim_stream own = { .ip = s->ip, .device = e->device };

	/* Of a phone that is only watched, the media are the phone's. */
	if (!device || device->registration == CTI_WATCH || device->registration == CTI_NO_MEDIA)
		return;
	call = sim_app_book_add_call(book, e->call, e->device, e->dn);
	own.port = port_of(s, book, call);
	switch (e->kind) {
	case CTI_START_RECEPTION:
		call->receiving = true;
		call->drop_at_ms = 0;
		call->silent = false;
		sim_media_receive(cti_process(cti), &own);
		break;
	case CTI_START_TRANSMISSION:
		call->transmitting = true;
		sim_media_transmit(cti_process(cti), &own, e->ip, e->port);
		break;
	case CTI_STOP_RECEPTION:
		call->receiving = false;
		call->drop_at_ms = 0;
		call->silent = false;
		sim_media_stop_receiving(cti_process(cti), own.port);
		break;
	case CTI_STOP_TRANSMISSION:
		call->transmitting = false;
		sim_media_stop_transmitting(cti_process(cti), own.port);
		break;
	default:
		break;
	}
	forget(book, call);
}

void sim_app_streams_call_over(struct app_book *book, struct cti *cti, struct app_call *call,
			       bool goes_on)
{
	call->ended = true;
	call->drop_at_ms = 0;
	/* What the other side has ended does not go on. */
	if (!goes_on || call->silent)
		close_streams(cti, call);
	forget(book, call);
}

bool sim_app_streams_hang_up(struct app_book *book, struct cti *cti, const char *device)
{
	struct app_call *call, *next;
	bool any = false;

	HASH_ITER (hh, book->calls, call, next) {
		if (!call->ended || strcmp(call->device, device) != 0)
			continue;
		any = true;
		close_streams(cti, call);
		forget(book, call);
	}
	return any;
}

void sim_app_streams_heard(struct app_streams *s, struct app_book *book, struct cti *cti,
			   const MediaStreamEvent *m, bool stopped)
{
	struct app_call *call = sim_app_book_call_at_port(book, m->port);

	if (!call)
		return;
	call->silent = stopped;
	if (!stopped) {
		call->drop_at_ms = 0;
	} else if (call->ended) {
		close_streams(cti, call);
		forget(book, call);
	} else {
		bool end = m->reason == MEDIA_STOP_REASON__MEDIA_LAST_TICK;

		call->drop_at_ms =
			cti_now_ms(cti) + (end ? DROP_AFTER_END_MS : DROP_AFTER_SILENCE_MS);
		if (!s->watching)
			cti_timer_start(cti, APP_TIMER_STREAMS, LOOK_EVERY_MS);
		s->watching = true;
	}
}

void sim_app_streams_timer(struct app_streams *s, struct app_book *book, struct cti *cti)
{
	bool more = false;

	for (struct app_call *call = book->calls; call; call = call->hh.next) {
		if (!call->drop_at_ms)
			continue;
		if (call->drop_at_ms > cti_now_ms(cti)) {
			more = true;
			continue;
		}
		call->drop_at_ms = 0;
		if (call->state == CTI_CONNECTED && !call->ended)
			cti_call_disconnect(cti, call->handle);
	}
	s->watching = more;
	if (more)
		cti_timer_start(cti, APP_TIMER_STREAMS, LOOK_EVERY_MS);
}
