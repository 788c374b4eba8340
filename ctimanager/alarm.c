#include "ctimanager/alarm.h"

#include <inttypes.h>
#include <stdio.h>

struct ctim_number ctim_decimal(int64_t value)
{
	struct ctim_number n;

	snprintf(n.text, sizeof(n.text), "%" PRId64, value);
	return n;
}

struct ctim_number ctim_reason(uint32_t result)
{
	return ctim_decimal((int32_t)result);
}

struct ctim_number ctim_handle_text(uint64_t handle)
{
	struct ctim_number n;

	snprintf(n.text, sizeof(n.text), "%u|%u", (unsigned)(handle >> 32), (unsigned)handle);
	return n;
}

struct ctim_number ctim_address(uint32_t ip)
{
	struct ctim_number n;

	snprintf(n.text, sizeof(n.text), "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
		 ip & 255);
	return n;
}
