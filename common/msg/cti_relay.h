/*
 * cti_relay.h - the requests and events that CTIManager passes on between applications and
 * CallManagers, listed once in cti_relay.def.
 *
 * A request begins with its number and a handle; for the CallManager they become async_response and
 * the ci of the call, or the dn of the line, or nothing (the device is whom it is sent to). An event
 * begins with a handle. All else has the same name on both sides, and is carried over as it is, but
 * handles of further calls, which become their ci.
 *
 * The rows of processes for them are made from the .def, too.
 */
#ifndef COMMON_MSG_CTI_RELAY_H
#define COMMON_MSG_CTI_RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "common/msg/messages.h"
#include "common/msg/signal.h"

enum cti_subject { CTI_SUBJECT_CALL, CTI_SUBJECT_LINE, CTI_SUBJECT_DEVICE };

/* A pair of signals: the application's and the CallManager's (a request: its Req). */
struct cti_relay {
	uint16_t application;
	uint16_t callmanager;
	uint8_t subject; /* enum cti_subject */
};

/* NULL: there is no such request. */
const struct cti_relay *msg_cti_request(uint16_t application);
/* By what the CallManager calls it; NULL: there is no such event. */
const struct cti_relay *msg_cti_event(uint16_t callmanager);
/* By what the application calls it; NULL: there is no such event. */
const struct cti_relay *msg_cti_event_told(uint16_t application);

/* How all of them begin, whatever follows. */
struct cti_request_head {
	ProtobufCMessage base;
	uint32_t seq;
	uint64_t handle;
};
struct cti_event_head {
	ProtobufCMessage base;
	uint64_t handle;
};

/* Room for any request, or event, of the application. */
union cti_request_body {
	struct cti_request_head head;
	ProtobufCMessage base;
	DeviceRequest device;
	LineCallInitiate initiate;
	CallRequest call;
	CallRedirect redirect;
	CallTo to;
	CallWithOthers others;
	CallDigits digits;
	LineNumber number;
	LineAutoAcceptChange auto_accept;
	DeviceDataPassThrough data;
	DeviceSetRTPForCall rtp;
};
union cti_event_body {
	struct cti_event_head head;
	ProtobufCMessage base;
	CallEvent call;
	MediaEvent media;
	DtmfEvent dtmf;
	LineForwardEvent forward;
	LineFeatureEvent feature;
	DeviceDataEvent data;
};
/* Room for any request to a CallManager. */
union cti_cm_request_body {
	ProtobufCMessage base;
	CtiLineCallReq call;   /* of a call: async_response and ci are there in all of them */
	CtiLineNumberReq line; /* of a line: async_response and dn */
	CtiLineCallInitiateReq initiate;
	CtiLineCallRedirectReq redirect;
	CtiLineCallToReq to;
	CtiLineCallOthersReq others;
	CtiLineCallDigitsReq digits;
	CtiLineAutoAcceptChangeReq auto_accept;
	CtiDeviceDataPassThroughReq data;
	CtiDeviceSetRTPForCallReq rtp;
};

/* An empty message of that signal; body has room for it. */
void msg_cti_init(uint16_t signal, void *body);
/* Copies a message as it is; what it points to stays borrowed. */
void msg_cti_copy(const void *from, void *body);
/* Copies the fields that have the same name and type on both sides; texts stay borrowed. */
void msg_carry(const void *from, void *to);

#endif
