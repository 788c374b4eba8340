/* show risdb ...: what is registered on a node, as its RIS data collector would have it. Each table
 * is a head, lines of comma-separated values, and its total. The columns of phone and phoneextn are
 * those that scripts of the field look for; those of the others follow CISCO-CCM-MIB. */
#include "sim/shell/platform.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/db/db.h"

/* One query: what the doors said, and how many rows were shown. */
struct query {
	struct platform *p;
	struct sim_door door;
	struct sim_door_process **list; /* those of one kind, by name */
	size_t n;
	unsigned rows;
	bool failed; /* the call's error says why */
};

static struct db *database(const struct query *q)
{
	return sim_host_options(q->p->call->host)->db;
}

/* ---- processes --------------------------------------------------------------------------- */

static int by_label(const void *a, const void *b)
{
	const struct sim_door_process *const *x = a, *const *y = b;
	int order = strcmp((*x)->label, (*y)->label);

	return order ? order : (*x)->pid.inst < (*y)->pid.inst ? -1 : 1;
}

/* Whether the type is one of the words, which are parted by blanks. */
static bool is_type(const char *type, const char *words)
{
	const char *at = strstr(words, type);
	size_t n = strlen(type);

	return at && (at == words || at[-1] == ' ') && (!at[n] || at[n] == ' ');
}

/* The processes of these types in the node's program of that application; none if it is down. */
static void look(struct query *q, uint16_t app, const char *types)
{
	free(q->list);
	sim_door_free(&q->door);
	q->n = 0;
	/* A service that is down has nothing, and that is no error. */
	platform_ask(q->p, app, SIM_DOOR_PROCESSES, &q->door);
	q->list = calloc(q->door.processes_n + 1, sizeof(*q->list));
	if (!q->list)
		abort();
	for (size_t i = 0; i < q->door.processes_n; i++)
		if (is_type(q->door.processes[i].type, types) && *q->door.processes[i].label)
			q->list[q->n++] = &q->door.processes[i];
	qsort(q->list, q->n, sizeof(*q->list), by_label);
}

static const char *status(const struct sim_door_process *process)
{
	return strcmp(process->state, "registered") ? "unr" : "reg";
}

/* A value that would break the line is quoted. */
static void put(struct query *q, const char *text, const char *after)
{
	FILE *out = q->p->out;

	if (!strpbrk(text, ",\"\n")) {
		fprintf(out, "%s%s", text, after);
		return;
	}
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, *text == '"' ? "\"\"" : *text == '\n' ? " " : "%c", *text);
	fprintf(out, "\"%s", after);
}

static void title(struct query *q, const char *name, const char *columns)
{
	q->rows = 0;
	fprintf(q->p->out, "\n----------- %s Information -----------\n\n", name);
	if (columns)
		fprintf(q->p->out, "%s\n", columns);
}

static void total(struct query *q, const char *table)
{
	fprintf(q->p->out, "\nTotal count in %s table = %u\n\n", table, q->rows);
}

/* ---- the tables -------------------------------------------------------------------------- */

static void phone_row(struct query *q, const struct sim_door_process *process)
{
	struct db_error err;
	struct db_device d;
	char address[32];

	if (db_device_by_name(database(q), process->label, &d, &err))
		return;
	platform_address(q->p, SIM_NODE_PHONES, address);
	put(q, d.name, ", ");
	put(q, d.description, ", ");
	fprintf(q->p->out, "%s, %s, %s, %s, %d, %s, %lld\n", address,
		strncmp(d.name, "SEP", 3) ? "" : d.name + 3, status(process),
		d.protocol == DB_PROTOCOL_SIP ? "SIP" : "SCCP", d.model, d.owner,
		platform_epoch(q->p, process->since_ns));
	db_device_free(&d);
	q->rows++;
}

static void phone(struct query *q)
{
	unsigned sip = 0, registered = 0;

	look(q, SDL_APP_CALLMANAGER, "StationD SIPStationD");
	for (size_t i = 0; i < q->n; i++) {
		bool up = !strcmp(status(q->list[i]), "reg");

		registered += up;
		sip += up && !strcmp(q->list[i]->type, "SIPStationD");
	}
	title(q, "Phone", NULL);
	fprintf(q->p->out,
		"#TotalPhones, #TotalRegistered, #RegisteredSCCP, #RegisteredSIP, #UnRegistered\n"
		"%zu, %u, %u, %u, %zu\n\n",
		q->n, registered, registered - sip, sip, q->n - registered);
	fputs("DeviceName, Descr, Ipaddr, MACaddr, RegStatus, PhoneProtocol, DeviceModel, "
	      "username, "
	      "RegStatusChg TimeStamp\n",
	      q->p->out);
	for (size_t i = 0; i < q->n; i++)
		phone_row(q, q->list[i]);
}

/* The lines of each device that is there. */
static void extensions(struct query *q)
{
	fputs("ExtnTblSeq, Name, DirNum, LineIndex, Partition, RegStatus\n", q->p->out);
	for (size_t i = 0; i < q->n; i++) {
		struct db_error err;
		struct db_device d;

		if (db_device_by_name(database(q), q->list[i]->label, &d, &err))
			continue;
		for (size_t k = 0; k < d.n_lines; k++) {
			fprintf(q->p->out, "%u, ", ++q->rows);
			put(q, d.name, ", ");
			fprintf(q->p->out, "%s, %d, %s, %s\n", d.lines[k].dn, d.lines[k].index,
				d.lines[k].partition, status(q->list[i]));
		}
		db_device_free(&d);
	}
}

static void phoneextn(struct query *q)
{
	look(q, SDL_APP_CALLMANAGER, "StationD SIPStationD");
	title(q, "PhoneExtn", NULL);
	extensions(q);
}

static void ctiextn(struct query *q)
{
	look(q, SDL_APP_CALLMANAGER, "CTIStationD");
	title(q, "CtiExtn", NULL);
	extensions(q);
}

static void cti(struct query *q)
{
	look(q, SDL_APP_CALLMANAGER, "CTIStationD");
	title(q, "Cti",
	      "CtiDeviceName, Type, Descr, DevicePool, RegStatus, RegStatusChg TimeStamp");
	for (size_t i = 0; i < q->n; i++) {
		struct db_error err;
		struct db_device d;

		if (db_device_by_name(database(q), q->list[i]->label, &d, &err))
			continue;
		put(q, d.name, ", ");
		fprintf(q->p->out, "%s, ",
			d.model == DB_MODEL_CTI_ROUTE_POINT ? "CTI Route Point" : "CTI Port");
		put(q, d.description, ", ");
		put(q, d.device_pool, ", ");
		fprintf(q->p->out, "%s, %lld\n", status(q->list[i]),
			platform_epoch(q->p, q->list[i]->since_ns));
		db_device_free(&d);
		q->rows++;
	}
}

/* What the node's CTIManager has: its applications and the devices that they have open. */
static void ctimlist(struct query *q)
{
	title(q, "CtimList", "CtiMgrClass, Name, CTIconnectionId, State, StateChg TimeStamp");
	look(q, SDL_APP_CTIMANAGER, "CTIHandler CTIDeviceLineMgr");
	for (int devices = 0; devices <= 1; devices++)
		for (size_t i = 0; i < q->n; i++) {
			const struct sim_door_process *process = q->list[i];
			bool device = !strcmp(process->type, "CTIDeviceLineMgr");

			if (device != devices)
				continue;
			put(q, device ? "Device" : "Provider", ", ");
			put(q, process->label, ", ");
			if (!device) /* a node's number and a handler's, as traces print it */
				fprintf(q->p->out, "%u",
					(uint32_t)q->p->number << 24 |
						(process->pid.inst & 0xffffff));
			fprintf(q->p->out, ", %s, %lld\n", process->state,
				platform_epoch(q->p, process->since_ns));
			q->rows++;
		}
}

static int group_rows(void *arg, const struct db_group *group)
{
	struct query *q = arg;
	const struct sim_topology *t = sim_host_options(q->p->call->host)->topology;

	for (int i = 0; i < group->n_members; i++) {
		int node = group->members[i];

		put(q, group->name, ", ");
		fprintf(q->p->out, "%d, %d, %s\n", i, node,
			node >= 1 && (size_t)node <= t->nodes_n ? t->nodes[node - 1].name : "");
		q->rows++;
	}
	return 0;
}

static void cmgroup(struct query *q)
{
	struct db_error err;

	title(q, "CMGroup", "CMGroupName, Priority, NodeId, NodeName");
	if (db_each_group(database(q), group_rows, q, &err) < 0)
		q->failed = sim_fail(q->p->call->err, SIM_FAILED, "%s", err.text) < 0;
}

static void cmnode(struct query *q)
{
	const struct sim_topology *t = sim_host_options(q->p->call->host)->topology;

	title(q, "CMNode", "NodeName, NodeId, Ipaddr, CallManager, CTIManager");
	for (size_t i = 0; i < t->nodes_n; i++) {
		static const uint16_t apps[] = { SDL_APP_CALLMANAGER, SDL_APP_CTIMANAGER };
		char address[32];

		platform_address(q->p, (uint8_t)(i + 1), address);
		fprintf(q->p->out, "%s, %zu, %s", t->nodes[i].name, i + 1, address);
		for (size_t k = 0; k < 2; k++) {
			const struct sim_program *program =
				sim_host_program_at(q->p->call->host, (uint8_t)(i + 1), apps[k]);

			fprintf(q->p->out, ", %s",
				program ? sim_state_name(program->state) : "not activated");
		}
		fputc('\n', q->p->out);
		q->rows++;
	}
}

static const struct {
	const char *name;
	void (*show)(struct query *q);
	const char *help;
} tables[] = {
	{ "phone", phone, "phones registered here" },
	{ "phoneextn", phoneextn, "their lines" },
	{ "cmnode", cmnode, "nodes of the cluster" },
	{ "cmgroup", cmgroup, "CallManager groups with their members" },
	{ "cti", cti, "CTI ports and route points registered here" },
	{ "ctiextn", ctiextn, "their lines" },
	{ "ctimlist", ctimlist, "applications and devices at this node's CTIManager" },
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

const char *platform_risdb_choice(size_t i)
{
	return i < TABLES ? tables[i].name : NULL;
}

int platform_risdb_list(struct platform *p)
{
	for (size_t i = 0; i < TABLES; i++)
		fprintf(p->out, "%-10s %s\n", tables[i].name, tables[i].help);
	return 0;
}

static size_t table_of(const char *name)
{
	size_t i = 0;

	while (i < TABLES && strcasecmp(tables[i].name, name) != 0)
		i++;
	return i;
}

int platform_risdb_query(struct platform *p)
{
	struct query q = { .p = p };

	for (size_t i = p->first; i < p->words->n; i++)
		if (table_of(p->words->word[i]) == TABLES)
			return sim_fail(p->call->err, SIM_USAGE,
					"there is no table '%.40s'; 'show risdb list' shows them",
					p->words->word[i]);
	if (!database(&q))
		return sim_fail(p->call->err, SIM_FAILED,
				"this cluster has no database that is open here");
	for (size_t i = p->first; i < p->words->n; i++) {
		size_t t = table_of(p->words->word[i]);

		tables[t].show(&q);
		total(&q, tables[t].name);
	}
	free(q.list);
	sim_door_free(&q.door);
	return q.failed ? -1 : 0;
}
