#include "sdl/view/text.h"

#include <stdarg.h>
#include <stdio.h>

struct sdl_text sdl_text_in(char *buf, size_t size)
{
	if (size > 0)
		buf[0] = '\0';
	return (struct sdl_text){ .buf = buf, .size = size };
}

void sdl_text_put(struct sdl_text *t, const char *format, ...)
{
	size_t room = t->wanted < t->size ? t->size - t->wanted : 0;
	va_list args;

	va_start(args, format);
	int n = vsnprintf(room > 0 ? t->buf + t->wanted : NULL, room, format, args);
	va_end(args);
	if (n > 0)
		t->wanted += (size_t)n;
}

void sdl_text_put_clean(struct sdl_text *t, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (t->wanted + 1 < t->size) {
			t->buf[t->wanted] = c < ' ' || c == 0x7f ? '.' : (char)c;
			t->buf[t->wanted + 1] = '\0';
		}
		t->wanted++;
	}
}

void sdl_text_pad(struct sdl_text *t, size_t column)
{
	while (t->wanted < column)
		sdl_text_put_clean(t, " ", 1);
}
