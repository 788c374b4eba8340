/* What the devices of a shared line show each other: a call that is up at one of them is in use
 * remotely at the others, and can be resumed there while it is held. */
#include "callmanager/phone.h"
#include "callmanager/registry.h"

#include <string.h>

/* ---- telling -------------------------------------------------------------------------------- */

struct told {
	struct sdl_process *self;
	const CcRemote *ind;
};

static void tell_one(void *arg, const struct cm_registration *is)
{
	const struct told *told = arg;

	if (!sdl_pid_equal(is->device_pid, sdl_self(told->self)))
		sdl_send(told->self, is->device_pid, SIG_CcRemoteInd, told->ind);
}

static CcRemote remote_of(struct cm_station_call *call)
{
	CcRemote ind = CC_REMOTE__INIT;

	ind.dn = call->line->dn;
	ind.partition = call->line->partition;
	ind.use = call->shown_as;
	ind.leg = sdl_pid_pack(call->leg);
	ind.ci = call->ci;
	ind.calling = call->calling;
	ind.called = call->called;
	return ind;
}

void cm_station_share(struct sdl_process *self, struct cm_station_call *call)
{
	RemoteUse use = REMOTE_USE__NOT_IN_USE;
	CcRemote ind;
	struct told told = { self, &ind };

	if (call->state == CTI_CALL_STATE__CONNECTED)
		use = REMOTE_USE__IN_USE;
	else if (call->state == CTI_CALL_STATE__ONHOLD)
		use = REMOTE_USE__HELD;
	if (call->shown_as == use)
		return;
	call->shown_as = (uint8_t)use;
	ind = remote_of(call);
	cm_registry_each_appearance(cm_context(self)->registry, ind.dn, ind.partition, tell_one,
				    &told);
}

int cm_station_on_remote_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CcRemoteAsk *req = sig->msg;
	const struct cm_station_line *line = cm_station_line_of(s, req->dn, req->partition);

	for (struct cm_station_call *call = s->calls; call; call = call->next) {
		CcRemote ind = remote_of(call);

		if (call->line == line && call->shown_as != REMOTE_USE__NOT_IN_USE)
			sdl_send(self, sdl_pid_unpack(req->device_pid), SIG_CcRemoteInd, &ind);
	}
	return sdl_state(self);
}

/* ---- showing -------------------------------------------------------------------------------- */

static struct cm_station_remote **find(struct cm_station *s, struct sdl_pid leg)
{
	struct cm_station_remote **at = &s->remotes;

	while (*at && !sdl_pid_equal((*at)->leg, leg))
		at = &(*at)->next;
	return at;
}

struct cm_station_remote *cm_station_remote(const struct cm_station *s, uint32_t reference)
{
	struct cm_station_remote *r = s->remotes;

	while (r && r->reference != reference)
		r = r->next;
	return r;
}

static void forget(struct cm_station_remote **at)
{
	struct cm_station_remote *r = *at;

	*at = r->next;
	free(r);
}

/* Numbers of calls count per node; a phone tells all its calls apart by one number. */
static uint32_t reference_of(const CcRemote *ind)
{
	return (uint32_t)(0x80 | sdl_pid_unpack(ind->leg).node) << 24 | (ind->ci & 0xffffff);
}

static struct cm_station_remote *add(struct sdl_process *self, struct cm_station *s,
				     struct cm_station_line *line, const CcRemote *ind)
{
	struct cm_station_remote *r = calloc(1, sizeof *r);

	if (!r)
		abort();
	r->leg = sdl_pid_unpack(ind->leg);
	r->line = line;
	r->reference = reference_of(ind);
	r->next = s->remotes;
	s->remotes = r;
	if (r->leg.node != sdl_self(self).node)
		sdl_watch(self, r->leg.node, SDL_APP_CALLMANAGER);
	return r;
}

int cm_phone_on_remote(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcRemote *ind = sig->msg;
	struct cm_station_line *line = cm_station_line_of(&p->station, ind->dn, ind->partition);
	struct cm_station_remote **at = find(&p->station, sdl_pid_unpack(ind->leg));
	struct cm_station_remote *r = *at;

	if (!line || !p->protocol->show_remote || sdl_state(self) == STATION_LEAVING)
		return sdl_state(self);
	if (!r && ind->use == REMOTE_USE__NOT_IN_USE)
		return sdl_state(self);
	if (!r)
		r = add(self, &p->station, line, ind);
	r->use = ind->use;
	p->protocol->show_remote(self, r, ind);
	if (ind->use == REMOTE_USE__NOT_IN_USE)
		forget(find(&p->station, sdl_pid_unpack(ind->leg)));
	return sdl_state(self);
}

void cm_phone_forget_remotes(struct sdl_process *self, uint8_t node)
{
	struct cm_phone *p = sdl_data(self);

	for (struct cm_station_remote **at = &p->station.remotes; *at;) {
		if ((*at)->leg.node != node) {
			at = &(*at)->next;
			continue;
		}
		(*at)->use = REMOTE_USE__NOT_IN_USE;
		p->protocol->show_remote(self, *at, NULL);
		forget(at);
	}
}

void cm_station_free_remotes(struct cm_station *s)
{
	while (s->remotes)
		forget(&s->remotes);
}

/* The leg that holds it lets it go to this device. */
void cm_phone_resume_remote(struct sdl_process *self, const struct cm_station_remote *r)
{
	const struct cm_phone *p = sdl_data(self);
	CcPull req = CC_PULL__INIT;

	if (r->use != REMOTE_USE__HELD)
		return;
	cm_phone_make_way(self, NULL);
	req.device = p->station.name;
	req.node = sdl_self(self).node;
	sdl_send(self, r->leg, SIG_CcPullReq, &req);
}
