/* The way out of a device: its lines, digit analysis, its creators. */
#include "callmanager/station.h"

static void close_lines(struct sdl_process *self, struct cm_station *s, bool if_idle)
{
	CcLineClose req = CC_LINE_CLOSE__INIT;

	req.if_idle = if_idle;
	for (size_t i = 0; i < s->lines_n; i++)
		sdl_send(self, s->lines[i].control, SIG_CcLineCloseReq, &req);
	s->answers = s->lines_n;
	s->stays = false;
}

bool cm_station_is_meant(const struct cm_station *s, const DeviceReset *reset)
{
	if (!reset->dn)
		return true;
	for (size_t i = 0; i < s->lines_n; i++)
		if (!strcmp(s->lines[i].dn, reset->dn))
			return true;
	return false;
}

enum cm_leaving cm_station_try_leave(struct sdl_process *self, struct cm_station *s)
{
	close_lines(self, s, true);
	return s->answers ? CM_LEAVING : CM_LEFT;
}

enum cm_leaving cm_station_on_locked(struct sdl_process *self, struct cm_station *s, bool locked)
{
	if (!locked)
		s->stays = true;
	if (s->answers > 0 && --s->answers > 0)
		return CM_LEAVING;
	if (!s->stays)
		return CM_LEFT;
	cm_station_stay(self, s);
	return CM_STAYS;
}

void cm_station_stay(struct sdl_process *self, struct cm_station *s)
{
	for (size_t i = 0; i < s->lines_n; i++)
		sdl_send(self, s->lines[i].control, SIG_CcLineOpenInd, NULL);
}

void cm_station_leave(struct sdl_process *self, struct cm_station *s, uint8_t ack_node)
{
	DaUnregister u = DA_UNREGISTER__INIT;

	close_lines(self, s, false);
	s->da_pending = true;
	u.device = s->name;
	u.generation = s->generation;
	u.asker = sdl_pid_pack(sdl_self(self));
	u.has_ack_node = ack_node != 0;
	u.ack_node = ack_node;
	sdl_send(self, sdl_local(self, CM_DA), SIG_DaUnregisterReq, &u);
}

static enum cm_leaving left(struct sdl_process *self, struct cm_station *s)
{
	if (s->answers || s->da_pending)
		return CM_LEAVING;
	for (size_t i = 0; i < s->lines_n; i++)
		sdl_send(self, s->lines[i].control, SIG_CcLineEndInd, NULL);
	return CM_LEFT;
}

enum cm_leaving cm_station_on_line_left(struct sdl_process *self, struct cm_station *s)
{
	if (s->answers)
		s->answers--;
	return left(self, s);
}

enum cm_leaving cm_station_on_da_left(struct sdl_process *self, struct cm_station *s)
{
	s->da_pending = false;
	return left(self, s);
}
