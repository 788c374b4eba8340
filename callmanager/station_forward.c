/* Call forward all, set and cancelled by applications and users (USR-02): into the database first,
 * whose word counts for the whole cluster. */
#include "callmanager/leg.h"
#include "callmanager/registry.h"
#include "callmanager/station.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

struct cm_station_line *cm_station_line_of(const struct cm_station *s, const char *dn,
					   const char *partition)
{
	for (size_t i = 0; i < s->lines_n; i++)
		if (same(s->lines[i].dn, dn) && same(s->lines[i].partition, partition))
			return &s->lines[i];
	return NULL;
}

void cm_station_forwarded(struct sdl_process *self, struct cm_station *s,
			  struct cm_station_line *line, const char *number)
{
	CtiLineForwardNotify n = CTI_LINE_FORWARD_NOTIFY__INIT;

	number = number && number[0] ? number : NULL;
	if (same(line->cfa, number))
		return;
	free(line->cfa);
	line->cfa = number ? strdup(number) : NULL;
	n.device = s->name;
	n.dn = line->dn;
	n.number = line->cfa;
	cm_station_tell(self, line, SIG_CtiLineForwardNotify, &n);
	if (s->show_forward)
		s->show_forward(self, line, 0);
}

/* A number that nobody has is no destination; one that is registered nowhere just now is. */
static uint32_t check(const struct sdl_process *self, const struct cm_station_line *line,
		      const char *number)
{
	struct cm_registry *registry = cm_context(self)->registry;
	const struct cm_query q = { .digits = number,
				    .complete = true,
				    .scope = cm_scope(line->css, line->css_n) };
	struct cm_route route;

	if (!leg_number_valid(number) || same(number, line->dn))
		return CTIERR_CFWDALL_DESTN_INVALID;
	route = cm_registry_route(registry, &q);
	if (route.result == DA_RESULT__DA_NONE && route.cause != CAUSE_CALL_DESTINATIONOUTOFORDER)
		return CTIERR_CFWDALL_DESTN_INVALID;
	return CTIERR_SUCCESS;
}

static void write(struct sdl_process *self, const struct cm_station_line *line, const char *number,
		  struct sdl_pid asker, uint32_t async)
{
	DbForwardReq req = DB_FORWARD_REQ__INIT;

	req.dn = line->dn;
	req.partition = line->partition;
	req.has_set = req.set = true;
	req.number = (char *)number;
	req.has_asker = req.has_async_response = true;
	req.asker = sdl_pid_pack(asker);
	req.async_response = async;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbForwardReq, &req);
}

int cm_station_on_set_forward(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineNumberReq *req = sig->msg;
	struct cm_station_line *line = cm_station_asked_line(self, s, sig);
	const char *number = req->number && req->number[0] ? req->number : NULL;
	uint32_t wrong = line && number ? check(self, line, number) : CTIERR_SUCCESS;

	if (!line)
		return sdl_state(self);
	if (wrong)
		cm_station_answer(self, sig, req->async_response, wrong);
	else
		write(self, line, number, sig->from, req->async_response);
	return sdl_state(self);
}

void cm_station_set_forward(struct sdl_process *self, struct cm_station *s,
			    struct cm_station_line *line, const char *number)
{
	uint32_t wrong = number ? check(self, line, number) : CTIERR_SUCCESS;

	if (!wrong)
		write(self, line, number, sdl_self(self), 0);
	else if (s->show_forward)
		s->show_forward(self, line, wrong);
}

int cm_station_on_get_forward(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineNumberReq *req = sig->msg;
	const struct cm_station_line *line = cm_station_asked_line(self, s, sig);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	if (!line)
		return sdl_state(self);
	res.async_response = req->async_response;
	res.number = line->cfa;
	sdl_send(self, sig->from, SIG_CtiLineGetForwardRes, &res);
	return sdl_state(self);
}

/* Digit analysis hears of it before the asker does: his next call finds it so. */
int cm_station_on_forward_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const DbForwardRes *res = sig->msg;
	struct cm_station_line *line = cm_station_line_of(s, res->dn, res->partition);
	struct sdl_pid asker = sdl_pid_unpack(res->asker);
	bool ok = res->result == DB_RESULT__DB_OK;
	CtiLineCallRes answer = CTI_LINE_CALL_RES__INIT;
	DaForward f = DA_FORWARD__INIT;

	f.dn = res->dn;
	f.partition = res->partition;
	f.number = res->number;
	f.css = res->css;
	if (ok)
		sdl_send(self, sdl_local(self, CM_DA), SIG_DaForwardReq, &f);
	if (!sdl_pid_equal(asker, sdl_self(self))) {
		answer.async_response = res->async_response;
		answer.result = ok ? CTIERR_SUCCESS : CTIERR_DB_ERROR;
		sdl_send(self, asker, SIG_CtiLineSetForwardRes, &answer);
	} else if (!ok && line && s->show_forward) {
		s->show_forward(self, line, CTIERR_DB_ERROR);
	}
	return sdl_state(self);
}

int cm_station_on_forward(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const DaForward *ind = sig->msg;
	struct cm_station_line *line = cm_station_line_of(s, ind->dn, ind->partition);

	if (!line)
		return sdl_state(self);
	sdl_relay(self, line->control, sig);
	cm_station_forwarded(self, s, line, ind->number);
	return sdl_state(self);
}
