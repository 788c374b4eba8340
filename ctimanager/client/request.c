/* The requests of cti.h: checked as far as arguments go, numbered, posted to CtiApplication. */
#include "ctimanager/client/client.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"

static bool fits(const char *text, size_t max)
{
	return text && *text && strlen(text) <= max;
}

static bool known(const struct cti *cti, uint32_t provider)
{
	return provider >= 1 && provider <= CTI_PROVIDERS_MAX && cti->providers[provider - 1].taken;
}

static uint32_t next_seq(struct cti *cti)
{
	cti->last_seq = cti->last_seq == INT32_MAX ? 1 : cti->last_seq + 1;
	return cti->last_seq;
}

/* Outside a turn: as an envelope of the host. */
static int post(struct cti *cti, uint16_t number, const void *msg)
{
	struct sdl_envelope e = { .to = cti->address, .from = cti->address, .number = number };
	uint8_t *bytes = malloc(SDL_SIGNAL_MAX);
	int64_t len;

	if (!bytes)
		abort();
	len = sdl_pack(number, msg, bytes, SDL_SIGNAL_MAX);
	if (len >= 0) {
		e.len = (uint32_t)len;
		e.bytes = bytes;
		cti->post(cti->post_arg, &e);
	}
	free(bytes);
	return len < 0 ? -1 : 0;
}

/* Notes that an answer to seq is owed, and sends. */
static int ask(struct cti *cti, uint32_t provider, uint32_t seq, uint16_t number, const void *msg)
{
	struct cti_asked *asked;

	if (!cti->process && (!cti->post || post(cti, number, msg) != 0))
		return CTI_PROVIDER_NOT_OPEN;
	asked = calloc(1, sizeof(*asked));
	if (!asked)
		abort();
	asked->seq = seq;
	asked->signal = number;
	asked->provider = (uint8_t)provider;
	HASH_ADD(hh, cti->asked, seq, sizeof(asked->seq), asked);
	if (cti->process)
		sdl_send(cti->process, cti->address, number, msg);
	return (int)seq;
}

static int free_place(const struct cti *cti)
{
	for (int i = 0; i < CTI_PROVIDERS_MAX; i++)
		if (!cti->providers[i].taken)
			return i;
	return -1;
}

static bool provider_is_sound(const struct cti_provider *how)
{
	return how && fits(how->user, CTI_USER_MAX) && how->password &&
	       strlen(how->password) <= CTI_PASSWORD_MAX && how->ctimanagers[0] &&
	       (!how->instance || strlen(how->instance) <= CTI_USER_MAX) &&
	       (!how->key || fits(how->key, CTI_KEY_MAX)) && (unsigned)how->kind <= CTI_DIRECT;
}

static uint32_t filter_of(bool park_monitoring, bool key_material)
{
	return (park_monitoring ? 1u : 0u) | (key_material ? 2u : 0u);
}

int cti_provider_open(struct cti *cti, const struct cti_provider *how, int *provider)
{
	ClientProviderOpen m = CLIENT_PROVIDER_OPEN__INIT;
	uint32_t nodes[CTI_CTIMANAGERS_MAX];
	int place = free_place(cti);
	int result;

	if (!provider_is_sound(how))
		return CTI_INVALID_PARAMETER;
	if (place < 0)
		return CTI_PROVIDER_NOT_OPEN;
	while (m.n_node < CTI_CTIMANAGERS_MAX && how->ctimanagers[m.n_node]) {
		nodes[m.n_node] = how->ctimanagers[m.n_node];
		m.n_node++;
	}
	m.node = nodes;
	m.seq = next_seq(cti);
	m.provider = (uint32_t)place + 1;
	m.user = (char *)how->user;
	m.password = (char *)how->password;
	m.app_instance = (char *)(how->instance ? how->instance : "");
	m.has_kind = m.has_heartbeat_s = m.has_filter = true;
	m.kind = (ProviderKind)how->kind;
	m.heartbeat_s = how->heartbeat_s;
	m.key = (char *)how->key;
	m.filter = filter_of(how->park_monitoring, how->key_material);
	result = ask(cti, m.provider, m.seq, SIG_ClientProviderOpen, &m);
	if (result > 0) {
		cti->providers[place].taken = true;
		cti->providers[place].pid = (struct sdl_pid){ 0 };
		if (provider)
			*provider = place + 1;
	}
	return result;
}

int cti_provider_close(struct cti *cti, int provider)
{
	ClientProviderClose m = CLIENT_PROVIDER_CLOSE__INIT;

	if (!known(cti, (uint32_t)provider))
		return CTI_PROVIDER_NOT_OPEN;
	m.seq = next_seq(cti);
	m.provider = (uint32_t)provider;
	return ask(cti, m.provider, m.seq, SIG_ClientProviderClose, &m);
}

int cti_provider_get_device_info(struct cti *cti, int provider, const char *after)
{
	ClientGetDeviceInfo m = CLIENT_GET_DEVICE_INFO__INIT;

	if (!known(cti, (uint32_t)provider))
		return CTI_PROVIDER_NOT_OPEN;
	if (after && strlen(after) > CTI_DEVICE_MAX)
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.provider = (uint32_t)provider;
	m.after = (char *)after;
	return ask(cti, m.provider, m.seq, SIG_ClientGetDeviceInfo, &m);
}

int cti_provider_change_event_filter(struct cti *cti, int provider, bool park_monitoring,
				     bool key_material)
{
	ClientChangeEventFilter m = CLIENT_CHANGE_EVENT_FILTER__INIT;
	ProviderChangeEventFilter what = PROVIDER_CHANGE_EVENT_FILTER__INIT;

	if (!known(cti, (uint32_t)provider))
		return CTI_PROVIDER_NOT_OPEN;
	m.provider = (uint32_t)provider;
	m.filter = &what;
	what.seq = next_seq(cti);
	what.filter = filter_of(park_monitoring, key_material);
	return ask(cti, m.provider, what.seq, SIG_ClientChangeEventFilter, &m);
}

static int ask_device(struct cti *cti, uint16_t signal, int provider, const char *device)
{
	ClientDevice m = CLIENT_DEVICE__INIT;
	ProviderDevice what = PROVIDER_DEVICE__INIT;

	if (!known(cti, (uint32_t)provider))
		return CTI_PROVIDER_NOT_OPEN;
	if (!fits(device, CTI_DEVICE_MAX))
		return CTI_INVALID_PARAMETER;
	m.provider = (uint32_t)provider;
	m.device = &what;
	what.seq = next_seq(cti);
	what.device = (char *)(uintptr_t)device;
	return ask(cti, m.provider, what.seq, signal, &m);
}

int cti_provider_device_acquire(struct cti *cti, int provider, const char *device)
{
	return ask_device(cti, SIG_ClientDeviceAcquire, provider, device);
}

int cti_provider_device_deacquire(struct cti *cti, int provider, const char *device)
{
	return ask_device(cti, SIG_ClientDeviceDeAcquire, provider, device);
}

static bool media_is_sound(const struct cti_media *media)
{
	if (!media)
		return true;
	return (unsigned)media->registration <= CTI_WATCH && media->port <= 65535 &&
	       (media->registration != CTI_STATIC_MEDIA || (media->ip && media->port));
}

int cti_device_open(struct cti *cti, int provider, const char *device,
		    const struct cti_media *media)
{
	ClientDeviceOpen m = CLIENT_DEVICE_OPEN__INIT;
	DeviceOpen open = DEVICE_OPEN__INIT;
	uint32_t codecs[CTI_CODECS_MAX];

	if (!known(cti, (uint32_t)provider))
		return CTI_PROVIDER_NOT_OPEN;
	if (!fits(device, CTI_DEVICE_MAX) || !media_is_sound(media))
		return CTI_INVALID_PARAMETER;
	m.provider = (uint32_t)provider;
	m.open = &open;
	open.seq = next_seq(cti);
	open.device = (char *)device;
	if (media && media->registration != CTI_WATCH) {
		open.has_registration = true;
		open.registration = (MediaRegistration)media->registration;
		open.has_ip = open.has_port = media->ip || media->port;
		open.ip = media->ip;
		open.port = media->port;
		while (open.n_codec < CTI_CODECS_MAX && media->codecs[open.n_codec]) {
			codecs[open.n_codec] = media->codecs[open.n_codec];
			open.n_codec++;
		}
		open.codec = codecs;
	}
	return ask(cti, m.provider, open.seq, SIG_ClientDeviceOpen, &m);
}

int cti_device_close(struct cti *cti, uint64_t device_handle)
{
	DeviceRequest m = DEVICE_REQUEST__INIT;

	m.seq = next_seq(cti);
	m.device_handle = device_handle;
	return ask(cti, cti_handle_provider(device_handle), m.seq, SIG_DeviceClose, &m);
}

int cti_line_open(struct cti *cti, uint64_t device_handle, const char *dn, bool auto_accept)
{
	LineOpen m = LINE_OPEN__INIT;

	if (!fits(dn, CTI_DN_MAX))
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.device_handle = device_handle;
	m.dn = (char *)dn;
	m.has_auto_accept = auto_accept;
	m.auto_accept = auto_accept;
	return ask(cti, cti_handle_provider(device_handle), m.seq, SIG_LineOpen, &m);
}

int cti_line_close(struct cti *cti, uint64_t line_handle)
{
	LineRequest m = LINE_REQUEST__INIT;

	m.seq = next_seq(cti);
	m.line_handle = line_handle;
	return ask(cti, cti_handle_provider(line_handle), m.seq, SIG_LineClose, &m);
}

int cti_line_call_initiate(struct cti *cti, uint64_t line_handle, const char *called)
{
	LineCallInitiate m = LINE_CALL_INITIATE__INIT;

	if (called && strlen(called) > CTI_DN_MAX)
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.line_handle = line_handle;
	m.called = (char *)(called ? called : "");
	return ask(cti, cti_handle_provider(line_handle), m.seq, SIG_LineCallInitiate, &m);
}

static int call_request(struct cti *cti, uint16_t number, uint64_t call)
{
	CallRequest m = CALL_REQUEST__INIT;

	m.seq = next_seq(cti);
	m.call_handle = call;
	return ask(cti, cti_handle_provider(call), m.seq, number, &m);
}

int cti_call_accept(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallAccept, call);
}

int cti_call_answer(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallAnswer, call);
}

int cti_call_disconnect(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallDisconnect, call);
}

int cti_call_hold(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallHold, call);
}

int cti_call_retrieve(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallRetrieve, call);
}

int cti_call_park(struct cti *cti, uint64_t call)
{
	return call_request(cti, SIG_CallPark, call);
}

static int redirect(struct cti *cti, uint64_t call, const char *destination, const char *calling)
{
	CallRedirect m = CALL_REDIRECT__INIT;

	if (!fits(destination, CTI_DN_MAX))
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.call_handle = call;
	m.destination = (char *)destination;
	m.calling = (char *)calling;
	return ask(cti, cti_handle_provider(call), m.seq, SIG_CallRedirect, &m);
}

int cti_call_redirect(struct cti *cti, uint64_t call, const char *destination)
{
	return redirect(cti, call, destination, NULL);
}

int cti_call_redirect_as(struct cti *cti, uint64_t call, const char *destination,
			 const char *calling)
{
	return fits(calling, CTI_DN_MAX) ? redirect(cti, call, destination, calling)
					 : CTI_INVALID_PARAMETER;
}

/* destination NULL: none is given, where that is possible. */
static int call_to(struct cti *cti, uint16_t number, uint64_t call, const char *destination)
{
	CallTo m = CALL_TO__INIT;

	if (destination && !fits(destination, CTI_DN_MAX))
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.call_handle = call;
	m.destination = (char *)destination;
	return ask(cti, cti_handle_provider(call), m.seq, number, &m);
}

int cti_call_blind_transfer(struct cti *cti, uint64_t call, const char *destination)
{
	return destination ? call_to(cti, SIG_CallBlindTransfer, call, destination)
			   : CTI_INVALID_PARAMETER;
}

int cti_call_setup_transfer(struct cti *cti, uint64_t call, const char *destination)
{
	return call_to(cti, SIG_CallSetupTransfer, call, destination);
}

int cti_call_setup_conference(struct cti *cti, uint64_t call, const char *destination)
{
	return call_to(cti, SIG_CallSetupConference, call, destination);
}

static int with_others(struct cti *cti, uint16_t number, uint64_t call, const uint64_t *others,
		       size_t others_n)
{
	CallWithOthers m = CALL_WITH_OTHERS__INIT;

	if (others_n > CTI_OTHERS_MAX)
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.call_handle = call;
	m.n_other_call_handle = others_n;
	m.other_call_handle = (uint64_t *)(uintptr_t)others;
	return ask(cti, cti_handle_provider(call), m.seq, number, &m);
}

int cti_call_complete_transfer(struct cti *cti, uint64_t call, uint64_t consult)
{
	return with_others(cti, SIG_CallCompleteTransfer, call, &consult, consult ? 1 : 0);
}

int cti_call_complete_conference(struct cti *cti, uint64_t call, uint64_t consult)
{
	return with_others(cti, SIG_CallCompleteConference, call, &consult, consult ? 1 : 0);
}

int cti_call_direct_transfer(struct cti *cti, uint64_t call, uint64_t other)
{
	return other ? with_others(cti, SIG_CallDirectTransfer, call, &other, 1)
		     : CTI_INVALID_PARAMETER;
}

int cti_call_join(struct cti *cti, uint64_t call, const uint64_t *others, size_t others_n)
{
	return others_n ? with_others(cti, SIG_CallJoin, call, others, others_n)
			: CTI_INVALID_PARAMETER;
}

static int call_digits(struct cti *cti, uint16_t number, uint64_t call, const char *digits)
{
	CallDigits m = CALL_DIGITS__INIT;

	if (!fits(digits, CTI_DN_MAX))
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.call_handle = call;
	m.digits = (char *)digits;
	return ask(cti, cti_handle_provider(call), m.seq, number, &m);
}

int cti_call_dial(struct cti *cti, uint64_t call, const char *digits)
{
	return call_digits(cti, SIG_CallDial, call, digits);
}

int cti_call_play_dtmf(struct cti *cti, uint64_t call, const char *digits)
{
	return call_digits(cti, SIG_CallPlayDtmf, call, digits);
}

static int line_number(struct cti *cti, uint16_t signal, uint64_t line_handle, const char *number)
{
	LineNumber m = LINE_NUMBER__INIT;

	if (number && !fits(number, CTI_DN_MAX))
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.line_handle = line_handle;
	m.number = (char *)number;
	return ask(cti, cti_handle_provider(line_handle), m.seq, signal, &m);
}

int cti_line_call_unpark(struct cti *cti, uint64_t line_handle, const char *park_number)
{
	return park_number ? line_number(cti, SIG_LineCallUnPark, line_handle, park_number)
			   : CTI_INVALID_PARAMETER;
}

int cti_line_call_pickup(struct cti *cti, uint64_t line_handle, const char *group)
{
	return line_number(cti, SIG_LineCallPickup, line_handle, group);
}

int cti_line_set_forward(struct cti *cti, uint64_t line_handle, const char *destination)
{
	return line_number(cti, SIG_LineSetForward, line_handle, destination);
}

int cti_line_get_forward_info(struct cti *cti, uint64_t line_handle)
{
	LineRequest m = LINE_REQUEST__INIT;

	m.seq = next_seq(cti);
	m.line_handle = line_handle;
	return ask(cti, cti_handle_provider(line_handle), m.seq, SIG_LineGetForwardInfo, &m);
}

int cti_line_auto_accept_change(struct cti *cti, uint64_t line_handle, bool auto_accept)
{
	LineAutoAcceptChange m = LINE_AUTO_ACCEPT_CHANGE__INIT;

	m.seq = next_seq(cti);
	m.line_handle = line_handle;
	m.auto_accept = auto_accept;
	return ask(cti, cti_handle_provider(line_handle), m.seq, SIG_LineAutoAcceptChange, &m);
}

int cti_device_data_pass_through(struct cti *cti, uint64_t device_handle, const uint8_t *data,
				 size_t data_n)
{
	DeviceDataPassThrough m = DEVICE_DATA_PASS_THROUGH__INIT;

	if (!data_n || data_n > CTI_DATA_MAX)
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.device_handle = device_handle;
	m.data.len = data_n;
	m.data.data = (uint8_t *)(uintptr_t)data;
	return ask(cti, cti_handle_provider(device_handle), m.seq, SIG_DeviceDataPassThrough, &m);
}

int cti_device_set_rtp_for_call(struct cti *cti, uint64_t call, uint32_t ip, uint32_t port)
{
	DeviceSetRTPForCall m = DEVICE_SET_RTPFOR_CALL__INIT;

	if ((!ip && !port) || port > 65535) /* what was given at open may be left out: MED-04 */
		return CTI_INVALID_PARAMETER;
	m.seq = next_seq(cti);
	m.call_handle = call;
	m.ip = ip;
	m.port = port;
	return ask(cti, cti_handle_provider(call), m.seq, SIG_DeviceSetRTPForCall, &m);
}
