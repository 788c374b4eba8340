/* Events as the application sees them, out of the signals that bring them. */
#include "ctimanager/client/client.h"

#include "common/base/cti_error.h"
#include "common/msg/messages.h"

/* cti.h stands alone when it is installed; these keep it equal to the protocol. */
_Static_assert((int)CTI_DISCONNECTED == CTI_CALL_STATE__DISCONNECTED, "call states");
_Static_assert((int)CTI_ONHOLD == CTI_CALL_STATE__ONHOLD, "call states");
_Static_assert((int)CTI_REHOMING_FAILURE == OUT_OF_SERVICE_CAUSE__REHOMING_FAILURE, "causes");
_Static_assert((int)CTI_LINE_RESTRICTED == OUT_OF_SERVICE_CAUSE__LINE_RESTRICTED, "causes");
_Static_assert((int)CTI_DYNAMIC_MEDIA == MEDIA_REGISTRATION__DYNAMIC, "media registration");
_Static_assert((int)CTI_CALLPARKREMINDER == PARK_STATUS__CALLPARKREMINDER, "what is parked");
_Static_assert((int)CTI_DEVICE_REMOVED == DEVICE_CHANGE__REMOVED, "changes of devices");
_Static_assert((int)CTI_DIRECT == PROVIDER_KIND__DIRECT, "kinds of application");

#define KIND(signal, member)                                                                       \
	{                                                                                          \
		SIG_##signal, #signal, offsetof(struct cti_app, member)                            \
	}
#define KIND_WITHOUT(signal)                                                                       \
	{                                                                                          \
		SIG_##signal, #signal, 0                                                           \
	}

static const struct {
	uint16_t signal;
	const char *name;
	size_t callback; /* offset in struct cti_app, 0 = none of its own */
} kinds[CTI_EVENT_KINDS] = {
	[CTI_RESPONSE] = KIND(Response, on_response),
	[CTI_PROVIDER_OPEN_COMPLETED] = KIND(ProviderOpenCompleted, on_provider_open_completed),
	[CTI_PROVIDER_IN_SERVICE] = KIND(ProviderInService, on_provider_in_service),
	[CTI_PROVIDER_OUT_OF_SERVICE] = KIND(ProviderOutOfService, on_provider_out_of_service),
	[CTI_PROVIDER_CLOSED] = KIND(ProviderClosed, on_provider_closed),
	[CTI_DEVICE_IN_SERVICE] = KIND(DeviceInService, on_device_in_service),
	[CTI_DEVICE_OUT_OF_SERVICE] = KIND(DeviceOutOfService, on_device_out_of_service),
	[CTI_DEVICE_CLOSED] = KIND(DeviceClosed, on_device_closed),
	[CTI_LINE_IN_SERVICE] = KIND(LineInService, on_line_in_service),
	[CTI_LINE_OUT_OF_SERVICE] = KIND(LineOutOfService, on_line_out_of_service),
	[CTI_LINE_CLOSED] = KIND(LineClosed, on_line_closed),
	[CTI_NEW_CALL] = KIND(NewCall, on_new_call),
	[CTI_EXISTING_CALL] = KIND(ExistingCall, on_existing_call),
	[CTI_EXISTING_CALL_COMPLETED] = KIND_WITHOUT(ExistingCallCompleted),
	[CTI_CALL_STATE_CHANGED] = KIND(CallStateChanged, on_call_state_changed),
	[CTI_CALL_PARTY_INFO_CHANGED] = KIND(CallPartyInfoChanged, on_call_party_info_changed),
	[CTI_GLOBAL_CALL_HANDLE_CHANGED] = KIND_WITHOUT(GlobalCallHandleChanged),
	[CTI_CALL_CLOSED] = KIND(CallClosed, on_call_closed),
	[CTI_CALL_OBSERVATION_ENDED] = KIND(CallObservationEnded, on_call_observation_ended),
	[CTI_DEVICE_CALL_OPEN_LOGICAL_CHANNEL] =
		KIND(DeviceCallOpenLogicalChannel, on_open_logical_channel),
	[CTI_START_RECEPTION] = KIND(StartReception, on_start_reception),
	[CTI_STOP_RECEPTION] = KIND(StopReception, on_stop_reception),
	[CTI_START_TRANSMISSION] = KIND(StartTransmission, on_start_transmission),
	[CTI_STOP_TRANSMISSION] = KIND(StopTransmission, on_stop_transmission),
	[CTI_DTMF] = KIND(Dtmf, on_dtmf),
	[CTI_LINE_FORWARD] = KIND(LineForward, on_line_forward),
	[CTI_LINE_TRANSFER_STARTED] = KIND_WITHOUT(LineTransferStarted),
	[CTI_LINE_TRANSFER_ENDED] = KIND_WITHOUT(LineTransferEnded),
	[CTI_LINE_CONFERENCE_STARTED] = KIND_WITHOUT(LineConferenceStarted),
	[CTI_LINE_CONFERENCE_ENDED] = KIND_WITHOUT(LineConferenceEnded),
	[CTI_DEVICE_DATA_PASS_THROUGH] =
		KIND(DeviceDataPassThroughEvent, on_device_data_pass_through),
	[CTI_PROVIDER_DEVICE_CONFIGURATION_CHANGED] =
		KIND(ProviderDeviceConfigurationChanged, on_provider_device_changed),
	[CTI_PROVIDER_USER_CHANGED] = KIND(ProviderUserChanged, on_provider_user_changed),
	[CTI_LINE_PARK_STATUS] = KIND(LineParkStatus, on_line_park_status),
	[CTI_TIMER] = { SIG_ClientTimer, "Timer", offsetof(struct cti_app, on_timer) },
};

const char *cti_event_name(enum cti_event_kind kind)
{
	return (unsigned)kind < CTI_EVENT_KINDS ? kinds[kind].name : "UNDEFINED";
}

static const char *enum_name(const ProtobufCEnumDescriptor *set, int number)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(set, number);

	return value ? value->name : "UNDEFINED";
}

const char *cti_call_state_name(enum cti_call_state state)
{
	return enum_name(&cti_call_state__descriptor, (int)state);
}

const char *cti_out_of_service_cause_name(int cause)
{
	return enum_name(&out_of_service_cause__descriptor, cause);
}

cti_callback *cti_event_callback(const struct cti_app *app, enum cti_event_kind kind)
{
	if (!kinds[kind].callback)
		return NULL;
	return *(cti_callback *const *)(const void *)((const char *)app + kinds[kind].callback);
}

const char *cti_request_name(uint16_t signal)
{
	switch (signal) {
	case SIG_ClientProviderOpen:
		return "ProviderOpen";
	case SIG_ClientProviderClose:
		return "ProviderClose";
	case SIG_ClientGetDeviceInfo:
		return "ProviderGetDeviceInfo";
	case SIG_ClientChangeEventFilter:
		return "ProviderChangeEventFilter";
	case SIG_ClientDeviceAcquire:
		return "ProviderDeviceAcquire";
	case SIG_ClientDeviceDeAcquire:
		return "ProviderDeviceDeAcquire";
	case SIG_ClientDeviceOpen:
		return "DeviceOpen";
	default:
		return signal_def(signal) ? signal_def(signal)->name : "";
	}
}

static const char *text(const char *t)
{
	return t ? t : "";
}

static void set_result(struct cti_event *e, uint32_t result, const char *words)
{
	e->result = result;
	e->text = words ? words : cti_error_text(result);
}

static void fill_response(struct cti_event *e, const Response *m)
{
	set_result(e, m->result, m->text);
	e->seq = (int)m->seq;
	e->device_handle = m->device_handle;
	e->line_handle = m->line_handle;
	e->call = m->call_handle;
	e->heartbeat_s = m->heartbeat_s;
	e->capabilities = m->capabilities;
	e->names = (const char *const *)(m->n_device ? m->device : m->dn);
	e->names_n = m->n_device ? m->n_device : m->n_dn;
	e->more = m->more;
	e->number = text(m->number);
}

static void fill_provider(struct cti_event *e, const ProviderEvent *m)
{
	if (e->kind == CTI_PROVIDER_CLOSED)
		set_result(e, m->reason, NULL);
	e->node = (uint8_t)m->node;
	e->cause = (int)m->cause;
	e->no_backup = m->no_backup;
}

static void fill_device(struct cti_event *e, const DeviceEvent *m)
{
	if (e->kind == CTI_DEVICE_CLOSED)
		set_result(e, m->reason, NULL);
	e->device = m->device;
	e->device_handle = m->device_handle;
	e->node = (uint8_t)m->node;
	e->cause = (int)m->cause;
}

static void fill_line(struct cti_event *e, const LineEvent *m)
{
	if (e->kind == CTI_LINE_CLOSED)
		set_result(e, m->reason, NULL);
	e->device = m->device;
	e->dn = m->dn;
	e->line_handle = m->line_handle;
	e->node = (uint8_t)m->node;
	e->cause = (int)m->cause;
}

static void fill_call(struct cti_event *e, const CallEvent *m)
{
	e->device = m->device;
	e->dn = m->dn;
	e->line_handle = m->line_handle;
	e->call = m->call_handle;
	e->global_call = m->global_call_handle;
	e->state = m->has_state ? (enum cti_call_state)m->state : CTI_UNKNOWN_CALL_STATE;
	e->call_cause = m->cause;
	e->reason = (uint32_t)m->reason;
	e->calling = text(m->calling);
	e->called = text(m->called);
	e->original_called = text(m->original_called);
	e->last_redirecting = text(m->last_redirecting);
	e->outgoing = m->outgoing;
}

static void fill_media(struct cti_event *e, const MediaEvent *m)
{
	e->device = m->device;
	e->dn = text(m->dn);
	e->call = m->call_handle;
	e->ip = m->ip;
	e->port = m->port;
	e->codec = m->codec;
	e->encrypted = m->encrypted;
	e->key = m->has_key ? m->key.data : NULL;
	e->key_n = m->has_key ? m->key.len : 0;
	e->salt = m->has_salt ? m->salt.data : NULL;
	e->salt_n = m->has_salt ? m->salt.len : 0;
}

static void fill_feature(struct cti_event *e, const LineFeatureEvent *m)
{
	if (m->has_result)
		set_result(e, m->result, NULL);
	e->device = m->device;
	e->dn = m->dn;
	e->line_handle = m->line_handle;
	e->call = m->call_handle;
	e->others = m->other_call_handle;
	e->others_n = m->n_other_call_handle;
}

static void fill_rest(struct cti_event *e, const void *msg)
{
	const DtmfEvent *dtmf = msg;
	const LineForwardEvent *forward = msg;
	const DeviceDataEvent *data = msg;

	switch (e->kind) {
	case CTI_DTMF:
		e->device = dtmf->device;
		e->dn = dtmf->dn;
		e->call = dtmf->call_handle;
		e->digits = dtmf->digits;
		break;
	case CTI_LINE_FORWARD:
		e->device = forward->device;
		e->dn = forward->dn;
		e->line_handle = forward->line_handle;
		e->number = text(forward->number);
		break;
	case CTI_DEVICE_DATA_PASS_THROUGH:
		e->device = data->device;
		e->device_handle = data->device_handle;
		e->data = data->data.data;
		e->data_n = data->data.len;
		break;
	default:
		fill_feature(e, msg);
		break;
	}
}

/* What the user may. */
static void fill_user(struct cti_event *e, const void *msg)
{
	const ProviderDeviceEvent *device = msg;
	const ProviderUserEvent *user = msg;

	if (e->kind == CTI_PROVIDER_USER_CHANGED) {
		e->capabilities = user->capabilities;
		return;
	}
	e->device = device->device;
	e->change = (enum cti_device_change)device->change;
}

static void fill_park(struct cti_event *e, const LineParkStatusEvent *m)
{
	e->dn = m->dn;
	e->node = (uint8_t)m->node;
	e->park_status = (enum cti_park_status)m->status;
	e->global_call = m->global_call_handle;
	e->parked = text(m->parked);
	e->parked_by = text(m->parked_by);
	e->retrieved_by = text(m->retrieved_by);
	e->call_cause = m->cause;
	e->existing = m->existing;
}

static void fill_others(struct cti_event *e, const void *msg)
{
	const ExistingCallCompleted *completed = msg;
	const CallObservationEnded *ended = msg;

	if (e->kind == CTI_EXISTING_CALL_COMPLETED) {
		e->device = completed->device;
		e->dn = completed->dn;
		e->line_handle = completed->line_handle;
	} else if (e->kind == CTI_CALL_OBSERVATION_ENDED) {
		e->device = ended->device;
		e->dn = ended->dn;
		e->call = ended->call_handle;
		e->cause = (int)ended->cause;
	}
}

void cti_event_fill(struct cti_event *e, uint16_t signal, const void *msg)
{
	e->request = e->text = e->device = e->dn = "";
	e->calling = e->called = e->original_called = e->last_redirecting = "";
	e->digits = e->number = e->parked = e->parked_by = e->retrieved_by = "";
	e->state = CTI_UNKNOWN_CALL_STATE;
	for (int i = 0; i < CTI_EVENT_KINDS; i++)
		if (kinds[i].signal == signal)
			e->kind = (enum cti_event_kind)i;
	e->name = kinds[e->kind].name;
	if (e->kind == CTI_RESPONSE)
		fill_response(e, msg);
	else if (e->kind <= CTI_PROVIDER_CLOSED)
		fill_provider(e, msg);
	else if (e->kind <= CTI_DEVICE_CLOSED)
		fill_device(e, msg);
	else if (e->kind <= CTI_LINE_CLOSED)
		fill_line(e, msg);
	else if (e->kind == CTI_EXISTING_CALL_COMPLETED || e->kind == CTI_CALL_OBSERVATION_ENDED)
		fill_others(e, msg);
	else if (e->kind <= CTI_CALL_CLOSED)
		fill_call(e, msg);
	else if (e->kind <= CTI_STOP_TRANSMISSION)
		fill_media(e, msg);
	else if (e->kind <= CTI_DEVICE_DATA_PASS_THROUGH)
		fill_rest(e, msg);
	else if (e->kind <= CTI_PROVIDER_USER_CHANGED)
		fill_user(e, msg);
	else if (e->kind == CTI_LINE_PARK_STATUS)
		fill_park(e, msg);
}
