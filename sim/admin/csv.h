/*
 * csv.h - tables as comma-separated values (RFC 4180): quotes around what has commas, quotes or line
 * ends; a quote in quotes is doubled. Lines end in LF or CR LF; a byte order mark is passed over.
 */
#ifndef SIM_ADMIN_CSV_H
#define SIM_ADMIN_CSV_H

#include <stddef.h>
#include <stdio.h>

#define CSV_CELLS_MAX 64
#define CSV_ROW_MAX   (1u << 20) /* bytes */

struct csv {
	FILE *in;
	unsigned char ahead[3]; /* read already, while it was not known whether it is a mark */
	size_t ahead_n, ahead_at;
	size_t line;  /* the line on which the row began, from 1 */
	size_t lines; /* read so far */
	char *text;   /* of the cells, each ended by 0 */
	size_t room;
	char *cells[CSV_CELLS_MAX];
	size_t n;
};

void csv_open(struct csv *csv, FILE *in);
void csv_close(struct csv *csv);
/* The next row that is not empty. 1, or 0 at the end, or -1 with what is wrong with it. */
int csv_read(struct csv *csv, const char **why);

void csv_write(FILE *out, const char *const *cells, size_t n);

#endif
