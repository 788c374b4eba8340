/* What SIP phones do: numbers are collected by the phone, tones played by it (DEV-06..11). */
#include "sim/explore/watch_private.h"

#include <stdio.h>
#include <string.h>

#include "callmanager/process.h"
#include "common/base/dial_rule.h"
#include "sdl/view/fields.h"

static bool handled(const struct sdl_record_entry *e)
{
	return e->kind == SDL_REC_IN || e->kind == SDL_REC_SIGNAL;
}

/* A key, or a number from an application, as the phone gets it; a number that comes with another key is
 * not counted, for there may be no call for that. */
static bool gives_number(const struct sdl_record_entry *e, const ProtobufCMessage *m)
{
	const char *verb;

	if (e->number == SIG_SipRefer)
		return ((const SipRefer *)m)->kind == SIP_REFER_KIND__SIP_REFER_INITCALL;
	verb = ((const PhoneCommand *)m)->verb;
	return ((const PhoneCommand *)m)->number &&
	       (!strcmp(verb, "dial") || !strcmp(verb, "call"));
}

static bool matches(const struct watch *w, const struct sim_device *d, const char *number)
{
	char pattern[DIAL_PATTERN_MAX + 1];

	for (size_t i = 0; d->dial_rules && i < w->topology->dial_rules_n; i++) {
		const struct sim_dial_rules *set = &w->topology->dial_rules[i];

		for (size_t k = 0; !strcmp(set->name, d->dial_rules) && k < set->rules_n; k++) {
			snprintf(pattern, sizeof(pattern), "%.*s", (int)strcspn(set->rules[k], " "),
				 set->rules[k]);
			if (dial_rule_fit(pattern, number) == DIAL_WHOLE)
				return true;
		}
	}
	return false;
}

/* It sends a number: of a new call, all there is. */
static void invites(struct watch *w, const struct sdl_record_entry *e, size_t at,
		    const SipInvite *invite)
{
	const struct sim_device *d = &w->topology->devices[at];
	/* T302 of explored clusters is the field's; half of it allows for everything. */
	int64_t enough_ns = INT64_C(7000000000) / sim_host_options(w->host)->speed;

	/* Nothing can be added to the longest number that there is. */
	if (invite->to && strlen(invite->to) < CM_DN_SIZE - 1)
		watch_check(w, WATCH_SIP_WHOLE,
			    e->time_ns - w->places[at].keyed_ns > enough_ns ||
				    matches(w, d, invite->to),
			    "%s sends %s, which no dial rule has matched", d->name, invite->to);
}

static bool phone_matters(const struct sdl_record_entry *e)
{
	if (e->number == SIG_SipInvite)
		return e->kind == SDL_REC_OUT;
	return handled(e) && (e->number == SIG_SipRefer || e->number == SIG_PhoneCommand);
}

void watch_sip_phone(struct watch *w, const struct sdl_record_entry *e)
{
	struct sdl_pid phone = e->kind == SDL_REC_OUT ? e->from : e->to;
	ProtobufCMessage *m;

	if (!phone_matters(e))
		return;
	m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	for (size_t i = 0; m && i < w->topology->devices_n; i++) {
		if (w->places[i].pid != sdl_pid_pack(phone))
			continue;
		if (e->number == SIG_SipInvite)
			invites(w, e, i, (const SipInvite *)m);
		else if (gives_number(e, m))
			w->places[i].keyed_ns = e->time_ns;
	}
	sdl_fields_free(&m);
}

void watch_sip_station(struct watch *w, const struct sdl_record_entry *e)
{
	ProtobufCMessage *m;

	if (!handled(e) || e->number != SIG_CcCallInd)
		return;
	m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	if (m) {
		const CtiCallNotify *call = ((const CcCallInd *)m)->call;

		watch_check(w, WATCH_SIP_REORDER,
			    call->state != CTI_CALL_STATE__REORDER &&
				    call->state != CTI_CALL_STATE__BUSY,
			    "%s: its call is kept for a tone", call->device);
	}
	sdl_fields_free(&m);
}
