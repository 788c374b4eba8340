/* cti_station_d.h - what the files of CTIStationD share.
 *
 * Source: PRT, RTP, MED; CMF-08, CMF-16, CTF-09, APF-03.
 */
#ifndef CALLMANAGER_CTI_STATION_D_H
#define CALLMANAGER_CTI_STATION_D_H

#include "callmanager/cti_media.h"
#include "callmanager/station.h"

enum {
	CTI_STATION_INITIAL,
	CTI_STATION_REGISTERED,
	CTI_STATION_OWNER_ALIVE, /* its CTIManagers are lost; somebody may come back for it */
	CTI_STATION_UNREGISTERING,
	CTI_STATION_LEAVING,
	CTI_STATION_GONE,
};

struct cti_station_d {
	struct cm_station station;
	struct cm_openers openers;
	uint8_t target; /* node to move to when idle, 0 = none */
	OutOfServiceCause cause;
};

/* The device is to listen for the call: where that is, is registered, or asked. */
void cti_ask_where(struct sdl_process *self, struct cm_station_call *call);
sdl_handler cti_on_media_open, cti_on_media_close, cti_on_media_send_stop, cti_on_media_send,
	cti_on_set_rtp, cti_on_line_open, cti_on_line_close, cti_on_initiate, cti_on_call_request,
	cti_on_answer, cti_on_retrieve, cti_on_redirect;

#endif
