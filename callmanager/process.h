/* process.h - the processes of the CallManager, and what they agree upon. Private to the folder. */
#ifndef CALLMANAGER_PROCESS_H
#define CALLMANAGER_PROCESS_H

#include <stdlib.h>

#include "callmanager/callmanager.h"
#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "common/msg/signal.h"
#include "sdl/sdl.h"

/* Type numbers that only this program uses; the others are in address.h. */
enum {
	CM_STATION_D = TYPE_FIRST_FREE,
	CM_CTI_STATION_D,
	CM_LINE_CONTROL,
	CM_LINE_CDPC,
	CM_TRANSFER,
	CM_PARK_MANAGER,
	CM_PARK_SLOT,
	CM_SIP_STATION_D,
	CM_SHARED_LINE,
	CM_PICKUP_MANAGER,
	CM_PICKUP,
	CM_CONFERENCE,
	CM_JOIN,
};

extern const struct sdl_type cm_db;
extern const struct sdl_type cm_device_manager;
extern const struct sdl_type cm_station_init;
extern const struct sdl_type cm_cti_registrar;
extern const struct sdl_type cm_da;
extern const struct sdl_type cm_cc;
extern const struct sdl_type cm_station_d;
extern const struct sdl_type cm_sip_station_init;
extern const struct sdl_type cm_sip_station_d;
extern const struct sdl_type cm_cti_station_d;
extern const struct sdl_type cm_line_control;
extern const struct sdl_type cm_line_cdpc;
extern const struct sdl_type cm_transfer;
extern const struct sdl_type cm_park_manager;
extern const struct sdl_type cm_park_slot;
extern const struct sdl_type cm_shared_line;
extern const struct sdl_type cm_pickup_manager;
extern const struct sdl_type cm_pickup;
extern const struct sdl_type cm_media_resource_manager;
extern const struct sdl_type cm_conference;
extern const struct sdl_type cm_join;

/* The longest number, with its end. Longer ones are refused where they come in. */
#define CM_DN_SIZE 51

/* The codec that every endpoint has: G.711 mu-law, as RTP payload number of the field. */
#define CM_CODEC_DEFAULT 4

/* InitializationState when all is done. */
#define CM_INITIALIZED 100

static inline struct cm_context *cm_context(const struct sdl_process *self)
{
	return sdl_context(self);
}

static inline struct sdl_pid cm_singleton(uint8_t node, uint8_t type)
{
	return (struct sdl_pid){
		.node = node, .type = type, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

/* A copy of a message that outlives the signal it came in; to be freed with its free_unpacked and
 * NULL. */
static inline void *cm_copy(const ProtobufCMessage *msg)
{
	size_t size = protobuf_c_message_get_packed_size(msg);
	uint8_t *packed = malloc(size ? size : 1);
	ProtobufCMessage *copy;

	if (!packed)
		abort();
	protobuf_c_message_pack(msg, packed);
	copy = protobuf_c_message_unpack(msg->descriptor, NULL, size, packed);
	free(packed);
	if (!copy)
		abort();
	return copy;
}

/* From somebody who has no say in it: a mistake, or what has come too late. Ignored, and on record. */
static inline int cm_stranger(struct sdl_process *self, const struct sdl_signal *sig)
{
	sdl_info(self, "%s of a stranger is ignored", signal_def(sig->number)->name);
	return sdl_state(self);
}

static inline bool cm_is_phone(DeviceKind kind)
{
	return kind == DEVICE_KIND__DEVICE_SCCP_PHONE || kind == DEVICE_KIND__DEVICE_SIP_PHONE;
}

#endif
