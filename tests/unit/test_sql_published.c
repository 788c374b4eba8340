/* The SQL that administrators publish and know by heart, typed as it stands: each query of
 * published_queries.def on a small company, with the rows that must come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/sql/sql.h"
#include "tests/lib/suite.h"

static struct db *db;
static struct db_error err;

#define N(a)	 (sizeof(a) / sizeof((a)[0]))
#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

/* ---- the company ---------------------------------------------------------------------- */

static void add_nodes(void)
{
	static const enum db_service services[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	static const char *const main_group[] = { "ccm1", "ccm2", "ccm3" };
	static const char *const branch_group[] = { "ccm2", "ccm1" };
	const struct db_group_spec groups[] = {
		{ .name = "Main_CMG", .nodes = main_group, .n_nodes = 3 },
		{ .name = "Branch_CMG", .nodes = branch_group, .n_nodes = 2 },
	};

	for (int i = 0; i < 3; i++) {
		const struct db_node_spec node = { .name = main_group[i],
						   .description = i ? NULL : "Publisher",
						   .node_id = i + 1,
						   .services = services,
						   .n_services = i < 2 ? 2 : 1 };

		OK(db_add_node(db, &node, &err));
	}
	for (size_t i = 0; i < N(groups); i++)
		OK(db_add_group(db, &groups[i], &err));
	OK(db_add_device_pool(db, "HQ_DP", "Main_CMG", &err));
	OK(db_add_device_pool(db, "Branch_DP", "Branch_CMG", &err));
	OK(db_set_parameter(db, DB_SERVICE_CTIMANAGER, "Maximum Devices Per Provider", "1234", NULL,
			    &err));
}

static void add_devices(void)
{
	static const char *const lobby[] = { "Lobby_PT" };
	static const char *const staff[] = { "Internal_PT", "Lobby_PT" };
	const struct db_device_spec devices[] = {
		{ .name = "SEP001122334401",
		  .description = "Ann Archer - desk",
		  .model = DB_MODEL_7960,
		  .device_pool = "HQ_DP",
		  .search_space = "Staff_CSS",
		  .owner = "aarcher" },
		{ .name = "SEP001122334402",
		  .description = "Bo Baker - desk",
		  .model = DB_MODEL_7970,
		  .protocol = DB_PROTOCOL_SIP,
		  .device_pool = "HQ_DP",
		  .search_space = "Staff_CSS",
		  .owner = "bbaker" },
		{ .name = "SEP001122334403",
		  .description = "Lobby",
		  .model = DB_MODEL_7960,
		  .device_pool = "Branch_DP",
		  .search_space = "Lobby_CSS",
		  .cti_restricted = true },
		{ .name = "SEP001122334404", .model = DB_MODEL_7960, .device_pool = "Branch_DP" },
		{ .name = "CTIP_IVR1",
		  .description = "IVR port",
		  .model = DB_MODEL_CTI_PORT,
		  .device_pool = "HQ_DP" },
		{ .name = "CTIP_IVR2",
		  .description = "IVR port",
		  .model = DB_MODEL_CTI_PORT,
		  .device_pool = "HQ_DP" },
		{ .name = "CTIRP_5000",
		  .description = "Queue entry",
		  .model = DB_MODEL_CTI_ROUTE_POINT,
		  .device_pool = "Branch_DP" },
	};

	OK(db_add_partition(db, "Internal_PT", &err));
	OK(db_add_partition(db, "Lobby_PT", &err));
	OK(db_add_search_space(db, "Staff_CSS", staff, N(staff), &err));
	OK(db_add_search_space(db, "Lobby_CSS", lobby, N(lobby), &err));
	for (size_t i = 0; i < N(devices); i++)
		OK(db_add_device(db, &devices[i], &err));
}

static void add_lines(void)
{
	static const struct {
		const char *device;
		struct db_line_spec line;
	} lines[] = {
		{ "SEP001122334401",
		  { .index = 1,
		    .dn = "2001",
		    .partition = "Internal_PT",
		    .display = "Ann Archer",
		    .label = "Ann",
		    .alerting_name = "Ann Archer",
		    .cfna = "2002",
		    .cfna_duration_s = 12,
		    .max_calls = 4,
		    .busy_trigger = 2 } },
		{ "SEP001122334401", { .index = 2, .dn = "2100", .partition = "Internal_PT" } },
		{ "SEP001122334402",
		  { .index = 1,
		    .dn = "2002",
		    .partition = "Internal_PT",
		    .display = "Bo Baker",
		    .label = "Bo",
		    .cfa = "2001" } },
		{ "SEP001122334402", { .index = 2, .dn = "2100", .partition = "Internal_PT" } },
		{ "SEP001122334403", { .index = 1, .dn = "2003", .partition = "Lobby_PT" } },
		{ "CTIP_IVR1", { .index = 1, .dn = "6001", .partition = "Internal_PT" } },
		{ "CTIP_IVR2", { .index = 1, .dn = "6002", .partition = "Internal_PT" } },
		{ "CTIRP_5000",
		  { .index = 1,
		    .dn = "5000",
		    .partition = "Internal_PT",
		    .cfb = "2100",
		    .cfb_int = "2100",
		    .cfna = "2001",
		    .cfof = "2002" } },
		{ "CTIRP_5000", { .index = 2, .dn = "5001", .partition = "Internal_PT" } },
	};
	const struct db_pattern_spec patterns[] = {
		{ .pattern = "9.!",
		  .partition = "Internal_PT",
		  .usage = DB_USAGE_ROUTE,
		  .discard = "PreDot",
		  .description = "Outside" },
		{ .pattern = "4XXX",
		  .usage = DB_USAGE_TRANSLATION,
		  .called_mask = "2XXX",
		  .css = "Staff_CSS" },
	};

	for (size_t i = 0; i < N(lines); i++)
		OK(db_add_line(db, lines[i].device, &lines[i].line, &err));
	for (size_t i = 0; i < N(patterns); i++)
		OK(db_add_pattern(db, &patterns[i], &err));
	OK(db_add_park_number(db, "71XX", "Internal_PT", "ccm1", &err));
	OK(db_add_park_number(db, "72XX", "Internal_PT", "ccm2", &err));
	OK(db_add_pickup_group(db, "Sales", "9001", &err));
	OK(db_set_pickup_group(db, "2001", "Internal_PT", "Sales", &err));
	OK(db_set_pickup_group(db, "2002", "Internal_PT", "Sales", &err));
}

static void add_users(void)
{
	const struct db_user_spec users[] = {
		{ .userid = "aarcher", .last_name = "Archer", .password = "x" },
		{ .userid = "bbaker", .last_name = "Baker", .password = "x" },
		{ .userid = "ccole", .last_name = "Cole", .password = "x" },
		{ .userid = "ivr", .application = true, .password = "x" },
		{ .userid = "queue", .application = true, .password = "x" },
	};

	for (size_t i = 0; i < N(users); i++)
		OK(db_add_user(db, &users[i], &err));
}

static void give_rights(void)
{
	static const char *const groups[][2] = {
		{ "aarcher", "Standard CCM End Users" },
		{ "aarcher", "Standard CTI Enabled" },
		{ "bbaker", "Standard CCM End Users" },
		{ "ivr", "Standard CTI Enabled" },
		{ "queue", "Standard CTI Enabled" },
		{ "queue", "Standard CTI Allow Control of All Devices" },
	};
	static const char *const controls[][2] = {
		{ "aarcher", "SEP001122334401" }, { "bbaker", "SEP001122334402" },
		{ "bbaker", "SEP001122334401" },  { "ivr", "CTIP_IVR1" },
		{ "ivr", "CTIP_IVR2" },		  { "ivr", "CTIRP_5000" },
	};

	for (size_t i = 0; i < N(groups); i++)
		OK(db_join_group(db, groups[i][0], groups[i][1], &err));
	for (size_t i = 0; i < N(controls); i++)
		OK(db_associate(db, controls[i][0], controls[i][1], &err));
}

/* What only SQL sets: typed as an administrator would, too. */
static void type_in_the_rest(void)
{
	static const char *const statements[] = {
		"UPDATE enduser SET firstname = 'Ann', department = 'Sales', telephonenumber = "
		"'2001' WHERE userid = 'aarcher'",
		"update enduser set (firstname, department) = ('Bo', 'Sales') where userid = "
		"'bbaker'",
		"update enduser eu set eu.status = 0, eu.firstname='Cy' where eu.userid='ccole'",
		"insert into endusernumplanmap (pkid, fkenduser, fknumplan, tkdnusage) select "
		"newid(), eu.pkid, n.pkid, 1 from enduser eu, numplan n where eu.userid = "
		"'aarcher' and n.dnorpattern = '2001'",
		"INSERT INTO functionroleresourcemap (fkfunctionrole, tkresource, permission) "
		"SELECT pkid, 7, 3 FROM functionrole WHERE name = 'Standard CCM End Users'",
		"insert into processconfig (paramname, paramvalue, tkservice) values "
		"('ClusterID', 'StandAloneCluster', 11)",
		"update device set (tkuserlocale, tkcountry) = (1, 64) where name matches "
		"'SEP*0[12]'",
	};

	for (size_t i = 0; i < N(statements); i++) {
		FILE *out = fopen("/dev/null", "w");
		int rc = sql_run(db, statements[i], out, &err);

		fclose(out);
		ck_assert_msg(rc == 0, "%s: %s", statements[i], err.text);
	}
}

static void up(void)
{
	OK(db_memory(&db, &err));
	db_seed(db, 11);
	add_nodes();
	add_users();
	add_devices();
	add_lines();
	give_rights();
	type_in_the_rest();
}

static void down(void)
{
	db_close(&db);
}

/* ---- the queries ---------------------------------------------------------------------- */

static const struct {
	const char *statement;
	const char *wanted; /* the header and the rows, without ruler and padding */
} queries[] = {
#define QUERY(statement, wanted) { statement, wanted },
#include "tests/unit/published_queries.def"
#undef QUERY
};

/* Runs of blanks as one, none at the end of a line; and without the second line, the ruler. */
static void bare(char *text)
{
	char *to = text;
	int line = 0;

	for (const char *from = text; *from; from++) {
		bool blank = from[0] == ' ' && (from[1] == ' ' || from[1] == '\n');

		if (line != 1 && !blank)
			*to++ = *from;
		line += *from == '\n';
	}
	*to = 0;
}

START_TEST(a_query_that_administrators_publish_runs_as_it_stands)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc = sql_run(db, queries[_i].statement, out, &err);

	fclose(out);
	ck_assert_msg(rc == 0, "%s: %s", queries[_i].statement, err.text);
	bare(text);
	ck_assert_msg(!strcmp(text, queries[_i].wanted), "%s\nprinted\n%s", queries[_i].statement,
		      text);
	free(text);
}
END_TEST

/* Each table of the data dictionary is read by some query, so that none is only there on paper. */
START_TEST(the_queries_are_over_every_table)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc = sql_run(db,
			 "select tabname from systables where tabname not like 'rehome%' and "
			 "tabname not in ('credential') order by tabname",
			 out, &err);
	int missing = 0;
	char *line;

	fclose(out);
	ck_assert_int_eq(rc, 0);
	line = strtok(text, "\n"); /* header */
	line = strtok(NULL, "\n"); /* ruler */
	while ((line = strtok(NULL, "\n"))) {
		bool read = false;

		line[strcspn(line, " ")] = 0;
		for (size_t i = 0; i < N(queries) && !read; i++) {
			const char *at = queries[i].statement;
			size_t n = strlen(line);

			while (!read && (at = strcasestr(at, line))) {
				read = !strchr("abcdefghijklmnopqrstuvwxyz_.", at[n] | 0x20) ||
				       !at[n];
				at += n;
			}
		}
		if (!read) {
			printf("no query reads %s\n", line);
			missing++;
		}
	}
	free(text);
	ck_assert_int_eq(missing, 0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		{ .name = "a_query_that_administrators_publish_runs_as_it_stands",
		  .test = a_query_that_administrators_publish_runs_as_it_stands,
		  .setup = up,
		  .teardown = down,
		  .loop_to = (int)N(queries) },
		SUITE_CASE_WITH(the_queries_are_over_every_table, up, down),
	};

	return suite_main(argc, argv, "unit/test_sql_published", cases, N(cases));
}
