/*
 * text.h - text that grows in a buffer of fixed size.
 *
 * What does not fit is left out, and the text always ends in a zero; `wanted`
 * tells how long the whole would have been. The buffer is the caller's.
 */
#ifndef SDL_VIEW_TEXT_H
#define SDL_VIEW_TEXT_H

#include <stddef.h>

struct sdl_text {
	char *buf;
	size_t size;
	size_t wanted; /* without the zero */
};

/* size may be 0: only the length is found then. */
struct sdl_text sdl_text_in(char *buf, size_t size);
void sdl_text_put(struct sdl_text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Text from outside: control characters become dots. */
void sdl_text_put_clean(struct sdl_text *t, const char *text, size_t len);
/* Blanks up to that column. */
void sdl_text_pad(struct sdl_text *t, size_t column);

#endif
