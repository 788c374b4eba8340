/* What administrators type, what SQLite gets, and what is printed. */
#include "common/sql/sql.h"
#include "common/base/prng.h"
#include "common/db/db.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct db *db;
static struct db_error err;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void translates(const char *statement, const char *wanted)
{
	char *got = sql_translate(statement, &err);

	ck_assert_msg(got != NULL, "%s", err.text);
	ck_assert_str_eq(got, wanted);
	free(got);
}

static void prints(const char *statement, const char *wanted)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc = sql_run(db, statement, out, &err);

	fclose(out);
	ck_assert_msg(rc == 0, "%s: %s", statement, err.text);
	ck_assert_msg(!strcmp(text, wanted), "%s\nprinted\n%sinstead of\n%s", statement, text,
		      wanted);
	free(text);
}

static void refuses(const char *statement, int code, const char *sentence)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc = sql_run(db, statement, out, &err);

	fclose(out);
	ck_assert_msg(rc == code, "%s: %d %s", statement, rc, err.text);
	ck_assert_msg(strstr(err.text, sentence) != NULL, "%s: %s", statement, err.text);
	ck_assert_str_eq(text, "");
	free(text);
}

static void add_device(const char *name, int model, enum db_protocol protocol, const char *pool,
		       const char *description)
{
	const struct db_device_spec device = { .name = name,
					       .model = model,
					       .protocol = protocol,
					       .device_pool = pool,
					       .description = description };

	OK(db_add_device(db, &device, &err));
}

static void add_line(const char *device, int index, const char *dn, const char *cfa)
{
	const struct db_line_spec line = {
		.index = index, .dn = dn, .partition = "Internal_PT", .cfa = cfa, .display = device
	};

	OK(db_add_line(db, device, &line, &err));
}

static void add_user(const char *userid, bool application, const char *group, const char *device)
{
	const struct db_user_spec user = {
		.userid = userid, .password = "x", .application = application, .last_name = "Doe"
	};

	OK(db_add_user(db, &user, &err));
	OK(db_join_group(db, userid, group, &err));
	OK(db_associate(db, userid, device, &err));
}

static void up(void)
{
	static const enum db_service both[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	static const char *const names[] = { "ccm1", "ccm2" };
	const struct db_group_spec group = { .name = "Main", .nodes = names, .n_nodes = 2 };

	OK(db_memory(&db, &err));
	db_seed(db, 7);
	for (int i = 0; i < 2; i++) {
		const struct db_node_spec node = { .name = names[i],
						   .node_id = i + 1,
						   .services = both,
						   .n_services = i ? 1 : 2 };

		OK(db_add_node(db, &node, &err));
	}
	OK(db_add_group(db, &group, &err));
	OK(db_add_device_pool(db, "HQ", "Main", &err));
	OK(db_add_partition(db, "Internal_PT", &err));
	add_device("SEP00000000000A", DB_MODEL_7960, DB_PROTOCOL_SCCP, "HQ", "Alice");
	add_device("SEP00000000000B", DB_MODEL_7970, DB_PROTOCOL_SIP, "HQ", "Bob");
	add_device("CTIP_1", DB_MODEL_CTI_PORT, DB_PROTOCOL_SCCP, "HQ", NULL);
	add_device("CTIRP_5000", DB_MODEL_CTI_ROUTE_POINT, DB_PROTOCOL_SCCP, "HQ", "IVR*entry");
	add_line("SEP00000000000A", 1, "1001", NULL);
	add_line("SEP00000000000A", 2, "1002", "1001");
	add_line("SEP00000000000B", 1, "1002", NULL);
	add_line("CTIP_1", 1, "6001", NULL);
	add_line("CTIRP_5000", 1, "5000", NULL);
	add_user("alice", false, "Standard CCM End Users", "SEP00000000000A");
	add_user("ivr", true, "Standard CTI Enabled", "CTIRP_5000");
	OK(db_associate(db, "ivr", "CTIP_1", &err));
	OK(db_add_park_number(db, "880X", NULL, "ccm1", &err));
}

static void down(void)
{
	db_close(&db);
}

START_TEST(informix_words_become_those_of_sqlite)
{
	translates("SELECT FIRST 3 name FROM device ORDER BY name",
		   "SELECT name FROM device ORDER BY name LIMIT 3");
	translates("select skip 2 first 3 name from device;",
		   "select name from device LIMIT 3 OFFSET 2 ;");
	translates("select skip 2 name from device", "select name from device LIMIT -1 OFFSET 2");
	translates("select name from t where pkid in (select first 1 fk from x) and 1=1",
		   "select name from t where pkid in (select fk from x LIMIT 1 ) and 1=1");
	translates("select first 1 a from t union select b from u",
		   "SELECT * FROM (select a from t LIMIT 1) union select b from u");
	translates("select a from t minus select first 1 b from u",
		   "select a from t EXCEPT SELECT * FROM (select b from u LIMIT 1)");
	translates("select unique a from t", "select DISTINCT a from t");
	translates("select first from t", "select first from t");
	translates("select a from t where a matches 'SEP*'", "select a from t where a GLOB 'SEP*'");
	translates("select a from t where a not matches 'a\\*b\\?c'",
		   "select a from t where a not GLOB 'a[*]b[?]c'");
	translates("select a from t where a matches 'x!*' escape '!'",
		   "select a from t where a GLOB 'x[*]'");
	translates("select a as group from t", "select a as \"group\" from t");
	translates(
		"select group.name from callmanagergroup group order by group.name",
		"select \"group\" .name from callmanagergroup \"group\" order by \"group\" .name");
	translates("select x as DeviceName from t", "select x as devicename from t");
	translates("UPDATE device d SET d.name = 'x', d.description = 'y' WHERE d.name = 'z'",
		   "UPDATE device AS d SET name = 'x', description = 'y' WHERE d.name = 'z'");
	translates("delete device where name = 'x'", "delete FROM device where name = 'x'");
	translates("delete from device d where d.name = 'x'",
		   "delete from device AS d where d.name = 'x'");
	translates("select tkmodel::varchar(10) from device",
		   "select CAST(tkmodel AS TEXT) from device");
	translates("select (d.a + 1)::int from d", "select CAST((d.a + 1) AS INTEGER) from d");
}
END_TEST

START_TEST(what_stands_in_quotes_is_untouched)
{
	translates("select 'SELECT FIRST 1 matches {x} -- y' from t {gone} -- gone",
		   "select 'SELECT FIRST 1 matches {x} -- y' from t");
	translates("select a as \"Group Name\" from t where b = 'it''s a::int'",
		   "select a as \"Group Name\" from t where b = 'it''s a::int'");
	prints("select first 1 'select first 5 x matches y' as Text from device",
	       "text\n==========================\nselect first 5 x matches y\n");
}
END_TEST

START_TEST(a_result_has_header_ruler_and_padded_rows)
{
	prints("select name, description from device where name like 'SEP%' order by name",
	       "name            description\n"
	       "=============== ===========\n"
	       "SEP00000000000A Alice\n"
	       "SEP00000000000B Bob\n");
	prints("select description, name from device where name like 'CTI%' order by name",
	       "description name\n"
	       "=========== ==========\n"
	       "NULL        CTIP_1\n"
	       "IVR*entry   CTIRP_5000\n");
	prints("select pkid from device where name = 'nothing'", "pkid\n====\n");
}
END_TEST

START_TEST(a_change_tells_its_rows)
{
	prints("update device set description = 'moved' where name like 'SEP%'", "Rows: 2\n");
	prints("UPDATE device d SET d.description = 'x' WHERE d.name = 'nobody'", "Rows: 0\n");
	prints("insert into routepartition (name) values ('New_PT')", "Rows: 1\n");
	prints("insert into routepartition (pkid, name) values (newid(), 'New2_PT')", "Rows: 1\n");
	prints("select count(*) from routepartition where length(pkid) = 36",
	       "(count(*))\n==========\n3\n");
	prints("delete from routepartition where name matches 'New*_PT'", "Rows: 2\n");
}
END_TEST

START_TEST(errors_are_in_informix_words)
{
	refuses("select concat('a', 'b', 'c') from device", DB_ESQL,
		"Routine (concat) can not be resolved.");
	refuses("select nosuch(name) from device", DB_ESQL,
		"Routine (nosuch) can not be resolved.");
	refuses("select * from nosuch", DB_ESQL,
		"The specified table (nosuch) is not in the database.");
	refuses("select nosuch from device", DB_ESQL, "Column (nosuch) not found in any table");
	refuses("selec name from device", DB_ESQL, "A syntax error has occurred.");
	refuses("select name from device where name = 'x", DB_ESQL, "A quoted text is not closed");
	refuses("select pkid from device, numplan", DB_ESQL, "Ambiguous column (pkid).");
	refuses("", DB_ESQL, "empty");
	refuses("-- only a comment", DB_ESQL, "empty");
}
END_TEST

START_TEST(constraints_speak_in_sentences_here_too)
{
	refuses("insert into callmanagergroupmember (fkcallmanagergroup, fkcallmanager, priority) "
		"select g.pkid, c.pkid, 1 from callmanagergroup g, callmanager c "
		"where g.name = 'Main' and c.name = 'CM_ccm1'",
		DB_ECONSTRAINT, "cannot have the same priority");
	refuses("update device set fkdevicepool = null", DB_ECONSTRAINT, "names no device pool");
	refuses("delete from devicepool where name = 'HQ'", DB_EINUSE, "in use");
	refuses("insert into numplan (dnorpattern, fkroutepartition) select '1001', pkid from "
		"routepartition",
		DB_ECONSTRAINT, "exists already in partition");
	refuses("update device set allowcticontrolflag = 'yes'", DB_ECONSTRAINT, "'t' or 'f'");
}
END_TEST

START_TEST(only_rows_can_be_reached)
{
	refuses("drop table device", DB_ESQL, "changes neither tables");
	refuses("create table x (a)", DB_ESQL, "changes neither tables");
	refuses("attach database '/tmp/x' as x", DB_ESQL, "");
	refuses("pragma writable_schema = 1", DB_ESQL, "");
	refuses("begin", DB_ESQL, "");
	refuses("vacuum", DB_ESQL, "");
	refuses("delete from sqlite_schema", DB_ESQL, "");
	refuses("insert into rehomechange (tablename, rowpkid, operation) values ('a', 'b', "
		"'insert')",
		DB_ESQL, "");
	refuses("select name from device; delete from device", DB_ESQL, "One statement at a time");
	refuses("select name from device where name = ?", DB_ESQL, "no parameters");
	prints("select count(*) from device;  ;", "(count(*))\n==========\n4\n");
}
END_TEST

START_TEST(work_and_size_are_bounded)
{
	char *big = malloc(SQL_STATEMENT_MAX + 2);

	memset(big, ' ', SQL_STATEMENT_MAX + 1);
	big[SQL_STATEMENT_MAX + 1] = 0;
	refuses(big, DB_ELIMIT, "longer than");
	memset(big, '(', SQL_STATEMENT_MAX);
	big[SQL_STATEMENT_MAX] = 0;
	refuses(big, DB_ESQL, "");
	free(big);
	refuses("with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) "
		"from c",
		DB_ELIMIT, "took too long");
	refuses("select hex(zeroblob(100000000))", DB_ELIMIT, "too big");
	refuses("with recursive c(x) as (select 1 union all select x + 1 from c limit 100) select "
		"hex(zeroblob(1000000)) from c",
		DB_ELIMIT, "64 MiB");
}
END_TEST

/* Any text at all: an answer or an error with words, and the database as sound as before. */
START_TEST(no_statement_breaks_it)
{
	static const char *const words[] = {
		"select ",
		"first ",
		"skip ",
		"3 ",
		"unique ",
		"name ",
		"from ",
		"device ",
		"d ",
		"d.",
		"where ",
		"matches ",
		"'a\\*b' ",
		"escape ",
		"'!' ",
		"as ",
		"group ",
		"group.",
		"order by ",
		"update ",
		"set ",
		"= ",
		"delete ",
		"insert into ",
		"values ",
		"(",
		")",
		",",
		"union ",
		"all ",
		"minus ",
		"::",
		"int ",
		"varchar(",
		"'",
		"\"",
		"{",
		"}",
		"--",
		"\n",
		"/*",
		"*/",
		";",
		"numplan ",
		"* ",
		"like ",
		"in ",
		"not ",
		"null ",
		"limit ",
		"exists ",
		"count(*) ",
		"with recursive ",
		"concat(",
		"substring(",
		"for ",
		"[",
		"1,",
		"]",
		"end ",
		"decode(",
		"lpad(",
		"newid() ",
		"\\",
		"?",
		"\x80",
		"|| ",
		"'t' ",
		"systables ",
		"pkid ",
		".",
	};
	struct prng prng;
	FILE *out = fopen("/dev/null", "w");

	prng_key(&prng, 1, "", "statements");
	for (int i = 0; i < 4000; i++) {
		char text[1024] = "";

		if (prng_chance(&prng, 2, 3))
			strcpy(text, "select ");
		for (uint64_t n = 1 + prng_below(&prng, 25); n; n--)
			strcat(text, words[prng_below(&prng, sizeof(words) / sizeof(words[0]))]);
		ck_assert_int_eq(db_begin(db, &err), 0);
		err.text[0] = 0;
		if (sql_run(db, text, out, &err))
			ck_assert_msg(err.text[0] && err.code < 0, "no words for: %s", text);
		db_rollback(db);
	}
	fclose(out);
	prints("select count(*) from device", "(count(*))\n==========\n4\n");
}
END_TEST

START_TEST(a_terminal_cannot_be_commanded)
{
	prints("select char(27) || '[2J' || char(10) as x from typestatus where enum = 0",
	       "x\n=====\n.[2J.\n");
}
END_TEST

/* Runs of blanks as one, so that the rows below need not be padded. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (from[0] != ' ' || from[1] != ' ')
			*to++ = *from;
	*to = 0;
}

/* Queries in the style that administrators publish, over the tables they use. */
static const struct {
	const char *statement, *rows; /* header and ruler left out */
} queries[] = {
	/* devices, pools, groups */
	{ "select first 1 name from device order by name", "CTIP_1\n" },
	{ "SELECT SKIP 1 FIRST 1 name FROM device ORDER BY name", "CTIRP_5000\n" },
	{ "SELECT Name FROM Device WHERE TkModel = '72'", "CTIP_1\n" },
	{ "select d.name, dp.name as pool from device as d inner join devicepool as dp on "
	  "d.fkdevicepool = dp.pkid where d.name = 'CTIP_1'",
	  "CTIP_1 HQ\n" },
	{ "select count(*) from device where tkclass = 1", "3\n" },
	{ "select tm.name, count(*) as total from device d, typemodel tm where d.tkmodel = tm.enum "
	  "group by tm.name order by tm.name",
	  "CTI Port 1\nCTI Route Point 1\nCisco 7960 1\nCisco 7970 1\n" },
	{ "select d.name \"Device Name\", tp.name Protocol from device d inner join "
	  "typedeviceprotocol tp on tp.enum = d.tkdeviceprotocol where d.name like 'SEP%' order by "
	  "1",
	  "SEP00000000000A SCCP\nSEP00000000000B SIP\n" },
	{ "select device.name, typeclass.name from device, typeclass where device.tkclass = "
	  "typeclass.enum and typeclass.moniker = 'CLASS_CTI_ROUTE_POINT'",
	  "CTIRP_5000 CTI Route Point\n" },
	{ "select name from device where name matches 'SEP*[AB]' order by name desc",
	  "SEP00000000000B\nSEP00000000000A\n" },
	{ "select name from device where description matches 'IVR\\*?*'", "CTIRP_5000\n" },
	{ "select name from device where lower(name) like lower('sep%0a')", "SEP00000000000A\n" },
	{ "select name from device where name like 'sep%'", "" },
	{ "select name from device where description is null", "CTIP_1\n" },
	{ "select d.name from device d where d.allowcticontrolflag = 't' and d.pkid not in (select "
	  "fkdevice from applicationuserdevicemap) and d.pkid not in (select fkdevice from "
	  "enduserdevicemap)",
	  "SEP00000000000B\n" },
	{ "select cmg.name, cm.name, m.priority from callmanagergroupmember m join "
	  "callmanagergroup "
	  "cmg on cmg.pkid = m.fkcallmanagergroup join callmanager cm on cm.pkid = m.fkcallmanager "
	  "order by m.priority",
	  "Main CM_ccm1 0\nMain CM_ccm2 1\n" },
	{ "select group.name from callmanagergroup as group, devicepool dp where "
	  "dp.fkcallmanagergroup = group.pkid and dp.name = 'HQ'",
	  "Main\n" },
	{ "select d.name from device d inner join devicepool dp on d.fkdevicepool=dp.pkid inner "
	  "join "
	  "callmanagergroup g on dp.fkcallmanagergroup=g.pkid where g.name='Main' and d.tkmodel=73",
	  "CTIRP_5000\n" },
	{ "select name from devicepool where pkid = '1b1b9eb6-7803-11d3-bdf0-00108302ead1'",
	  "Default\n" },
	{ "select dp.name from devicepool dp left outer join device d on d.fkdevicepool = dp.pkid "
	  "where d.pkid is null",
	  "Default\n" },
	/* nodes and services */
	{ "select name from processnode where nodeid > '1' order by nodeid", "ccm1\nccm2\n" },
	{ "select name, nodeid from processnode where name != 'EnterpriseWideData' order by name",
	  "ccm1 2\nccm2 3\n" },
	{ "select pn.name, ts.name from processnodeservice pns join processnode pn on "
	  "pns.fkprocessnode = pn.pkid join typeservice ts on ts.enum = pns.tkservice where "
	  "pns.isactive = 't' order by pn.name, ts.name",
	  "ccm1 Cisco CTIManager\nccm1 Cisco CallManager\nccm2 Cisco CallManager\n" },
	{ "select cm.ctiid, pn.name from callmanager cm, processnode pn where cm.fkprocessnode = "
	  "pn.pkid order by ctiid",
	  "1 ccm1\n2 ccm2\n" },
	{ "select paramname,paramvalue from processconfig where tkservice=11", "" },
	{ "select version from componentversion where softwarecomponent = 'cm-ver'", "5.1.1\n" },
	/* numbers and lines */
	{ "select n.dnorpattern, rp.name from numplan n left join routepartition rp on "
	  "n.fkroutepartition = rp.pkid where n.tkpatternusage = 2 order by n.dnorpattern",
	  "1001 Internal_PT\n1002 Internal_PT\n5000 Internal_PT\n6001 Internal_PT\n" },
	{ "select d.name, n.dnorpattern, m.numplanindex from device d inner join devicenumplanmap "
	  "m "
	  "on m.fkdevice = d.pkid inner join numplan n on m.fknumplan = n.pkid where "
	  "m.numplanindex = "
	  "1 and d.tkclass = 1 order by d.name",
	  "CTIP_1 6001 1\nSEP00000000000A 1001 1\nSEP00000000000B 1002 1\n" },
	{ "select n.dnorpattern from numplan n inner join devicenumplanmap m on m.fknumplan = "
	  "n.pkid "
	  "group by n.dnorpattern having count(*) > 1",
	  "1002\n" },
	{ "select n.dnorpattern, cfd.cfadestination from numplan n inner join callforwarddynamic "
	  "cfd "
	  "on cfd.fknumplan = n.pkid where cfd.cfadestination != ''",
	  "1002 1001\n" },
	{ "select maxnumcalls, busytrigger from devicenumplanmap m, device d where m.fkdevice = "
	  "d.pkid "
	  "and d.name = 'CTIRP_5000'",
	  "5000 4500\n" },
	{ "select dnorpattern from numplan where tkpatternusage = 0 and fkcallmanager in (select "
	  "pkid "
	  "from callmanager where name = 'CM_ccm1')",
	  "880X\n" },
	{ "select dnorpattern from numplan where dnorpattern = 1001", "1001\n" },
	{ "select tpu.name, count(*) as n from numplan np, typepatternusage tpu where "
	  "np.tkpatternusage = tpu.enum group by tpu.name order by tpu.name",
	  "Call Park 1\nDevice 4\n" },
	{ "select concat(concat(n.dnorpattern, '/'), rp.name) as route from numplan n, "
	  "routepartition "
	  "rp where rp.pkid = n.fkroutepartition and n.dnorpattern = '5000'",
	  "5000/Internal_PT\n" },
	{ "select dnorpattern || ' *' from numplan where dnorpattern = '5000'", "5000 *\n" },
	{ "select n.dnorpattern from numplan n where not exists (select 1 from devicenumplanmap m "
	  "where m.fknumplan = n.pkid)",
	  "880X\n" },
	{ "select case when tkpatternusage = 0 then 'park' else 'dn' end as kind, count(*) from "
	  "numplan group by 1 order by 1",
	  "dn 4\npark 1\n" },
	/* users */
	{ "select eu.userid, d.name from enduser as eu inner join enduserdevicemap as eudm on "
	  "eudm.fkenduser = eu.pkid inner join device as d on d.pkid = eudm.fkdevice where "
	  "eudm.tkuserassociation = 1",
	  "alice SEP00000000000A\n" },
	{ "select au.name, d.name from applicationuser au, applicationuserdevicemap m, device d "
	  "where "
	  "m.fkapplicationuser = au.pkid and m.fkdevice = d.pkid order by d.name",
	  "ivr CTIP_1\nivr CTIRP_5000\n" },
	{ "select dg.name from dirgroup dg inner join applicationuserdirgroupmap m on m.fkdirgroup "
	  "= "
	  "dg.pkid inner join applicationuser au on au.pkid = m.fkapplicationuser where au.name = "
	  "'ivr'",
	  "Standard CTI Enabled\n" },
	{ "select eu.userid from enduser eu where eu.pkid in (select fkenduser from "
	  "enduserdirgroupmap "
	  "where fkdirgroup in (select pkid from dirgroup where name = 'Standard CCM End Users'))",
	  "alice\n" },
	{ "select fr.name from functionrole fr inner join functionroledirgroupmap frdg on "
	  "frdg.fkfunctionrole = fr.pkid inner join dirgroup dg on dg.pkid = frdg.fkdirgroup where "
	  "dg.name like '%Secure%'",
	  "Standard CTI Secure Connection\n" },
	{ "select nvl(telephonenumber, 'none') as phone from enduser where userid = 'alice' and "
	  "status "
	  "= 1",
	  "none\n" },
	{ "select userid from enduser union select name from applicationuser order by 1",
	  "alice\nivr\n" },
	/* the catalogue and type tables */
	{ "select tabname from systables where tabname like 'device%' order by tabname",
	  "device\ndevicenumplanmap\ndevicepool\n" },
	{ "select c.colname from syscolumns c, systables t where c.tabid = t.tabid and t.tabname = "
	  "'callmanagergroupmember' order by c.colno",
	  "pkid\nfkcallmanagergroup\nfkcallmanager\npriority\n" },
	{ "select enum, name from typemodel where enum in (72, 73) order by enum",
	  "72 CTI Port\n73 CTI Route Point\n" },
	{ "select trs.name from devicenumplanmap m, typeringsetting trs where m.tkringsetting = "
	  "trs.enum group by trs.name",
	  "Use System Default\n" },
};

START_TEST(a_published_query_returns_the_right_rows)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rc = sql_run(db, queries[_i].statement, out, &err);
	const char *rows; /* after header and ruler */

	fclose(out);
	ck_assert_msg(rc == 0, "%s: %s", queries[_i].statement, err.text);
	squeeze(text);
	rows = strchr(strchr(text, '\n') + 1, '\n') + 1;
	ck_assert_msg(!strcmp(rows, queries[_i].rows), "%s\nprinted\n%s", queries[_i].statement,
		      text);
	free(text);
}
END_TEST

#define QUERIES ((int)(sizeof(queries) / sizeof(queries[0])))

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(informix_words_become_those_of_sqlite),
		SUITE_CASE_WITH(what_stands_in_quotes_is_untouched, up, down),
		SUITE_CASE_WITH(a_result_has_header_ruler_and_padded_rows, up, down),
		SUITE_CASE_WITH(a_change_tells_its_rows, up, down),
		SUITE_CASE_WITH(errors_are_in_informix_words, up, down),
		SUITE_CASE_WITH(constraints_speak_in_sentences_here_too, up, down),
		SUITE_CASE_WITH(only_rows_can_be_reached, up, down),
		SUITE_CASE_WITH(work_and_size_are_bounded, up, down),
		SUITE_CASE_WITH(no_statement_breaks_it, up, down),
		SUITE_CASE_WITH(a_terminal_cannot_be_commanded, up, down),
		{ .name = "a_published_query_returns_the_right_rows",
		  .test = a_published_query_returns_the_right_rows,
		  .setup = up,
		  .teardown = down,
		  .loop_to = QUERIES },
	};

	return suite_main(argc, argv, "unit/test_sql", cases, sizeof(cases) / sizeof(cases[0]));
}
