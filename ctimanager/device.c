#include "ctimanager/device.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "common/base/phone_model.h"

static void *must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static char *copy_text(const char *text)
{
	char *copy;

	if (!text)
		return NULL;
	copy = strdup(text);
	if (!copy)
		abort();
	return copy;
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* DEV-02 */
static bool sip_model_allowed(uint32_t number)
{
	const struct phone_model *model = phone_model(number);

	return model && model->cti_over_sip;
}

bool ctim_device_is_phone(const struct device *d)
{
	return d->kind == DEVICE_KIND__DEVICE_SCCP_PHONE ||
	       d->kind == DEVICE_KIND__DEVICE_SIP_PHONE;
}

uint32_t ctim_device_admits(const CtiHandlerDeviceOpen *open, const DeviceConfig *config,
			    bool controlled)
{
	const DeviceOpen *req = open->open;
	bool media = req->has_registration && req->registration != MEDIA_REGISTRATION__NO_MEDIA;

	if (!controlled && !open->super_provider)
		return CTIERR_ACCESS_TO_DEVICE_DENIED;
	if (config->has_cti_allowed && !config->cti_allowed)
		return CTIERR_DEVICE_RESTRICTED;
	switch (config->kind) {
	case DEVICE_KIND__DEVICE_SIP_PHONE:
		if (!sip_model_allowed(config->model))
			return CTIERR_DEVICE_RESTRICTED;
		return media ? CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE : CTIERR_SUCCESS;
	case DEVICE_KIND__DEVICE_SCCP_PHONE:
		return media ? CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE : CTIERR_SUCCESS;
	case DEVICE_KIND__DEVICE_CTI_PORT:
		if (open->kind == PROVIDER_KIND__TAPI && config->n_line != 1)
			return CTIERR_OPERATION_NOT_ALLOWED;
		return CTIERR_SUCCESS;
	case DEVICE_KIND__DEVICE_ROUTE_POINT:
		return CTIERR_SUCCESS;
	default:
		return CTIERR_DB_ILLEGAL_DEVICE_TYPE;
	}
}

bool ctim_device_error_is_media(uint32_t result)
{
	switch (result) {
	case CTIERR_MEDIA_ALREADY_TERMINATED_NONE:
	case CTIERR_MEDIA_ALREADY_TERMINATED_STATIC:
	case CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC:
	case CTIERR_MEDIAREGISTRATIONTYPE_DO_NOT_MATCH:
	case CTIERR_MEDIA_CAPABILITY_MISMATCH:
	case CTIERR_CAPABILITIES_DO_NOT_MATCH:
	case CTIERR_INCORRECT_MEDIA_CAPABILITY:
	case CTIERR_DEVICE_REGISTRATION_FAILED_NOT_SUPPORTED_MEDIATYPE:
	case CTIERR_OWNER_NOT_ALIVE:
	case CTIERR_INVALID_PARAMETER:
		return true;
	default:
		return false;
	}
}

static bool terminates_media(const struct opener *o)
{
	return o->has_registration && o->registration != MEDIA_REGISTRATION__NO_MEDIA;
}

uint32_t ctim_device_media_conflict(const struct device *d, const struct opener *o)
{
	CtiHandlerDeviceOpen *request;
	uint32_t error = CTIERR_SUCCESS;

	if (!terminates_media(o))
		return CTIERR_SUCCESS;
	request = ctim_opener_unpack(o);
	for (const struct opener *other = d->openers; other && !error; other = other->next) {
		CtiHandlerDeviceOpen *theirs;

		if (other == o || other->state == OPENER_LOOKUP || !terminates_media(other))
			continue;
		theirs = ctim_opener_unpack(other);
		if (same_text(theirs->owner, request->owner))
			error = other->registration == MEDIA_REGISTRATION__STATIC
					? CTIERR_MEDIA_ALREADY_TERMINATED_STATIC
					: CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC;
		cti_handler_device_open__free_unpacked(theirs, NULL);
	}
	cti_handler_device_open__free_unpacked(request, NULL);
	return error;
}

/* ---- members --------------------------------------------------------------------------------- */

struct member *ctim_device_member(struct device *d, uint8_t node)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members[i].node == node)
			return &d->members[i];
	return NULL;
}

DeviceConfig *ctim_device_unpack_config(const struct device *d)
{
	DeviceConfig *config = device_config__unpack(NULL, d->config_len, d->config);

	if (!config)
		abort();
	return config;
}

void ctim_device_adopt(struct device *d, const DeviceConfig *config)
{
	struct member old[GROUP_MAX];
	uint8_t old_n = d->members_n;

	memcpy(old, d->members, sizeof(old));
	memset(d->members, 0, sizeof(d->members));
	d->members_n = 0;
	for (size_t i = 0; i < config->n_group && d->members_n < GROUP_MAX; i++) {
		struct member *m = &d->members[d->members_n++];

		m->node = (uint8_t)config->group[i];
		for (uint8_t k = 0; k < old_n; k++)
			if (old[k].node == m->node)
				*m = old[k];
	}
	d->kind = (uint8_t)config->kind;
	free(d->config);
	d->config = must_calloc(device_config__get_packed_size(config) + 1);
	d->config_len = (uint32_t)device_config__pack(config, d->config);
	d->stale = false;
}

bool ctim_device_member_in_service(const struct device *d)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members[i].in_service)
			return true;
	return false;
}

static bool member_willing(const struct member *m)
{
	return m->in_service && !m->refused && !m->elsewhere;
}

struct member *ctim_device_best_member(struct device *d)
{
	struct member *target = ctim_device_member(d, d->target);

	if (target && member_willing(target))
		return target;
	for (uint8_t i = 0; i < d->members_n; i++)
		if (member_willing(&d->members[i]))
			return &d->members[i];
	return NULL;
}

struct member *ctim_device_last_member(struct device *d)
{
	for (uint8_t i = d->members_n; i-- > 0;)
		if (member_willing(&d->members[i]))
			return &d->members[i];
	return NULL;
}

/* ---- openers and lines ---------------------------------------------------------------------- */

struct opener *ctim_device_add_opener(struct device *d, struct sdl_pid handler,
				      const CtiHandlerDeviceOpen *request)
{
	const DeviceOpen *open = request->open;
	struct opener *o = must_calloc(offsetof(struct opener, request) +
				       cti_handler_device_open__get_packed_size(request));

	o->id = ++d->last_id;
	o->handler = handler;
	o->handle = request->device_handle;
	o->provider_id = request->provider_id;
	o->seq = open->seq;
	o->has_registration = open->has_registration;
	o->registration = (uint8_t)open->registration;
	o->request_len = (uint32_t)cti_handler_device_open__pack(request, o->request);
	DL_APPEND(d->openers, o);
	return o;
}

CtiHandlerDeviceOpen *ctim_opener_unpack(const struct opener *o)
{
	CtiHandlerDeviceOpen *request =
		cti_handler_device_open__unpack(NULL, o->request_len, o->request);

	if (!request)
		abort();
	return request;
}

struct opener *ctim_device_opener_of(const struct device *d, struct sdl_pid handler)
{
	for (struct opener *o = d->openers; o; o = o->next)
		if (sdl_pid_equal(o->handler, handler))
			return o;
	return NULL;
}

struct opener *ctim_device_opener(const struct device *d, uint32_t id)
{
	for (struct opener *o = d->openers; o; o = o->next)
		if (o->id == id)
			return o;
	return NULL;
}

void ctim_device_remove_opener(struct device *d, struct opener *o)
{
	while (o->lines)
		ctim_device_remove_line_user(d, o, o->lines);
	DL_DELETE(d->openers, o);
	free(o);
}

uint32_t ctim_device_check_line(const struct device *d, const char *dn, const char *partition)
{
	DeviceConfig *config = ctim_device_unpack_config(d);
	uint32_t error = CTIERR_UNDEFINED_LINE;

	for (size_t i = 0; i < config->n_line; i++) {
		const LineConfig *l = config->line[i];

		if (same_text(l->dn, dn) && (!partition || same_text(l->partition, partition)))
			error = l->has_cti_allowed && !l->cti_allowed ? CTIERR_LINE_RESTRICTED
								      : CTIERR_SUCCESS;
	}
	device_config__free_unpacked(config, NULL);
	return error;
}

struct line *ctim_device_line(const struct device *d, const char *dn, const char *partition)
{
	for (struct line *l = d->lines; l; l = l->next)
		if (same_text(l->dn, dn) && (!partition || same_text(l->partition, partition)))
			return l;
	return NULL;
}

struct line_user *ctim_device_add_line_user(struct device *d, struct opener *o,
					    const LineOpen *request, uint64_t handle)
{
	struct line_user *u = must_calloc(sizeof(*u));
	struct line *l = ctim_device_line(d, request->dn, request->partition);

	if (!l) {
		size_t size = strlen(request->dn) + 1;

		l = must_calloc(offsetof(struct line, dn) + size);
		memcpy(l->dn, request->dn, size);
		l->partition = copy_text(request->partition);
		DL_APPEND(d->lines, l);
	}
	l->users++;
	l->auto_accept |= request->auto_accept;
	u->line = l;
	u->handle = handle;
	u->seq = request->seq;
	DL_APPEND(o->lines, u);
	return u;
}

struct line_user *ctim_opener_line(const struct opener *o, uint64_t handle)
{
	for (struct line_user *u = o->lines; u; u = u->next)
		if (u->handle == handle)
			return u;
	return NULL;
}

struct line_user *ctim_opener_line_of(const struct opener *o, const struct line *l)
{
	for (struct line_user *u = o->lines; u; u = u->next)
		if (u->line == l)
			return u;
	return NULL;
}

static void remove_line(struct device *d, struct line *l)
{
	struct call *c, *next_call;
	struct pending *p, *next;

	DL_FOREACH_SAFE (d->calls, c, next_call)
		if (c->line == l)
			ctim_device_remove_call(d, c);
	DL_FOREACH_SAFE (d->pending, p, next)
		if (p->line == l)
			ctim_device_remove_pending(d, p);
	DL_DELETE(d->lines, l);
	free(l->partition);
	free(l);
}

bool ctim_device_remove_line_user(struct device *d, struct opener *o, struct line_user *u)
{
	struct line *l = u->line;

	DL_DELETE(o->lines, u);
	free(u);
	if (--l->users)
		return false;
	remove_line(d, l);
	return true;
}

/* ---- calls ---------------------------------------------------------------------------------- */

uint64_t ctim_device_call_handle(const struct device *d, uint32_t ci)
{
	return (uint64_t)d->node << 32 | ci;
}

uint32_t *ctim_device_ci_of(const uint64_t *handles, size_t n)
{
	uint32_t *ci = must_calloc((n + 1) * sizeof(ci[0]));

	for (size_t i = 0; i < n; i++)
		ci[i] = (uint32_t)handles[i];
	return ci;
}

struct call *ctim_device_call(const struct device *d, uint32_t ci)
{
	for (struct call *c = d->calls; c; c = c->next)
		if (c->ci == ci)
			return c;
	return NULL;
}

static void take_text(char **to, const char *text)
{
	if (!text)
		return;
	free(*to);
	*to = copy_text(text);
}

struct call *ctim_device_note_call(struct device *d, const CtiCallNotify *n)
{
	struct call *c = ctim_device_call(d, n->ci);

	if (!c) {
		struct line *l = ctim_device_line(d, n->dn, NULL);

		/* Before the CallManager grants the line, it speaks of an earlier opening. */
		if (!l || l->state == LINE_CLOSED || l->state == LINE_OPENING)
			return NULL;
		c = must_calloc(sizeof(*c));
		c->ci = n->ci;
		c->line = l;
		DL_APPEND(d->calls, c);
	}
	if (n->has_gci)
		c->gci = n->gci;
	if (n->has_state)
		c->state = n->state;
	if (n->has_reason)
		c->reason = n->reason;
	if (n->has_outgoing)
		c->outgoing = n->outgoing;
	take_text(&c->calling, n->calling);
	take_text(&c->called, n->called);
	take_text(&c->original_called, n->original_called);
	take_text(&c->last_redirecting, n->last_redirecting);
	return c;
}

void ctim_device_remove_call(struct device *d, struct call *c)
{
	DL_DELETE(d->calls, c);
	free(c->calling);
	free(c->called);
	free(c->original_called);
	free(c->last_redirecting);
	free(c);
}

/* ---- pending requests ----------------------------------------------------------------------- */

struct pending *ctim_device_add_pending(struct device *d, enum pending_kind kind, uint8_t node)
{
	struct pending *p = must_calloc(sizeof(*p));

	p->async = ++d->last_id;
	p->kind = kind;
	p->node = node;
	DL_APPEND(d->pending, p);
	return p;
}

struct pending *ctim_device_pending(const struct device *d, uint32_t async)
{
	for (struct pending *p = d->pending; p; p = p->next)
		if (p->async == async)
			return p;
	return NULL;
}

void ctim_device_remove_pending(struct device *d, struct pending *p)
{
	DL_DELETE(d->pending, p);
	free(p);
}

bool ctim_device_opening(const struct device *d)
{
	for (const struct pending *p = d->pending; p; p = p->next)
		if (p->kind == PENDING_JOIN || p->kind == PENDING_LINE)
			return true;
	for (const struct line *l = d->lines; l; l = l->next)
		if (l->state == LINE_SNAPSHOT)
			return true;
	return false;
}

void ctim_device_forget_opens(struct device *d, uint8_t node)
{
	struct pending *p, *next;

	DL_FOREACH_SAFE (d->pending, p, next) {
		struct opener *o = ctim_device_opener(d, p->opener);

		if (p->node != node || (p->kind != PENDING_OPEN && p->kind != PENDING_JOIN))
			continue;
		if (o)
			o->registering = false;
		ctim_device_remove_pending(d, p);
	}
}

void ctim_device_free(struct device *d)
{
	while (d->openers)
		ctim_device_remove_opener(d, d->openers);
	while (d->pending)
		ctim_device_remove_pending(d, d->pending);
	free(d->config);
}
