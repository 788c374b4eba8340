#include "sim/harness/places.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool there(char *path, size_t size, const char *dir, const char *name)
{
	int n = snprintf(path, size, "%s/%s", dir, name);

	return n > 0 && (size_t)n < size && access(path, F_OK) == 0;
}

static bool above(char *path, size_t size, const char *start, const char *name)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s", start);
	for (;;) {
		char *slash;

		if (there(path, size, dir, name))
			return true;
		slash = strrchr(dir, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
}

void sim_place_programs(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
}

bool sim_place(char *path, size_t size, const char *name, const char *installed)
{
	char here[PATH_MAX];
	char share[PATH_MAX + 64];

	if (getcwd(here, sizeof(here)) && above(path, size, here, name))
		return true;
	sim_place_programs(here, sizeof(here));
	if (!*here)
		return false;
	snprintf(share, sizeof(share), "%s/../share/rehome", here);
	return above(path, size, here, name) || there(path, size, share, installed);
}
