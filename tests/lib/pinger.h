/*
 * pinger.h - a program for tests of links: it sends numbered signals to a peer and checks what
 * arrives.
 *
 * Pinger, instance 1 of type PINGER in every such program; label "pinger". StationKeypadButton
 * carries numbers: `button` counts up, `line` is the incarnation-like life given at creation.
 */
#ifndef TESTS_LIB_PINGER_H
#define TESTS_LIB_PINGER_H

#include "sdl/program.h"

enum { PINGER = 20 };

struct pinger_context {
	uint8_t peer_node;
	uint16_t peer_app;
	uint32_t life;	   /* sent along, to tell what is of which life */
	uint32_t received; /* numbers that came, in order */
	uint32_t last;
	uint32_t last_life;
	uint32_t out_of_order;
	uint32_t in_service; /* how often the link came into service and went out */
	uint32_t out_of_service;
};

extern const struct sdl_type pinger_type;
/* LinkAdmin and the pinger; config->context must be a struct pinger_context. */
void pinger_program(struct sdl_config *config, struct pinger_context *context);

#endif
