/* Cc: call control's own part of a start: from which number on this incarnation counts its calls.
 */
#include "callmanager/process.h"

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_init;

static const struct sdl_row rows[] = {
	{ READY, SIG_CcInitReq, on_init, 0 },
};

/* A handle of a call from before a restart must not fit a call of now: the base moves on with the
 * time, and by a second's worth of calls with each start, however soon it follows. A CallManager
 * makes far fewer legs in a second than this, and the numbers last for days. */
#define CI_PER_SECOND 8192

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	int64_t seconds = sdl_now(self) / 1000000000 + (int64_t)cm_context(self)->incarnation - 1;
	CcInitResult res = CC_INIT_RESULT__INIT;

	cm_context(self)->ci_base = (uint32_t)(seconds * CI_PER_SECOND);
	res.ok = true;
	sdl_send(self, sig->from, SIG_CcInitRes, &res);
	return READY;
}

const struct sdl_type cm_cc = {
	.name = "Cc",
	.number = CM_CC,
	.at_start = true,
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
};
