/*
 * keys.h - what a user can do on a phone: the verbs of PhoneCommand, on phones of any protocol.
 */
#ifndef SIM_PHONE_KEYS_H
#define SIM_PHONE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum phone_key {
	KEY_NONE, /* no such verb */
	KEY_OFF_HOOK,
	KEY_HANG_UP,
	KEY_DIAL,
	KEY_CALL,
	KEY_ANSWER,
	KEY_HOLD,
	KEY_RESUME,
	KEY_TRANSFER,
	KEY_CONFERENCE,
	KEY_SELECT,
	KEY_DIRECT_TRANSFER,
	KEY_JOIN,
	KEY_REMOVE_LAST,
	KEY_PARK,
	KEY_PICKUP,
	KEY_QRT,
	KEY_FORWARD,
	KEY_SHOW,
};

enum phone_key sim_phone_key(const char *verb);
/* "a phone knows offhook, ...": for who pressed another one. */
const char *sim_phone_keys(void);
/* What the Quality Reporting Tool of a phone sends (DEV-12): a report in its buffer. */
void sim_phone_quality_report(const char *phone, const char *problem, bool stream, char *buf,
			      size_t size);
/* Can that be dialled? 0, or a CTIERR code with a sentence in why. */
uint32_t sim_phone_check_number(const char *number, char *why, size_t size);

#endif
