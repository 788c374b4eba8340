/*
 * table.h - process types as pictures, made from their tables.
 *
 * A matrix for reading, Graphviz for drawing (`dot -Tsvg`). Both show what may happen, not how:
 * rows and the states that they may lead to.
 */
#ifndef SDL_VIEW_TABLE_H
#define SDL_VIEW_TABLE_H

#include <stdio.h>

#include "sdl/sdl.h"

/* States numbered with their timers, then a line per signal and a column per state:
 *	2,5	may go to these (and may stay)	=	stays	end	may end
 *	any	may go anywhere			save	waits	-	ignored
 * Empty: no row, the signal is discarded there and counted. */
void sdl_table_matrix(const struct sdl_type *type, FILE *out);
/* A directed graph: states as boxes, one arrow per pair of states with the signals on it. */
void sdl_table_dot(const struct sdl_type *type, FILE *out);

#endif
