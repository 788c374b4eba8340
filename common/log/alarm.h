/* alarm: the alarms, from the one table alarm.def, and the lines that carry them.
 *
 *	%UC_CTI-4-CtiDeviceOpenFailure: %[DeviceName=CTIP_1][Reason=...][AppID=Cisco CTIManager]
 *	[ClusterID=StandAloneCluster][NodeID=ccm1]: Device could not be opened
 *
 * (one line). Values come from users and databases: brackets, backslashes and control characters
 * in them are written as \xHH, so that no value can forge a parameter, a text or a second line. A
 * value longer than ALARM_VALUE_MAX bytes as written is cut and ends in "...".
 */
#ifndef COMMON_LOG_ALARM_H
#define COMMON_LOG_ALARM_H

#include <stddef.h>

#define ALARM_PARAMS_MAX 8
#define ALARM_VALUE_MAX	 128
#define ALARM_LINE_MAX	 2048

/* Enumerators bear the alarms' names as they stand: ALARM_SDLLinkOOS. */
enum alarm_id {
#define ALARM(name, ...) ALARM_##name,
#include "common/log/alarm.def"
#undef ALARM
	ALARM_IDS,
};

enum alarm_facility {
	ALARM_UC_CTI,
	ALARM_UC_CALLMANAGER,
	ALARM_UC_GENERIC,
};

struct alarm_def {
	const char *name;
	const char *text;
	const char *params[ALARM_PARAMS_MAX]; /* in the order of the line; NULL after the last */
	enum alarm_facility facility;
	int severity;
};

/* A parameter with its value, both borrowed. */
struct alarm_param {
	const char *name;
	const char *value;
};

/* Which program raises: "Cisco CallManager" or "Cisco CTIManager", the cluster, the node. */
struct alarm_origin {
	const char *app;
	const char *cluster;
	const char *node;
};

const struct alarm_def *alarm_def(enum alarm_id id);
const char *alarm_facility_name(enum alarm_facility facility);

/* ALARM_IDS if there is none of this name. */
enum alarm_id alarm_by_name(const char *name);

/* Writes the line, without an end of line; returns its length. Parameters are written in the
 * order of the table, those not given are left out; one that the alarm does not have aborts. */
size_t alarm_format(char line[ALARM_LINE_MAX], enum alarm_id id, const struct alarm_origin *origin,
		    const struct alarm_param *params, size_t n);

/* A line taken apart. Pointers lead into `bytes`; do not copy the struct. */
struct alarm_line {
	enum alarm_id id; /* ALARM_IDS if the name is not in the table */
	const char *facility;
	int severity;
	const char *name;
	const char *text;
	struct alarm_param params[ALARM_PARAMS_MAX + 3]; /* AppID, ClusterID, NodeID among them */
	size_t params_n;
	char bytes[ALARM_LINE_MAX];
};

/* Takes a line apart, with or without an end of line. 0, or -1 if it is not an alarm line. */
int alarm_parse(struct alarm_line *alarm, const char *line);

/* The value of a parameter, NULL if the line does not have it. */
const char *alarm_value(const struct alarm_line *alarm, const char *param);

#endif
