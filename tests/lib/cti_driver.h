/* cti_driver.h - a program in the place of a CTIManager that says to CallManagers what a test wants
 * said. It remembers where a device's process is and which leg is whose. */
#ifndef TESTS_LIB_CTI_DRIVER_H
#define TESTS_LIB_CTI_DRIVER_H

#include "sdl/program.h"

struct cti_driver_context {
	uint8_t node; /* opens go to the CTIRegistrar of that CallManager; the test sets it */
	uint32_t ci;  /* of the newest call told */
};

void cti_driver_program(struct sdl_config *config, struct cti_driver_context *context);

#endif
