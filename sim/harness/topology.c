#include "sim/harness/topology_private.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/harness/places.h"

#define FILE_MAX_BYTES (16u << 20)

struct block {
	struct block *next;
	max_align_t data[];
};

struct sim_topology_memory {
	struct block *blocks;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct sim_topology *sim_topology_new(void)
{
	struct sim_topology *t = must(calloc(1, sizeof(*t)));

	t->memory = must(calloc(1, sizeof(*t->memory)));
	return t;
}

void *sim_topology_alloc(struct sim_topology *topology, size_t size)
{
	struct block *b = must(calloc(1, sizeof(*b) + size));

	b->next = topology->memory->blocks;
	topology->memory->blocks = b;
	return b->data;
}

const char *sim_topology_text(struct sim_topology *topology, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(sim_topology_alloc(topology, size), text, size);
}

void sim_topology_destroy(struct sim_topology **topology)
{
	struct sim_topology *t = *topology;

	if (!t)
		return;
	for (struct block *b = t->memory->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(t->memory);
	free(t->devices);
	free(t);
	*topology = NULL;
}

/* ---- where the file is --------------------------------------------------------------- */

static bool find(char *path, size_t size, const char *name)
{
	char below[PATH_MAX], installed[PATH_MAX];

	if (strchr(name, '/') || (strlen(name) > 4 && !strcmp(name + strlen(name) - 4, ".lua"))) {
		snprintf(path, size, "%s", name);
		return true;
	}
	snprintf(below, sizeof(below), "sim/topologies/%s.lua", name);
	snprintf(installed, sizeof(installed), "topologies/%s.lua", name);
	return sim_place(path, size, below, installed);
}

static char *read_file(const char *path, struct sim_error *err)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t n = 0;

	if (!f) {
		sim_fail(err, SIM_USAGE, "%s: the topology cannot be read: %s", path,
			 strerror(errno));
		return NULL;
	}
	text = must(malloc(FILE_MAX_BYTES + 1));
	n = fread(text, 1, FILE_MAX_BYTES, f);
	if (ferror(f) || (n == FILE_MAX_BYTES && fgetc(f) != EOF)) {
		sim_fail(err, SIM_USAGE, "%s: the topology cannot be read: %s", path,
			 ferror(f) ? strerror(errno) : "it is larger than 16 MiB");
		free(text);
		text = NULL;
	} else {
		text[n] = '\0';
	}
	fclose(f);
	return text ? must(realloc(text, n + 1)) : NULL;
}

static const char *base_name(struct sim_topology *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n;
	char *name;

	path = slash ? slash + 1 : path;
	n = strlen(path);
	if (n > 4 && !strcmp(path + n - 4, ".lua"))
		n -= 4;
	name = sim_topology_alloc(t, n + 1);
	return memcpy(name, path, n);
}

int sim_topology_load(struct sim_topology **topology, const char *name, struct sim_error *err)
{
	char path[PATH_MAX];
	char *text;
	int result;

	*topology = NULL;
	if (!find(path, sizeof(path), name))
		return sim_fail(err, SIM_USAGE,
				"topology %s: there is no sim/topologies/%s.lua here or above, nor "
				"beside the programs; give its path",
				name, name);
	text = read_file(path, err);
	if (!text)
		return -1;
	result = sim_topology_parse(topology, path, text, err);
	free(text);
	if (result == 0) {
		(*topology)->path = sim_topology_text(*topology, path);
		(*topology)->name = base_name(*topology, path);
	}
	return result;
}

/* ---- the usual cluster of n nodes ---------------------------------------------------- */

int sim_topology_generate(struct sim_topology **topology, int nodes, struct sim_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f;
	int result;

	*topology = NULL;
	if (nodes < 1 || nodes > SIM_TOPOLOGY_NODES)
		return sim_fail(err, SIM_USAGE, "--nodes %d: a cluster has 1 to %d nodes", nodes,
				SIM_TOPOLOGY_NODES);
	f = must(open_memstream(&text, &size));
	fprintf(f, "return {\n\tnodes = {");
	for (int i = 1; i <= nodes; i++)
		fprintf(f, "%s \"ccm%d\"", i > 1 ? "," : "", i);
	fprintf(f, " },\n\tgroups = { devices = { \"ccm1\"%s } },\n",
		nodes > 1 ? ", \"ccm2\"" : "");
	fputs("\tpools = { devices = \"devices\" },\n"
	      "\tphones = { { \"SEP000000000001\", count = 8, dn = \"1001\" } },\n"
	      "\troute_points = { { \"CTIRP_5000\", dn = \"5000\", cfna = \"1007\", cfof = "
	      "\"1008\" } "
	      "},\n"
	      "\tports = { { \"CTIP_6001\", count = 4, dn = \"6001\" } },\n"
	      "\tusers = { ivr = { application = true, password = \"ivr\",\n"
	      "\t\tgroups = { \"Standard CTI Enabled\" },\n"
	      "\t\tdevices = { \"CTIRP_5000\", \"CTIP_6001\", \"CTIP_6002\", \"CTIP_6003\",\n"
	      "\t\t\t\"CTIP_6004\", \"SEP000000000001\" } } },\n}\n",
	      f);
	fclose(f);
	result = sim_topology_parse(topology, "generated topology", text, err);
	free(text);
	return result;
}

/* ---- looks --------------------------------------------------------------------------- */

int sim_topology_node(const struct sim_topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->nodes_n; i++)
		if (!strcmp(topology->nodes[i].name, name))
			return (int)i + 1;
	return 0;
}

const struct sim_device *sim_topology_device(const struct sim_topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->devices_n; i++)
		if (!strcmp(topology->devices[i].name, name))
			return &topology->devices[i];
	return NULL;
}

const struct sim_user *sim_topology_user(const struct sim_topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->users_n; i++)
		if (!strcmp(topology->users[i].name, name))
			return &topology->users[i];
	return NULL;
}

const struct sim_group *sim_topology_group_of(const struct sim_topology *topology,
					      const struct sim_device *device)
{
	for (size_t i = 0; i < topology->pools_n; i++) {
		if (strcmp(topology->pools[i].name, device->pool) != 0)
			continue;
		for (size_t g = 0; g < topology->groups_n; g++)
			if (!strcmp(topology->groups[g].name, topology->pools[i].group))
				return &topology->groups[g];
	}
	return NULL;
}
