/* alarm.h - how the processes of the CTIManager raise alarms: names and values in pairs. */
#ifndef CTIMANAGER_ALARM_H
#define CTIMANAGER_ALARM_H

#include "common/log/alarm.h"
#include "sdl/sdl.h"

/* A number as an alarm's value; lives as long as the enclosing block. */
struct ctim_number {
	char text[24];
};
struct ctim_number ctim_decimal(int64_t value);
/* A CTIERR code as alarms print it: signed decimal. */
struct ctim_number ctim_reason(uint32_t result);
/* A handle as node|id. */
struct ctim_number ctim_handle_text(uint64_t handle);
/* An address in host order, in dots. */
struct ctim_number ctim_address(uint32_t ip);

#define ctim_alarm(self, id, ...)                                                                  \
	sdl_alarm(self, id, (const struct alarm_param[]){ __VA_ARGS__ },                           \
		  sizeof((const struct alarm_param[]){ __VA_ARGS__ }) /                            \
			  sizeof(struct alarm_param))

#endif
