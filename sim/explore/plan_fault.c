/* What fails, and what is mended. */
#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <string.h>

static void strike(struct plan_steps *s, unsigned i, const char *verb)
{
	s->programs[i].down = !strcmp(verb, "kill") || !strcmp(verb, "term");
	s->programs[i].frozen = !strcmp(verb, "freeze");
	s->programs[i].doomed = false;
	plan_add(s, SIM_ON_CLUSTER, "", verb, s->programs[i].name, NULL);
}

static void add_strike(struct plan_steps *s, unsigned from, unsigned to, const char *verb)
{
	unsigned i = from + plan_roll(&s->dice, to - from);

	if (s->programs[i].down || s->programs[i].frozen)
		return;
	strike(s, i, verb);
}

/* Both programs of a node at once, as by a power failure. */
static void add_power(struct plan_steps *s)
{
	unsigned node = plan_roll(&s->dice, s->d->nodes);

	if (s->programs[2 * node].down || s->programs[2 * node + 1].down)
		return;
	strike(s, 2 * node, "kill");
	strike(s, 2 * node + 1, "kill");
	s->d->plan->steps[s->d->plan->steps_n - 1].after_ns = 0;
}

static void add_line(struct plan_steps *s, bool slow)
{
	unsigned a = plan_roll(&s->dice, s->servers_n);
	unsigned b = plan_roll(&s->dice, s->servers_n + 1); /* the phones are the next one */
	char delay[20];

	if (a == b || s->lines_n == PLAN_STEPS_MAX)
		return;
	s->lines[s->lines_n].a = a;
	s->lines[s->lines_n].b = b;
	s->lines[s->lines_n++].slow = slow;
	snprintf(delay, sizeof(delay), "%ums", 1 + plan_roll(&s->dice, 2000));
	if (slow)
		plan_add(s, SIM_ON_CLUSTER, "", "slow", s->programs[a].name, s->programs[b].name,
			 delay, NULL);
	else
		plan_add(s, SIM_ON_CLUSTER, "", "cut", s->programs[a].name, s->programs[b].name,
			 plan_chance(&s->dice, 30) ? "true" : "", NULL);
}

/* An application and a CTIManager; that it is one of its list is likely. */
void plan_fault_cut_app(struct plan_steps *s)
{
	unsigned app = plan_roll(&s->dice, (unsigned)s->d->plan->apps_n);
	const struct plan_app *a = &s->d->plan->apps[app];
	unsigned at = plan_roll(&s->dice, (unsigned)a->managers_n);
	char manager[40];

	if (s->lines_n == PLAN_STEPS_MAX)
		return;
	snprintf(manager, sizeof(manager), "%s:ctimanager", a->managers[at]);
	s->lines[s->lines_n].a = s->servers_n + 1 + app;
	for (unsigned i = 0; i < s->servers_n; i++)
		if (!strcmp(s->programs[i].name, manager))
			s->lines[s->lines_n].b = i;
	s->lines[s->lines_n++].slow = false;
	plan_add(s, SIM_ON_CLUSTER, "", "cut", s->programs[s->servers_n + 1 + app].name, manager,
		 plan_chance(&s->dice, 30) ? "true" : "", NULL);
}

static void mend_line(struct plan_steps *s)
{
	unsigned i;
	const char *a, *b;

	if (!s->lines_n)
		return;
	i = plan_roll(&s->dice, s->lines_n);
	a = s->programs[s->lines[i].a].name;
	b = s->programs[s->lines[i].b].name;
	if (s->lines[i].slow)
		plan_add(s, SIM_ON_CLUSTER, "", "slow", a, b, "0", NULL);
	else
		plan_add(s, SIM_ON_CLUSTER, "", "heal", a, b, NULL);
	s->lines[i] = s->lines[--s->lines_n];
}

void plan_fault_recover(struct plan_steps *s)
{
	unsigned from = plan_roll(&s->dice, s->programs_n);

	if (plan_chance(&s->dice, 30)) {
		mend_line(s);
		return;
	}
	for (unsigned k = 0; k < s->programs_n; k++) {
		unsigned i = (from + k) % s->programs_n;

		if (!s->programs[i].down && !s->programs[i].frozen && !s->programs[i].doomed)
			continue;
		strike(s, i, s->programs[i].frozen ? "thaw" : "start");
		return;
	}
}

void plan_fault_app(struct plan_steps *s)
{
	add_strike(s, s->servers_n + 1, s->programs_n,
		   plan_chance(&s->dice, 50)   ? "kill"
		   : plan_chance(&s->dice, 50) ? "term"
					       : "freeze");
}

void plan_fault_kill(struct plan_steps *s)
{
	if (plan_chance(&s->dice, 20))
		add_power(s);
	else
		add_strike(s, 0, s->servers_n + plan_chance(&s->dice, 10), "kill");
}

void plan_fault_term(struct plan_steps *s)
{
	add_strike(s, 0, s->servers_n, "term");
}

void plan_fault_freeze(struct plan_steps *s)
{
	add_strike(s, 0, s->servers_n + 1, "freeze");
}

void plan_fault_cut(struct plan_steps *s)
{
	add_line(s, false);
}

void plan_fault_slow(struct plan_steps *s)
{
	add_line(s, true);
}

/* ---- at a signal --------------------------------------------------------------------- */

/* Where programs are in the middle of something: links, registrations, rehomes, calls. */
static const char *const callmanager_signals[] = {
	"SdlLinkInService",
	"SdlLinkOutOfService",
	"CtiDeviceOpenDeviceReq",
	"CtiDeviceOpenDeviceRes",
	"CtiDeviceRehomeReq",
	"CtiDeviceUnregisterNotify",
	"CtiDeviceCloseDeviceReq",
	"CtiLineOpenLineReq",
	"CcLineCloseReq",
	"CcLineCloseRes",
	"CcDeviceGoneInd",
	"DaRegisterReq",
	"DaRegisterInd",
	"DaUnregisterInd",
	"DaDuplicateInd",
	"StationRegister",
	"StationRegisterAck",
	"StationUnregister",
	"StationRegisterTokenReq",
	"SipRegister",
	"SipInvite",
	"SipOk",
	"SipBye",
	"SipDialogCheck",
	"DbDeviceRes",
	"CcmInService",
	"CcSetupReq",
	"CcAlertInd",
	"CcConnectInd",
	"CcMediaInd",
	"CcReleaseInd",
	"CcRedirectReq",
	"CcHoldInd",
	"CcRetrieveInd",
	"CtiLineCallAnswerReq",
	"CtiNewCallNotify",
	"CtiNewCallAcceptTimer",
	"CtiLineCallRedirectReq",
	"CtiDeviceSetRTPForCallReq",
	"CcConsultInit",
	"CcTransferLockReq",
	"CcTransferReq",
	"CcTransferRes",
	"CcTransferCommit",
	"CcTransferCancel",
	"CcConferenceAddRes",
};
static const char *const ctimanager_signals[] = {
	"SdlLinkInService",
	"SdlLinkOutOfService",
	"SdlConnAccepted",
	"SdlConnDown",
	"ProviderOpen",
	"DeviceOpen",
	"LineOpen",
	"CtiDbDeviceRes",
	"CmStatusNotify",
	"CmOpenTurn",
	"CtiDeviceOpenDeviceRes",
	"CtiLineOpenLineRes",
	"CtiDeviceRehomeReq",
	"CtiDeviceUnregisterNotify",
	"CtiDeviceCloseDeviceReq",
	"CcmInService",
	"CtiNewCallNotify",
	"CallAnswer",
	"CtiLineCallAnswerRes",
	"CtiHandlerDeviceRelease",
	"DeviceClose",
	"CtiOpenLogicalChannelNotify",
};
static const char *const phones_signals[] = {
	"StationRegisterAck",
	"StationUnregisterAck",
	"StationRegisterTokenAck",
	"StationCallState",
	"StationOpenReceiveChannel",
	"SdlLinkOutOfService",
	"StationStartMediaTransmission",
	"SipRegisterOk",
	"SipInvite",
	"SipAck",
	"SipRefer",
};
static const char *const app_signals[] = {
	"ProviderInService", "ProviderOutOfService",
	"DeviceInService",   "DeviceOutOfService",
	"NewCall",	     "CallStateChanged",
	"Response",	     "CallObservationEnded",
	"ExistingCall",	     "DeviceCallOpenLogicalChannel",
};

static const char *any_of(struct plan_steps *s, const char *const *signals, size_t n)
{
	return signals[plan_roll(&s->dice, (unsigned)n)];
}

#define ANY_OF(s, signals) any_of(s, signals, sizeof(signals) / sizeof((signals)[0]))

void plan_fault_crash(struct plan_steps *s)
{
	static const char *const moments[] = { "before_sent", "after_sent", "before_handled",
					       "after_handled" };
	/* Servers, as a rule. */
	unsigned i = plan_roll(&s->dice, plan_chance(&s->dice, 80) ? s->servers_n : s->programs_n);
	const char *signal = i < s->servers_n && i % 2 == 0 ? ANY_OF(s, callmanager_signals)
			     : i < s->servers_n		    ? ANY_OF(s, ctimanager_signals)
			     : i == s->servers_n	    ? ANY_OF(s, phones_signals)
							    : ANY_OF(s, app_signals);
	char nth[12];
	const char *moment;
	unsigned most;

	if (s->programs[i].down || s->programs[i].doomed)
		return;
	most = plan_chance(&s->dice, 50) ? 1 : 6;
	snprintf(nth, sizeof(nth), "%u", 1 + plan_roll(&s->dice, most));
	moment = moments[plan_roll(&s->dice, 4)];
	plan_add(s, SIM_ON_CLUSTER, "", "crash_at", s->programs[i].name, signal, nth, moment, NULL);
	s->programs[i].doomed = true;
}
