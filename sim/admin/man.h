/* man.h - the manual page of rehome, from the tables of verbs and of kinds. */
#ifndef SIM_ADMIN_MAN_H
#define SIM_ADMIN_MAN_H

#include <stdio.h>

void sim_man_page(FILE *out);

#endif
