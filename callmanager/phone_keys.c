/* What a user does with calls, on phones of any protocol: each key is a request as an application
 * would make it. */
#include "callmanager/phone.h"

#include <string.h>

bool cm_phone_call_waits(const struct cm_station_call *call)
{
	return call->state == CTI_CALL_STATE__OFFERING || call->state == CTI_CALL_STATE__ACCEPTED;
}

/* The call the user is in: neither waiting to be answered nor held. */
struct cm_station_call *cm_phone_current(const struct cm_station *s)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (!cm_phone_call_waits(call) && call->state != CTI_CALL_STATE__ONHOLD &&
		    call->state != CTI_CALL_STATE__IDLE)
			return call;
	return NULL;
}

struct cm_station_call *cm_phone_incoming(const struct cm_station *s, uint32_t line)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (cm_phone_call_waits(call) && (!line || call->line->index == line))
			return call;
	return NULL;
}

/* A phone has one voice: what the user was in gives way. */
void cm_phone_make_way(struct sdl_process *self, const struct cm_station_call *for_call)
{
	const struct cm_phone *p = sdl_data(self);

	for (struct cm_station_call *call = p->station.calls; call; call = call->next) {
		if (call == for_call || cm_phone_call_waits(call) ||
		    call->state == CTI_CALL_STATE__ONHOLD)
			continue;
		if (call->state == CTI_CALL_STATE__CONNECTED)
			cm_station_request(self, call, SIG_CtiLineCallHoldReq);
		else if (call->state != CTI_CALL_STATE__IDLE)
			cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	}
}

void cm_phone_answer(struct sdl_process *self, struct cm_station_call *call)
{
	cm_phone_make_way(self, call);
	cm_station_request(self, call, SIG_CtiLineCallAnswerReq);
}

void cm_phone_play_dtmf(struct sdl_process *self, const struct cm_station_call *call, char *digits)
{
	CtiLineCallDigitsReq req = CTI_LINE_CALL_DIGITS_REQ__INIT;

	req.ci = call->ci;
	req.digits = digits;
	sdl_send(self, call->leg, SIG_CtiLineCallPlayDtmfReq, &req);
}

static void ask(struct sdl_process *self, const struct cm_station_call *call, uint16_t number)
{
	if (call)
		cm_station_request(self, call, number);
}

/* The first time: holds the call and makes another; the second time: connects the two, or all. */
static void press_consult(struct sdl_process *self, struct cm_station_call *call,
			  const StationSoftKeyEvent *key, bool transfer)
{
	const struct cm_phone *p = sdl_data(self);
	const struct cm_station_asker me = {
		.pid = sdl_self(self),
		.answer = transfer ? SIG_CtiLineCallTransferCompleteRes
				   : SIG_CtiLineCallConferenceCompleteRes
	};
	struct cm_station_call *held = NULL;
	CtiLineCallToReq req = CTI_LINE_CALL_TO_REQ__INIT;

	if (!call)
		return;
	if (call->consult_of && call->purpose == (transfer ? CONSULT_FOR__CONSULT_TRANSFER
							   : CONSULT_FOR__CONSULT_CONFERENCE))
		held = cm_station_call(&p->station, call->consult_of);
	if (held && transfer) {
		cm_station_transfer(self, held, call, &me);
		return;
	}
	if (held) {
		cm_station_join(self, held, &call, 1, &me);
		return;
	}
	req.ci = call->ci;
	req.destination = key->digits;
	sdl_send(self, call->leg,
		 transfer ? SIG_CtiLineCallTransferSetupReq : SIG_CtiLineCallConferenceSetupReq,
		 &req);
}

/* The call with that party; without a number, the one that the key is about. */
static void press_select(const struct cm_station *s, struct cm_station_call *call,
			 const char *number)
{
	for (struct cm_station_call *c = s->calls; number && number[0] && c; c = c->next)
		if (strcmp(c->outgoing ? c->called : c->calling, number) == 0)
			call = c;
	if (call)
		call->selected = !call->selected;
}

#define SELECTED_MAX 64

/* The calls that are marked, and the one that the key is about; the marks are gone. First the one
 * that is to stay. */
static size_t selected(const struct cm_station *s, struct cm_station_call *call,
		       struct cm_station_call *list[SELECTED_MAX])
{
	size_t n = 0;

	if (call)
		list[n++] = call;
	for (struct cm_station_call *c = s->calls; c; c = c->next) {
		if (c != call && c->selected && n < SELECTED_MAX &&
		    (!n || c->line == list[0]->line))
			list[n++] = c;
		c->selected = false;
	}
	for (size_t i = 1; i < n; i++)
		if (list[i]->conference && !list[0]->conference) {
			struct cm_station_call *stays = list[i];

			list[i] = list[0];
			list[0] = stays;
		}
	return n;
}

static void press_selected(struct sdl_process *self, struct cm_station_call *call, bool transfer)
{
	const struct cm_phone *p = sdl_data(self);
	const struct cm_station_asker me = { .pid = sdl_self(self),
					     .answer = transfer ? SIG_CtiLineCallTransferDirectRes
								: SIG_CtiLineCallJoinRes };
	struct cm_station_call *list[SELECTED_MAX];
	size_t n = 0;

	for (const struct cm_station_call *c = p->station.calls; c; c = c->next)
		n += c->selected;
	n = selected(&p->station, transfer && n == 2 ? NULL : call, list);
	if (n == 2 && transfer)
		cm_station_transfer(self, list[0], list[1], &me);
	else if (n > 1 && !transfer)
		cm_station_join(self, list[0], list + 1, n - 1, &me);
}

static void press_remove_last(struct sdl_process *self, const struct cm_station_call *call)
{
	CcConference req = CC_CONFERENCE__INIT;

	if (!call || !call->conference)
		return;
	req.conference = call->conference;
	sdl_send(self, sdl_local(self, CM_MEDIA_RESOURCE_MANAGER), SIG_CcConferenceDropReq, &req);
}

/* Of a request that several keys or an application may have made: what failed is shown. */
int cm_phone_on_feature_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);
	const CtiLineCallRes *res = sig->msg;

	if (res->result && p->protocol->show_text)
		p->protocol->show_text(self, cti_error_text(res->result), 0);
	return sdl_state(self);
}

static void pick_up(struct sdl_process *self, const struct cm_station_line *line)
{
	const struct cm_phone *p = sdl_data(self);
	const struct cm_station_asker own = { .pid = sdl_self(self) };

	if (line && line->pickup_group)
		cm_station_pickup(self, &p->station, line, line->pickup_group, &own);
	else if (p->protocol->show_text)
		p->protocol->show_text(self, "No Pickup Group", 0);
}

bool cm_phone_soft_key(struct sdl_process *self, const StationSoftKeyEvent *key)
{
	struct cm_phone *p = sdl_data(self);
	const struct cm_station *s = &p->station;
	struct cm_station_call *call =
		key->has_call_reference ? cm_station_call(s, key->call_reference) : NULL;

	switch (key->key) {
	case STATION_SOFT_KEY__EndCall:
		ask(self, call ? call : cm_phone_current(s), SIG_CtiLineCallDisconnectReq);
		return true;
	case STATION_SOFT_KEY__Answer:
		call = call ? call : cm_phone_incoming(s, key->line);
		if (call)
			cm_phone_answer(self, call);
		return true;
	case STATION_SOFT_KEY__HoldKey:
		ask(self, call ? call : cm_phone_current(s), SIG_CtiLineCallHoldReq);
		return true;
	case STATION_SOFT_KEY__Resume:
		if (!call && key->has_call_reference && cm_station_remote(s, key->call_reference))
			cm_phone_resume_remote(self, cm_station_remote(s, key->call_reference));
		if (!call)
			return true;
		cm_phone_make_way(self, call);
		ask(self, call, SIG_CtiLineCallRetrieveReq);
		return true;
	case STATION_SOFT_KEY__Trnsfer:
		press_consult(self, call ? call : cm_phone_current(s), key, true);
		return true;
	case STATION_SOFT_KEY__Confrn:
		press_consult(self, call ? call : cm_phone_current(s), key, false);
		return true;
	case STATION_SOFT_KEY__Select:
		press_select(s, call ? call : cm_phone_current(s), key->digits);
		return true;
	case STATION_SOFT_KEY__DirTrfr:
		press_selected(self, cm_phone_current(s), true);
		return true;
	case STATION_SOFT_KEY__Join:
		press_selected(self, cm_phone_current(s), false);
		return true;
	case STATION_SOFT_KEY__RmLstC:
		press_remove_last(self, call ? call : cm_phone_current(s));
		return true;
	case STATION_SOFT_KEY__CFwdAll: {
		struct cm_station_line *line = cm_station_line_at(s, key->line ? key->line : 1);

		if (line)
			cm_station_set_forward(self, &p->station, line,
					       key->digits && key->digits[0] ? key->digits : NULL);
		return true;
	}
	case STATION_SOFT_KEY__PickUp:
		pick_up(self, cm_station_line_at(s, key->line ? key->line : 1));
		return true;
	case STATION_SOFT_KEY__Park:
		call = call ? call : cm_phone_current(s);
		if (call && call->state == CTI_CALL_STATE__CONNECTED)
			cm_station_park(self, call, sdl_self(self), 0);
		return true;
	default:
		return false;
	}
}

/* A second call has to wait: the user hears the first one. */
void cm_phone_auto_answer(struct sdl_process *self, struct cm_station_call *call)
{
	const struct cm_phone *p = sdl_data(self);

	if (cm_station_answers_pickup(self, call)) {
		cm_phone_answer(self, call);
		return;
	}
	if (call->outgoing || !call->line->auto_answer || p->station.calls->next)
		return;
	if (!call->line->headset && p->protocol->speaker)
		p->protocol->speaker(self);
	cm_phone_answer(self, call);
}
