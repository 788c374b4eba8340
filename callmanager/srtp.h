/*
 * srtp.h - the key material of encrypted streams.
 *
 * Who listens makes the key of what it hears (an encrypted device: its security profile is TLS), and its leg
 * tells the other one with the address. A stream is encrypted only if both devices are: then who sends is
 * given the listener's key, else none. Material travels in signals and so stands in records; which
 * applications are told it is another matter (GRP-05). Of SIP phones only the CallManager's side has it.
 *
 * Sizes: AES_CM_128, the one algorithm of the field's time.
 */
#ifndef CALLMANAGER_SRTP_H
#define CALLMANAGER_SRTP_H

#include <string.h>

#include "sdl/sdl.h"

#define CM_SRTP_KEY  16
#define CM_SRTP_SALT 14

struct cm_srtp {
	bool keyed; /* false: in the clear */
	uint8_t key[CM_SRTP_KEY];
	uint8_t salt[CM_SRTP_SALT];
};

/* New material, or none. */
void cm_srtp_make(struct sdl_process *self, struct cm_srtp *s, bool encrypted);

/* Into and out of a message with the optional fields key and salt; borrowed while it is sent. */
#define CM_SRTP_PUT(msg, srtp)                                                                     \
	do {                                                                                       \
		(msg)->has_key = (msg)->has_salt = (srtp)->keyed;                                  \
		(msg)->key =                                                                       \
			(ProtobufCBinaryData){ CM_SRTP_KEY, (uint8_t *)(uintptr_t)(srtp)->key };   \
		(msg)->salt =                                                                      \
			(ProtobufCBinaryData){ CM_SRTP_SALT, (uint8_t *)(uintptr_t)(srtp)->salt }; \
	} while (0)
#define CM_SRTP_TAKE(srtp, msg)                                                                    \
	do {                                                                                       \
		(srtp)->keyed = (msg)->has_key && (msg)->key.len == CM_SRTP_KEY &&                 \
				(msg)->has_salt && (msg)->salt.len == CM_SRTP_SALT;                \
		if ((srtp)->keyed) {                                                               \
			memcpy((srtp)->key, (msg)->key.data, CM_SRTP_KEY);                         \
			memcpy((srtp)->salt, (msg)->salt.data, CM_SRTP_SALT);                      \
		}                                                                                  \
	} while (0)

#endif
