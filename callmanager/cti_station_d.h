/* cti_station_d.h - what the files of CTIStationD share: registration and moving in cti_station_d.c,
 * requests of applications and media in cti_station_d_calls.c. What it has in common with StationD
 * is in station.h, who has it open in openers.h.
 *
 * Source: PRT, RTP, MED; CMF-08, CMF-16, CTF-09, APF-03.
 */
#ifndef CALLMANAGER_CTI_STATION_D_H
#define CALLMANAGER_CTI_STATION_D_H

#include "callmanager/openers.h"
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
	bool reset;	/* to register anew when idle */
	OutOfServiceCause cause;
};

/* The device is to listen for the call: where that is, is registered, or asked. */
bool cti_station_has_media(const struct cti_station_d *d);
void cti_station_ask_where(struct sdl_process *self, struct cm_station_call *call);
sdl_handler cti_station_on_media_open, cti_station_on_media_close, cti_station_on_media_send_stop,
	cti_station_on_media_send, cti_station_on_set_rtp, cti_station_on_line_open,
	cti_station_on_line_close, cti_station_on_initiate, cti_station_on_call_request,
	cti_station_on_answer, cti_station_on_retrieve, cti_station_on_dtmf,
	cti_station_on_auto_accept, cti_station_on_setup_consult;

#endif
