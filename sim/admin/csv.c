#include "sim/admin/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void csv_open(struct csv *csv, FILE *in)
{
	static const unsigned char mark[3] = { 0xef, 0xbb, 0xbf };
	size_t n;

	*csv = (struct csv){ .in = in };
	n = fread(csv->ahead, 1, sizeof(csv->ahead), in);
	csv->ahead_n = n == 3 && !memcmp(csv->ahead, mark, 3) ? 0 : n;
}

static int next(struct csv *csv)
{
	if (csv->ahead_at < csv->ahead_n)
		return csv->ahead[csv->ahead_at++];
	return getc_unlocked(csv->in);
}

void csv_close(struct csv *csv)
{
	free(csv->text);
	csv->text = NULL;
}

static bool put(struct csv *csv, size_t *n, int c)
{
	if (*n == csv->room) {
		if (csv->room == CSV_ROW_MAX)
			return false;
		csv->room = csv->room ? csv->room * 2 : 4096;
		csv->text = realloc(csv->text, csv->room);
		if (!csv->text)
			abort();
	}
	csv->text[(*n)++] = (char)c;
	return true;
}

/* What ends a cell: ',', '\n', EOF; or -2 with *why. The cell, without its quotes, goes to the text. */
static int read_cell(struct csv *csv, size_t *n, const char **why)
{
	int c = next(csv);
	bool quoted = c == '"';

	if (quoted)
		c = next(csv);
	for (;; c = next(csv)) {
		if (quoted && c == '"') {
			c = next(csv);
			if (c != '"') {
				if (c == '\r')
					c = next(csv);
				break;
			}
		} else if (!quoted && (c == ',' || c == '\n' || c == EOF)) {
			break;
		} else if (!quoted && c == '\r') {
			c = next(csv);
			break;
		} else if (!quoted && c == '"') {
			*why = "a quote stands in the middle of a cell; put the whole cell in "
			       "quotes and double those in it";
			return -2;
		}
		if (c == EOF || !c || !put(csv, n, c)) {
			*why = c == EOF ? "its quotes do not end"
			       : c	? "it is longer than 1 MiB"
					: "it has a zero byte";
			return -2;
		}
		csv->lines += c == '\n';
	}
	if (c != ',' && c != '\n' && c != EOF) {
		*why = "there is something behind the quote that ends a cell";
		return -2;
	}
	return c;
}

static int read_row(struct csv *csv, const char **why)
{
	size_t at[CSV_CELLS_MAX], n = 0;
	int end;

	csv->n = 0;
	csv->line = csv->lines + 1;
	do {
		if (csv->n == CSV_CELLS_MAX) {
			*why = "it has too many cells";
			return -1;
		}
		at[csv->n++] = n;
		end = read_cell(csv, &n, why);
		if (end == -2 || !put(csv, &n, '\0'))
			return -1;
	} while (end == ',');
	for (size_t i = 0; i < csv->n; i++)
		csv->cells[i] = csv->text + at[i];
	csv->lines += end == '\n';
	return end == EOF && csv->n == 1 && !*csv->cells[0] ? 0 : 1;
}

int csv_read(struct csv *csv, const char **why)
{
	int got;

	do
		got = read_row(csv, why);
	while (got == 1 && csv->n == 1 && !*csv->cells[0]);
	return got;
}

void csv_write(FILE *out, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = cells[i] ? cells[i] : "";

		if (i)
			putc_unlocked(',', out);
		if (!strpbrk(text, ",\"\n\r")) {
			fputs(text, out);
			continue;
		}
		putc_unlocked('"', out);
		for (; *text; text++) {
			if (*text == '"')
				putc_unlocked('"', out);
			putc_unlocked(*text, out);
		}
		putc_unlocked('"', out);
	}
	putc_unlocked('\n', out);
}
