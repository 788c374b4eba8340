/*
 * LinkAdmin: instance 1 in every program. The door, by which everything can be looked at from
 * outside, and the harness's hand on links, crash points and the orderly end.
 *
 *	wait --DoorQuery/LinkFault/CrashPoint/Terminate--> wait
 */
#include "sdl/link/link.h"

#include <stdio.h>
#include <string.h>

#include "common/msg/address.h"
#include "sdl/link/link_admin.h"

enum { WAIT };

static sdl_handler on_DoorQuery, on_LinkFault, on_CrashPoint, on_Terminate;

static const struct sdl_state states[] = {
	[WAIT] = { .name = "wait", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ WAIT, SIG_DoorQuery, on_DoorQuery, 0 },
	{ WAIT, SIG_LinkFault, on_LinkFault, 0 },
	{ WAIT, SIG_CrashPoint, on_CrashPoint, 0 },
	{ WAIT, SIG_Terminate, on_Terminate, 0 },
};

const struct sdl_type sdl_link_admin = {
	.name = "LinkAdmin",
	.number = TYPE_LINK_ADMIN,
	.at_start = true,
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof rows / sizeof *rows,
};

#define TIMERS_SHOWN 8

struct look {
	struct sdl_process *self;
	const struct sdl_signal *sig;
	const DoorQuery *query;
};

static void tell_process(void *arg, struct sdl_process *process)
{
	const struct look *look = arg;
	const DoorQuery *q = look->query;
	DoorProcess d = DOOR_PROCESS__INIT;
	char text[TIMERS_SHOWN][96];
	char *timers[TIMERS_SHOWN];
	int64_t now = process->type->program->now;
	const char *label = sdl_process_label(process);

	if ((q->has_type && q->type != process->pid.type) || (q->label && strcmp(q->label, label)))
		return;
	d.cookie = q->cookie;
	d.pid = sdl_pid_pack(process->pid);
	d.type = (char *)process->type->def->name;
	d.state = (char *)process->type->def->states[process->state].name;
	d.label = *label ? (char *)label : NULL;
	d.has_since_ns = true;
	d.since_ns = process->since;
	for (const struct timer *t = process->timers; t && d.n_timers < TIMERS_SHOWN; t = t->next) {
		snprintf(text[d.n_timers], sizeof text[0], "%s %lld ms",
			 signal_def(t->number)->name, (long long)(t->at - now) / 1000000);
		timers[d.n_timers] = text[d.n_timers];
		d.n_timers++;
	}
	d.timers = timers;
	sdl_send(look->self, look->sig->from, SIG_DoorProcess, &d);
}

static void tell_links(struct sdl_process *self, const struct sdl_signal *sig, uint32_t cookie)
{
	for (const struct peer *peer = self->type->program->links->peers; peer; peer = peer->next) {
		DoorLink d = DOOR_LINK__INIT;

		if (!peer->incarnation && !peer->wanted)
			continue;
		d.cookie = cookie;
		d.node = peer->node;
		d.app = peer->app;
		d.in_service = peer->in_service;
		d.has_since_ns = d.has_reason = true;
		d.since_ns = peer->since;
		d.reason = peer->reason;
		sdl_send(self, sig->from, SIG_DoorLink, &d);
	}
}

static void tell_alarms(struct sdl_process *self, const struct sdl_signal *sig, uint32_t cookie)
{
	for (uint32_t i = 0; i < ALARM_IDS; i++) {
		DoorAlarm d = DOOR_ALARM__INIT;

		d.cookie = cookie;
		d.alarm = i;
		d.raised = sdl_program_alarms(self->type->program, (enum alarm_id)i);
		if (d.raised)
			sdl_send(self, sig->from, SIG_DoorAlarm, &d);
	}
}

static int on_DoorQuery(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DoorQuery *q = sig->msg;
	struct sdl_program *p = self->type->program;
	struct look look = { self, sig, q };
	DoorEnd end = DOOR_END__INIT;

	if (q->processes)
		sdl_program_each(p, tell_process, &look);
	if (q->links)
		tell_links(self, sig, q->cookie);
	for (uint32_t i = 0; q->counters && i < COUNTER_COUNT; i++) {
		DoorCounter d = DOOR_COUNTER__INIT;

		d.cookie = q->cookie;
		d.counter = i;
		d.value = sdl_program_counter(p, (enum counter_id)i);
		sdl_send(self, sig->from, SIG_DoorCounter, &d);
	}
	if (q->alarms)
		tell_alarms(self, sig, q->cookie);
	end.cookie = q->cookie;
	end.signals = p->handled;
	end.unexpected = p->unexpected;
	end.incarnation = p->config.incarnation;
	sdl_send(self, sig->from, SIG_DoorEnd, &end);
	return WAIT;
}

static int on_LinkFault(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LinkFault *m = sig->msg;

	sdl_info(self, "LinkAdmin - node %u app %u: %s, %lld ms", m->node, m->app,
		 m->cut ? "cut" : "not cut", (long long)m->delay_ns / 1000000);
	links_fault(self->type->program->links, (uint8_t)m->node, (uint16_t)m->app, m->cut,
		    m->delay_ns);
	return WAIT;
}

static int on_CrashPoint(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CrashPoint *m = sig->msg;

	for (int i = 0; i < CRASH_POINTS_MAX; i++) {
		struct crash_point *c = &self->type->program->crash[i];

		if (c->signal != SIG_NONE)
			continue;
		*c = (struct crash_point){ (uint16_t)m->signal, m->nth, (uint8_t)m->when };
		break;
	}
	return WAIT;
}

static int on_Terminate(struct sdl_process *self, const struct sdl_signal *sig)
{
	const Terminate *m = sig->msg;

	sdl_halt(self, (int)m->status);
	return WAIT;
}
