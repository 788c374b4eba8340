#include "sim/bench/proc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number after a name in a file of lines "name: number"; added up over names that match. */
static double field(const char *path, const char *name)
{
	FILE *f = fopen(path, "re");
	char line[300];
	double sum = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, name))
			sum += strtod(strchr(line, ':') ? strchr(line, ':') + 1 : "0", NULL);
	if (f)
		fclose(f);
	return sum;
}

double bench_proc_memory(pid_t pid)
{
	char path[60];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	return field(path, "RssAnon:") * 1024;
}

/* Nanoseconds on a CPU: the first number of schedstat. */
static double task_cpu_s(const char *path)
{
	FILE *f = fopen(path, "re");
	double ns = 0;

	if (f && fscanf(f, "%lf", &ns) != 1)
		ns = 0;
	if (f)
		fclose(f);
	return ns / 1e9;
}

static double each_task(pid_t pid, double (*value)(const char *path), const char *file)
{
	char path[400];
	double sum = 0;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/%s", (int)pid, e->d_name, file);
		sum += value(path);
	}
	if (dir)
		closedir(dir);
	return sum;
}

static double task_switches(const char *path)
{
	return field(path, "ctxt_switches:");
}

double bench_proc_cpu_s(pid_t pid)
{
	return each_task(pid, task_cpu_s, "schedstat");
}

double bench_proc_switches(pid_t pid)
{
	return each_task(pid, task_switches, "status");
}
