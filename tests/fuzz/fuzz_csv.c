/* Comma-separated values: rows or a refusal with a reason; what is written of them is read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/admin/csv.h"
#include "tests/fuzz/input.h"

/* The row, written and read, is the same. */
static void again(const struct csv *row)
{
	const char *cells[CSV_CELLS_MAX], *why = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct csv csv;

	for (size_t i = 0; i < row->n; i++)
		cells[i] = row->cells[i];
	csv_write(f, cells, row->n);
	fclose(f);
	f = fmemopen(text, size, "r");
	csv_open(&csv, f);
	/* A mark of the order of bytes is passed over at the beginning. */
	if (strncmp(cells[0], "\xef\xbb\xbf", 3) != 0) {
		if (csv_read(&csv, &why) != 1 || csv.n != row->n)
			abort();
		for (size_t i = 0; i < row->n; i++)
			if (strcmp(csv.cells[i], cells[i]) != 0)
				abort();
	}
	csv_close(&csv);
	fclose(f);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *f = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	const char *why = NULL;
	struct csv csv;
	int got;

	if (!f)
		return 0;
	csv_open(&csv, f);
	while ((got = csv_read(&csv, &why)) == 1)
		again(&csv);
	if (got < 0 && !why)
		abort(); /* refused without a word */
	csv_close(&csv);
	fclose(f);
	return 0;
}
