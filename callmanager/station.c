#include "callmanager/station.h"

#include <stdio.h>
#include <string.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void text(char to[CM_DN_SIZE], const char *from)
{
	snprintf(to, CM_DN_SIZE, "%s", from ? from : "");
}

/* ---- the device ----------------------------------------------------------------------------- */

static void free_css(struct cm_station_line *line)
{
	for (size_t i = 0; i < line->css_n; i++)
		free(line->css[i]);
	free(line->css);
	line->css = NULL;
	line->css_n = 0;
}

/* What may change while it is registered. */
static void set_line(struct cm_station_line *line, const LineConfig *config)
{
	line->cti_allowed = !config->has_cti_allowed || config->cti_allowed;
	line->auto_answer = config->has_auto_answer && config->auto_answer;
	line->headset = config->has_auto_answer_headset && config->auto_answer_headset;
	free(line->pickup_group);
	line->pickup_group = config->pickup_group ? must(strdup(config->pickup_group)) : NULL;
	free_css(line);
	if (!config->n_css)
		return;
	line->css = must(calloc(config->n_css, sizeof *line->css));
	while (line->css_n < config->n_css) {
		line->css[line->css_n] = must(strdup(config->css[line->css_n]));
		line->css_n++;
	}
}

static void line_init(struct sdl_process *self, struct cm_station *s, struct cm_station_line *line,
		      LineConfig *config)
{
	CcLineInit init = CC_LINE_INIT__INIT;

	line->index = config->index;
	line->dn = must(strdup(config->dn));
	line->partition = config->partition ? must(strdup(config->partition)) : NULL;
	set_line(line, config);
	line->cfa = config->cfa && config->cfa[0] ? must(strdup(config->cfa)) : NULL;
	line->control = sdl_create(self, &cm_line_control);
	init.device = s->name;
	init.kind = s->kind;
	init.line = config;
	sdl_send(self, line->control, SIG_CcLineInit, &init);
}

void cm_station_setup(struct sdl_process *self, struct cm_station *s, const DeviceConfig *config,
		      uint32_t generation)
{
	s->name = (char *)sdl_label(self, config->name);
	s->kind = (uint8_t)config->kind;
	s->model = config->has_model ? config->model : 0;
	s->generation = generation;
	s->encrypted = config->has_encrypted && config->encrypted;
	s->cti_allowed = !config->has_cti_allowed || config->cti_allowed;
	s->group_n = (uint8_t)(config->n_group < 3 ? config->n_group : 3);
	for (size_t i = 0; i < s->group_n; i++)
		s->group[i] = (uint8_t)config->group[i];
	s->lines = must(calloc(config->n_line ? config->n_line : 1, sizeof *s->lines));
	s->lines_n = (uint32_t)config->n_line;
	for (size_t i = 0; i < s->lines_n; i++)
		line_init(self, s, &s->lines[i], config->line[i]);
}

void cm_station_configure(struct sdl_process *self, struct cm_station *s,
			  const DeviceConfig *config)
{
	for (size_t i = 0; i < config->n_line; i++) {
		struct cm_station_line *line =
			cm_station_line_of(s, config->line[i]->dn, config->line[i]->partition);
		CcLineInit init = CC_LINE_INIT__INIT;

		if (!line)
			continue; /* a new line comes with the next registration */
		set_line(line, config->line[i]);
		cm_station_forwarded(self, s, line, config->line[i]->cfa);
		init.device = s->name;
		init.kind = s->kind;
		init.line = config->line[i];
		sdl_send(self, line->control, SIG_CcLineInit, &init);
	}
}

void cm_station_free(struct cm_station *s)
{
	for (size_t i = 0; i < s->lines_n; i++) {
		free(s->lines[i].dn);
		free(s->lines[i].partition);
		free(s->lines[i].cfa);
		free(s->lines[i].pickup_group);
		free_css(&s->lines[i]);
		cm_pids_free(&s->lines[i].watchers);
	}
	free(s->lines);
	cm_station_free_remotes(s);
	while (s->calls) {
		struct cm_station_call *call = s->calls;

		s->calls = call->next;
		free(call);
	}
}

void cm_station_register(struct sdl_process *self, struct cm_station *s, bool orphan)
{
	DaRegistration d = DA_REGISTRATION__INIT;
	DaLine *lines = must(calloc(s->lines_n + 1, sizeof *lines));
	DaLine **list = must(calloc(s->lines_n + 1, sizeof *list));
	uint32_t group[3];

	for (size_t i = 0; i < s->lines_n; i++) {
		da_line__init(&lines[i]);
		lines[i].dn = s->lines[i].dn;
		lines[i].partition = s->lines[i].partition;
		lines[i].line_pid = sdl_pid_pack(s->lines[i].control);
		list[i] = &lines[i];
	}
	d.device = s->name;
	d.kind = s->kind;
	for (size_t i = 0; i < s->group_n; i++)
		group[i] = s->group[i];
	d.group = group;
	d.n_group = s->group_n;
	d.device_pid = sdl_pid_pack(sdl_self(self));
	d.generation = s->generation;
	d.has_orphan = true;
	d.orphan = orphan;
	d.line = list;
	d.n_line = s->lines_n;
	sdl_send(self, sdl_local(self, CM_DA), SIG_DaRegisterReq, &d);
	s->known = true;
	free(list);
	free(lines);
}

void cm_station_tell_registrar(struct sdl_process *self, const struct cm_station *s,
			       uint8_t registrar, uint16_t number, OutOfServiceCause cause)
{
	CcDevice d = CC_DEVICE__INIT;
	LineConfig *lines = must(calloc(s->lines_n + 1, sizeof *lines));
	LineConfig **list = must(calloc(s->lines_n + 1, sizeof *list));

	for (size_t i = 0; i < s->lines_n; i++) {
		line_config__init(&lines[i]);
		lines[i].index = s->lines[i].index;
		lines[i].dn = s->lines[i].dn;
		lines[i].partition = s->lines[i].partition;
		lines[i].has_cti_allowed = true;
		lines[i].cti_allowed = s->lines[i].cti_allowed;
		list[i] = &lines[i];
	}
	d.device = s->name;
	d.device_pid = sdl_pid_pack(sdl_self(self));
	d.has_cause = cause != OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	d.cause = cause;
	d.line = list;
	d.n_line = s->lines_n;
	sdl_send(self, sdl_local(self, registrar), number, &d);
	free(list);
	free(lines);
}

void cm_station_alarm(struct sdl_process *self, const struct cm_station *s, uint32_t ip,
		      bool registered, int reason)
{
	char address[16], model[12];
	struct alarm_param params[] = {
		{ "DeviceName", s->name },
		{ "IPAddress", address },
		{ "Protocol", s->kind == DEVICE_KIND__DEVICE_SIP_PHONE ? "SIP" : "SCCP" },
		{ "DeviceType", model },
		{ "Reason", cause_name(CAUSE_UNREG, reason) },
	};

	snprintf(address, sizeof address, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
		 ip & 255);
	snprintf(model, sizeof model, "%u", s->model);
	sdl_alarm(self, registered ? ALARM_DeviceRegistered : ALARM_DeviceUnregistered, params,
		  registered ? 4 : 5);
}

struct cm_station_line *cm_station_line(const struct cm_station *s, const char *dn)
{
	for (size_t i = 0; i < s->lines_n; i++)
		if (strcmp(s->lines[i].dn, dn) == 0)
			return &s->lines[i];
	return NULL;
}

struct cm_station_line *cm_station_line_at(const struct cm_station *s, uint32_t index)
{
	for (size_t i = 0; i < s->lines_n; i++)
		if (s->lines[i].index == index)
			return &s->lines[i];
	return NULL;
}

struct cm_station_call *cm_station_call(const struct cm_station *s, uint32_t ci)
{
	struct cm_station_call *call = s->calls;

	while (call && call->ci != ci)
		call = call->next;
	return call;
}

/* ---- calls ---------------------------------------------------------------------------------- */

void cm_station_tell(struct sdl_process *self, const struct cm_station_line *line, uint16_t number,
		     const void *msg)
{
	for (uint32_t i = 0; i < line->watchers.n; i++)
		sdl_send(self, cm_pids_at(&line->watchers, i), number, msg);
}

static struct cm_station_call *call_new(struct cm_station *s, struct cm_station_line *line,
					const struct sdl_signal *sig, uint32_t ci)
{
	struct cm_station_call *call = must(calloc(1, sizeof *call));
	struct cm_station_call **end = &s->calls;

	while (*end)
		end = &(*end)->next;
	*end = call;
	call->line = line;
	call->leg = sig->from;
	call->ci = ci;
	return call;
}

static void remember(struct cm_station_call *call, const CtiCallNotify *now)
{
	call->gci = now->gci;
	call->state = now->state;
	call->cause = now->cause;
	call->reason = now->reason;
	call->outgoing = now->outgoing;
	text(call->calling, now->calling);
	text(call->called, now->called);
	text(call->original_called, now->original_called);
	text(call->last_redirecting, now->last_redirecting);
}

struct cm_station_call *cm_station_on_call(struct sdl_process *self, struct cm_station *s,
					   const struct sdl_signal *sig)
{
	static const uint16_t notify[] = {
		[CALL_IND_KIND__CALL_NEW] = SIG_CtiNewCallNotify,
		[CALL_IND_KIND__CALL_STATE] = SIG_CtiCallStateNotify,
		[CALL_IND_KIND__CALL_PARTY] = SIG_CtiCallPartyInfoNotify,
		[CALL_IND_KIND__CALL_CLOSED] = SIG_CtiCallClosedNotify,
		[CALL_IND_KIND__CALL_GCI] = SIG_CtiGlobalCallHandleChangedNotify,
	};
	const CcCallInd *ind = sig->msg;
	struct cm_station_line *line = cm_station_line_at(s, ind->line);
	struct cm_station_call *call = cm_station_call(s, ind->call->ci);

	if (!line)
		return NULL;
	if (!call)
		call = call_new(s, line, sig, ind->call->ci);
	remember(call, ind->call);
	if (ind->has_consult_of) {
		call->consult_of = ind->consult_of;
		call->purpose = ind->purpose;
	}
	cm_station_tell(self, line, notify[ind->kind], ind->call);
	cm_station_share(self, call);
	return ind->kind == CALL_IND_KIND__CALL_GCI ? NULL : call;
}

void cm_station_call_end(struct sdl_process *self, struct cm_station *s,
			 struct cm_station_call *call)
{
	struct cm_station_call **at = &s->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	sdl_send(self, call->leg, SIG_CcCallClosedAck, NULL);
	free(call);
}

void cm_station_request(struct sdl_process *self, const struct cm_station_call *call,
			uint16_t number)
{
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	req.ci = call->ci;
	sdl_send(self, call->leg, number, &req);
}

struct cm_station_call *cm_station_tell_dtmf(struct sdl_process *self, const struct cm_station *s,
					     const struct sdl_signal *sig)
{
	const CcDtmf *dtmf = sig->msg;
	struct cm_station_call *call = cm_station_call(s, dtmf->ci);
	CtiDTMFNotify n = CTI_DTMFNOTIFY__INIT;

	if (!call)
		return NULL;
	n.device = s->name;
	n.dn = call->line->dn;
	n.ci = call->ci;
	n.digits = dtmf->digits;
	cm_station_tell(self, call->line, SIG_CtiDTMFNotify, &n);
	return call;
}

void cm_station_tell_media(struct sdl_process *self, const struct cm_station *s,
			   const struct cm_station_call *call, uint16_t number)
{
	CtiMediaNotify n = CTI_MEDIA_NOTIFY__INIT;
	bool far = number == SIG_CtiStartTransmissionNotify;

	n.device = s->name;
	n.dn = call->line->dn;
	n.ci = call->ci;
	n.has_ip = n.has_port = n.has_codec = true;
	n.ip = far ? call->media.far_ip : call->media.ip;
	n.port = far ? call->media.far_port : call->media.port;
	n.codec = call->media.codec ? call->media.codec : CM_CODEC_DEFAULT;
	if (far)
		CM_SRTP_PUT(&n, &call->media.far_srtp);
	else if (number == SIG_CtiStartReceptionNotify)
		CM_SRTP_PUT(&n, &call->media.srtp);
	cm_station_tell(self, call->line, number, &n);
}

void cm_station_listening(struct sdl_process *self, struct cm_station *s,
			  struct cm_station_call *call, bool ok)
{
	struct cm_station_media *m = &call->media;
	CcMediaOpened res = CC_MEDIA_OPENED__INIT;

	m->pending = false;
	m->open = ok;
	res.open = m->asked;
	res.ok = ok;
	res.has_ip = res.has_port = res.has_codec = ok;
	res.ip = m->ip;
	res.port = m->port;
	res.codec = m->codec;
	CM_SRTP_PUT(&res, &m->srtp);
	sdl_send(self, call->leg, SIG_CcMediaOpenRes, &res);
	if (ok)
		cm_station_tell_media(self, s, call, SIG_CtiStartReceptionNotify);
}

/* ---- CTI ------------------------------------------------------------------------------------ */

void cm_station_answer(struct sdl_process *self, const struct sdl_signal *sig, uint32_t async,
		       uint32_t result)
{
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = async;
	res.result = result;
	sdl_send(self, sig->from, (uint16_t)(sig->number + 1), &res);
}

/* They all begin with async_response. */
static int refuse(struct sdl_process *self, const struct sdl_signal *sig, uint32_t result)
{
	const CtiLineCallReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, result);
	return sdl_state(self);
}

int cm_station_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	return refuse(self, sig, CTIERR_DEVICE_OUT_OF_SERVICE);
}

int cm_station_not_implemented(struct sdl_process *self, const struct sdl_signal *sig)
{
	return refuse(self, sig, CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE);
}

/* The calls as they are, then the end of the list (CTF-03); then what is still asked of them. */
static void snapshot(struct sdl_process *self, struct cm_station *s, struct cm_station_line *line,
		     struct sdl_pid to)
{
	CtiExistingCallCompletedNotify done = CTI_EXISTING_CALL_COMPLETED_NOTIFY__INIT;

	for (struct cm_station_call *call = s->calls; call; call = call->next) {
		CtiCallNotify n = CTI_CALL_NOTIFY__INIT;

		if (call->line != line || call->state == CTI_CALL_STATE__IDLE)
			continue;
		n.device = s->name;
		n.dn = line->dn;
		n.ci = call->ci;
		n.has_gci = n.has_state = n.has_cause = n.has_reason = n.has_outgoing = true;
		n.gci = call->gci;
		n.state = call->state;
		n.cause = call->cause;
		n.reason = call->reason;
		n.outgoing = call->outgoing;
		n.calling = call->calling;
		n.called = call->called;
		n.original_called = call->original_called;
		n.last_redirecting = call->last_redirecting;
		sdl_send(self, to, SIG_CtiExistingCallNotify, &n);
	}
	done.device = s->name;
	done.dn = line->dn;
	sdl_send(self, to, SIG_CtiExistingCallCompletedNotify, &done);
}

static void answer_open(struct sdl_process *self, const struct sdl_signal *sig, uint32_t result)
{
	const CtiLineOpenLineReq *req = sig->msg;
	CtiLineOpenLineRes res = CTI_LINE_OPEN_LINE_RES__INIT;

	res.async_response = req->async_response;
	res.result = result;
	res.dn = req->dn;
	sdl_send(self, sig->from, SIG_CtiLineOpenLineRes, &res);
}

void cm_station_line_open(struct sdl_process *self, struct cm_station *s,
			  const struct sdl_signal *sig)
{
	const CtiLineOpenLineReq *req = sig->msg;
	struct cm_station_line *line = cm_station_line(s, req->dn);

	if (!line) {
		answer_open(self, sig, CTIERR_UNDEFINED_LINE);
		return;
	}
	if (!line->cti_allowed) {
		answer_open(self, sig, CTIERR_LINE_RESTRICTED);
		return;
	}
	if (!sdl_link_up(self, sig->from.node, sig->from.app))
		return; /* gone while its request was on its way */
	if (!cm_pids_has(&line->watchers, sig->from))
		cm_pids_add(&line->watchers, sig->from);
	if (req->has_auto_accept)
		line->auto_accept = req->auto_accept;
	answer_open(self, sig, CTIERR_SUCCESS);
	snapshot(self, s, line, sig->from);
}

void cm_station_line_close(struct sdl_process *self, struct cm_station *s,
			   const struct sdl_signal *sig)
{
	const CtiLineCloseLineReq *req = sig->msg;
	struct cm_station_line *line = cm_station_line(s, req->dn);
	uint32_t result = CTIERR_UNDEFINED_LINE;

	for (uint32_t i = line ? line->watchers.n : 0; i-- > 0;) {
		if (!sdl_pid_equal(cm_pids_at(&line->watchers, i), sig->from))
			continue;
		cm_pids_remove_at(&line->watchers, i);
		result = CTIERR_SUCCESS;
	}
	if (line && result)
		result = CTIERR_ASSOCIATED_LINE_NOT_OPEN;
	cm_station_answer(self, sig, req->async_response, result);
}

void cm_station_forget_watcher(struct cm_station *s, struct sdl_pid watcher)
{
	for (size_t l = 0; l < s->lines_n; l++) {
		struct cm_pids *watchers = &s->lines[l].watchers;

		for (uint32_t i = watchers->n; i-- > 0;)
			if (sdl_pid_equal(cm_pids_at(watchers, i), watcher))
				cm_pids_remove_at(watchers, i);
	}
}

void cm_station_forget_node(struct cm_station *s, uint8_t node)
{
	for (size_t l = 0; l < s->lines_n; l++) {
		struct cm_pids *watchers = &s->lines[l].watchers;

		for (uint32_t i = watchers->n; i-- > 0;)
			if (cm_pids_at(watchers, i).node == node)
				cm_pids_remove_at(watchers, i);
	}
}

struct cm_station_call *cm_station_asked_call(struct sdl_process *self, struct cm_station *s,
					      const struct sdl_signal *sig, uint32_t async,
					      uint32_t ci)
{
	struct cm_station_call *call = cm_station_call(s, ci);

	if (!call)
		cm_station_answer(self, sig, async, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	else if (!cm_pids_has(&call->line->watchers, sig->from))
		cm_station_answer(self, sig, async, CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	else
		return call;
	return NULL;
}

struct cm_station_line *cm_station_asked_line(struct sdl_process *self, struct cm_station *s,
					      const struct sdl_signal *sig)
{
	const CtiLineCallInitiateReq *req = sig->msg;
	struct cm_station_line *line = cm_station_line(s, req->dn);

	if (!line)
		cm_station_answer(self, sig, req->async_response, CTIERR_UNDEFINED_LINE);
	else if (!cm_pids_has(&line->watchers, sig->from))
		cm_station_answer(self, sig, req->async_response, CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	else
		return line;
	return NULL;
}
