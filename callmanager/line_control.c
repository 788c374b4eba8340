/* LineControl: one line of one device at its node. Lets calls in or not (busy trigger, maximum
 * calls, forwards) and makes a LineCdpc for each. */
#include "callmanager/forwarding.h"

enum { INITIAL, READY, LOCKED, CLOSED };

static const struct sdl_state states[] = {
	[INITIAL] = { "initial", 0, PARAM_NONE, "its configuration, sent with its creation" },
	[READY] = { "ready", 0, PARAM_NONE, "" },
	[LOCKED] = { "locked", 0, PARAM_NONE, "the device's decision to go, or to stay" },
	[CLOSED] = { "closed", 0, PARAM_NONE, "the end of its last leg, and of the device" },
};

static sdl_handler on_init, on_config, on_forward, on_setup, on_setup_closed, on_off_hook,
	on_initiate, on_initiate_closed, on_consult, on_consult_closed, on_leg_use, on_close,
	on_open, on_end;

static const struct sdl_row rows[] = {
	{ INITIAL, SIG_CcLineInit, on_init, TO(READY) },
	{ READY, SIG_CcLineInit, on_config, 0 },
	{ READY, SIG_CcSetupReq, on_setup, 0 },
	{ READY, SIG_CcOffHookReq, on_off_hook, 0 },
	{ READY, SIG_CtiLineCallInitiateReq, on_initiate, 0 },
	{ READY, SIG_CtiLineCallUnParkReq, on_initiate, 0 },
	{ READY, SIG_CcConsultReq, on_consult, 0 },
	{ LOCKED, SIG_CcLineInit, sdl_save, 0 },
	{ LOCKED, SIG_CcSetupReq, sdl_save, 0 },
	{ LOCKED, SIG_CtiLineCallInitiateReq, sdl_save, 0 },
	{ LOCKED, SIG_CtiLineCallUnParkReq, sdl_save, 0 },
	{ LOCKED, SIG_CcLineOpenInd, on_open, TO(READY) },
	{ CLOSED, SIG_CcSetupReq, on_setup_closed, 0 },
	{ CLOSED, SIG_CtiLineCallInitiateReq, on_initiate_closed, 0 },
	{ CLOSED, SIG_CtiLineCallUnParkReq, on_initiate_closed, 0 },
	{ CLOSED, SIG_CcConsultReq, on_consult_closed, 0 },
	{ CLOSED, SIG_CcLineEndInd, on_end, TO_STOP },
	{ SDL_ANY, SIG_CcLineInit, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcForwardInd, on_forward, 0 },
	{ SDL_ANY, SIG_CcLegUseInd, on_leg_use, 0 },
	{ SDL_ANY, SIG_CcLineCloseReq, on_close, TO(LOCKED) | TO(CLOSED) },
	{ SDL_ANY, SIG_CcLineOpenInd, sdl_ignore, 0 },
};

struct line_control {
	uint8_t *
		init; /* its CcLineInit, packed: needed when calls come, and there are many lines */
	struct sdl_pid device;
	uint32_t init_len;
	uint32_t used[LEG_USE__LEG_ENDED]; /* legs that are active, held */
	bool closing;			   /* the device waits for the last leg */
};

static void stop(struct sdl_process *self)
{
	struct line_control *line = sdl_data(self);

	free(line->init);
}

static void configure(struct sdl_process *self, const CcLineInit *msg)
{
	struct line_control *line = sdl_data(self);
	size_t len = cc_line_init__get_packed_size(msg);

	free(line->init);
	line->init = malloc(len);
	if (!line->init)
		abort();
	line->init_len = (uint32_t)cc_line_init__pack(msg, line->init);
}

/* What it is; for this turn. */
static const CcLineInit *what(struct sdl_process *self)
{
	const struct line_control *line = sdl_data(self);

	return sdl_unpack(self, &cc_line_init__descriptor, line->init, line->init_len);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);

	const CcLineInit *init = sig->msg;

	line->device = sig->from;
	configure(self, init);
	sdl_label(self, init->line->dn);
	return READY;
}

/* The number's settings have changed; calls that are there keep the old ones. */
static int on_config(struct sdl_process *self, const struct sdl_signal *sig)
{
	configure(self, sig->msg);
	return READY;
}

/* Its users have set call forward all, or cancelled it (USR-02). */
static int on_forward(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DaForward *ind = sig->msg;
	const CcLineInit *is = what(self);
	CcLineInit now = *is;
	LineConfig line = *is->line;

	line.cfa = ind->number;
	line.cfa_css = ind->css;
	now.line = &line;
	configure(self, &now);
	return sdl_state(self);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static uint32_t calls(const struct line_control *line)
{
	return line->used[LEG_USE__LEG_ACTIVE] + line->used[LEG_USE__LEG_HELD];
}

/* A port's line carries one active media call (PRT-03). */
static bool port_taken(const struct line_control *line, const CcLineInit *is)
{
	return is->kind == DEVICE_KIND__DEVICE_CTI_PORT && line->used[LEG_USE__LEG_ACTIVE] > 0;
}

static bool full(const struct line_control *line, const LineConfig *config)
{
	return config->has_max_calls && config->max_calls && calls(line) >= config->max_calls;
}

static bool busy(const struct line_control *line, const CcLineInit *is)
{
	const LineConfig *config = is->line;

	return port_taken(line, is) || full(line, config) ||
	       (config->has_busy_trigger && config->busy_trigger &&
		calls(line) >= config->busy_trigger);
}

static struct sdl_pid new_leg(struct sdl_process *self, const CcLineInit *is)
{
	struct line_control *line = sdl_data(self);
	struct sdl_pid leg = sdl_create(self, &cm_line_cdpc);
	CcLegInit init = CC_LEG_INIT__INIT;

	init.device = is->device;
	init.kind = is->kind;
	init.device_pid = sdl_pid_pack(line->device);
	init.line = is->line;
	sdl_send(self, leg, SIG_CcLegInit, &init);
	line->used[LEG_USE__LEG_ACTIVE]++;
	return leg;
}

static void reject(struct sdl_process *self, const struct sdl_signal *sig, uint32_t cause,
		   struct cm_forward forward, FeatureReason reason)
{
	const CcSetup *setup = sig->msg;
	CcScope scope = cm_scope_message(&forward.scope);
	CcSetupRej rej = CC_SETUP_REJ__INIT;

	rej.setup = setup->setup;
	rej.cause = cause;
	rej.forward = (char *)forward.to;
	rej.scope = forward.to ? &scope : NULL;
	rej.has_reason = forward.to != NULL;
	rej.reason = reason;
	rej.dn = what(self)->line->dn;
	sdl_send(self, sig->from, SIG_CcSetupRej, &rej);
}

/* A call that is asked for by who is there: forwards and the busy trigger are for others. */
static int on_picked_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLineInit *is = what(self);
	static const struct cm_forward nowhere;

	if (full(line, is->line) || port_taken(line, is))
		reject(self, sig, CAUSE_CALL_USERBUSY, nowhere, FEATURE_REASON__CALLPICKUP);
	else
		sdl_relay(self, new_leg(self, is), sig);
	return READY;
}

static int on_setup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLineInit *is = what(self);
	const LineConfig *config = is->line;
	const CcSetup *setup = sig->msg;

	if (setup->has_pickup)
		return on_picked_up(self, sig);
	if (setup->has_resume && setup->resume && !full(line, config))
		sdl_relay(self, new_leg(self, is), sig);
	else if (cm_forward_all(config).to)
		reject(self, sig, CAUSE_CALL_NORMALCALLCLEARING, cm_forward_all(config),
		       FEATURE_REASON__FORWARDALL);
	else if (busy(line, is) && !sdl_mutant(self, MUTANT_PORT_NEVER_BUSY))
		reject(self, sig, CAUSE_CALL_USERBUSY, cm_forward_busy(config),
		       FEATURE_REASON__FORWARDBUSY);
	else
		sdl_relay(self, new_leg(self, is), sig);
	return READY;
}

/* From now on the line is as one that is registered nowhere (APF-04, CMF-16). */
static int on_setup_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcLineInit *is = what(self);
	struct cm_forward forward = cm_forward_all(is->line);

	if (!forward.to)
		forward = cm_forward_unregistered(is->line, is->kind);
	reject(self, sig, CAUSE_CALL_DESTINATIONOUTOFORDER, forward,
	       FEATURE_REASON__FORWARDNOANSWER);
	return CLOSED;
}

static int on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLineInit *is = what(self);
	CcRelease rej = CC_RELEASE__INIT;

	if (!full(line, is->line)) {
		sdl_relay(self, new_leg(self, is), sig);
		return READY;
	}
	rej.cause = CAUSE_CALL_USERBUSY;
	sdl_send(self, sig->from, SIG_CcOffHookRej, &rej);
	return READY;
}

static void refuse(struct sdl_process *self, const struct sdl_signal *sig, uint32_t result)
{
	const CtiLineCallInitiateReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = req->async_response;
	res.result = result;
	sdl_send(self, sig->from, (uint16_t)(sig->number + 1), &res);
}

static int on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLineInit *is = what(self);

	if (full(line, is->line))
		refuse(self, sig, CTIERR_MAXCALL_LIMIT_REACHED);
	else if (port_taken(line, is))
		refuse(self, sig, CTIERR_CALL_ALREADY_EXISTS);
	else
		sdl_relay(self, new_leg(self, is), sig);
	return READY;
}

static int on_initiate_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	refuse(self, sig, CTIERR_LINE_OUT_OF_SERVICE);
	return CLOSED;
}

static int on_consult(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcConsult *req = sig->msg;
	const CcLineInit *is = what(self);
	CcConsultGranted res = CC_CONSULT_GRANTED__INIT;
	uint32_t speaking = line->used[LEG_USE__LEG_ACTIVE] - (req->active ? 1 : 0);

	if (full(line, is->line)) {
		res.result = CTIERR_MAXCALL_LIMIT_REACHED;
	} else if (is->kind == DEVICE_KIND__DEVICE_CTI_PORT && speaking > 0) {
		res.result = CTIERR_CALL_ALREADY_EXISTS;
	} else {
		res.result = CTIERR_SUCCESS;
		res.has_leg = true;
		res.leg = sdl_pid_pack(new_leg(self, is));
	}
	sdl_send(self, sig->from, SIG_CcConsultRes, &res);
	return READY;
}

static int on_consult_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcConsultGranted res = CC_CONSULT_GRANTED__INIT;

	res.result = CTIERR_LINE_OUT_OF_SERVICE;
	sdl_send(self, sig->from, SIG_CcConsultRes, &res);
	return CLOSED;
}

/* ---- the end -------------------------------------------------------------------------------- */

static void answer_close(struct sdl_process *self, bool closed)
{
	struct line_control *line = sdl_data(self);
	CcLineClosed res = CC_LINE_CLOSED__INIT;

	res.closed = closed;
	sdl_send(self, line->device, SIG_CcLineCloseRes, &res);
}

static int on_leg_use(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLegUse *use = sig->msg;

	line->used[use->before]--;
	if (use->now != LEG_USE__LEG_ENDED)
		line->used[use->now]++;
	if (line->closing && calls(line) == 0) {
		line->closing = false;
		answer_close(self, true);
	}
	return sdl_state(self);
}

static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct line_control *line = sdl_data(self);
	const CcLineClose *req = sig->msg;

	if (req->if_idle) {
		answer_close(self, calls(line) == 0);
		return calls(line) == 0 ? LOCKED : sdl_state(self);
	}
	if (calls(line) == 0)
		answer_close(self, true);
	else
		line->closing = true;
	return CLOSED;
}

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return READY;
}

static int on_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}

const struct sdl_type cm_line_control = {
	.name = "LineControl",
	.number = CM_LINE_CONTROL,
	.size = sizeof(struct line_control),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
