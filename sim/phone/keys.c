#include "sim/phone/keys.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

/* Longest number that a phone takes: that of the dial plan's strings. */
#define NUMBER_MAX 50

static const struct {
	const char *verb;
	enum phone_key key;
} keys[] = {
	{ "offhook", KEY_OFF_HOOK },  { "onhook", KEY_HANG_UP },
	{ "hangup", KEY_HANG_UP },    { "dial", KEY_DIAL },
	{ "call", KEY_CALL },	      { "answer", KEY_ANSWER },
	{ "hold", KEY_HOLD },	      { "resume", KEY_RESUME },
	{ "qrt", KEY_QRT },	      { "show", KEY_SHOW },
	{ "transfer", KEY_TRANSFER }, { "conference", KEY_CONFERENCE },
	{ "select", KEY_SELECT },     { "dirtrfr", KEY_DIRECT_TRANSFER },
	{ "join", KEY_JOIN },	      { "rmlstc", KEY_REMOVE_LAST },
	{ "forward", KEY_FORWARD },   { "park", KEY_PARK },
	{ "pickup", KEY_PICKUP },
};

enum phone_key sim_phone_key(const char *verb)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].verb, verb))
			return keys[i].key;
	return KEY_NONE;
}

const char *sim_phone_keys(void)
{
	return "a phone knows offhook, onhook, dial, call, answer, hangup, hold, resume, qrt, "
	       "forward, park, "
	       "pickup, transfer, conference, select, dirtrfr, join, rmlstc and show";
}

uint32_t sim_phone_check_number(const char *number, char *why, size_t size)
{
	if (!number || !*number) {
		snprintf(why, size, "a number is needed");
		return CTIERR_INVALID_PARAMETER;
	}
	if (strlen(number) > NUMBER_MAX || strspn(number, "0123456789*#") != strlen(number)) {
		snprintf(why, size, "a number has 1 to 50 of the keys 0 to 9, * and #");
		return CTIERR_INVALID_DTMFDIGITS;
	}
	return CTIERR_SUCCESS;
}

void sim_phone_quality_report(const char *phone, const char *problem, bool stream, char *buf,
			      size_t size)
{
	snprintf(buf, size, "<qrt device=\"%s\" stream=\"%s\" problem=\"%s\"/>", phone,
		 stream ? "yes" : "no", problem && *problem ? problem : "0");
}
