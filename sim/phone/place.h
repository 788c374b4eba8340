/*
 * place.h - where a phone is registered, or tries to be: what phones of any protocol share.
 *
 * Holds the CallManager group, the member it deals with, the better one it would fall back to, and
 * who has rejected it. Links of both members are watched. Registrations are paced by PhoneInit.
 */
#ifndef SIM_PHONE_PLACE_H
#define SIM_PHONE_PLACE_H

#include "common/msg/messages.h"
#include "sim/phone/phone.h"

struct phone_place {
	uint8_t group_n;
	uint8_t group[PHONE_GROUP_MAX]; /* first = primary */
	uint8_t at;			/* node where it is registered, or tries to be; 0 = none */
	uint8_t target;			/* node that it would fall back to; 0 = none */
	uint32_t refused;		/* bit per node that rejected it in this round */
	struct sdl_pid station;		/* its process in the CallManager */
	bool reset_due;			/* to register anew, when its calls have ended */
	uint8_t missed;			/* keepalives without an answer */
	uint32_t keepalive_s;
};

void sim_place_take_group(struct phone_place *p, const uint32_t *group, size_t n);
/* Place in the group, first = 0; behind all members for a node that is none. */
unsigned sim_place_rank(const struct phone_place *p, uint8_t node);
/* Sets `at` or `target`; the links of both are watched. */
void sim_place_set(struct sdl_process *self, struct phone_place *p, uint8_t *which, uint8_t node);
void sim_place_to_phone_init(struct sdl_process *self, uint16_t number, uint8_t node);

/* Registers anew from the top of the group: true = it has asked for its turn, false = there is no
 * member to be had. */
bool sim_place_choose(struct sdl_process *self, struct phone_place *p);
/* Idle, and not at the best member: asks for its turn there (CMF-15). */
void sim_place_improve(struct sdl_process *self, struct phone_place *p);
/* A member came into service. Is that a reason to choose anew? queued: it waits for its turn at
 * `at`. */
bool sim_place_better(struct phone_place *p, uint8_t node, bool queued);
/* The next keepalive is due after the interval less that. */
void sim_place_start_keepalive(struct sdl_process *self, const struct phone_place *p,
			       int64_t less_ns);
/* Registered by that process, which wants to hear of the phone at that interval. */
void sim_place_registered(struct sdl_process *self, struct phone_place *p, struct sdl_pid station,
			  uint32_t keepalive_s);
/* A keepalive is due: false = too many were not answered. */
bool sim_place_keepalive(struct sdl_process *self, struct phone_place *p);
/* Stays at `at`, and asks the better member again after that time. */
void sim_place_stay(struct sdl_process *self, struct phone_place *p, int64_t wait_ns);
/* It has left `at` for `target`, where it registers now. */
void sim_place_move(struct sdl_process *self, struct phone_place *p);
/* The CallManager is lost and the stream kept: registered nowhere. */
void sim_place_none(struct sdl_process *self, struct phone_place *p);

#endif
