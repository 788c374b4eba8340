#include "sim/admin/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((format(printf, 2, 0))) static void add(struct sentence *s, const char *format,
						      va_list ap)
{
	int n = vsnprintf(s->text + s->n, sizeof(s->text) - s->n, format, ap);

	if (n < 0 || (size_t)n >= sizeof(s->text) - s->n)
		abort();
	s->n += (size_t)n;
}

void sentence_begin(struct sentence *s, const char *format, ...)
{
	va_list ap;

	s->n = 0;
	va_start(ap, format);
	add(s, format, ap);
	va_end(ap);
}

void sentence_add(struct sentence *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add(s, format, ap);
	va_end(ap);
}

void sentence_expand(struct sentence *s, const char *sql, const char *with)
{
	for (; *sql; sql++)
		if (sql[0] == '%' && sql[1] == 's') {
			sentence_add(s, "%s", with);
			sql++;
		} else {
			sentence_add(s, "%c", *sql);
		}
}
