#include "common/msg/signal.h"

#include <string.h>

#include "common/msg/messages.h"

static const struct signal_def signals[SIGNAL_COUNT] = {
#define SIGNAL(name, klass, reach, message)                                                        \
	[SIG_##name] = { #name, SIGNAL_##klass, REACH_##reach, &message##__descriptor },
#include "common/msg/signal.def"
#undef SIGNAL
};

const struct signal_def *signal_def(uint16_t number)
{
	return number > SIG_NONE && number < SIGNAL_COUNT ? &signals[number] : NULL;
}

uint16_t signal_by_name(const char *name)
{
	for (uint16_t i = SIG_NONE + 1; i < SIGNAL_COUNT; i++)
		if (!strcmp(signals[i].name, name))
			return i;
	return SIG_NONE;
}
