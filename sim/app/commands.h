/* commands.h - inside the simulated application: its data, and what it does on command. */
#ifndef SIM_APP_COMMANDS_H
#define SIM_APP_COMMANDS_H

#include "sim/app.h"
#include "sim/app/book.h"
#include "sim/app/streams.h"

struct sim_app {
	struct cti_context context; /* first: the program's context is this struct */
	struct cti *cti;
	struct cti_app callbacks;
	struct cti_provider provider;
	int provider_number;   /* of the last one opened by command; the first is 1 */
	bool provider_opening; /* asked for, not answered: devices wait for it */
	bool provider_open;
	bool hand_media;
	uint8_t cluster;
	uint8_t node;
	struct app_rule rule; /* for new calls of devices without one of their own */
	struct app_book book;
	struct app_streams streams;
};

/* AppCommand; answers with CommandResult. */
void sim_app_command(struct sim_app *app, const struct sdl_signal *sig);
/* Asks for a device of the book. A sequence number or a CTI_... error. */
int sim_app_open_device(struct sim_app *app, struct app_device *device);
/* The request for media of a call. A sequence number or a CTI_... error. */
int sim_app_answer_media(struct sim_app *app, struct app_call *call);

#endif
