/* guid: identifiers as the database's pkid columns hold them, drawn from a keyed stream.
 *
 * 36 lower-case characters, 8-4-4-4-12, in the layout of a random (version 4) guid.
 */
#ifndef COMMON_BASE_GUID_H
#define COMMON_BASE_GUID_H

#include <stdbool.h>

struct prng;

#define GUID_SIZE 37 /* with the end of the text */

void guid_draw(struct prng *prng, char text[GUID_SIZE]);

/* Whether a text has the shape of a guid; both cases of letters are taken, any version. */
bool guid_valid(const char *text);

#endif
