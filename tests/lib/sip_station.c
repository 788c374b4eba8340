#include "tests/lib/sip_station.h"

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

#define PHONES_NODE 101

enum { READY };

static int on_link(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sdl_pid phones = {
		.node = PHONES_NODE, .app = SDL_APP_PHONES, .type = PHONES_PHONE_INIT, .inst = 1
	};
	CcmInService in = CCM_IN_SERVICE__INIT;

	in.initialization_state = 100;
	if (sig->number == SIG_SdlLinkInService)
		sdl_send(self, phones, SIG_CcmInService, &in);
	return READY;
}

/* One of its dial rules is none. */
static void welcome(struct sdl_process *self, struct sdl_pid phone)
{
	DialRule rules[] = { DIAL_RULE__INIT, DIAL_RULE__INIT, DIAL_RULE__INIT };
	DialRule *rule[] = { &rules[0], &rules[1], &rules[2] };
	char *dn[] = { (char *)"1001" };
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;

	rules[0].pattern = (char *)"1...";
	rules[1].pattern = (char *)"no rule";
	rules[2].pattern = (char *)"8#..";
	ok.expires_s = 60;
	ok.node = sdl_self(self).node;
	ok.dn = dn;
	ok.n_dn = 1;
	ok.dial_rule = rule;
	ok.n_dial_rule = 3;
	ok.has_inter_digit_ms = true;
	ok.inter_digit_ms = 1000;
	sdl_send(self, phone, SIG_SipRegisterOk, &ok);
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station *cm = sdl_context(self);
	unsigned i = 0;

	while (i < cm->phones_n && !sdl_pid_equal(cm->phones[i], sig->from))
		i++;
	if (i == cm->phones_n && cm->phones_n < SIP_STATION_PHONES)
		cm->phones[cm->phones_n++] = sig->from;
	if (!cm->mute)
		welcome(self, sig->from);
	return READY;
}

static int on_refresh(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_station *cm = sdl_context(self);
	const SipRegister *reg = sig->msg;
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;

	ok.expires_s = reg->expires_s;
	ok.node = sdl_self(self).node;
	if (!cm->mute)
		sdl_send(self, sig->from, SIG_SipRegisterOk, &ok);
	return READY;
}

static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_station *cm = sdl_context(self);

	if (!cm->mute)
		sdl_send(self, sig->from, SIG_SipTokenAccepted, NULL);
	return READY;
}

static int on_other(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_station *cm = sdl_context(self);

	if (sig->from.node != PHONES_NODE)
		sdl_forward(self, cm->phones[cm->to], sig);
	return READY;
}

static int start(struct sdl_process *self)
{
	sdl_watch(self, PHONES_NODE, SDL_APP_PHONES);
	return READY;
}

static const struct sdl_state states[] = {
	[READY] = { .name = "ready", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ READY, SIG_SdlLinkInService, on_link, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link, 0 },
	{ READY, SIG_SipRegister, on_register, 0 },
	{ READY, SIG_SipRegisterRefresh, on_refresh, 0 },
	{ READY, SIG_SipToken, on_token, 0 },
	{ READY, SIG_SipRegisterOk, on_other, 0 },
	{ READY, SIG_SipRegisterFailure, on_other, 0 },
	{ READY, SIG_SipTokenAccepted, on_other, 0 },
	{ READY, SIG_SipTokenFailure, on_other, 0 },
	{ READY, SIG_SipInvite, on_other, 0 },
	{ READY, SIG_SipTrying, on_other, 0 },
	{ READY, SIG_SipRinging, on_other, 0 },
	{ READY, SIG_SipOk, on_other, 0 },
	{ READY, SIG_SipFailure, on_other, 0 },
	{ READY, SIG_SipAck, on_other, 0 },
	{ READY, SIG_SipBye, on_other, 0 },
	{ READY, SIG_SipCancel, on_other, 0 },
	{ READY, SIG_SipRefer, on_other, 0 },
	{ READY, SIG_SipReferRes, on_other, 0 },
	{ READY, SIG_SipNotify, on_other, 0 },
	{ READY, SIG_SipInfo, on_other, 0 },
};

static const struct sdl_type station = {
	.name = "SIPStationInit",
	.number = CM_SIP_STATION_INIT,
	.at_start = true,
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
};

static const struct sdl_type *const types[] = { &sdl_link_admin, &station };

void sip_station_program(struct sdl_config *config, struct sip_station *context)
{
	config->types = types;
	config->types_n = sizeof(types) / sizeof(types[0]);
	config->context = context;
}
