/* checklist_private.h - what the files of the checklist share. */
#ifndef SIM_ADMIN_CHECKLIST_PRIVATE_H
#define SIM_ADMIN_CHECKLIST_PRIVATE_H

#include "common/base/param.h"
#include "sim/admin/work.h"

enum check_state { CHECK_OK, CHECK_MISSING, CHECK_NOTE };

#define CHECK_LINES_MAX 100 /* a list that is longer is cut, and says so */

struct check_line {
	int step; /* 1..9 */
	enum check_state state;
	char text[400];
};

struct checklist {
	struct work *w;
	const char *user;
	bool known; /* there is such a user */
	struct db_user u;
	struct db_device *devices; /* Controlled Devices */
	size_t devices_n;
	struct db_node nodes[DB_NODES_MAX];
	int nodes_n;
	struct param_set params; /* clusterwide */
	struct check_line lines[CHECK_LINES_MAX];
	size_t lines_n;
};

/* What is to be said about a step; CHECK_OK when nothing else was said about it. */
__attribute__((format(printf, 4, 5))) void
check_say(struct checklist *c, int step, enum check_state state, const char *format, ...);
bool check_said(const struct checklist *c, int step);

void check_parameters(struct checklist *c); /* checklist_steps.c: CHK-01 .. */
void check_devices(struct checklist *c);
void check_numbers(struct checklist *c);
void check_groups(struct checklist *c);
void check_user(struct checklist *c);
void check_user_groups(struct checklist *c);
void check_services(struct checklist *c);
/* checklist_application.c: CHK-08, CHK-09; 0 or a negative code. */
int check_application(struct checklist *c, struct db_error *e);

#endif
