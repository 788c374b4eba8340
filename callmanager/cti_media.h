/* cti_media.h - who has a port or route point open, and who of them terminates its media.
 *
 * An opener is a CTIDeviceLineMgr; an application behind it may have registered media (none,
 * static, dynamic). The rules of MED-02, MED-05, MED-07 and MGR-04 are here.
 */
#ifndef CALLMANAGER_CTI_MEDIA_H
#define CALLMANAGER_CTI_MEDIA_H

#include "callmanager/process.h"

#define CM_CODECS_MAX 8

struct cm_registrant {
	struct cm_registrant *next;
	struct sdl_pid by; /* CTIDeviceLineMgr */
	MediaRegistration type;
	uint32_t ip, port;
	uint32_t codec[CM_CODECS_MAX];
	size_t codec_n;
	char owner[]; /* user and instance of the application */
};

struct cm_openers {
	struct sdl_pid *pid;
	size_t n;
	struct cm_registrant *registrants; /* oldest first */
};

void cm_openers_free(struct cm_openers *o);
/* Takes the opener and its media in. 0, or a CTIERR code and nothing has changed. */
uint32_t cm_openers_add(struct cm_openers *o, struct sdl_pid by, const CtiDeviceOpenDeviceReq *req);
/* One owner's media; the opener stays. */
void cm_openers_remove_owner(struct cm_openers *o, struct sdl_pid by, const char *owner);
void cm_openers_remove(struct cm_openers *o, struct sdl_pid by);
void cm_openers_remove_node(struct cm_openers *o, uint8_t node);
bool cm_openers_has(const struct cm_openers *o, struct sdl_pid by);
/* The media registration that by made, or (by none) the first one that terminates media; NULL: none
 * does. */
const struct cm_registrant *cm_openers_media(const struct cm_openers *o, struct sdl_pid by);

#endif
