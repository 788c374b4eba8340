/* sip_dial.c - how a SIP phone collects a number. Nobody else knows of it until it is whole. */
#include "sim/phone/sip_phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

void sim_sip_play(struct sdl_process *self, StationTone tone, uint32_t cause)
{
	struct sip_phone *phone = sdl_data(self);
	PhoneTone msg = PHONE_TONE__INIT;

	if (phone->tone == tone)
		return;
	phone->tone = (uint8_t)tone;
	msg.tone = tone;
	msg.has_cause = cause != 0;
	msg.cause = cause;
	sdl_send(self, sdl_self(self), SIG_PhoneTone, &msg);
}

void sim_sip_take_rules(struct sip_phone *phone, const SipRegisterOk *ok)
{
	char why[100];

	if (ok->n_dn == 0)
		return; /* to a refresh */
	free(phone->rules);
	phone->rules_n = 0;
	phone->rules = calloc(ok->n_dial_rule + 1, sizeof(*phone->rules));
	if (!phone->rules)
		abort();
	for (size_t i = 0; i < ok->n_dial_rule && phone->rules_n < DIAL_RULES_MAX; i++) {
		const DialRule *rule = ok->dial_rule[i];
		struct dial_rule *to = &phone->rules[phone->rules_n];

		if (!dial_rule_valid(rule->pattern, why, sizeof(why)))
			continue;
		snprintf(to->pattern, sizeof(to->pattern), "%s", rule->pattern);
		to->timeout_s = rule->has_timeout_s ? (int)rule->timeout_s : -1;
		phone->rules_n++;
	}
	phone->inter_digit_ms = ok->inter_digit_ms;
}

void sim_sip_off_hook(struct sdl_process *self, uint32_t line)
{
	struct sip_phone *phone = sdl_data(self);

	phone->off_hook = true;
	phone->line = (uint8_t)(line ? line : 1);
	phone->refer = 0;
	phone->digits[0] = '\0';
	sim_sip_play(self, STATION_TONE__InsideDialTone, 0);
}

static void forget(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);

	phone->off_hook = false;
	phone->refer = 0;
	phone->digits[0] = '\0';
	sdl_timer_stop(self, SIG_SipDialTimer);
}

void sim_sip_stop_dialling(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	SipReferRes res = SIP_REFER_RES__INIT;

	if (phone->refer) {
		res.refer = phone->refer;
		res.status = 487;
		sim_phone_to_station(self, SIG_SipReferRes, &res);
	}
	forget(self);
	sim_sip_play(self, STATION_TONE__Silence, 0);
}

static void send_number(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	char number[SIP_DIGITS_SIZE];
	uint32_t refer = phone->refer;

	memcpy(number, phone->digits, sizeof(number));
	forget(self);
	sim_sip_play(self, STATION_TONE__Silence, 0);
	sim_sip_invite(self, number, phone->line, refer);
}

/* What the digits so far are to the dial rules: sent, or waited for. */
static void look(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	struct dial_look look = dial_rules_look(phone->rules, phone->rules_n, phone->digits);
	int64_t wait_ms =
		look.timeout_s < 0 ? phone->inter_digit_ms : (int64_t)look.timeout_s * 1000;

	if (look.at_once || sdl_mutant(self, MUTANT_SIP_DIALS_AT_ONCE)) {
		send_number(self);
		return;
	}
	sim_sip_play(self,
		     look.secondary_tone ? STATION_TONE__OutsideDialTone : STATION_TONE__Silence,
		     0);
	sdl_timer_start(self, SIG_SipDialTimer, wait_ms * NS_PER_MS / sdl_params(self)->speed);
}

/* The pound key ends a number unless a rule has it as a key. */
static bool ends_number(const struct sip_phone *phone)
{
	char with[SIP_DIGITS_SIZE + 1];

	snprintf(with, sizeof(with), "%s#", phone->digits);
	for (size_t i = 0; i < phone->rules_n; i++)
		if (strchr(phone->rules[i].pattern, '#') &&
		    dial_rule_fit(phone->rules[i].pattern, with) != DIAL_NEVER)
			return false;
	return phone->digits[0] != '\0';
}

void sim_sip_dial_keys(struct sdl_process *self, const char *keys)
{
	struct sip_phone *phone = sdl_data(self);
	size_t n;

	for (; *keys && phone->off_hook; keys++) {
		n = strlen(phone->digits);
		if (*keys == '#' && ends_number(phone)) {
			send_number(self);
		} else if (n < sizeof(phone->digits) - 1) {
			phone->digits[n] = *keys;
			phone->digits[n + 1] = '\0';
			look(self);
		}
	}
}

void sim_sip_dial_number(struct sdl_process *self, const char *number, uint32_t line,
			 uint32_t refer)
{
	struct sip_phone *phone = sdl_data(self);

	if (phone->off_hook)
		sim_sip_stop_dialling(self);
	sim_sip_off_hook(self, line);
	phone->refer = refer;
	snprintf(phone->digits, sizeof(phone->digits), "%s", number);
	look(self);
}

/* No further key came. */
int sim_sip_on_dial_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_phone *phone = sdl_data(self);

	(void)sig;
	if (phone->off_hook && phone->digits[0])
		send_number(self);
	return sdl_state(self);
}
