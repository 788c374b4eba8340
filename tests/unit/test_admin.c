/* Objects by the table of kinds: added, shown, changed, removed, and what is refused. */
#include "tests/lib/db_fixture.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

#include "sim/admin/node.h"
#include "sim/admin/object.h"

static struct admin admin;
static struct admin_object object, to;

static void set_up(void)
{
	db_fixture_up();
	admin_open(&admin, db);
	OK(admin_parameter_table(db, &err));
}

static void tear_down(void)
{
	admin_close(&admin);
	db_fixture_down();
}

/* "phone SEP1 --tkmodel 7960": cut in place; '...' keeps blanks. Options go to `o`, words are the key. */
static int parse(struct admin_object *o, char *line, bool adding)
{
	const char *words[8];
	size_t n = 0;
	int column = -1;

	memset(o, 0, sizeof(*o));
	for (char *p = line; *p;) {
		bool quoted = *p == '\'';
		char *word = p += quoted;

		p += strcspn(p, quoted ? "'" : " ");
		if (*p)
			*p++ = '\0';
		p += strspn(p, " ");
		if (!o->kind) {
			o->kind = admin_kind(word);
			ck_assert_msg(o->kind != NULL, "%s", word);
		} else if (column >= 0) {
			o->text[column] = word;
			column = -1;
		} else if (!strncmp(word, "--", 2)) {
			column = admin_column(o->kind, word + 2, strlen(word + 2));
			ck_assert_msg(column >= 0, "%s", word);
		} else {
			words[n++] = word;
		}
	}
	return admin_key(o, words, n, adding, &err);
}

static char line[2000];

static int finish(int rc)
{
	if (rc) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, &err);
}

static int add(const char *text)
{
	int rc = db_begin(db, &err);

	snprintf(line, sizeof(line), "%s", text);
	rc = rc ? rc : parse(&object, line, true);
	return finish(rc ? rc : admin_add(&admin, &object, &err));
}

static int change(const char *key, const char *column, const char *value)
{
	int rc = db_begin(db, &err);

	snprintf(line, sizeof(line), "%s", key);
	rc = rc ? rc : parse(&object, line, false);
	memset(&to, 0, sizeof(to));
	to.kind = object.kind;
	to.text[admin_column(to.kind, column, strlen(column))] = value;
	return finish(rc ? rc : admin_change(&admin, &object, &to, &err));
}

static int take_away(const char *key)
{
	int rc = db_begin(db, &err);

	snprintf(line, sizeof(line), "%s", key);
	rc = rc ? rc : parse(&object, line, false);
	return finish(rc ? rc : admin_remove(&admin, &object, &err));
}

static char shown[4000];

static int join(void *arg, const struct admin_kind *kind, const char *const *values)
{
	size_t n = strlen(shown);

	(void)arg;
	for (size_t i = 0; kind->columns[i].name; i++)
		if (values[i])
			n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%s=%s ",
					      kind->columns[i].name, values[i]);
	return 0;
}

static void has(const char *key, const char *what)
{
	snprintf(line, sizeof(line), "%s", key);
	OK(parse(&object, line, false));
	shown[0] = '\0';
	OK(admin_read(&admin, &object, join, NULL, &err));
	ck_assert_msg(strstr(shown, what) != NULL, "'%s' is not in: %s", what, shown);
}

START_TEST(each_kind_has_a_key_helps_and_reads_what_is_there)
{
	const struct admin_kind *k;
	size_t n = 0;

	for (size_t i = 0; (k = admin_kind_at(i)); i++, n++) {
		ck_assert_ptr_eq(admin_kind(k->name), k);
		ck_assert_uint_lt(admin_columns(k), ADMIN_COLUMNS_MAX);
		ck_assert(k->columns[0].how & ADMIN_KEY);
		for (size_t c = 0; k->columns[c].name; c++) {
			ck_assert_msg(k->columns[c].help != NULL, "%s %s", k->name,
				      k->columns[c].name);
			ck_assert_int_eq(
				admin_column(k, k->columns[c].name, strlen(k->columns[c].name)),
				(int)c);
		}
		shown[0] = '\0';
		ck_assert_msg(admin_list_objects(&admin, k, "1*", join, NULL, &err) == 0, "%s: %s",
			      k->name, err.text);
	}
	ck_assert_uint_ge(n, 20);
}
END_TEST

/* What can be added, what it then shows, a change of it, and what that shows. */
static const struct {
	const char *add, *key, *has, *column, *value, *then;
} life[] = {
	{ "phone SEP9 --model 7960 --pool P12 --description 'Front desk'", "phone SEP9",
	  "tkmodel=Cisco 7960 tkdeviceprotocol=SCCP description=Front desk fkdevicepool=P12",
	  "allowcticontrolflag", "no", "allowcticontrolflag=f" },
	{ "phone SEP9 --model 'Cisco 7970' --protocol SIP --pool P12", "phone SEP9",
	  "fksecurityprofile=Standard SIP Non-Secure Profile", "name", "SEPA", NULL },
	{ "port CTIP_9 --pool P12", "port CTIP_9", "fklocation=Hub_None", "description", "x",
	  "description=x" },
	{ "routepoint CTIRP_9 --pool P12", "routepoint CTIRP_9", "fkdevicepool=P12", "description",
	  "x", "description=x" },
	{ "line CTIP_1 2 6002 --cfnaintdestination 1001 --cfadestination 1002", "line CTIP_1 2",
	  "maxnumcalls=4 busytrigger=2", "cfadestination", "1003", "cfadestination=1003" },
	{ "line CTIRP_5000 2 5001/Internal", "line CTIRP_5000 2",
	  "fkroutepartition=Internal maxnumcalls=5000 busytrigger=4500", "maxnumcalls", "6000",
	  "maxnumcalls=6000" },
	{ "number 4000/Internal --cfbdestination 1001", "number 4000/Internal",
	  "cfbdestination=1001", "cfadestination", "1002", "cfadestination=1002" },
	{ "partition P9 --description x", "partition P9", "description=x", "name", "P10", NULL },
	{ "searchspace C9 Internal", "searchspace C9", "members=Internal", "members", "",
	  "name=C9" },
	{ "parknumber 77XX ccm1", "parknumber 77XX", "fkcallmanager=ccm1", "fkcallmanager", "ccm2",
	  "fkcallmanager=ccm2" },
	{ "pickupgroup PG 7000 --members 1001/Internal", "pickupgroup PG",
	  "dnorpattern=7000 members=1001/Internal", "dnorpattern", "7001", "dnorpattern=7001" },
	{ "routepattern 9.X/Internal --blockenable t", "routepattern 9.X/Internal",
	  "blockenable=t patternurgency=f", "prefixdigitsout", "12", "prefixdigitsout=12" },
	{ "translation 5.X --digitdiscard PreDot", "translation 5.X",
	  "fkdigitdiscardinstruction=PreDot", "calledpartytransformationmask", "10XX",
	  "calledpartytransformationmask=10XX" },
	{ "dialrules D '8,..... 0; 9...'", "dialrules D", "patterns=8,..... 0; 9...", "patterns",
	  "1...", "patterns=1..." },
	{ "node ccm4", "node ccm4", "ctiid=4 services=Cisco CallManager", "description", "x",
	  "description=x" },
	{ "group G9 ccm3,ccm1", "group G9", "members=ccm3,ccm1", "members", "ccm2,ccm3",
	  "members=ccm2,ccm3" },
	{ "groupmember G12 ccm3 2", "groupmember G12 ccm3", "priority=2", "priority", "7",
	  "priority=7" },
	{ "devicepool P9 G12", "devicepool P9", "fkcallmanagergroup=G12 fkregion=Default", "name",
	  "P10", NULL },
	{ "parameter ctimanager 'maximum devices per node' 700",
	  "parameter ctimanager 'Maximum Devices Per Node'", "paramvalue=700 default=800",
	  "paramvalue", "600", "paramvalue=600" },
	{ "parameter callmanager 'T302 Timer' ccm2 9000", "parameter callmanager 'T302 Timer' ccm2",
	  "fkprocessnode=ccm2 paramvalue=9000", "paramvalue", "8000", "paramvalue=8000" },
	{ "enduser bob --password x --usergroups 'Standard CTI Enabled' --devices CTIP_1",
	  "enduser bob",
	  "lastname=bob allowcticontrolflag=t usergroups=Standard CTI Enabled "
	  "devices=CTIP_1",
	  "firstname", "Bob", "firstname=Bob" },
	{ "applicationuser app --password x", "applicationuser app", "name=app", "devices",
	  "CTIP_1,CTIRP_5000", "devices=CTIP_1,CTIRP_5000" },
	{ "usergroup U9", "usergroup U9", "isstandard=f", "roles", "Standard CTI Enabled",
	  "roles=Standard CTI Enabled" },
	{ "membership alice 'Standard CCM End Users'", "membership alice 'Standard CCM End Users'",
	  "user=alice", NULL, NULL, NULL },
	{ "controlled alice CTIRP_5000", "controlled alice CTIRP_5000", "device=CTIRP_5000", NULL,
	  NULL, NULL },
};

START_TEST(
	chk_01_chk_02_chk_03_chk_04_chk_05_chk_06_an_object_of_each_kind_is_added_changed_removed)
{
	const char *key = life[_i].key;
	char renamed[200];

	OK(add(life[_i].add));
	has(key, life[_i].has);
	/* All but parameters, which are set, can be there once; what ties a user may be said again. */
	if (life[_i].column && strncmp(key, "parameter", 9) != 0)
		ck_assert_int_eq(add(life[_i].add), DB_ECONSTRAINT);
	if (life[_i].column)
		OK(change(key, life[_i].column, life[_i].value));
	if (life[_i].then)
		has(key, life[_i].then);
	else if (life[_i].column) { /* it has another name now */
		snprintf(renamed, sizeof(renamed), "%.*s %s", (int)strcspn(key, " "), key,
			 life[_i].value);
		ck_assert_int_eq(take_away(key), DB_ENOTFOUND);
		key = renamed;
	}
	if (!strncmp(key, "pickupgroup", 11)) {
		ck_assert_int_eq(take_away(key), DB_EINUSE);
		OK(change(key, "members", ""));
	}
	OK(take_away(key));
	if (!strncmp(key, "parameter ctimanager", 20))
		has(key, "paramvalue=800");
	else
		ck_assert_int_eq(take_away(key), DB_ENOTFOUND);
}
END_TEST

/* What is refused, and what is said. */
static const struct {
	const char *add;
	int code;
	const char *says;
} refused[] = {
	{ "phone SEP9 --model 7960", DB_ECONSTRAINT, "'SEP9' names no device pool; give it one" },
	{ "phone SEP9 --pool P12", DB_EINPUT, "tkmodel is missing; give --model" },
	{ "phone SEP9 --pool P12 --model 4711", DB_ENOTFOUND, "There is no model '4711'" },
	{ "phone SEP9 --pool Q --model 7960", DB_ENOTFOUND, "There is no device pool 'Q'" },
	{ "phone 'SEP 9' --pool P12 --model 7960", DB_ECONSTRAINT, "'SEP 9' is not allowed" },
	{ "phone SEP9 --pool P12 --model 'Cisco 7920' --protocol SIP", DB_EINPUT,
	  "does not speak SIP" },
	{ "phone SEP9 --pool P12 --model 7960 --dialrules D", DB_EINPUT, "SIP phones" },
	{ "phone SEP9 --pool P12 --model 7960 --allowcticontrolflag maybe", DB_EINPUT,
	  "neither t (yes) nor f (no)" },
	{ "phone SEP9 --pool P12 --model 7960 --lines 1:1001", DB_EINPUT, "is shown, not set" },
	{ "phone SEP9 --pool P12 --model 7960 --description \xff", DB_EINPUT, "UTF-8" },
	{ "number 1001/Internal", DB_ECONSTRAINT, "number '1001' exists already" },
	{ "number 1001/Nowhere", DB_ENOTFOUND, "There is no partition 'Nowhere'" },
	{ "line CTIP_1 two 6002", DB_EINPUT, "'two' is not a whole number" },
	{ "line CTIP_1 1 6002", DB_ECONSTRAINT, "line '1' of device 'CTIP_1' is taken already" },
	{ "line CTIP_1 2 6001/Internal", DB_ECONSTRAINT,
	  "number '6001' is on device 'CTIP_1' already" },
	{ "line CTIP_1 2 6002 --maxnumcalls 201", DB_ECONSTRAINT, "more than 200 calls" },
	{ "line CTIP_1 2", DB_EINPUT, "dnorpattern is missing" },
	{ "line CTIP_1", DB_EINPUT, "It is named by: DEVICE NUMPLANINDEX" },
	{ "groupmember G12 ccm3 1", DB_ECONSTRAINT, "cannot have the same priority '1'" },
	{ "group G9 ccm1,ccm1", DB_ECONSTRAINT, "'ccm1' is a member of CallManager group 'G9'" },
	{ "group G9 ,", DB_EINPUT, "would have no member" },
	{ "group G9", DB_EINPUT, "members is missing" },
	{ "devicepool P9", DB_ECONSTRAINT, "names no CallManager group" },
	{ "node ccm9 21", DB_ECONSTRAINT, "numbers go from 1 to 20" },
	{ "node ccm9 2", DB_ECONSTRAINT, "already" },
	{ "parameter ctimanager 'Maximum Devices Per Node' 0", DB_EINPUT, "from 1 to" },
	{ "parameter ctimanager 'T302 Timer' 5", DB_ENOTFOUND, "has no parameter 'T302 Timer'" },
	{ "enduser ivr --password x", DB_ECONSTRAINT, "cannot both be named 'ivr'" },
	{ "enduser bob --password ''", DB_EINPUT, "needs a password" },
	{ "enduser bob --usergroups Nobody", DB_ENOTFOUND, "There is no user group 'Nobody'" },
	{ "routepattern 9.@", DB_ECONSTRAINT, "write the digits" },
	{ "dialrules D '8,, 0'", DB_ECONSTRAINT, "single commas" },
	{ "dialrules D '8... soon'", DB_EINPUT, "'soon' is no number of seconds" },
	{ "partition a b", DB_EINPUT, "'b' is one word too many" },
};

START_TEST(usr_03_what_is_wrong_is_refused_with_what_to_do_and_nothing_is_kept)
{
	int64_t before = db_last_change(db);

	ck_assert_msg(add(refused[_i].add) == refused[_i].code, "%d %s", err.code, err.text);
	SAYS(refused[_i].says);
	ck_assert_int_eq(db_last_change(db), before);
}
END_TEST

START_TEST(a_fourth_member_is_refused_by_name)
{
	OK(add("node ccm4"));
	OK(add("groupmember G12 ccm3 2"));
	FAILS(add("groupmember G12 ccm4 3"));
	SAYS("group 'G12' has three members already, and more are not allowed; take one out before "
	     "'ccm4' goes in");
	FAILS(change("group G12", "members", "ccm1,ccm2,ccm3,ccm4"));
	SAYS("take one out before 'ccm4' goes in");
	has("group G12", "members=ccm1,ccm2,ccm3");
}
END_TEST

START_TEST(grp_07_control_of_all_devices_without_a_secure_connection_is_a_warning)
{
	OK(add("membership alice 'Standard CTI Allow Control of All Devices'"));
	ck_assert_uint_eq(admin.warnings_n, 1);
	ck_assert_ptr_nonnull(strstr(admin.warnings[0], "Standard CTI Secure Connection"));
	OK(add("membership alice 'Standard CTI Secure Connection'"));
	OK(add("membership ivr 'Standard CTI Enabled'"));
	ck_assert_uint_eq(admin.warnings_n, 1);
	OK(take_away("membership alice 'Standard CTI Secure Connection'"));
	ck_assert_uint_eq(admin.warnings_n, 2);
	OK(change("applicationuser ivr", "usergroups",
		  "Standard CTI Enabled, Standard CTI Allow Control of All Devices"));
	ck_assert_uint_eq(admin.warnings_n, 3);
}
END_TEST

START_TEST(dev_02_associating_a_sip_phone_that_cannot_be_controlled_is_a_warning)
{
	OK(add("phone SEP7940 --model 7940 --protocol SIP --pool P12"));
	OK(add("phone SEP7970 --model 7970 --protocol SIP --pool P12"));
	OK(add("phone SEP7960 --model 7960 --pool P12"));
	OK(add("controlled ivr SEP7970"));
	OK(add("controlled ivr SEP7960"));
	ck_assert_uint_eq(admin.warnings_n, 0);
	OK(add("controlled ivr SEP7940"));
	ck_assert_uint_eq(admin.warnings_n, 1);
	ck_assert_ptr_nonnull(strstr(admin.warnings[0], "SEP7940 is a Cisco 7940 over SIP"));
	has("controlled ivr SEP7940", "device=SEP7940");
	OK(change("enduser alice", "devices", "SEP7960,SEP7940"));
	ck_assert_uint_eq(admin.warnings_n, 2);
}
END_TEST

START_TEST(dep_04_what_is_in_use_is_not_removed)
{
	static const char *const used[] = { "devicepool P12",
					    "node ccm1",
					    "group G12",
					    "phone SEP000000000001",
					    "number 1001/Internal",
					    "usergroup 'Standard CTI Enabled'" };

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
		int rc = take_away(used[i]);

		ck_assert_msg(rc == DB_EINUSE || rc == DB_ECONSTRAINT, "%s: %d", used[i], rc);
	}
}
END_TEST

START_TEST(what_is_fixed_is_not_changed)
{
	FAILS(change("line CTIP_1 1", "fkdevice", "CTIRP_5000"));
	SAYS("fkdevice cannot be changed; remove it and add it anew");
	FAILS(change("phone SEP000000000001", "tkdeviceprotocol", "SIP"));
	FAILS(change("line CTIP_1 1", "fkroutepartition", "Internal"));
	SAYS("give --dnorpattern too");
}
END_TEST

START_TEST(a_line_gets_another_number)
{
	OK(change("line CTIP_1 1", "dnorpattern", "6009"));
	has("line CTIP_1 1", "dnorpattern=6009");
	has("number 6001/Internal", "dnorpattern=6001");
	OK(take_away("number 6001/Internal"));
}
END_TEST

START_TEST(mgr_10_a_service_is_activated_on_a_node_and_deactivated)
{
	has("service ccm1 tftp", "isactive=f");
	OK(change("service ccm1 'Cisco Tftp'", "isactive", "t"));
	has("service ccm1 tftp", "isactive=t");
	OK(change("service ccm1 1", "isactive", "f"));
	has("service ccm1 tftp", "isactive=f");
	FAILS(change("service ccm1 enterprise", "isactive", "t"));
	FAILS(change("service ccm9 tftp", "isactive", "t"));
	SAYS("There is no node 'ccm9'");
}
END_TEST

START_TEST(a_full_database_keeps_nothing_and_says_so)
{
	char name[60];
	int rc = 0;

	OK(db_limit_pages(db, 1, &err)); /* no page more than there are */
	for (int i = 0; i < 2000 && !rc; i++) {
		snprintf(name, sizeof(name), "partition PARTITION_%d", i);
		rc = add(name);
	}
	ck_assert_int_eq(rc, DB_EFULL);
	SAYS("no space left; nothing was changed");
	OK(db_limit_pages(db, 0, &err));
	ck_assert_int_eq(take_away(name), DB_ENOTFOUND);
	OK(add(name));
}
END_TEST

int main(int argc, char **argv)
{
	struct suite_case cases[] = {
		SUITE_CASE_WITH(each_kind_has_a_key_helps_and_reads_what_is_there, set_up,
				tear_down),
		SUITE_CASE_WITH(
			chk_01_chk_02_chk_03_chk_04_chk_05_chk_06_an_object_of_each_kind_is_added_changed_removed,
			set_up, tear_down),
		SUITE_CASE_WITH(usr_03_what_is_wrong_is_refused_with_what_to_do_and_nothing_is_kept,
				set_up, tear_down),
		SUITE_CASE_WITH(a_fourth_member_is_refused_by_name, set_up, tear_down),
		SUITE_CASE_WITH(
			grp_07_control_of_all_devices_without_a_secure_connection_is_a_warning,
			set_up, tear_down),
		SUITE_CASE_WITH(
			dev_02_associating_a_sip_phone_that_cannot_be_controlled_is_a_warning,
			set_up, tear_down),
		SUITE_CASE_WITH(dep_04_what_is_in_use_is_not_removed, set_up, tear_down),
		SUITE_CASE_WITH(what_is_fixed_is_not_changed, set_up, tear_down),
		SUITE_CASE_WITH(a_line_gets_another_number, set_up, tear_down),
		SUITE_CASE_WITH(mgr_10_a_service_is_activated_on_a_node_and_deactivated, set_up,
				tear_down),
		SUITE_CASE_WITH(a_full_database_keeps_nothing_and_says_so, set_up, tear_down),
	};

	cases[1].loop_to = (int)(sizeof(life) / sizeof(life[0]));
	cases[2].loop_to = (int)(sizeof(refused) / sizeof(refused[0]));
	return suite_main(argc, argv, "unit/test_admin", cases, sizeof(cases) / sizeof(cases[0]));
}
