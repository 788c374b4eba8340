/*
 * model.h - the models of phones, one row each.
 *
 * Numbers are those of typemodel, names those on the case; a topology may use either. Source:
 * DEV-01, DEV-02.
 */
#ifndef SIM_PHONE_MODEL_H
#define SIM_PHONE_MODEL_H

#include "sdl/sdl.h"

struct phone_model {
	uint16_t number; /* typemodel.enum */
	uint16_t name;	 /* 7960; 0 = the model has no number on its case */
	const struct sdl_type
		*sccp; /* the process that plays it as an SCCP phone; NULL = none does */
	const struct sdl_type *sip;
};

/* NULL when there is no such model. */
const struct phone_model *phone_model(uint32_t number_or_name);

#endif
