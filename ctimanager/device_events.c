/* What the openers of a device are told, each with its own handles. */
#include "ctimanager/device.h"

#include <stdlib.h>
#include <utlist.h>

#include "common/msg/cti_relay.h"
#include "ctimanager/alarm.h"

static struct ctim_number connection_of(const struct opener *o)
{
	return ctim_decimal(o->provider_id);
}

/* protobuf-c's texts are not const; the messages made here are only read. */
static char *text_of(const char *text)
{
	return (char *)(uintptr_t)text;
}

static const char *kind_name(const struct device *d)
{
	switch (d->kind) {
	case DEVICE_KIND__DEVICE_SCCP_PHONE:
		return "SCCP phone";
	case DEVICE_KIND__DEVICE_SIP_PHONE:
		return "SIP phone";
	case DEVICE_KIND__DEVICE_CTI_PORT:
		return "CTI Port";
	default:
		return "CTI Route Point";
	}
}

/* ---- answers -------------------------------------------------------------------------------- */

void ctim_device_respond(struct sdl_process *self, const struct opener *o, uint32_t seq,
			 uint32_t result)
{
	Response res = RESPONSE__INIT;

	res.seq = seq;
	res.result = result;
	if (result)
		res.text = text_of(cti_error_text(result));
	sdl_send(self, o->handler, SIG_Response, &res);
}

static void answer_opened(struct sdl_process *self, const struct opener *o)
{
	const struct device *d = sdl_data(self);
	DeviceConfig *config = ctim_device_unpack_config(d);
	Response res = RESPONSE__INIT;

	res.seq = o->seq;
	res.has_device_handle = true;
	res.device_handle = o->handle;
	res.n_dn = config->n_line;
	res.dn = calloc(res.n_dn + 1, sizeof(char *));
	if (!res.dn)
		abort();
	for (size_t i = 0; i < res.n_dn; i++)
		res.dn[i] = config->line[i]->dn;
	sdl_send(self, o->handler, SIG_Response, &res);
	free(res.dn);
	device_config__free_unpacked(config, NULL);
	ctim_alarm(self, ALARM_CtiDeviceOpened, { "DeviceName", d->name },
		   { "SeqNumber", ctim_decimal(o->seq).text },
		   { "DeviceId", ctim_handle_text(o->handle).text }, { "DeviceType", kind_name(d) },
		   { "CTIconnectionId", connection_of(o).text },
		   { "MediaControlled", o->registered ? "1" : "0" });
}

static void alarm_refused(struct sdl_process *self, const struct opener *o, uint32_t result)
{
	const struct device *d = sdl_data(self);
	CtiHandlerDeviceOpen *request;

	ctim_alarm(self, ALARM_CtiDeviceOpenFailure, { "CTIconnectionId", connection_of(o).text },
		   { "DeviceName", d->name }, { "Reason", ctim_reason(result).text });
	if (result != CTIERR_ACCESS_TO_DEVICE_DENIED)
		return;
	request = ctim_opener_unpack(o);
	ctim_alarm(self, ALARM_kCtiDeviceOpenFailAccessDenied, { "LoginUserId", request->login_id },
		   { "DeviceName", d->name });
	cti_handler_device_open__free_unpacked(request, NULL);
}

void ctim_device_answer_open(struct sdl_process *self, struct opener *o, uint32_t result)
{
	struct device *d = sdl_data(self);

	if (result) {
		alarm_refused(self, o, result);
		ctim_device_respond(self, o, o->seq, result);
		ctim_device_remove_opener(d, o);
		return;
	}
	answer_opened(self, o);
	o->state = OPENER_OPEN;
}

void ctim_device_answer_line(struct sdl_process *self, struct opener *o, struct line_user *u,
			     uint32_t result)
{
	struct device *d = sdl_data(self);
	Response res = RESPONSE__INIT;

	res.seq = u->seq;
	if (result) {
		ctim_alarm(self, ALARM_CtiLineOpenFailure,
			   { "CTIconnectionId", connection_of(o).text }, { "DeviceName", d->name },
			   { "DirNum", u->line->dn },
			   { "Partition", u->line->partition ? u->line->partition : "" },
			   { "Reason", ctim_reason(result).text });
		ctim_device_respond(self, o, u->seq, result);
		ctim_device_remove_line_user(d, o, u);
		return;
	}
	u->answered = true;
	res.has_line_handle = true;
	res.line_handle = u->handle;
	sdl_send(self, o->handler, SIG_Response, &res);
	ctim_alarm(self, ALARM_CtiLineOpened, { "SeqNumber", ctim_decimal(u->seq).text },
		   { "DirNum", u->line->dn },
		   { "Partition", u->line->partition ? u->line->partition : "" },
		   { "DeviceName", d->name }, { "CTIconnectionId", connection_of(o).text });
}

/* ---- device and line events ----------------------------------------------------------------- */

static void tell_device(struct sdl_process *self, const struct opener *o, uint16_t event,
			uint32_t reason)
{
	const struct device *d = sdl_data(self);
	DeviceEvent e = DEVICE_EVENT__INIT;

	e.device_handle = o->handle;
	e.device = d->name;
	e.has_node = event == SIG_DeviceInService;
	e.node = d->node;
	e.has_cause = event == SIG_DeviceOutOfService;
	e.cause = d->cause;
	e.has_reason = event == SIG_DeviceClosed;
	e.reason = reason;
	sdl_send(self, o->handler, event, &e);
}

static void tell_line(struct sdl_process *self, const struct opener *o, const struct line_user *u,
		      uint16_t event, uint32_t reason)
{
	const struct device *d = sdl_data(self);
	LineEvent e = LINE_EVENT__INIT;

	e.line_handle = u->handle;
	e.device = d->name;
	e.dn = u->line->dn;
	e.has_node = event == SIG_LineInService;
	e.node = d->node;
	e.has_cause = event == SIG_LineOutOfService;
	e.cause = d->cause;
	e.has_reason = event == SIG_LineClosed;
	e.reason = reason;
	sdl_send(self, o->handler, event, &e);
}

static void send_call(struct sdl_process *self, uint16_t event, const struct call *c,
		      const struct opener *o, const struct line_user *u,
		      const CtiCallNotify *notify)
{
	const struct device *d = sdl_data(self);
	CallEvent e = CALL_EVENT__INIT;

	e.call_handle = ctim_device_call_handle(d, c->ci);
	e.line_handle = u->handle;
	e.device = d->name;
	e.dn = c->line->dn;
	e.has_global_call_handle = c->gci != 0;
	e.global_call_handle = c->gci;
	e.has_state = true;
	e.state = c->state;
	e.has_cause = notify && notify->has_cause;
	e.cause = notify ? notify->cause : 0;
	e.has_reason = c->reason != FEATURE_REASON__REASON_NONE;
	e.reason = c->reason;
	e.calling = c->calling;
	e.called = c->called;
	e.original_called = c->original_called;
	e.last_redirecting = c->last_redirecting;
	e.has_outgoing = true;
	e.outgoing = c->outgoing;
	sdl_send(self, o->handler, event, &e);
}

void ctim_device_tell_snapshot(struct sdl_process *self, const struct opener *o,
			       const struct line_user *u)
{
	const struct device *d = sdl_data(self);
	ExistingCallCompleted completed = EXISTING_CALL_COMPLETED__INIT;

	for (const struct call *c = d->calls; c; c = c->next)
		if (c->line == u->line && !c->fresh)
			send_call(self, SIG_ExistingCall, c, o, u, NULL);
	completed.line_handle = u->handle;
	completed.device = d->name;
	completed.dn = u->line->dn;
	sdl_send(self, o->handler, SIG_ExistingCallCompleted, &completed);
	for (const struct call *c = d->calls; c; c = c->next)
		if (c->line == u->line && c->fresh)
			send_call(self, SIG_NewCall, c, o, u, NULL);
}

void ctim_device_tell_line_in_service(struct sdl_process *self, struct opener *o,
				      struct line_user *u)
{
	const struct device *d = sdl_data(self);

	tell_line(self, o, u, SIG_LineInService, 0);
	ctim_alarm(self, ALARM_CtiLineInService, { "LineId", ctim_handle_text(u->handle).text },
		   { "CTIconnectionId", connection_of(o).text }, { "DirNum", u->line->dn },
		   { "DeviceName", d->name });
	ctim_device_tell_snapshot(self, o, u);
}

void ctim_device_tell_in_service(struct sdl_process *self, struct opener *o)
{
	const struct device *d = sdl_data(self);

	o->told = OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	tell_device(self, o, SIG_DeviceInService, 0);
	ctim_alarm(self, ALARM_CtiDeviceInService, { "DeviceId", ctim_handle_text(o->handle).text },
		   { "CTIconnectionId", connection_of(o).text }, { "DeviceName", d->name },
		   { "callManagerId", ctim_decimal(d->node).text });
	for (struct line_user *u = o->lines; u; u = u->next)
		if (u->line->state == LINE_OPEN && u->answered)
			ctim_device_tell_line_in_service(self, o, u);
}

void ctim_device_tell_line_out_of_service(struct sdl_process *self, const struct opener *o,
					  const struct line_user *u)
{
	const struct device *d = sdl_data(self);

	tell_line(self, o, u, SIG_LineOutOfService, 0);
	ctim_alarm(self, ALARM_CtiLineOutOfService, { "LineId", ctim_handle_text(u->handle).text },
		   { "CTIconnectionId", connection_of(o).text }, { "DirNum", u->line->dn },
		   { "DeviceName", d->name }, { "Reason", ctim_decimal((int64_t)d->cause).text });
}

/* CMF-06: told once; again only when it got worse. */
static bool has_to_know(const struct device *d, const struct opener *o)
{
	if (o->state != OPENER_OPEN || o->told == d->cause)
		return false;
	return o->told == OUT_OF_SERVICE_CAUSE__CAUSE_NONE ||
	       d->cause == OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE ||
	       d->cause == OUT_OF_SERVICE_CAUSE__REHOMING_FAILURE;
}

void ctim_device_tell_out_of_service(struct sdl_process *self)
{
	struct device *d = sdl_data(self);

	for (struct opener *o = d->openers; o; o = o->next) {
		if (!has_to_know(d, o))
			continue;
		o->told = d->cause;
		if (sdl_mutant(self, MUTANT_NO_OOS_BEFORE_IS))
			continue;
		for (const struct line_user *u = o->lines; u; u = u->next)
			if (u->answered)
				ctim_device_tell_line_out_of_service(self, o, u);
		tell_device(self, o, SIG_DeviceOutOfService, 0);
		ctim_alarm(self, ALARM_CtiDeviceOutofService,
			   { "DeviceId", ctim_handle_text(o->handle).text },
			   { "CTIconnectionId", connection_of(o).text }, { "DeviceName", d->name },
			   { "Reason", ctim_decimal((int64_t)d->cause).text });
	}
}

void ctim_device_tell_line_closed(struct sdl_process *self, struct opener *o, struct line_user *u,
				  uint32_t reason)
{
	struct device *d = sdl_data(self);

	if (!u->answered) {
		ctim_device_answer_line(self, o, u, reason);
		return;
	}
	tell_line(self, o, u, SIG_LineClosed, reason);
	ctim_alarm(self, ALARM_CtiLineClosed, { "LineId", ctim_handle_text(u->handle).text },
		   { "DirNum", u->line->dn }, { "DeviceName", d->name },
		   { "CTIconnectionId", connection_of(o).text },
		   { "Reason", ctim_reason(reason).text });
	ctim_device_remove_line_user(d, o, u);
}

void ctim_device_tell_closed(struct sdl_process *self, struct opener *o, uint32_t reason)
{
	struct device *d = sdl_data(self);

	if (o->state != OPENER_OPEN) {
		ctim_device_answer_open(self, o, reason);
		return;
	}
	while (o->lines)
		ctim_device_tell_line_closed(self, o, o->lines, reason);
	tell_device(self, o, SIG_DeviceClosed, reason);
	ctim_alarm(self, ALARM_CtiDeviceClosed, { "DeviceName", d->name },
		   { "DeviceId", ctim_handle_text(o->handle).text },
		   { "CTIconnectionId", connection_of(o).text },
		   { "Reason", ctim_reason(reason).text });
	ctim_device_remove_opener(d, o);
}

/* ---- calls ----------------------------------------------------------------------------------- */

void ctim_device_tell_call(struct sdl_process *self, uint16_t event, const struct call *c,
			   const CtiCallNotify *notify)
{
	const struct device *d = sdl_data(self);

	for (const struct opener *o = d->openers; o; o = o->next) {
		const struct line_user *u = ctim_opener_line_of(o, c->line);

		if (o->state == OPENER_OPEN && u && u->answered)
			send_call(self, event, c, o, u, notify);
	}
}

static bool is_asked_for_media(const struct opener *o)
{
	return o->registered && o->registration == MEDIA_REGISTRATION__DYNAMIC;
}

/* CtiLineFeatureNotify bears calls besides its line. */
static uint64_t *add_feature_calls(const struct device *d, const CtiLineFeatureNotify *notify,
				   LineFeatureEvent *e)
{
	uint64_t *others = calloc(notify->n_other_ci + 1, sizeof(others[0]));

	if (!others)
		abort();
	for (size_t i = 0; i < notify->n_other_ci; i++)
		others[i] = ctim_device_call_handle(d, notify->other_ci[i]);
	e->has_call_handle = notify->has_ci;
	e->call_handle = ctim_device_call_handle(d, notify->ci);
	e->n_other_call_handle = notify->n_other_ci;
	e->other_call_handle = others;
	return others;
}

/* All notifies but the device's begin with device, dn, and those of calls go on with ci. */
static void tell_of_line(struct sdl_process *self, const struct cti_relay *as,
			 const CtiMediaNotify *notify, union cti_event_body *e)
{
	const struct device *d = sdl_data(self);
	const struct line *l = ctim_device_line(d, notify->dn, NULL);

	if (!l || l->state != LINE_OPEN)
		return;
	for (const struct opener *o = d->openers; o; o = o->next) {
		const struct line_user *u = ctim_opener_line_of(o, l);

		if (o->state != OPENER_OPEN || !u)
			continue;
		if (as->application == SIG_DeviceCallOpenLogicalChannel && !is_asked_for_media(o))
			continue;
		e->head.handle = as->subject == CTI_SUBJECT_LINE
					 ? u->handle
					 : ctim_device_call_handle(d, notify->ci);
		sdl_send(self, o->handler, as->application, e);
	}
}

void ctim_device_tell(struct sdl_process *self, const struct sdl_signal *notify)
{
	const struct device *d = sdl_data(self);
	const struct cti_relay *as = msg_cti_event(notify->number);
	union cti_event_body e;
	uint64_t *others = NULL;

	msg_cti_init(as->application, &e);
	msg_carry(notify->msg, &e);
	if (e.base.descriptor == &line_feature_event__descriptor)
		others = add_feature_calls(d, notify->msg, &e.feature);
	if (as->subject != CTI_SUBJECT_DEVICE)
		tell_of_line(self, as, notify->msg, &e);
	else
		for (const struct opener *o = d->openers; o; o = o->next) {
			e.head.handle = o->handle;
			if (o->state == OPENER_OPEN)
				sdl_send(self, o->handler, as->application, &e);
		}
	free(others);
}

/* The states that a CallManager would have told, whatever part of them was: another CTIManager may
 * have heard them from it (CAL-06). */
static void end_call(struct sdl_process *self, struct call *c, const CtiCallNotify *end)
{
	bool connected =
		c->state != CTI_CALL_STATE__DISCONNECTED && c->state != CTI_CALL_STATE__IDLE;

	if (connected) {
		c->state = CTI_CALL_STATE__DISCONNECTED;
		ctim_device_tell_call(self, SIG_CallStateChanged, c, end);
	}
	if (c->state != CTI_CALL_STATE__IDLE) {
		c->state = CTI_CALL_STATE__IDLE;
		ctim_device_tell_call(self, SIG_CallStateChanged, c, end);
	}
	ctim_device_tell_call(self, SIG_CallClosed, c, end);
}

void ctim_device_end_calls(struct sdl_process *self, uint32_t cause)
{
	struct device *d = sdl_data(self);

	while (d->calls) {
		CtiCallNotify end = CTI_CALL_NOTIFY__INIT;

		end.has_cause = true;
		end.cause = cause;
		if (d->calls->line->state == LINE_OPEN)
			end_call(self, d->calls, &end);
		ctim_device_remove_call(d, d->calls);
	}
}
