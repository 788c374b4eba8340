#include "sim/script/jtapi.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "common/msg/signal.h"

#define NUMBER_SIZE 52
#define DEVICE_SIZE 130

/* How far a connection has come. The caller's is initiated and dialing where the callee's is offered
 * and alerting. */
enum connection {
	CONN_NONE,
	CONN_CREATED,
	CONN_INITIATED,
	CONN_OFFERED = CONN_INITIATED,
	CONN_DIALING,
	CONN_ALERTING = CONN_DIALING,
	CONN_ESTABLISHED,
	CONN_DISCONNECTED,
};

enum terminal_connection {
	TERM_NONE,
	TERM_CREATED,
	TERM_RINGING,
	TERM_TALKING,
	TERM_HELD,
	TERM_DROPPED
};

struct party {
	struct party *prev, *next;
	char number[NUMBER_SIZE];
	char device[DEVICE_SIZE]; /* "": not observed */
	uint64_t leg;		  /* the CTI call; 0 = not observed */
	bool caller;
	enum connection connection;
	enum terminal_connection terminal;
};

struct call {
	struct call *prev, *next;
	uint8_t app;
	uint64_t gci;
	struct party *parties;
};

struct sim_jtapi {
	struct call *calls;
	/* while something is told */
	sim_jtapi_tell *tell;
	void *arg;
	uint32_t cause;
};

static void *must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

struct sim_jtapi *sim_jtapi_new(void)
{
	return must_calloc(sizeof(struct sim_jtapi));
}

static void remove_call(struct sim_jtapi *j, struct call *call)
{
	struct party *p, *next;

	DL_FOREACH_SAFE (call->parties, p, next)
		free(p);
	DL_DELETE(j->calls, call);
	free(call);
}

void sim_jtapi_destroy(struct sim_jtapi **jtapi)
{
	while ((*jtapi)->calls)
		remove_call(*jtapi, (*jtapi)->calls);
	free(*jtapi);
	*jtapi = NULL;
}

void sim_jtapi_forget(struct sim_jtapi *jtapi, uint8_t app)
{
	struct call *call, *next;

	DL_FOREACH_SAFE (jtapi->calls, call, next)
		if (call->app == app)
			remove_call(jtapi, call);
}

/* ---- telling ------------------------------------------------------------------------- */

static void tell(struct sim_jtapi *j, const struct call *call, const struct party *p,
		 uint16_t signal, bool terminal)
{
	JtapiEvent e = JTAPI_EVENT__INIT;

	e.has_global_call_handle = true;
	e.global_call_handle = call->gci;
	e.address = p ? (char *)(uintptr_t)p->number : NULL;
	e.terminal = p && terminal ? (char *)(uintptr_t)p->device : NULL;
	e.has_cause = true;
	e.cause = j->cause;
	j->tell(j->arg, signal, &e);
}

/* What reaching a state of a connection is told as. */
static const struct {
	uint16_t events[2];
} caller_says[] = {
	[CONN_CREATED] = { { SIG_JtapiConnCreatedEv } },
	[CONN_INITIATED] = { { SIG_JtapiConnConnectedEv, SIG_JtapiCallCtlConnInitiatedEv } },
	[CONN_DIALING] = { { SIG_JtapiCallCtlConnDialingEv } },
	[CONN_ESTABLISHED] = { { SIG_JtapiCallCtlConnEstablishedEv } },
	[CONN_DISCONNECTED] = { { SIG_JtapiConnDisconnectedEv,
				  SIG_JtapiCallCtlConnDisconnectedEv } },
}, callee_says[] = {
	[CONN_CREATED] = { { SIG_JtapiConnCreatedEv } },
	[CONN_OFFERED] = { { SIG_JtapiConnInProgressEv, SIG_JtapiCallCtlConnOfferedEv } },
	[CONN_ALERTING] = { { SIG_JtapiConnAlertingEv, SIG_JtapiCallCtlConnAlertingEv } },
	[CONN_ESTABLISHED] = { { SIG_JtapiConnConnectedEv, SIG_JtapiCallCtlConnEstablishedEv } },
	[CONN_DISCONNECTED] = { { SIG_JtapiConnDisconnectedEv,
				  SIG_JtapiCallCtlConnDisconnectedEv } },
};

static void say(struct sim_jtapi *j, const struct call *call, const struct party *p,
		const uint16_t events[2])
{
	for (int i = 0; i < 2; i++)
		if (events[i])
			tell(j, call, p, events[i], false);
}

/* States that were skipped are not told, but that it was created, and that a caller whom nobody
 * watched is connected. */
static void connect_to(struct sim_jtapi *j, const struct call *call, struct party *p,
		       enum connection to)
{
	if (to <= p->connection)
		return;
	if (p->connection == CONN_NONE)
		say(j, call, p, callee_says[CONN_CREATED].events);
	if (p->caller && to == CONN_ESTABLISHED && p->connection < CONN_INITIATED)
		tell(j, call, p, SIG_JtapiConnConnectedEv, false);
	if (to > CONN_CREATED)
		say(j, call, p, (p->caller ? caller_says : callee_says)[to].events);
	p->connection = to;
}

static void terminal_to(struct sim_jtapi *j, const struct call *call, struct party *p,
			enum terminal_connection to)
{
	if (!p->leg || to == p->terminal || p->terminal == TERM_DROPPED)
		return;
	if (p->terminal == TERM_NONE)
		tell(j, call, p, SIG_JtapiTermConnCreatedEv, true);
	if (to == TERM_RINGING) {
		tell(j, call, p, SIG_JtapiTermConnRingingEv, true);
		tell(j, call, p, SIG_JtapiCallCtlTermConnRingingEv, true);
	} else if (to == TERM_TALKING) {
		if (p->terminal != TERM_HELD)
			tell(j, call, p, SIG_JtapiTermConnActiveEv, true);
		tell(j, call, p, SIG_JtapiCallCtlTermConnTalkingEv, true);
	} else if (to == TERM_HELD) {
		tell(j, call, p, SIG_JtapiCallCtlTermConnHeldEv, true);
	} else if (to == TERM_DROPPED) {
		tell(j, call, p, SIG_JtapiTermConnDroppedEv, true);
		tell(j, call, p, SIG_JtapiCallCtlTermConnDroppedEv, true);
	}
	p->terminal = to;
}

/* ---- calls and parties --------------------------------------------------------------- */

static struct call *call_of(struct sim_jtapi *j, uint8_t app, uint64_t gci)
{
	struct call *call;

	DL_FOREACH(j->calls, call)
	if (call->app == app && call->gci == gci)
		return call;
	call = must_calloc(sizeof(*call));
	call->app = app;
	call->gci = gci;
	DL_APPEND(j->calls, call);
	tell(j, call, NULL, SIG_JtapiCallActiveEv, false);
	return call;
}

/* The one that the application observes as that leg, or else the one with that number. */
static struct party *party_of(struct call *call, const char *number, uint64_t leg, bool caller)
{
	struct party *p;

	if (!number || !*number)
		return NULL;
	DL_FOREACH(call->parties, p)
	if (leg && p->leg == leg)
		return p;
	DL_FOREACH(call->parties, p)
	if (!strcmp(p->number, number) && (!leg || !p->leg))
		return p;
	p = must_calloc(sizeof(*p));
	snprintf(p->number, sizeof(p->number), "%s", number);
	p->caller = caller;
	DL_APPEND(call->parties, p);
	return p;
}

static struct party *own_party(struct call *call, const CallEvent *m)
{
	struct party *p = party_of(call, m->dn, m->call_handle, m->outgoing);

	p->leg = m->call_handle;
	snprintf(p->device, sizeof(p->device), "%s", m->device);
	return p;
}

/* Its leg is over; with the last that is observed the call is. */
static void end_party(struct sim_jtapi *j, struct call *call, struct party *p)
{
	struct party *other;

	terminal_to(j, call, p, TERM_DROPPED);
	connect_to(j, call, p, CONN_DISCONNECTED);
	p->leg = 0;
	DL_FOREACH(call->parties, other)
	if (other->leg)
		return;
	DL_FOREACH(call->parties, other)
	connect_to(j, call, other, CONN_DISCONNECTED);
	tell(j, call, NULL, SIG_JtapiCallInvalidEv, false);
	tell(j, call, NULL, SIG_JtapiCallObservationEndedEv, false);
	remove_call(j, call);
}

/* The leg is part of another call now, by a transfer or a conference. */
static void leave_other_call(struct sim_jtapi *j, const struct call *now, uint64_t leg)
{
	struct call *call, *next;
	struct party *p;

	DL_FOREACH_SAFE (j->calls, call, next) {
		if (call == now || call->app != now->app)
			continue;
		DL_FOREACH(call->parties, p)
		if (p->leg == leg)
			break;
		if (p)
			end_party(j, call, p);
	}
}

/* ---- CTI events ---------------------------------------------------------------------- */

static void of_caller(struct sim_jtapi *j, struct call *call, const CallEvent *m)
{
	struct party *own = own_party(call, m);
	struct party *other;

	connect_to(j, call, own, CONN_INITIATED);
	if (own->terminal == TERM_NONE)
		terminal_to(j, call, own, TERM_TALKING);
	if (m->state == CTI_CALL_STATE__DIALTONE)
		return;
	if (m->state == CTI_CALL_STATE__DIALING) {
		connect_to(j, call, own, CONN_DIALING);
		return;
	}
	connect_to(j, call, own, CONN_ESTABLISHED);
	other = party_of(call, m->called, 0, false);
	if (!other)
		return;
	connect_to(j, call, other, CONN_OFFERED);
	if (m->state == CTI_CALL_STATE__RINGBACK)
		connect_to(j, call, other, CONN_ALERTING);
	else if (m->state == CTI_CALL_STATE__CONNECTED)
		connect_to(j, call, other, CONN_ESTABLISHED);
}

static void of_callee(struct sim_jtapi *j, struct call *call, const CallEvent *m)
{
	struct party *other = party_of(call, m->calling, 0, true);
	struct party *own;

	if (other && other->connection < CONN_INITIATED)
		connect_to(j, call, other, CONN_ESTABLISHED);
	own = own_party(call, m);
	connect_to(j, call, own, CONN_OFFERED);
	if (m->state == CTI_CALL_STATE__ACCEPTED) {
		connect_to(j, call, own, CONN_ALERTING);
		terminal_to(j, call, own, TERM_RINGING);
	} else if (m->state == CTI_CALL_STATE__CONNECTED) {
		connect_to(j, call, own, CONN_ESTABLISHED);
		terminal_to(j, call, own, TERM_TALKING);
	}
}

static void on_call(struct sim_jtapi *j, uint8_t app, uint16_t signal, const CallEvent *m)
{
	struct call *call;
	bool over = m->state == CTI_CALL_STATE__DISCONNECTED || m->state == CTI_CALL_STATE__IDLE ||
		    signal == SIG_CallClosed;

	if (over) {
		struct party *p = NULL;

		DL_FOREACH(j->calls, call)
		{
			DL_FOREACH(call->parties, p)
			if (call->app == app && p->leg == m->call_handle)
				break;
			if (p)
				break;
		}
		if (p)
			end_party(j, call, p);
		return;
	}
	call = call_of(j, app, m->global_call_handle);
	leave_other_call(j, call, m->call_handle);
	if (m->outgoing)
		of_caller(j, call, m);
	else
		of_callee(j, call, m);
	if (m->state == CTI_CALL_STATE__ONHOLD)
		terminal_to(j, call, own_party(call, m), TERM_HELD);
	else if (m->state == CTI_CALL_STATE__CONNECTED)
		terminal_to(j, call, own_party(call, m), TERM_TALKING);
}

void sim_jtapi_look(struct sim_jtapi *jtapi, uint8_t app, uint16_t signal,
		    const ProtobufCMessage *msg, sim_jtapi_tell *tell_it, void *arg)
{
	const CallEvent *m = (const CallEvent *)msg;

	if (signal != SIG_NewCall && signal != SIG_ExistingCall && signal != SIG_CallStateChanged &&
	    signal != SIG_GlobalCallHandleChanged && signal != SIG_CallClosed)
		return;
	jtapi->tell = tell_it;
	jtapi->arg = arg;
	jtapi->cause = m->cause;
	on_call(jtapi, app, signal, m);
}
