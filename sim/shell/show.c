/* show status, show version, show network cluster. */
#include "sim/shell/platform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

/* ---- show status ------------------------------------------------------------------------- */

/* When the first of the node's programs that run now was started; -1: none runs. */
static int64_t up_since(const struct platform *p)
{
	static const uint16_t apps[] = { SDL_APP_CALLMANAGER, SDL_APP_CTIMANAGER };
	int64_t since = -1;

	for (size_t i = 0; i < 2; i++) {
		const struct sim_program *program = platform_program(p, apps[i]);

		if (program && program->state != SIM_DOWN &&
		    (since < 0 || program->since_ns < since))
			since = program->since_ns;
	}
	return since;
}

static void show_date(const struct platform *p)
{
	time_t now = (time_t)platform_epoch(p, sim_host_now(p->call->host));
	struct tm tm;
	char date[64];

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a %b %d, %Y %H:%M:%S", &tm);
	fprintf(p->out, "Date               : %s\n", date);
	fputs("Time Zone          : Coordinated Universal Time (Etc/UTC)\n", p->out);
}

/* The machine is that of all nodes. */
static void show_load(const struct platform *p)
{
	FILE *f = fopen("/proc/loadavg", "re");
	char load[3][16] = { "0.00", "0.00", "0.00" };
	int64_t since = up_since(p);

	if (f) {
		if (fscanf(f, "%15s %15s %15s", load[0], load[1], load[2]) != 3)
			strcpy(load[0], "?");
		fclose(f);
	}
	fputs("\nUptime:\n", p->out);
	if (since < 0) {
		fputs(" down", p->out);
	} else {
		int64_t s = (sim_host_now(p->call->host) - since) / 1000000000;

		fprintf(p->out, " up %" PRId64 " days, %" PRId64 ":%02" PRId64 ":%02" PRId64,
			s / 86400, s / 3600 % 24, s / 60 % 60, s % 60);
	}
	fprintf(p->out, ",  load average: %s, %s, %s\n", load[0], load[1], load[2]);
}

static void show_memory(const struct platform *p)
{
	static const struct {
		const char *name, *shown;
	} wanted[] = {
		{ "MemTotal:", "Memory Total:" }, { "MemFree:", "        Free:" },
		{ "Cached:", "      Cached:" },	  { "Shmem:", "      Shared:" },
		{ "Buffers:", "     Buffers:" },
	};
	long long value[5] = { 0 };
	FILE *f = fopen("/proc/meminfo", "re");
	char name[64];
	long long kib;

	while (f && fscanf(f, "%63s %lld%*[^\n]", name, &kib) == 2)
		for (size_t i = 0; i < 5; i++)
			if (!strcmp(name, wanted[i].name))
				value[i] = kib;
	if (f)
		fclose(f);
	fputc('\n', p->out);
	for (size_t i = 0; i < 5; i++) {
		fprintf(p->out, "%s %14lldK\n", wanted[i].shown, value[i]);
		if (i == 1)
			fprintf(p->out, "        Used: %14lldK\n", value[0] - value[1]);
	}
}

static void show_disk(const struct platform *p)
{
	const char *dir = sim_host_options(p->call->host)->dir;
	struct statvfs fs;
	unsigned long long total, spare;

	if (!dir || statvfs(dir, &fs) < 0 || !fs.f_blocks)
		return;
	total = (unsigned long long)fs.f_blocks * fs.f_frsize / 1024;
	spare = (unsigned long long)fs.f_bavail * fs.f_frsize / 1024;
	fprintf(p->out, "\n%24s%16s%16s\n", "Total", "Free", "Used");
	fprintf(p->out, "Disk/active  %10lluK%15lluK%15lluK (%llu%%)\n", total, spare,
		total - spare, (total - spare) * 100 / total);
}

/* ---- the version ------------------------------------------------------------------------- */

/* Which release the database says it is of. */
static int show_release(struct platform *p, const char *title)
{
	char *text = platform_rows(
		p, "select version from componentversion where softwarecomponent = 'cm-ver'");

	if (!text)
		return -1;
	fprintf(p->out, "%s %.*s (Rehome " REHOME_VERSION ")\n", title, (int)strcspn(text, "\n"),
		text);
	free(text);
	return 0;
}

int platform_show_version(struct platform *p)
{
	return show_release(p, "Active Master Version:");
}

int platform_show_status(struct platform *p)
{
	fprintf(p->out, "\nHost Name          : %s\n", p->node);
	show_date(p);
	if (show_release(p, "Product Ver        :") < 0)
		return -1;
	show_load(p);
	show_memory(p);
	show_disk(p);
	return 0;
}

/* ---- the cluster ------------------------------------------------------------------------- */

int platform_show_cluster(struct platform *p)
{
	const struct sim_topology *t = sim_host_options(p->call->host)->topology;

	for (size_t i = 0; i < t->nodes_n; i++) {
		char address[32];

		platform_address(p, (uint8_t)(i + 1), address);
		fprintf(p->out, "%s %s %s\n", address, t->nodes[i].name,
			i ? "Subscriber" : "Publisher");
	}
	fputs("\nServer Table (processnode) Entries\n----------------------------------\n", p->out);
	for (size_t i = 0; i < t->nodes_n; i++)
		fprintf(p->out, "%s\n", t->nodes[i].name);
	return 0;
}
