/*
 * ctimanager_fake.h - a CTIManager for tests of the application library: it takes one application,
 * grants what its context says, and passes on whatever event the test posts to it.
 */
#ifndef TESTS_LIB_CTIMANAGER_FAKE_H
#define TESTS_LIB_CTIMANAGER_FAKE_H

#include "common/msg/messages.h"
#include "sdl/program.h"

struct fake_ctimanager {
	uint32_t refuse_provider;  /* CTIERR of ProviderOpen; 0 = granted */
	const char *refuse_device; /* that device is refused, with refuse_with */
	uint32_t refuse_with;
	unsigned refuse_times;	/* so often; 0 = always */
	uint64_t existing_call; /* in the snapshot of each line; 0 = none */
	uint32_t heartbeat_s;	/* granted */
	bool offer; /* a call to each line as soon as it is open; media asked when answered */
	uint32_t refuse_line_with;  /* CTIERR of LineOpen; 0 = granted */
	unsigned refuse_line_times; /* so often; 0 = always */
	bool late;		    /* answers are kept until it is false and a heartbeat comes */
	Response kept[8];
	unsigned kept_n;
	bool mute; /* requests after the provider's open are not answered */
	/* what it saw */
	unsigned providers, devices, lines, requests, heartbeats;
	uint64_t last_call;	/* of the last call request */
	uint64_t device_handle; /* the last that it gave */
	uint64_t line_handle;
	struct sdl_pid far;
};

void fake_ctimanager_program(struct sdl_config *config, struct fake_ctimanager *context);

#endif
