/* Starting and striking programs: noted in the harness's record, checked against their state, done
 * by the host. */
#include "sim/harness/host_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"

/* ---- faults -------------------------------------------------------------------------- */

void sim_host_note(struct sim_host *host, const char *format, ...)
{
	struct sdl_record_entry entry = { .kind = SDL_REC_FAULT,
					  .node = SDL_HARNESS_NODE,
					  .app = SDL_APP_HARNESS };
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	entry.time_ns = sim_host_now(host);
	entry.seq = ++host->fault_seq;
	entry.from = (struct sdl_pid){ .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	if (host->logs_n && host->logs[0].record)
		sdl_record_append(host->logs[0].record, &entry, text, strlen(text));
}

int sim_host_start(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	if (program->state != SIM_DOWN)
		return sim_fail(err, SIM_USAGE, "%s runs already", program->name);
	if (program->deactivated)
		return sim_fail(err, SIM_USAGE,
				"%s is not activated on its node: 'rehome activate' does that",
				program->name);
	program->ordered = program->doomed = false;
	program->was_ready = false;
	program->end[0] = '\0';
	program->incarnation++;
	if (program->incarnation > 1)
		sim_host_note(host, "start %s", program->name);
	sim_host_state(host, program, SIM_STARTING);
	if (host->ops->start(host, program, err) == 0)
		return 0;
	sim_host_state(host, program, SIM_DOWN);
	return -1;
}

static int is_down(const struct sim_program *program, struct sim_error *err)
{
	if (program->end[0])
		return sim_fail(err, SIM_USAGE, "%s is down: %s", program->name, program->end);
	return sim_fail(err, SIM_USAGE, "%s is down", program->name);
}

int sim_host_kill(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	if (program->state == SIM_DOWN)
		return is_down(program, err);
	program->ordered = true;
	sim_host_note(host, "kill %s", program->name);
	return host->ops->kill(host, program, err);
}

int sim_host_kill_all(struct sim_host *host, struct sim_program *const *programs, size_t n,
		      struct sim_error *err)
{
	/* Stopped first, so that none of them sees another die. */
	for (size_t i = 0; n > 1 && !host->ops->is_virtual && i < n; i++)
		if (programs[i]->state == SIM_READY || programs[i]->state == SIM_STARTING)
			host->ops->freeze(host, programs[i], err);
	for (size_t i = 0; i < n; i++)
		if (sim_host_kill(host, programs[i], err) < 0)
			return -1;
	return 0;
}

int sim_host_term(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	if (program->state == SIM_DOWN)
		return is_down(program, err);
	if (program->state == SIM_FROZEN)
		return sim_fail(err, SIM_USAGE, "%s is frozen: thaw or kill it", program->name);
	program->ordered = true;
	sim_host_note(host, "term %s", program->name);
	return host->ops->term(host, program, err);
}

int sim_host_freeze(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	if (program->state == SIM_DOWN)
		return is_down(program, err);
	if (program->state == SIM_FROZEN)
		return sim_fail(err, SIM_USAGE, "%s is frozen already", program->name);
	sim_host_note(host, "freeze %s", program->name);
	if (host->ops->freeze(host, program, err) < 0)
		return -1;
	sim_host_state(host, program, SIM_FROZEN);
	return 0;
}

int sim_host_thaw(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	if (program->state != SIM_FROZEN)
		return sim_fail(err, SIM_USAGE, "%s is not frozen", program->name);
	sim_host_note(host, "thaw %s", program->name);
	sim_host_state(host, program, program->was_ready ? SIM_READY : SIM_STARTING);
	return host->ops->thaw(host, program, err);
}

int sim_host_post(struct sim_host *host, struct sim_program *program, uint8_t type, uint16_t number,
		  const void *msg, struct sim_error *err)
{
	static _Thread_local uint8_t bytes[SDL_SIGNAL_MAX];
	struct sdl_envelope e = {
		.to = { .node = program->node, .app = program->app, .type = type, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = number,
		.bytes = bytes,
	};
	int64_t len;

	if (program->state == SIM_DOWN)
		return is_down(program, err);
	len = sdl_pack(number, msg, bytes, sizeof(bytes));
	if (len < 0)
		return sim_fail(err, SIM_USAGE, "a command for %s is too long", program->name);
	e.len = (uint32_t)len;
	e.tag.origin = e.from;
	return host->ops->post(host, program, &e, err);
}

int sim_host_crash_at(struct sim_host *host, struct sim_program *program, uint16_t signal,
		      uint32_t nth, enum sim_moment moment, struct sim_error *err)
{
	static const char *const moments[] = { "before it sends", "after it has sent",
					       "before it handles", "after it has handled" };
	CrashPoint point = CRASH_POINT__INIT;

	point.signal = signal;
	point.nth = nth;
	point.when = moment;
	if (sim_host_post(host, program, TYPE_LINK_ADMIN, SIG_CrashPoint, &point, err) < 0)
		return -1;
	program->doomed = true;
	sim_host_note(host, "crash_point %s %s %u %s", program->name, signal_def(signal)->name, nth,
		      moments[moment]);
	return 0;
}

static int line_fault(struct sim_host *host, struct sim_program *a, const struct sim_program *b,
		      const LinkFault *fault, struct sim_error *err)
{
	if (a == b)
		return sim_fail(err, SIM_USAGE, "%s has no link to itself", a->name);
	return sim_host_post(host, a, TYPE_LINK_ADMIN, SIG_LinkFault, fault, err);
}

int sim_host_cut(struct sim_host *host, struct sim_program *a, struct sim_program *b, bool cut,
		 struct sim_error *err)
{
	LinkFault fault = LINK_FAULT__INIT;

	fault.node = b->node;
	fault.app = b->app;
	fault.has_cut = true;
	fault.cut = cut;
	sim_host_note(host, "%s %s %s", cut ? "cut" : "heal", a->name, b->name);
	return line_fault(host, a, b, &fault, err);
}

int sim_host_slow(struct sim_host *host, struct sim_program *a, struct sim_program *b,
		  int64_t delay_ns, struct sim_error *err)
{
	LinkFault fault = LINK_FAULT__INIT;

	fault.node = b->node;
	fault.app = b->app;
	fault.has_delay_ns = true;
	fault.delay_ns = delay_ns;
	sim_host_note(host, "slow %s %s %lld ms", a->name, b->name,
		      (long long)(delay_ns / 1000000));
	return line_fault(host, a, b, &fault, err);
}
