/* table.h - aligned columns of text: cells separated by tabs in, padded columns out. */
#ifndef SIM_HARNESS_TABLE_H
#define SIM_HARNESS_TABLE_H

#include <stdio.h>

struct sim_table;
struct sim_table *sim_table_new(void);
/* One row; cells are separated by tabs. */
void sim_table_row(struct sim_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Prints all rows, two blanks between columns, and ends the table. */
void sim_table_print(struct sim_table **table, FILE *out);

#endif
