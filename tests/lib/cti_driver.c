#include "tests/lib/cti_driver.h"

#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

#define CALLS_MAX 64

enum { READY };

struct driver {
	struct sdl_pid device; /* of the last open */
	uint32_t n;
	struct {
		uint32_t ci;
		struct sdl_pid device;
	} calls[CALLS_MAX];
};

static struct sdl_pid device_of(struct sdl_process *self, uint32_t ci)
{
	const struct driver *d = sdl_data(self);

	for (uint32_t i = 0; i < d->n; i++)
		if (d->calls[i].ci == ci)
			return d->calls[i].device;
	return d->device;
}

static int to_registrar(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cti_driver_context *context = sdl_context(self);
	const struct sdl_pid to = { .node = context->node,
				    .app = SDL_APP_CALLMANAGER,
				    .type = CM_CTI_REGISTRAR,
				    .inst = 1 };

	sdl_forward(self, to, sig);
	return READY;
}

static int to_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct driver *d = sdl_data(self);

	sdl_forward(self, d->device, sig);
	return READY;
}

/* All requests on a call begin alike: async_response, ci. */
static int to_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallReq *req = sig->msg;

	sdl_forward(self, device_of(self, req->ci), sig);
	return READY;
}

static int on_opened(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct driver *d = sdl_data(self);
	const CtiDeviceOpenDeviceRes *res = sig->msg;

	if (res->result == 0 && res->has_device_pid)
		d->device = sdl_pid_unpack(res->device_pid);
	return READY;
}

static int on_registered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct driver *d = sdl_data(self);
	const CtiDeviceRegisterNotifyWithLineInfo *n = sig->msg;

	d->device = sdl_pid_unpack(n->device_pid);
	return READY;
}

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_driver_context *context = sdl_context(self);
	struct driver *d = sdl_data(self);
	const CtiCallNotify *n = sig->msg;
	uint32_t i = 0;

	while (i < d->n && d->calls[i].ci != n->ci)
		i++;
	if (i == CALLS_MAX)
		return READY;
	d->calls[i].ci = n->ci;
	d->calls[i].device = sig->from;
	if (i == d->n)
		d->n++;
	context->ci = n->ci;
	return READY;
}

static const struct sdl_state states[] = { { .name = "ready", .waits = "" } };

static const struct sdl_row rows[] = {
	{ READY, SIG_CtiDeviceOpenDeviceReq, to_registrar, 0 },
	{ READY, SIG_CtiDeviceCloseDeviceReq, to_registrar, 0 },
	{ READY, SIG_CtiDeviceRehomeReq, to_registrar, 0 },
	{ READY, SIG_CtiLineOpenLineReq, to_device, 0 },
	{ READY, SIG_CtiLineCloseLineReq, to_device, 0 },
	{ READY, SIG_CtiLineCallInitiateReq, to_device, 0 },
	{ READY, SIG_CtiLineCallAcceptReq, to_call, 0 },
	{ READY, SIG_CtiLineCallAnswerReq, to_call, 0 },
	{ READY, SIG_CtiLineCallDisconnectReq, to_call, 0 },
	{ READY, SIG_CtiLineCallHoldReq, to_call, 0 },
	{ READY, SIG_CtiLineCallRetrieveReq, to_call, 0 },
	{ READY, SIG_CtiLineCallRedirectReq, to_call, 0 },
	{ READY, SIG_CtiLineCallTransferBlindReq, to_call, 0 },
	{ READY, SIG_CtiLineCallTransferSetupReq, to_call, 0 },
	{ READY, SIG_CtiLineCallTransferCompleteReq, to_call, 0 },
	{ READY, SIG_CtiLineCallTransferDirectReq, to_call, 0 },
	{ READY, SIG_CtiLineCallConferenceSetupReq, to_call, 0 },
	{ READY, SIG_CtiLineCallConferenceCompleteReq, to_call, 0 },
	{ READY, SIG_CtiLineCallJoinReq, to_call, 0 },
	{ READY, SIG_CtiLineCallParkReq, to_call, 0 },
	{ READY, SIG_CtiLineCallDialReq, to_call, 0 },
	{ READY, SIG_CtiLineCallPlayDtmfReq, to_call, 0 },
	{ READY, SIG_CtiLineCallUnParkReq, to_device, 0 },
	{ READY, SIG_CtiLineCallPickupReq, to_device, 0 },
	{ READY, SIG_CtiLineSetForwardReq, to_device, 0 },
	{ READY, SIG_CtiLineGetForwardReq, to_device, 0 },
	{ READY, SIG_CtiLineAutoAcceptChangeReq, to_device, 0 },
	{ READY, SIG_CtiDeviceDataPassThroughReq, to_device, 0 },
	{ READY, SIG_CtiDeviceSetRTPForCallReq, to_call, 0 },
	{ READY, SIG_CtiDeviceOpenDeviceRes, on_opened, 0 },
	{ READY, SIG_CtiDeviceRegisterNotifyWithLineInfo, on_registered, 0 },
	{ READY, SIG_CtiNewCallNotify, on_call, 0 },
	{ READY, SIG_CtiExistingCallNotify, on_call, 0 },
	{ READY, SIG_CtiDeviceCloseDeviceRes, sdl_ignore, 0 },
	{ READY, SIG_CtiDeviceUnregisterNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineOpenLineRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCloseLineRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallInitiateRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallAcceptRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallAnswerRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallDisconnectRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallHoldRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallRetrieveRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallRedirectRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallTransferBlindRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallTransferSetupRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallTransferCompleteRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallTransferDirectRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallConferenceSetupRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallConferenceCompleteRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallJoinRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallParkRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallDialRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallPlayDtmfRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallUnParkRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineCallPickupRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineSetForwardRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineGetForwardRes, sdl_ignore, 0 },
	{ READY, SIG_CtiLineAutoAcceptChangeRes, sdl_ignore, 0 },
	{ READY, SIG_CtiDeviceDataPassThroughRes, sdl_ignore, 0 },
	{ READY, SIG_CtiGlobalCallHandleChangedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiDTMFNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineForwardNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineTransferStartedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineTransferEndedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineConferenceStartedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiLineConferenceEndedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiDeviceDataPassThroughNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiDeviceSetRTPForCallRes, sdl_ignore, 0 },
	{ READY, SIG_CtiCallStateNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiCallPartyInfoNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiCallClosedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiExistingCallCompletedNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiOpenLogicalChannelNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiStartReceptionNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiStopReceptionNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiStartTransmissionNotify, sdl_ignore, 0 },
	{ READY, SIG_CtiStopTransmissionNotify, sdl_ignore, 0 },
	{ READY, SIG_CcmInService, sdl_ignore, 0 },
};

static const struct sdl_type driver = {
	.name = "CtiDriver",
	.number = CTIM_CTI_MANAGER,
	.at_start = true,
	.size = sizeof(struct driver),
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
};

static const struct sdl_type *const types[] = { &sdl_link_admin, &driver };

void cti_driver_program(struct sdl_config *config, struct cti_driver_context *context)
{
	config->types = types;
	config->types_n = 2;
	config->accept_type = 0;
	config->context = context;
}
