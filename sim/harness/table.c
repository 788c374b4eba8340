#include "sim/harness/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 12

struct sim_table {
	char **rows;
	size_t n;
	size_t width[COLUMNS_MAX];
};

struct sim_table *sim_table_new(void)
{
	struct sim_table *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	return t;
}

/* Characters, not bytes. */
static size_t length(const char *text, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void sim_table_row(struct sim_table *table, const char *format, ...)
{
	const char *cell;
	va_list ap;
	char *row;

	table->rows = realloc(table->rows, (table->n + 1) * sizeof(*table->rows));
	va_start(ap, format);
	if (!table->rows || vasprintf(&row, format, ap) < 0)
		abort();
	va_end(ap);
	table->rows[table->n++] = row;
	cell = row;
	for (size_t c = 0; c < COLUMNS_MAX; c++) {
		size_t bytes = strcspn(cell, "\t");

		if (length(cell, bytes) > table->width[c])
			table->width[c] = length(cell, bytes);
		if (!cell[bytes])
			break;
		cell += bytes + 1;
	}
}

void sim_table_print(struct sim_table **table, FILE *out)
{
	struct sim_table *t = *table;

	for (size_t r = 0; r < t->n; r++) {
		const char *cell = t->rows[r];

		for (size_t c = 0; c < COLUMNS_MAX; c++) {
			size_t bytes = strcspn(cell, "\t");
			size_t pad = t->width[c] - length(cell, bytes);

			fwrite(cell, 1, bytes, out);
			if (!cell[bytes])
				break;
			/* No blanks at the end of a line. */
			if (cell[bytes + 1])
				fprintf(out, "%*s", (int)pad + 2, "");
			cell += bytes + 1;
		}
		fputc('\n', out);
		free(t->rows[r]);
	}
	free(t->rows);
	free(t);
	*table = NULL;
}
