#include "callmanager/openers.h"

#include <string.h>

static void unlink_at(struct cm_registrant **at)
{
	struct cm_registrant *gone = *at;

	*at = gone->next;
	free(gone);
}

void cm_openers_free(struct cm_openers *o)
{
	while (o->registrants)
		unlink_at(&o->registrants);
	cm_pids_free(&o->pids);
	*o = (struct cm_openers){ 0 };
}

static bool codecs_equal(const struct cm_registrant *r, const CtiDeviceOpenDeviceReq *req)
{
	size_t n = req->n_codec < CM_CODECS_MAX ? req->n_codec : CM_CODECS_MAX;

	if (r->codec_n != n)
		return false;
	for (size_t i = 0; i < n; i++) { /* the order says nothing */
		size_t k = 0;

		while (k < n && r->codec[k] != req->codec[i])
			k++;
		if (k == n)
			return false;
	}
	return true;
}

/* The registration that this one takes the place of: its own, or its application's own from before
 * a failure, through a CTIManager that has not been missed here yet. */
static bool replaces(const struct cm_registrant *r, struct sdl_pid by,
		     const CtiDeviceOpenDeviceReq *req, const char *owner)
{
	if (strcmp(r->owner, owner) != 0)
		return false;
	return sdl_pid_equal(r->by, by) || (req->has_reopen && req->reopen);
}

static uint32_t clash(const struct cm_registrant *r, const CtiDeviceOpenDeviceReq *req,
		      const char *owner)
{
	static const uint32_t taken[] = {
		[MEDIA_REGISTRATION__NO_MEDIA] = CTIERR_MEDIA_ALREADY_TERMINATED_NONE,
		[MEDIA_REGISTRATION__STATIC] = CTIERR_MEDIA_ALREADY_TERMINATED_STATIC,
		[MEDIA_REGISTRATION__DYNAMIC] = CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC,
	};

	if (r->type != req->registration || r->type == MEDIA_REGISTRATION__STATIC)
		return taken[r->type];
	if (r->type == MEDIA_REGISTRATION__NO_MEDIA)
		return CTIERR_SUCCESS;
	if (strcmp(r->owner, owner) == 0) /* MGR-04 */
		return taken[r->type];
	return codecs_equal(r, req) ? CTIERR_SUCCESS : CTIERR_MEDIA_CAPABILITY_MISMATCH;
}

static void registrant_add(struct cm_openers *o, struct sdl_pid by,
			   const CtiDeviceOpenDeviceReq *req, const char *owner)
{
	struct cm_registrant **end = &o->registrants;
	size_t codecs = req->n_codec < CM_CODECS_MAX ? req->n_codec : CM_CODECS_MAX;
	size_t size = strlen(owner) + 1;
	struct cm_registrant *r = calloc(1, sizeof *r + codecs * sizeof r->codec[0] + size);

	if (!r)
		abort();
	r->by = by;
	r->owner = memcpy(&r->codec[codecs], owner, size);
	r->type = (uint8_t)req->registration;
	r->ip = req->ip;
	r->port = req->port;
	r->codec_n = (uint8_t)codecs;
	for (size_t i = 0; i < r->codec_n; i++)
		r->codec[i] = req->codec[i];
	while (*end)
		end = &(*end)->next;
	*end = r;
}

uint32_t cm_openers_add(struct cm_openers *o, struct sdl_pid by, const CtiDeviceOpenDeviceReq *req)
{
	const char *owner = req->owner ? req->owner : "";

	if (req->has_registration) {
		for (struct cm_registrant *r = o->registrants; r; r = r->next) {
			uint32_t why = replaces(r, by, req, owner) ? 0 : clash(r, req, owner);

			if (why)
				return why;
		}
		for (struct cm_registrant **at = &o->registrants; *at;)
			if (replaces(*at, by, req, owner))
				unlink_at(at);
			else
				at = &(*at)->next;
		registrant_add(o, by, req, owner);
	}
	if (!cm_pids_has(&o->pids, by))
		cm_pids_add(&o->pids, by);
	return CTIERR_SUCCESS;
}

void cm_openers_remove_owner(struct cm_openers *o, struct sdl_pid by, const char *owner)
{
	for (struct cm_registrant **at = &o->registrants; *at;)
		if (sdl_pid_equal((*at)->by, by) && (!owner || strcmp((*at)->owner, owner) == 0))
			unlink_at(at);
		else
			at = &(*at)->next;
}

static void remove_at(struct cm_openers *o, uint32_t i)
{
	cm_openers_remove_owner(o, cm_pids_at(&o->pids, i), NULL);
	cm_pids_remove_at(&o->pids, i);
}

void cm_openers_remove(struct cm_openers *o, struct sdl_pid by)
{
	for (uint32_t i = o->pids.n; i-- > 0;)
		if (sdl_pid_equal(cm_pids_at(&o->pids, i), by))
			remove_at(o, i);
}

void cm_openers_remove_node(struct cm_openers *o, uint8_t node)
{
	for (uint32_t i = o->pids.n; i-- > 0;)
		if (cm_pids_at(&o->pids, i).node == node)
			remove_at(o, i);
}

const struct cm_registrant *cm_openers_media(const struct cm_openers *o, struct sdl_pid by)
{
	for (const struct cm_registrant *r = o->registrants; r; r = r->next)
		if (r->type != MEDIA_REGISTRATION__NO_MEDIA &&
		    (sdl_pid_none(by) || sdl_pid_equal(r->by, by)))
			return r;
	return NULL;
}
