/* The command as its users run it: clusters of real programs, and what it says when it cannot. */
#include "tests/lib/suite.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>
#include <sqlite3.h>

/* Each case has a place of its own for run directories and reports. */
static char place[] = "/tmp/rehome-e2e-XXXXXX";
static char rehome[1024];
static char output[1 << 18]; /* of the last command, both streams */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* Runs rehome with the words of a line; '...' keeps blanks. Returns its exit status. */
__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
	char line[1024];
	char *argv[32] = { rehome };
	int argc = 1;
	int fds[2];
	size_t n = 0;
	ssize_t got;
	int status;
	pid_t pid;
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	for (char *p = line; *p && argc < 31;) {
		char end = *p == '\'' ? '\'' : ' ';

		p += *p == '\'';
		argv[argc++] = p;
		p += strcspn(p, end == ' ' ? " " : "'");
		if (*p)
			*p++ = '\0';
		p += strspn(p, " ");
	}
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		execv(rehome, argv);
		_exit(127);
	}
	close(fds[1]);
	while (n < sizeof(output) - 1 &&
	       (got = read(fds[0], output + n, sizeof(output) - 1 - n)) > 0)
		n += (size_t)got;
	output[n] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "rehome died: %s", output);
	return WEXITSTATUS(status);
}

static void says(const char *what)
{
	ck_assert_msg(strstr(output, what) != NULL, "this does not say '%s':\n%s", what, output);
}

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(realpath(build ? build : "build", rehome));
	strcat(rehome, "/rehome");
	ck_assert_msg(access(rehome, X_OK) == 0, "%s is not there", rehome);
	ck_assert_ptr_nonnull(mkdtemp(place));
	setenv("XDG_RUNTIME_DIR", place, 1);
}

static void tear_down(void)
{
	run("down");
	run("down --cluster two");
	nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Reads a file of /proc/<pid>; returns its length. */
static size_t read_proc(const char *pid, const char *name, char *text, size_t size)
{
	char path[300];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	f = fopen(path, "re");
	if (!f)
		return 0;
	n = fread(text, 1, size - 1, f);
	fclose(f);
	text[n] = '\0';
	return n;
}

/* Counts the processes that have our place among their arguments or surroundings and whose program
 * is `name`; the last one's number goes to *pid. */
static int processes(const char *name, const char *argument, pid_t *pid)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	int found = 0;

	while (dir && (e = readdir(dir))) {
		static char command[4096], around[1 << 16];
		size_t n, m;
		const char *slash;

		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		n = read_proc(e->d_name, "cmdline", command, sizeof(command));
		slash = strrchr(command, '/');
		if (n == 0 || strcmp(slash ? slash + 1 : command, name) != 0)
			continue;
		m = read_proc(e->d_name, "environ", around, sizeof(around));
		if (!memmem(around, m, place, strlen(place)) ||
		    (argument && !memmem(command, n, argument, strlen(argument) + 1)))
			continue;
		found++;
		if (pid)
			*pid = (pid_t)atoi(e->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int programs(const char *name)
{
	return processes(name, NULL, NULL);
}

/* All programs of a cluster but its supervisor. */
static int servers(void)
{
	return programs("callmanager") + programs("ctimanager") + programs("phones");
}

START_TEST(mgr_01_mgr_02_a_cluster_of_three_nodes_runs_three_programs_of_each_kind_and_leaves_none)
{
	char path[100];

	ck_assert_msg(run("up --nodes 3") == 0, "%s", output);
	says("is ready after");
	says("3 nodes, 7 programs");
	ck_assert_int_eq(programs("callmanager"), 3);
	ck_assert_int_eq(programs("ctimanager"), 3);
	ck_assert_int_eq(run("status"), 0);
	says("ccm3:ctimanager");
	says("in service");
	says("CTIRP_5000");
	says("PROVIDER");
	ck_assert_int_eq(run("down"), 0);
	ck_assert_int_eq(servers(), 0);
	snprintf(path, sizeof(path), "%s/rehome/rehome", place);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(run("status"), 2);
	says("none runs");
}
END_TEST

START_TEST(two_clusters_run_side_by_side)
{
	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	ck_assert_int_eq(run("up --nodes 1"), 2);
	says("is up already");
	ck_assert_msg(run("up --nodes 1 --cluster two") == 0, "%s", output);
	ck_assert_int_eq(run("down"), 0);
	ck_assert_int_eq(run("--cluster two status"), 0);
	says("ccm1:callmanager");
	ck_assert_int_eq(run("down --cluster two"), 0);
}
END_TEST

START_TEST(a_killed_supervisor_leaves_no_program_and_the_next_up_removes_its_directory)
{
	pid_t pid = 0;

	ck_assert_msg(run("up --nodes 2") == 0, "%s", output);
	ck_assert_int_eq(processes("rehome", "up", &pid), 1);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	/* The kernel tells the programs at once; they are gone within a moment, on a loaded machine
	 * within a longer one. */
	for (int i = 0; i < 10000 && servers() > 0; i++)
		poll(NULL, 0, 1);
	ck_assert_int_eq(servers(), 0);
	ck_assert_int_eq(run("status"), 2);
	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	ck_assert_int_eq(run("down"), 0);
}
END_TEST

static const int interrupts[] = { SIGINT, SIGTERM };

START_TEST(an_interrupted_run_ends_by_the_signal_and_leaves_neither_program_nor_directory)
{
	char report[100], directory[100];
	int status;
	pid_t pid;

	snprintf(report, sizeof(report), "%s/r", place);
	snprintf(directory, sizeof(directory), "%s/rehome", place);
	pid = fork();
	if (pid == 0) {
		const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, 1);
		dup2(null, 2);
		signal(interrupts[_i], SIG_DFL);
		execl(rehome, rehome, "run", "--host=real", "--report", report,
		      "sim/scenarios/failover-story.lua", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 10000 && programs("ctiapp") == 0; i++)
		poll(NULL, 0, 1);
	ck_assert_int_eq(kill(pid, interrupts[_i]), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == interrupts[_i], "status %x",
		      (unsigned)status);
	ck_assert_int_eq(servers() + programs("ctiapp"), 0);
	ck_assert_int_ne(access(directory, F_OK), 0);
}
END_TEST

START_TEST(faults_from_the_command_line_do_what_they_say)
{
	ck_assert_msg(run("up --nodes 2") == 0, "%s", output);
	ck_assert_int_eq(run("kill ccm1:callmanager"), 0);
	ck_assert_int_eq(run("kill ccm1:callmanager"), 2);
	says("is down: killed by signal 9");
	ck_assert_int_eq(run("freeze ccm2:ctimanager"), 0);
	ck_assert_int_eq(run("status"), 0);
	says("frozen");
	says("LINK_DISCONNECTED");
	ck_assert_int_eq(run("thaw ccm2:ctimanager"), 0);
	ck_assert_int_eq(run("start ccm1"), 0);
	ck_assert_int_eq(run("term ccm2"), 0);
	ck_assert_int_eq(run("status"), 0);
	says("ended with status 0");
	ck_assert_int_eq(run("kill ccm7"), 2);
	says("there is no target 'ccm7'");
	ck_assert_int_eq(run("explode ccm1"), 2);
	says("there is no verb 'explode'");
	ck_assert_int_eq(run("alarms"), 0);
	says("SDLLinkOOS");
	ck_assert_int_eq(run("trace ccm2:callmanager"), 0);
	says("SdlSig");
	ck_assert_int_eq(run("sql 'select name from device where name matches \"CTIRP*\"'"), 0);
	says("CTIRP_5000");
	ck_assert_int_eq(run("sql 'select nonsense from nowhere'"), 2);
}
END_TEST

/* Runs a server program by hand, in a run directory below our place. */
static int run_server(const char *program, const char *dir, unsigned cluster)
{
	char saved[sizeof(rehome)];
	int status;

	memcpy(saved, rehome, sizeof(saved));
	snprintf(strrchr(rehome, '/') + 1, 40, "%s", program);
	status = run("--node 1 --cluster %u --run %s/%s", cluster, place, dir);
	memcpy(rehome, saved, sizeof(saved));
	return status;
}

START_TEST(mgr_02_a_second_ctimanager_on_a_node_refuses_and_leaves_the_first_alone)
{
	char *number;
	char holder[40];
	pid_t first = 0;

	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	number = strstr(output, "on 127.");
	ck_assert_ptr_nonnull(number);
	ck_assert_int_eq(processes("ctimanager", NULL, &first), 1);
	ck_assert_int_eq(
		run_server("ctimanager", "rehome/rehome", (unsigned)strtoul(number + 7, NULL, 10)),
		2);
	says("node 1 of cluster");
	says("already has a ctimanager");
	snprintf(holder, sizeof(holder), "process %d;", (int)first);
	says(holder);
	ck_assert_int_eq(run("start-app ivr"), 0);
	ck_assert_int_eq(run("status"), 0);
	ck_assert_ptr_null(strstr(output, "down"));
}
END_TEST

static void write_file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", place, name);
	f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* A database as a cluster has it. */
static void copy_database(const char *to)
{
	char from[100], *message = NULL;
	char *statement;
	sqlite3 *db;

	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	snprintf(from, sizeof(from), "%s/rehome/rehome/cluster.db", place);
	statement = sqlite3_mprintf("VACUUM INTO %Q", to);
	ck_assert_int_eq(sqlite3_open(from, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, statement, NULL, NULL, &message) == SQLITE_OK, "%s",
		      message);
	sqlite3_free(statement);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	ck_assert_int_eq(run("down"), 0);
}

/* Both server programs refuse the database below our place, by its path and for that reason. */
static void database_refused(const char *why)
{
	static const char *const names[] = { "callmanager", "ctimanager" };

	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(run_server(names[i], "db", 250), 2);
		says("/db/cluster.db");
		says(why);
	}
}

START_TEST(a_database_that_is_none_or_of_another_version_is_refused_by_its_path)
{
	char path[100];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/db", place);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	database_refused("There is no database");
	write_file("db/cluster.db",
		   "this is a letter, not a database; it is long enough to be looked at as one");
	database_refused("not a database");
	snprintf(path, sizeof(path), "%s/db/cluster.db", place);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE letters (a)", NULL, NULL, NULL), SQLITE_OK);
	database_refused("not one of Rehome");
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	ck_assert_int_eq(unlink(path), 0);
	copy_database(path);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL),
			 SQLITE_OK);
	database_refused("has version 999, this program needs version");
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}
END_TEST

START_TEST(usr_05_a_wrong_password_and_an_unknown_user_are_refused_by_name)
{
	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	ck_assert_int_eq(run("start-app good --user ivr"), 0);
	ck_assert_int_eq(run("start-app bad --user ivr --password wrong"), 1);
	says("user ivr is refused: DIRECTORY_LOGIN_FAILED");
	ck_assert_int_eq(run("start-app who --user nobody --password x"), 1);
	says("user nobody is refused: DIRECTORY_LOGIN_FAILED");
	ck_assert_int_eq(run("start-app none --user nobody"), 2);
	says("no user nobody");
	ck_assert_int_eq(run("app good open CTIRP_5000"), 0);
	ck_assert_int_eq(run("app good open NOSUCH"), 2);
	ck_assert_int_eq(run("app other open CTIRP_5000"), 2);
	says("no application 'other'");
}
END_TEST

START_TEST(usr_05_a_user_outside_standard_cti_enabled_is_refused_by_name)
{
	write_file("topology.lua",
		   "return {\n"
		   "	nodes = { 'ccm1' },\n"
		   "	groups = { devices = { 'ccm1' } },\n"
		   "	pools = { devices = 'devices' },\n"
		   "	ports = { { 'CTIP_6001', dn = '6001' } },\n"
		   "	users = { outsider = { application = true,\n"
		   "		password = 'secret', devices = { 'CTIP_6001' } } },\n"
		   "}\n");
	ck_assert_msg(run("up %s/topology.lua", place) == 0, "%s", output);
	ck_assert_int_eq(run("start-app ivr --user outsider"), 1);
	says("user outsider is refused: DIRECTORY_LOGIN_NOT_ALLOWED");
	says("not in Standard CTI Enabled");
	ck_assert_int_eq(run("start-app wrong --user outsider --password guess"), 1);
	says("user outsider is refused: DIRECTORY_LOGIN_FAILED");
}
END_TEST

/* Brings a cluster up while somebody else listens at a port of its node 1; 0 if the cluster got
 * another number than the last one, because somebody else on this machine has that now. */
static int up_with_port_taken(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *number;
	int status;

	ck_assert_msg(run("up --nodes 1") == 0, "%s", output);
	number = strstr(output, "on 127.");
	ck_assert_ptr_nonnull(number);
	a.sin_addr.s_addr = htonl(127u << 24 | (uint32_t)strtoul(number + 7, NULL, 10) << 16 | 1u);
	ck_assert_int_eq(run("down"), 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 1) < 0) {
		close(fd);
		return 0;
	}
	status = run("up --nodes 1");
	close(fd);
	return status;
}

START_TEST(a_port_that_somebody_else_has_is_named)
{
	static const uint16_t ports[] = { 8002, 8003, 2748 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		char name[30];
		int status = 0;

		for (int again = 0; again < 20 && status == 0; again++) {
			status = up_with_port_taken(ports[i]);
			if (status == 0)
				run("down");
		}
		ck_assert_int_eq(status, 2);
		snprintf(name, sizeof(name), ":%u is taken", (unsigned)ports[i]);
		says(name);
		ck_assert_int_eq(programs("callmanager") + programs("ctimanager"), 0);
	}
}
END_TEST

START_TEST(input_errors_have_a_message_and_exit_status_2)
{
	ck_assert_int_eq(run("up no-such-topology"), 2);
	says("no-such-topology");
	ck_assert_int_eq(run("up /dev/null"), 2);
	says("has to return a table");
	ck_assert_int_eq(run("up --nodes 99"), 2);
	says("1 to 20");
	ck_assert_int_eq(run("up --cluster a/b"), 2);
	says("cannot be the name");
	ck_assert_int_eq(run("run /no/such.lua"), 2);
	says("No such file");
	ck_assert_int_eq(run("frob"), 2);
	ck_assert_int_eq(run("status --cluster nobody"), 2);
	says("there is no cluster 'nobody'");
	ck_assert_int_eq(run("run sim/scenarios --host=moon"), 2);
	says("real virtual");
	ck_assert_int_eq(run("up %s", place), 2);
	says(place);
}
END_TEST

static const struct {
	const char *text;
	const char *what; /* at line 2 */
} wrong_scenarios[] = {
	{ "c:kill('ccm9', 'callmanager')", "ccm9" },
	{ "c:phone 'SEP0000000000FF'", "SEP0000000000FF" },
	{ "c:explode 'ccm1'", "explode" },
	{ "c:kill('ccm1', , 'x')", "unexpected symbol" },
};

START_TEST(a_wrong_scenario_is_told_with_file_and_line_and_starts_nothing)
{
	static const char *const hosts[] = { "real", "virtual" };
	char text[300], line[100];

	snprintf(text, sizeof(text), "local c = cluster 'three-nodes'\n%s\n",
		 wrong_scenarios[_i].text);
	write_file("wrong.lua", text);
	snprintf(line, sizeof(line), "%s/wrong.lua:2:", place);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(
			run("run %s/wrong.lua --host=%s --report %s/r", place, hosts[i], place), 2);
		says(line);
		says(wrong_scenarios[_i].what);
		ck_assert_int_eq(programs("callmanager") + programs("phones"), 0);
	}
}
END_TEST

START_TEST(a_scenario_passes_on_both_hosts_and_a_seed_repeats_its_trace)
{
	char hash[64];
	char *at;

	ck_assert_msg(run("run sim/scenarios/kill-callmanager.lua --seed 5 --report %s/r", place) ==
			      0,
		      "%s", output);
	says("verdict: passed");
	at = strstr(output, "trace hash: ");
	ck_assert_ptr_nonnull(at);
	snprintf(hash, sizeof(hash), "%.28s", at);
	ck_assert_int_eq(
		run("run sim/scenarios/kill-callmanager.lua --seed 5 --report %s/r", place), 0);
	says(hash);
	ck_assert_msg(
		run("run sim/scenarios/kill-callmanager.lua --host=real --report %s/r", place) == 0,
		"%s", output);
	says("verdict: passed");
}
END_TEST

START_TEST(how_a_run_is_looked_at_changes_nothing_of_it)
{
	const char *scenario = "run sim/scenarios/basic-call.lua --seed 9";
	char hash[64], path[100];
	char *at;

	ck_assert_int_eq(run("%s --report %s/r", scenario, place), 0);
	at = strstr(output, "trace hash: ");
	ck_assert_ptr_nonnull(at);
	snprintf(hash, sizeof(hash), "%.28s", at);
	ck_assert_int_eq(run("%s --no-report --record-size 1", scenario), 0);
	says(hash);
	ck_assert_int_eq(run("%s --no-report --record-size 200 --trace %s/t.txt", scenario, place),
			 0);
	says(hash);
	ck_assert_int_eq(run("%s --report %s/r --trace %s/t.txt", scenario, place, place), 0);
	says(hash);
	snprintf(path, sizeof(path), "%s/t.txt", place);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(ways_to_look_at_a_run_that_do_not_go_together_are_refused)
{
	static const char *const wrong[][2] = {
		{ "--report r --no-report", "exclude each other" },
		{ "--host=real --trace t.txt", "--trace is for the virtual host" },
		{ "--host=real --record-size 8", "--record-size is for the virtual host" },
		{ "--record-size 0", "--record-size is 1 to 1024" },
		{ "--record-size 1025", "--record-size is 1 to 1024" },
		{ "--trace /nowhere/t.txt", "/nowhere/t.txt: No such file" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_int_eq(run("run sim/scenarios/basic-call.lua %s", wrong[i][0]), 2);
		says(wrong[i][1]);
	}
}
END_TEST

START_TEST(a_run_leaves_its_bundle_and_junit)
{
	static const char *const files[] = { "scenario.lua", "topology.lua", "run.json",
					     "events.txt",   "virtual.rec",  "virtual.txt",
					     "cluster.db",   "alarms.log",   "report.html" };
	char path[200];

	ck_assert_msg(run("run sim/scenarios/basic-call.lua --report %s/r --junit %s/j.xml", place,
			  place) == 0,
		      "%s", output);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/r/basic-call-virtual-1/%s", place, files[i]);
		ck_assert_msg(access(path, F_OK) == 0, "%s is missing", path);
	}
	snprintf(path, sizeof(path), "%s/j.xml", place);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(the_clause_map_lists_each_clause_with_what_asserts_it)
{
	json_t *list, *item;
	size_t i;
	bool found = false;

	ck_assert_msg(run("clauses --json") == 0, "%s", output);
	list = json_loads(output, 0, NULL);
	ck_assert(json_is_array(list));
	json_array_foreach(list, i, item)
	{
		ck_assert(json_is_string(json_object_get(item, "id")));
		ck_assert(json_is_string(json_object_get(item, "text")));
		ck_assert(json_is_array(json_object_get(item, "tests")));
		ck_assert_ptr_nonnull(json_object_get(item, "real"));
		ck_assert_ptr_nonnull(json_object_get(item, "virtual"));
		if (!strcmp(json_string_value(json_object_get(item, "id")), "CMF-07"))
			found = json_array_size(json_object_get(item, "scenarios")) > 0;
	}
	ck_assert(found);
	json_decref(list);
}
END_TEST

START_TEST(the_manual_of_the_verbs_is_that_of_the_table)
{
	static char written[sizeof(output)];
	FILE *f = fopen("docs/verbs.md", "re");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(written, 1, sizeof(written) - 1, f);
	fclose(f);
	written[n] = '\0';
	ck_assert_int_eq(run("manual"), 0);
	ck_assert_msg(!strcmp(output, written),
		      "docs/verbs.md is old: rehome manual >docs/verbs.md");
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(mgr_01_mgr_02_a_cluster_of_three_nodes_runs_three_programs_of_each_kind_and_leaves_none),
		CASE(two_clusters_run_side_by_side),
		CASE(a_killed_supervisor_leaves_no_program_and_the_next_up_removes_its_directory),
		{ .name = "an_interrupted_run_ends_by_the_signal_and_leaves_neither_program_nor_"
			  "directory",
		  .test = an_interrupted_run_ends_by_the_signal_and_leaves_neither_program_nor_directory,
		  .setup = set_up,
		  .teardown = tear_down,
		  .loop_to = 2 },
		CASE(faults_from_the_command_line_do_what_they_say),
		CASE(mgr_02_a_second_ctimanager_on_a_node_refuses_and_leaves_the_first_alone),
		CASE(a_database_that_is_none_or_of_another_version_is_refused_by_its_path),
		CASE(usr_05_a_wrong_password_and_an_unknown_user_are_refused_by_name),
		CASE(a_port_that_somebody_else_has_is_named),
		CASE(usr_05_a_user_outside_standard_cti_enabled_is_refused_by_name),
		CASE(input_errors_have_a_message_and_exit_status_2),
		{ .name = "a_wrong_scenario_is_told_with_file_and_line_and_starts_nothing",
		  .test = a_wrong_scenario_is_told_with_file_and_line_and_starts_nothing,
		  .setup = set_up,
		  .teardown = tear_down,
		  .loop_to = sizeof(wrong_scenarios) / sizeof(wrong_scenarios[0]) },
		CASE(a_scenario_passes_on_both_hosts_and_a_seed_repeats_its_trace),
		CASE(how_a_run_is_looked_at_changes_nothing_of_it),
		CASE(ways_to_look_at_a_run_that_do_not_go_together_are_refused),
		CASE(a_run_leaves_its_bundle_and_junit),
		CASE(the_manual_of_the_verbs_is_that_of_the_table),
		CASE(the_clause_map_lists_each_clause_with_what_asserts_it),
	};

	return suite_main(argc, argv, "e2e/test_rehome", cases, sizeof(cases) / sizeof(cases[0]));
}
