/* openers.h - who has a port or route point open, and who of them terminates its media.
 *
 * An opener is a CTIDeviceLineMgr; an application behind it may have registered media (none,
 * static, dynamic). The rules of MED-02, MED-05, MED-07 and MGR-04 are here.
 */
#ifndef CALLMANAGER_OPENERS_H
#define CALLMANAGER_OPENERS_H

#include "callmanager/pids.h"
#include "callmanager/process.h"

#define CM_CODECS_MAX 8

struct cm_registrant {
	struct cm_registrant *next;
	struct sdl_pid by; /* CTIDeviceLineMgr */
	const char *owner; /* user and instance of the application; follows the codecs */
	uint32_t ip, port;
	uint8_t type; /* MediaRegistration */
	uint8_t codec_n;
	uint32_t codec[];
};

struct cm_openers {
	struct cm_pids pids;
	struct cm_registrant *registrants; /* oldest first */
};

void cm_openers_free(struct cm_openers *o);
/* Takes the opener and its media in. 0, or a CTIERR code and nothing has changed. */
uint32_t cm_openers_add(struct cm_openers *o, struct sdl_pid by, const CtiDeviceOpenDeviceReq *req);
/* One owner's media; the opener stays. */
void cm_openers_remove_owner(struct cm_openers *o, struct sdl_pid by, const char *owner);
void cm_openers_remove(struct cm_openers *o, struct sdl_pid by);
void cm_openers_remove_node(struct cm_openers *o, uint8_t node);
/* The media registration that by made, or (by none) the first one that terminates media; NULL: none
 * does. */
const struct cm_registrant *cm_openers_media(const struct cm_openers *o, struct sdl_pid by);

#endif
