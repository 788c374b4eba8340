/* The SIP side of the CallManager that only pretends: registrations, tokens, a reset, a call offered and taken back. */
#include "tests/lib/fake_cm.h"

#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"

#define CALL 1

enum { READY };

struct fake_sip_cm {
	struct sdl_pid phone; /* that registered last */
};

static void ok(struct sdl_process *self, struct sdl_pid phone, uint32_t expires_s)
{
	SipRegisterOk m = SIP_REGISTER_OK__INIT;

	m.expires_s = expires_s;
	m.node = sdl_self(self).node;
	sdl_send(self, phone, SIG_SipRegisterOk, &m);
}

static void fail(struct sdl_process *self, struct sdl_pid phone, uint16_t number, uint32_t status)
{
	SipRegisterFailure m = SIP_REGISTER_FAILURE__INIT;

	m.status = status;
	m.has_retry_after_s = true;
	m.retry_after_s = 2;
	sdl_send(self, phone, number, &m);
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);
	struct fake_sip_cm *cm = sdl_data(self);

	cm->phone = sig->from;
	if (context->reject)
		fail(self, sig->from, SIG_SipRegisterFailure, 404);
	else
		ok(self, sig->from, context->keepalive_s ? context->keepalive_s : 30);
	return READY;
}

static int on_refresh(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);
	const SipRegister *m = sig->msg;

	if (m->expires_s == 0 && context->busy)
		fail(self, sig->from, SIG_SipRegisterFailure, 491);
	else if (!context->mute)
		ok(self, sig->from, m->expires_s);
	return READY;
}

static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);

	if (context->no_token)
		fail(self, sig->from, SIG_SipTokenFailure, 503);
	else
		sdl_send(self, sig->from, SIG_SipTokenAccepted, NULL);
	return READY;
}

static int on_noted(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return READY;
}

static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_sip_cm *cm = sdl_data(self);
	const PhoneCommand *command = sig->msg;
	SipNotify reset = SIP_NOTIFY__INIT;
	SipInvite invite = SIP_INVITE__INIT;
	SipDialog cancel = SIP_DIALOG__INIT;

	if (!strcmp(command->verb, "ring")) {
		invite.call_id = CALL;
		invite.cseq = 1;
		invite.has_line = true;
		invite.line = 1;
		sdl_send(self, cm->phone, SIG_SipInvite, &invite);
	} else if (!strcmp(command->verb, "release")) {
		cancel.call_id = CALL;
		cancel.cseq = 1;
		sdl_send(self, cm->phone, SIG_SipCancel, &cancel);
	} else {
		reset.event = SIP_EVENT__SIP_SERVICE_CONTROL;
		sdl_send(self, cm->phone, SIG_SipNotify, &reset);
	}
	return READY;
}

static const struct sdl_state states[] = {
	[READY] = { .name = "ready", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ READY, SIG_SipRegister, on_register, 0 },
	{ READY, SIG_SipRegisterRefresh, on_refresh, 0 },
	{ READY, SIG_SipToken, on_token, 0 },
	{ READY, SIG_SipRinging, on_noted, 0 },
	{ READY, SIG_SipFailure, on_noted, 0 },
	{ READY, SIG_SipOk, on_noted, 0 },
	{ READY, SIG_PhoneCommand, on_command, 0 },
};

const struct sdl_type fake_sip_station = {
	.name = "SIPStationInit",
	.number = CM_SIP_STATION_INIT,
	.at_start = true,
	.size = sizeof(struct fake_sip_cm),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
};
