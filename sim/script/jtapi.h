/*
 * jtapi.h - what a JTAPI application would be told: a view derived from the CTI events of an
 * application, in the order of the field for a normal call.
 *
 * A JTAPI call is what CTI calls of one global call handle have in common. It has a connection per
 * party that is known, and a terminal connection per line of it that the application has open. Each
 * connection and terminal connection goes through its states in one direction, so whoever of two
 * observed parties is told first, an event comes once.
 *
 * Use: sim_jtapi_look for each event that the CtiApplication of a program handles; it tells what
 * follows from it. Expectations name these events jtapi.ConnCreatedEv and so on; their fields are those of
 * JtapiEvent.
 */
#ifndef SIM_SCRIPT_JTAPI_H
#define SIM_SCRIPT_JTAPI_H

#include <stdint.h>

#include "common/msg/messages.h"

struct sim_jtapi;
struct sim_jtapi *sim_jtapi_new(void);
void sim_jtapi_destroy(struct sim_jtapi **jtapi);

/* signal: SIG_Jtapi...; e lives until it returns. */
typedef void sim_jtapi_tell(void *arg, uint16_t signal, const JtapiEvent *e);
/* app: which application, by its node. Signals that are no CTI events of calls say nothing. */
void sim_jtapi_look(struct sim_jtapi *jtapi, uint8_t app, uint16_t signal,
		    const ProtobufCMessage *msg, sim_jtapi_tell *tell, void *arg);
/* The application has begun anew. */
void sim_jtapi_forget(struct sim_jtapi *jtapi, uint8_t app);

#endif
