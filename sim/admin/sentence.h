/* sentence.h - an SQL statement being put together from the table of kinds. */
#ifndef SIM_ADMIN_SENTENCE_H
#define SIM_ADMIN_SENTENCE_H

#include <stddef.h>

struct sentence {
	char text[24000];
	size_t n;
};

/* Longer than there is room for ends the program: the table of kinds is too long. */
__attribute__((format(printf, 2, 3))) void sentence_begin(struct sentence *s, const char *format,
							  ...);
__attribute__((format(printf, 2, 3))) void sentence_add(struct sentence *s, const char *format,
							...);
/* Adds `sql` with each %s in it replaced. */
void sentence_expand(struct sentence *s, const char *sql, const char *with);

#endif
