/*
 * signal.h - every signal, listed once in signal.def: number, name, priority class, message.
 *
 * Classes are those of the field's queues: High timers and internal keepalives, Normal call
 * processing, Low registration but the initial one, Lowest initial registration.
 */
#ifndef COMMON_MSG_SIGNAL_H
#define COMMON_MSG_SIGNAL_H

#include <stddef.h>
#include <stdint.h>
#include <protobuf-c/protobuf-c.h>

enum signal_class { SIGNAL_HIGH, SIGNAL_NORMAL, SIGNAL_LOW, SIGNAL_LOWEST, SIGNAL_CLASSES };

/* Which frames may carry it in from outside. */
enum signal_reach {
	REACH_LOCAL,	 /* never leaves its program */
	REACH_LINK,	 /* between programs of the cluster */
	REACH_CTI_REQ,	 /* an application may send it to a CTIManager */
	REACH_CTI_EVENT, /* a CTIManager may send it to an application */
	REACH_MEDIA,	 /* datagram between endpoints */
	REACH_CONTROL,	 /* between harness and program */
};

/* SIG_<Name>; the numbers are positions in signal.def, the same in every program of one version. */
enum signal {
	SIG_NONE,
#define SIGNAL(name, klass, reach, message) SIG_##name,
#include "common/msg/signal.def"
#undef SIGNAL
	SIGNAL_COUNT
};

struct signal_def {
	const char *name;
	uint8_t klass; /* enum signal_class */
	uint8_t reach; /* enum signal_reach */
	const ProtobufCMessageDescriptor *message;
};

/* NULL for a number that is none. */
const struct signal_def *signal_def(uint16_t number);
/* SIG_NONE when there is no such name. */
uint16_t signal_by_name(const char *name);

#endif
