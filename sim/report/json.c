/* Text that cannot leave the place it is written to. */
#include "sim/report/report_private.h"

#include <string.h>

/* The length of the UTF-8 sequence at p, 0 if it is none. */
static size_t sequence(const unsigned char *p)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (p[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void put(FILE *f, const unsigned char *p, size_t n)
{
	if (n == 0)
		fputs("\xef\xbf\xbd", f);
	else
		fwrite(p, 1, n, f);
}

void report_json_text(FILE *f, const char *text)
{
	const unsigned char *p = (const unsigned char *)(text ? text : "");

	putc('"', f);
	while (*p) {
		size_t n = sequence(p);

		if (*p < 0x20 || *p == 0x7f || strchr("<>&'\"\\", *p))
			fprintf(f, "\\u%04x", *p);
		else if (n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] & 0xfe) == 0xa8)
			fprintf(f, "\\u20%02x", p[2] - 0x80); /* line ends to a script */
		else
			put(f, p, n);
		p += n ? n : 1;
	}
	putc('"', f);
}

void report_html_text(FILE *f, const char *text)
{
	const unsigned char *p = (const unsigned char *)(text ? text : "");

	while (*p) {
		size_t n = sequence(p);

		if (strchr("<>&'\"", *p))
			fprintf(f, "&#%d;", *p);
		else
			put(f, p, n);
		p += n ? n : 1;
	}
}
