/* station_d.h - what the files of StationD share: registration in station_d.c, what the user does in
 * station_d_keys.c, what the phone shows and plays in station_d_screen.c. What it has in common with
 * CTIStationD is in station.h. Functions are called by its handlers, with the process itself.
 *
 * Source: the station messages of domain.md 11.2; DEV-04, DEV-05.
 */
#ifndef CALLMANAGER_STATION_D_H
#define CALLMANAGER_STATION_D_H

#include "callmanager/phone.h"

struct station_d {
	struct cm_phone phone;
	char enbloc[CM_DN_SIZE]; /* to be dialled when the line is there */
};

/* ---- what it shows --------------------------------------------------------------------------- */
void station_show(struct sdl_process *self, struct cm_station_call *call);
void station_show_parties(struct sdl_process *self, struct cm_station_call *call);
void station_show_dtmf(struct sdl_process *self, const struct cm_station_call *call, char *digits);
void station_show_forward(struct sdl_process *self, const struct cm_station_line *line,
			  uint32_t why);
void station_show_remote(struct sdl_process *self, const struct cm_station_remote *remote,
			 const CcRemote *ind);
void station_speaker(struct sdl_process *self);
void station_show_text(struct sdl_process *self, const char *text, uint32_t ms);
void station_show_end(struct sdl_process *self, struct cm_station_call *call);
sdl_handler station_on_media_open, station_on_media_close, station_on_media_send,
	station_on_media_send_stop, station_on_channel_open;

/* ---- what its user does ---------------------------------------------------------------------- */
void station_dial(struct sdl_process *self, const struct cm_station_call *call, char *number,
		  bool complete);
sdl_handler station_on_off_hook, station_on_on_hook, station_on_button, station_on_enbloc,
	station_on_soft_key, station_on_off_hook_rejected;

#endif
