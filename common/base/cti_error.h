/* cti_error: results of CTI requests, from the one table cti_error.def.
 *
 * A result travels as its 32-bit value. Alarms print it as a signed decimal number (the Reason of
 * Cti*OpenFailure), traces as hexadecimal, people read the name. Names are used without their
 * prefix CTIERR_, as in the clauses.
 */
#ifndef COMMON_BASE_CTI_ERROR_H
#define COMMON_BASE_CTI_ERROR_H

#include <stddef.h>
#include <stdint.h>

enum cti_error {
#define CTIERR(name, value, text) CTIERR_##name = value,
#include "common/base/cti_error.def"
#undef CTIERR
};

/* "DIRECTORY_LOGIN_FAILED"; "UNKNOWN" for a value that is not in the table. */
const char *cti_error_name(uint32_t value);

/* Half a sentence for people: "user or password is wrong". */
const char *cti_error_text(uint32_t value);

/* Finds a name, with or without CTIERR_ in front. 0, or -1 when there is none. */
int cti_error_by_name(const char *name, uint32_t *value);

/* The i-th of the table, for documents and tests: 0 and the value, or -1 past the end. */
int cti_error_at(size_t i, uint32_t *value);

#endif
