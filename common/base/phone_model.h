/* phone_model.h - the models of phones, one row each in phone_model.def.
 *
 * Numbers and names are those of typemodel; a topology may use the number on the case. lines is how
 * many the phone has room for, buttons what its standard template has. Which SIP phones may be
 * controlled: DEV-02; as SCCP phones all may.
 *
 * Source: DEV-01, DEV-02. Lines and buttons are those of the cases.
 */
#ifndef COMMON_BASE_PHONE_MODEL_H
#define COMMON_BASE_PHONE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum phone_protocol { PHONE_SCCP = 1, PHONE_SIP = 2 };

struct phone_model {
	const char *name;
	uint16_t number; /* typemodel.enum */
	uint16_t box;	 /* on the case; 0 = none */
	uint8_t protocols;
	uint8_t lines;
	uint8_t buttons;
	bool enbloc; /* as an SCCP phone: collects digits and sends them as a whole (DEV-05) */
	bool cti_over_sip; /* may be controlled as a SIP phone */
};

/* NULL when there is no such model. */
const struct phone_model *phone_model(uint32_t number_or_box);
/* All of them, by number; NULL after the last. */
const struct phone_model *phone_model_at(size_t i);

#endif
