/* process_types.h - the process types of all programs, for whoever shows numbers by their names. */
#ifndef SIM_HARNESS_PROCESS_TYPES_H
#define SIM_HARNESS_PROCESS_TYPES_H

#include "sdl/sdl.h"

/* NULL = not known. Has the form that sdl/view/trace.h and sim/report/report.h ask for; arg is not
 * used. */
const struct sdl_type *sim_type_of(void *arg, uint16_t app, uint8_t number);

/* The time of day, since midnight, at the zero of a real host's clock (CLOCK_MONOTONIC). */
int64_t sim_record_day_ns(void);

#endif
