#include "sim/harness/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"

struct asking {
	struct sim_door *door;
	struct sim_program *program;
	uint32_t cookie;
};

static void *one_more(void *list, size_t n, size_t size)
{
	/* Grows at powers of two. */
	if ((n & (n - 1)) == 0)
		list = realloc(list, (n ? n * 2 : 1) * size);
	if (!list)
		abort();
	memset((char *)list + n * size, 0, size);
	return list;
}

static void take_process(struct sim_door *door, const DoorProcess *m)
{
	struct sim_door_process *p;
	size_t n = 0;

	door->processes = one_more(door->processes, door->processes_n, sizeof(*p));
	p = &door->processes[door->processes_n++];
	p->pid = sdl_pid_unpack(m->pid);
	snprintf(p->type, sizeof(p->type), "%s", m->type);
	snprintf(p->state, sizeof(p->state), "%s", m->state);
	snprintf(p->label, sizeof(p->label), "%s", m->label ? m->label : "");
	p->since_ns = m->since_ns;
	for (size_t i = 0; i < m->n_timers && n < sizeof(p->timers); i++)
		n += (size_t)snprintf(p->timers + n, sizeof(p->timers) - n, "%s%s", i ? ", " : "",
				      m->timers[i]);
}

static void take_link(struct sim_door *door, const DoorLink *m)
{
	struct sim_door_link *l;

	door->links = one_more(door->links, door->links_n, sizeof(*l));
	l = &door->links[door->links_n++];
	l->node = (uint8_t)m->node;
	l->app = (uint16_t)m->app;
	l->in_service = m->in_service;
	l->since_ns = m->since_ns;
	l->reason = (int)m->reason;
}

static void take_counter(struct sim_door *door, const DoorCounter *m)
{
	if (m->counter < COUNTER_COUNT)
		door->counters[m->counter] = m->value;
}

static void take_alarm(struct sim_door *door, const DoorAlarm *m)
{
	if (m->alarm < ALARM_IDS)
		door->alarms[m->alarm] = m->raised;
}

static void take(struct asking *a, uint16_t number, const ProtobufCMessage *m)
{
	const DoorEnd *end = (const DoorEnd *)m;

	if (number == SIG_DoorProcess && ((const DoorProcess *)m)->cookie == a->cookie) {
		take_process(a->door, (const DoorProcess *)m);
	} else if (number == SIG_DoorLink && ((const DoorLink *)m)->cookie == a->cookie) {
		take_link(a->door, (const DoorLink *)m);
	} else if (number == SIG_DoorCounter && ((const DoorCounter *)m)->cookie == a->cookie) {
		take_counter(a->door, (const DoorCounter *)m);
	} else if (number == SIG_DoorAlarm && ((const DoorAlarm *)m)->cookie == a->cookie) {
		take_alarm(a->door, (const DoorAlarm *)m);
	} else if (number == SIG_DoorEnd && end->cookie == a->cookie) {
		a->door->signals = end->signals;
		a->door->unexpected = end->unexpected;
		a->door->complete = true;
	}
}

static void hear(void *arg, struct sim_program *program, const struct sdl_envelope *e)
{
	struct asking *a = arg;
	ProtobufCMessage *m;

	if (program != a->program || (e->number != SIG_DoorProcess && e->number != SIG_DoorLink &&
				      e->number != SIG_DoorCounter && e->number != SIG_DoorAlarm &&
				      e->number != SIG_DoorEnd))
		return;
	m = sdl_fields_unpack(e->number, e->bytes, e->len);
	if (m)
		take(a, e->number, m);
	sdl_fields_free(&m);
}

static bool answered(void *arg)
{
	const struct asking *a = arg;

	return a->door->complete || a->program->state == SIM_DOWN;
}

int sim_door_ask(struct sim_host *host, struct sim_program *program, int what, uint8_t type,
		 const char *label, int64_t deadline_ns, struct sim_door *door,
		 struct sim_error *err)
{
	static _Thread_local uint32_t cookie;
	struct asking a = { .door = door, .program = program, .cookie = ++cookie };
	DoorQuery q = DOOR_QUERY__INIT;

	memset(door, 0, sizeof(*door));
	if (program->state == SIM_FROZEN)
		return 0;
	q.cookie = a.cookie;
	q.has_type = type != 0;
	q.type = type;
	q.label = (char *)(uintptr_t)label;
	q.has_processes = q.has_links = q.has_counters = q.has_alarms = true;
	q.processes = (what & SIM_DOOR_PROCESSES) != 0;
	q.links = (what & SIM_DOOR_LINKS) != 0;
	q.counters = (what & SIM_DOOR_COUNTERS) != 0;
	q.alarms = (what & SIM_DOOR_ALARMS) != 0;
	sim_host_listen(host, hear, &a);
	if (sim_host_post(host, program, TYPE_LINK_ADMIN, SIG_DoorQuery, &q, err) < 0) {
		sim_host_listen(host, NULL, NULL);
		return -1;
	}
	sim_host_until(host, answered, &a, deadline_ns);
	sim_host_listen(host, NULL, NULL);
	return 0;
}

void sim_door_free(struct sim_door *door)
{
	free(door->processes);
	free(door->links);
	memset(door, 0, sizeof(*door));
}
