/*
 * app.h - the application program that the harness drives: an application of libcti whose hand is
 * moved by AppCommand, with media of its own.
 *
 * It opens the provider it was told of when it starts. AppCommand.verb:
 *	open DEVICE [dn] [media] [auto_accept]	opens the device, then all its lines (or only dn);
 *						media absent: to watch and control
 *	close DEVICE
 *	lineopen DEVICE dn [auto_accept], lineclose DEVICE dn
 *	accept, answer, drop, hold, retrieve	call_handle, or the newest call of DEVICE (and dn);
 *						answer takes the newest offered one
 *	redirect destination			the same
 *	call DEVICE destination [dn]		a new call
 *	setrtp					answers a request for media that was left open
 *	provider_open, provider_close		again, as at the start
 *	auto destination=answer|redirect:NUMBER|accept|off [DEVICE]
 *						what to do with new calls
 *
 * Each is answered to the harness by one CommandResult: 0 when the request went out; what came of
 * it is in Response and in the events, which CtiApplication, labelled with the program's name,
 * handles.
 *
 * Media (MED-01, MED-03): static devices get the program's address and a port of their own at open;
 * for dynamic ones DeviceCallOpenLogicalChannel is answered at once with a port per call. Streams
 * are those of sim/media.h and go on when the call's CallManager dies (CAL-05, CMF-14), until the
 * other side's stream ends. A call that is still CONNECTED two seconds after the other side's stream
 * ended is disconnected (CAL-04).
 */
#ifndef SIM_APP_H
#define SIM_APP_H

#include "ctimanager/client/program.h"

struct sim_app_options {
	struct cti_provider provider; /* texts are copied */
	uint8_t cluster;	      /* of its media address 127.cluster.0.node */
	uint8_t node;		      /* 0 = the node that the program gets */
	bool hand_media;	      /* DeviceCallOpenLogicalChannel waits for the verb setrtp */
};

struct sim_app;
struct sim_app *sim_app_new(const struct sim_app_options *options);
void sim_app_destroy(struct sim_app **app);
/* Fills config as cti_program() does. */
void sim_app_program(struct sdl_config *config, struct sim_app *app);

#endif
