/* What an application is sent because its user's groups allow it and it has asked for it (GRP-09): events
 * of call park numbers (GRP-02), key material of encrypted streams (GRP-05). */
#include "ctimanager/process.h"

#include "common/base/cti_error.h"
#include "common/msg/messages.h"
#include "ctimanager/handler.h"

static uint32_t allowed(const struct cti_handler *h)
{
	return (uint32_t)((h->capabilities & CAPABILITY_PARK_MONITOR ? FILTER_PARK : 0) |
			  (h->capabilities & CAPABILITY_SRTP_KEYS ? FILTER_KEYS : 0));
}

bool ctim_handler_wants(struct sdl_process *self, uint32_t filter)
{
	const struct cti_handler *h = sdl_data(self);
	uint32_t asked = h->filter;

	if (sdl_mutant(self, MUTANT_PARK_EVENTS_TO_ALL))
		asked |= FILTER_PARK;
	if (filter == FILTER_KEYS && sdl_mutant(self, MUTANT_KEYS_TO_ALL))
		return true;
	return (asked & allowed(h) & filter) != 0;
}

void ctim_handler_monitor_parks(struct sdl_process *self, bool again)
{
	struct cti_handler *h = sdl_data(self);
	CtiParkMonitorReq req = CTI_PARK_MONITOR_REQ__INIT;

	req.on = ctim_handler_wants(self, FILTER_PARK);
	if (req.on == h->monitors && !(again && req.on))
		return;
	h->monitors = req.on;
	sdl_send(self, sdl_local(self, CTIM_PARK_MONITOR), SIG_CtiParkMonitorReq, &req);
}

/* GRP-02, GRP-05: who may not, may not ask. */
int ctim_handler_on_change_filter(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderChangeEventFilter *req = sig->msg;

	ctim_handler_heard(self);
	if (ctim_provider_pending(&h->provider, req->seq))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (req->filter & ~(uint32_t)(FILTER_PARK | FILTER_KEYS))
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_PARAMETER);
	if (req->filter & ~allowed(h))
		return ctim_handler_refuse(self, req->seq, CTIERR_OPERATION_NOT_ALLOWED);
	h->filter = req->filter;
	ctim_handler_respond(self, req->seq, CTIERR_SUCCESS);
	ctim_handler_monitor_parks(self, true);
	return READY;
}

int ctim_handler_on_park_status(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	LineParkStatusEvent event = *(const LineParkStatusEvent *)sig->msg;

	if (!h->monitors)
		return READY; /* on its way when it was not wanted any more */
	event.has_provider_id = true;
	event.provider_id = h->provider_id;
	sdl_send(self, h->app, SIG_LineParkStatus, &event);
	return READY;
}

/* Others learn that the stream is encrypted, and no more. */
int ctim_handler_on_media_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	MediaEvent event = *(const MediaEvent *)sig->msg;

	event.has_encrypted = event.has_key;
	event.encrypted = event.has_key;
	if (!ctim_handler_wants(self, FILTER_KEYS))
		event.has_key = event.has_salt = false;
	sdl_send(self, h->app, sig->number, &event);
	return READY;
}
