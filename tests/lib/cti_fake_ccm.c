/* A CallManager that pretends: CTIRegistrar, and behind it all devices and lines. */
#include "tests/lib/cti_fixture_programs.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "sdl/link/link_admin.h"

enum { RUNNING };

static struct fake_device *device_named(struct fake_ccm *f, const char *name)
{
	for (int i = 0; i < f->devices; i++)
		if (!strcmp(f->device[i].name, name))
			return &f->device[i];
	ck_assert_int_lt(f->devices, FAKE_DEVICES);
	snprintf(f->device[f->devices].name, sizeof(f->device[0].name), "%s", name);
	f->device[f->devices].askers_n = 0;
	return &f->device[f->devices++];
}

static void add_asker(struct fake_device *d, struct sdl_pid pid)
{
	for (int i = 0; i < d->askers_n; i++)
		if (sdl_pid_equal(d->askers[i], pid))
			return;
	d->askers[d->askers_n++] = pid;
}

static int fake_start(struct sdl_process *self)
{
	struct fake_ccm *f = sdl_context(self);

	f->devices = 0;
	f->outstanding = 0;
	f->slow_n = 0;
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	return RUNNING;
}

static int fake_on_isv(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlLinkStatus *status = sig->msg;
	struct sdl_pid to = { .node = (uint8_t)status->node,
			      .type = CTIM_CTI_MANAGER,
			      .app = SDL_APP_CTIMANAGER,
			      .inst = 1 };
	CcmInService up = CCM_IN_SERVICE__INIT;

	up.initialization_state = 100;
	sdl_send(self, to, SIG_CcmInService, &up);
	return RUNNING;
}

static void answer_open(struct sdl_process *self, struct sdl_pid to, uint32_t async,
			uint32_t result, bool registered)
{
	struct fake_ccm *f = sdl_context(self);
	CtiDeviceOpenDeviceRes res = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	res.async_response = async;
	res.result = result;
	res.has_registered = true;
	res.registered = registered;
	res.has_device_pid = registered;
	res.device_pid = sdl_pid_pack(sdl_self(self));
	res.has_other_node = result == CTIERR_DEVICE_ALREADY_REGISTERED;
	res.other_node = f->other_node;
	sdl_send(self, to, SIG_CtiDeviceOpenDeviceRes, &res);
}

static int fake_on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	bool phone = req->device->kind == DEVICE_KIND__DEVICE_SCCP_PHONE ||
		     req->device->kind == DEVICE_KIND__DEVICE_SIP_PHONE;
	struct fake_device *d = device_named(f, req->device->name);

	f->opens++;
	if (f->mute)
		return RUNNING;
	if (f->other_node && req->lost_node != f->other_node) {
		answer_open(self, sig->from, req->async_response, CTIERR_DEVICE_ALREADY_REGISTERED,
			    false);
		return RUNNING;
	}
	if (f->refuse || (f->refuse_media && req->has_registration)) {
		answer_open(self, sig->from, req->async_response,
			    f->refuse ? f->refuse : f->refuse_media, false);
		return RUNNING;
	}
	add_asker(d, sig->from);
	if (f->slow) {
		f->slow_to[f->slow_n] = sig->from;
		f->slow_async[f->slow_n++] = req->async_response;
		if (f->slow_n > f->opens_max)
			f->opens_max = f->slow_n;
		sdl_timer_start(self, SIG_CtiRequestTimer, MS(1));
		return RUNNING;
	}
	answer_open(self, sig->from, req->async_response, 0, !phone || f->phone_here);
	return RUNNING;
}

static int fake_on_slow(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	unsigned n = f->slow_n;

	(void)sig;
	f->slow_n = 0;
	for (unsigned i = 0; i < n; i++)
		answer_open(self, f->slow_to[i], f->slow_async[i], 0, true);
	return RUNNING;
}

static int fake_on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	snprintf(f->last, sizeof(f->last), "close %s%s%s%s", req->device,
		 req->owner ? " owner " : "", req->owner ? req->owner : "",
		 req->application_failed ? " failed" : "");
	if (!req->owner)
		device_named(f, req->device)->askers_n = 0;
	res.async_response = req->async_response;
	sdl_send(self, sig->from, SIG_CtiDeviceCloseDeviceRes, &res);
	return RUNNING;
}

static int fake_on_rehome(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceRehomeReq *req = sig->msg;

	snprintf(f->last, sizeof(f->last), "rehome %s %u%s", req->device, req->target_node,
		 req->cancel ? " cancel" : "");
	return RUNNING;
}

static const char *device_of_line(struct fake_ccm *f, struct sdl_pid asker)
{
	for (int i = 0; i < f->devices; i++)
		for (int k = 0; k < f->device[i].askers_n; k++)
			if (sdl_pid_equal(f->device[i].askers[k], asker))
				return f->device[i].name;
	return "";
}

static int fake_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineOpenLineReq *req = sig->msg;
	CtiLineOpenLineRes res = CTI_LINE_OPEN_LINE_RES__INIT;
	CtiExistingCallCompletedNotify done = CTI_EXISTING_CALL_COMPLETED_NOTIFY__INIT;
	CtiCallNotify call = CTI_CALL_NOTIFY__INIT;

	res.async_response = req->async_response;
	res.result = f->refuse_line;
	res.dn = req->dn;
	sdl_send(self, sig->from, SIG_CtiLineOpenLineRes, &res);
	if (res.result)
		return RUNNING;
	call.device = done.device = (char *)(uintptr_t)device_of_line(f, sig->from);
	call.dn = done.dn = req->dn;
	call.ci = 77;
	call.has_state = true;
	call.state = CTI_CALL_STATE__CONNECTED;
	if (f->existing)
		sdl_send(self, sig->from, SIG_CtiExistingCallNotify, &call);
	if (f->calling)
		sdl_send(self, sig->from, SIG_CtiNewCallNotify, &call);
	sdl_send(self, sig->from, SIG_CtiExistingCallCompletedNotify, &done);
	return RUNNING;
}

static int fake_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineCloseLineReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	snprintf(f->last, sizeof(f->last), "close line %s", req->dn);
	res.async_response = req->async_response;
	sdl_send(self, sig->from, SIG_CtiLineCloseLineRes, &res);
	return RUNNING;
}

/* Requests have the number of their answer plus one less; all begin with async_response. */
static int fake_on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineCallReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = req->async_response;
	res.has_ci = sig->number == SIG_CtiLineCallInitiateReq;
	res.ci = 99;
	if (!f->silent_calls)
		sdl_send(self, sig->from, (uint16_t)(sig->number + 1), &res);
	return RUNNING;
}

/* Posted by the test: to all who have the device open. Its name is the first field of all these. */
static int fake_on_tell(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceUnregisterNotify *notify = sig->msg;
	const struct fake_device *d = device_named(f, notify->device);

	for (int i = 0; i < d->askers_n; i++)
		sdl_forward(self, d->askers[i], sig);
	return RUNNING;
}

static int fake_on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	CtiDeviceRegisterNotifyWithLineInfo notify =
		*(const CtiDeviceRegisterNotifyWithLineInfo *)sig->msg;
	const struct fake_device *d = device_named(f, notify.device);

	notify.device_pid = sdl_pid_pack(sdl_self(self));
	for (int i = 0; i < d->askers_n; i++)
		sdl_send(self, d->askers[i], sig->number, &notify);
	return RUNNING;
}

static const struct sdl_state running[] = {
	[RUNNING] = { "running", .waits = "" },
};

#define ROW(signal, handler)                                                                       \
	{                                                                                          \
		RUNNING, SIG_##signal, handler, 0                                                  \
	}
static const struct sdl_row fake_rows[] = {
	ROW(SdlLinkInService, fake_on_isv),
	ROW(SdlLinkOutOfService, sdl_ignore),
	ROW(CtiDeviceOpenDeviceReq, fake_on_open),
	ROW(CtiRequestTimer, fake_on_slow),
	ROW(CtiDeviceCloseDeviceReq, fake_on_close),
	ROW(CtiDeviceRehomeReq, fake_on_rehome),
	ROW(CtiLineOpenLineReq, fake_on_line_open),
	ROW(CtiLineCloseLineReq, fake_on_line_close),
	ROW(CtiLineCallInitiateReq, fake_on_call),
	ROW(CtiLineCallAcceptReq, fake_on_call),
	ROW(CtiLineCallAnswerReq, fake_on_call),
	ROW(CtiLineCallDisconnectReq, fake_on_call),
	ROW(CtiLineCallHoldReq, fake_on_call),
	ROW(CtiLineCallRetrieveReq, fake_on_call),
	ROW(CtiLineCallRedirectReq, fake_on_call),
	ROW(CtiLineCallJoinReq, fake_on_call),
	ROW(CtiDeviceSetRTPForCallReq, fake_on_call),
	ROW(CtiDeviceRegisterNotifyWithLineInfo, fake_on_register),
	ROW(CtiDeviceUnregisterNotify, fake_on_tell),
	ROW(CtiNewCallNotify, fake_on_tell),
	ROW(CtiCallStateNotify, fake_on_tell),
	ROW(CtiCallPartyInfoNotify, fake_on_tell),
	ROW(CtiCallClosedNotify, fake_on_tell),
	ROW(CtiOpenLogicalChannelNotify, fake_on_tell),
	ROW(CtiStartReceptionNotify, fake_on_tell),
};

static const struct sdl_type fake_registrar = {
	.name = "CTIRegistrar",
	.number = CM_CTI_REGISTRAR,
	.at_start = true,
	.states = running,
	.states_n = 1,
	.rows = fake_rows,
	.rows_n = sizeof(fake_rows) / sizeof(fake_rows[0]),
	.start = fake_start,
};
static const struct sdl_type *const fake_types[] = { &sdl_link_admin, &fake_registrar };

void fake_ccm_make(void *arg, struct sdl_config *config)
{
	config->types = fake_types;
	config->types_n = 2;
	config->context = arg;
}
