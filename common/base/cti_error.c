#include "common/base/cti_error.h"

#include <string.h>

static const struct {
	uint32_t value;
	const char *name;
	const char *text;
} errors[] = {
#define CTIERR(name_, value_, text_) { value_, #name_, text_ },
#include "common/base/cti_error.def"
#undef CTIERR
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

static size_t find(uint32_t value)
{
	size_t i = 0;

	while (i < ERRORS && errors[i].value != value)
		i++;
	return i;
}

const char *cti_error_name(uint32_t value)
{
	size_t i = find(value);

	return i < ERRORS ? errors[i].name : "UNKNOWN";
}

const char *cti_error_text(uint32_t value)
{
	size_t i = find(value);

	return i < ERRORS ? errors[i].text : "an error that this release does not know";
}

int cti_error_by_name(const char *name, uint32_t *value)
{
	if (strncmp(name, "CTIERR_", 7) == 0)
		name += 7;
	for (size_t i = 0; i < ERRORS; i++) {
		if (strcmp(name, errors[i].name) == 0) {
			*value = errors[i].value;
			return 0;
		}
	}
	return -1;
}

int cti_error_at(size_t i, uint32_t *value)
{
	if (i >= ERRORS)
		return -1;
	*value = errors[i].value;
	return 0;
}
