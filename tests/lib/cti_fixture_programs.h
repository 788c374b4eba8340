/* cti_fixture_programs.h - the programs of cti_fixture that stand for others. */
#ifndef TESTS_LIB_CTI_FIXTURE_PROGRAMS_H
#define TESTS_LIB_CTI_FIXTURE_PROGRAMS_H

#include "tests/lib/cti_fixture.h"

/* For sdl_virt_program.make; arg: its struct fake_ccm, its struct raw_app. */
void fake_ccm_make(void *arg, struct sdl_config *config);
void raw_app_make(void *arg, struct sdl_config *config);

#endif
