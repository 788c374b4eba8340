/* The failure table (failure_states.h): each of its cells is lived through. */
#include "tests/lib/failure_expect.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- faults -------------------------------------------------------------------------------- */
static const struct way ways[] = {
	{ NOTHING, "another node killed", "kill", "ccm4", NULL, 6000, PARTIES, false },
	{ NOTHING, "CTIManager killed", "kill", "ccm5", NULL, 6000, PARTIES, false },
	{ NODE_A, "node of A killed", "kill", "ccm1", NULL, 6000, PARTIES, false },
	{ NODE_A, "node of A stopped in order", "term", "ccm1", NULL, 6000, PARTIES, false },
	{ NODE_A, "node of A frozen", "freeze", "ccm1", NULL, 9000, A, false },
	{ NODE_A, "node of A and CTIManager killed", "kill", "ccm1", NULL, 8000, PARTIES, true },
	{ NODE_B, "node of B killed", "kill", "ccm2", NULL, 6000, PARTIES, false },
	{ NODE_B, "node of B stopped in order", "term", "ccm2", NULL, 6000, PARTIES, false },
	{ NODE_B, "node of B frozen", "freeze", "ccm2", NULL, 9000, B, false },
	{ NODE_C, "node of C killed", "kill", "ccm3", NULL, 6000, PARTIES, false },
	{ NODE_C, "node of C frozen", "freeze", "ccm3", NULL, 9000, C, false },
	{ PROGRAM, "phones killed", "kill", "phones", NULL, 14000, PARTIES, false },
	{ APP_A, "application of A killed", "kill", "app:a", NULL, 14000, PARTIES, false },
	{ APP_B, "application of B killed", "kill", "app:b", NULL, 14000, PARTIES, false },
	{ CUT_NODES, "nodes of A and B cut off from each other", "cut", "ccm1", "ccm2", 12000,
	  PARTIES, false },
	{ CUT_PHONES, "phones cut off from the node of A", "cut", "phones", "ccm1", 14000, PARTIES,
	  false },
};
#define WAYS (sizeof ways / sizeof ways[0])

/* ---- cells --------------------------------------------------------------------------------- */
static const char *const kind_names[] = { "",	  "phone",	    "SIP phone",  "shared phone",
					  "port", "port (dynamic)", "route point" };

static const char *name_of(const struct cell *cell)
{
	static char name[200];

	snprintf(name, sizeof name, "%s (%s%s%s%s%s), %s", cell->row->state,
		 kind_names[cell->row->kinds[A]], cell->row->kinds[B] ? ", " : "",
		 kind_names[cell->row->kinds[B]], cell->row->kinds[C] ? ", " : "",
		 kind_names[cell->row->kinds[C]], cell->way->words);
	return name;
}

static const char *fates_of(const struct cell *cell)
{
	const char *frozen =
		cell->way->frozen < PARTIES ? cell->row->frozen[cell->way->frozen] : NULL;

	if (cell->way->both && cell->row->both)
		return cell->row->both;
	return frozen ? frozen : cell->row->fates[cell->way->fault];
}

static void begin(struct cell *cell)
{
	bed_up();
	for (int i = 0; i < PARTIES; i++)
		if (cell->row->kinds[i])
			bed_join((enum party)i, cell->row->kinds[i]);
	bed_mark();
	cell->row->begin();
	bed_mark();
	for (int i = 0; i < PARTIES; i++)
		if (cell->row->kinds[i])
			bed_look((enum party)i, &cell->before[i]);
	bed_strike(cell->way->verb, cell->way->a, cell->way->b, NULL);
	if (cell->way->both)
		bed_strike("kill", "ccm5", NULL, NULL);
	bed_advance(cell->way->ms);
}

/* "sees nothing", "sees 'ended ...'" */
static const char *quoted(const char *text, char *buf, size_t size)
{
	snprintf(buf, size, *text ? "'%s'" : "nothing", text);
	return buf;
}

/* A phone that is cut off may register elsewhere before its CallManager notices; then it looks as if
 * that had failed. */
static const char *fates_seen(const struct cell *cell, enum party p, const char *fates,
			      const struct sight *s)
{
	static char seen[8];
	size_t n = strlen(fates);

	snprintf(seen, sizeof seen, "%s", fates);
	if (cell->way->fault == CUT_PHONES && p == A && seen[n - 1] == 'm' &&
	    strstr(s->app, "out CALLMANAGER_FAILURE"))
		seen[n - 1] = 'l';
	return seen;
}

static void judge(const struct cell *cell, enum party p, const char *fates)
{
	const struct fate *f = failure_fate(fates[strlen(fates) - 1]);
	struct sight want, is;
	char a[420], b[420];

	bed_look(p, &is);
	failure_expect(cell, p, fates_seen(cell, p, fates, &is), &want);
	ck_assert_msg(!strcmp(is.app, want.app),
		      "%s: %c is '%s' (%s); its application should see %s, and saw %s:%s",
		      name_of(cell), 'A' + p, f->word, f->clauses, quoted(want.app, a, sizeof a),
		      quoted(is.app, b, sizeof b), bed_events(p));
	ck_assert_msg(!strcmp(is.screen, want.screen),
		      "%s: %c is '%s' (%s); its phone should show %s, and showed %s:%s",
		      name_of(cell), 'A' + p, f->word, f->clauses, quoted(want.screen, a, sizeof a),
		      quoted(is.screen, b, sizeof b), bed_events(p));
	ck_assert_msg(is.speaks == want.speaks, "%s: %c is '%s' (%s); its stream should%s go on:%s",
		      name_of(cell), 'A' + p, f->word, f->clauses, want.speaks ? "" : " not",
		      bed_events(p));
	ck_assert_msg(!strcmp(is.place, want.place),
		      "%s: %c is '%s' (%s); its phone should be registered at %s, and is at %s:%s",
		      name_of(cell), 'A' + p, f->word, f->clauses, quoted(want.place, a, sizeof a),
		      quoted(is.place, b, sizeof b), bed_events(p));
}

/* What the party may do still (CAL-02, CAL-04). */
static void probe(const struct cell *cell, enum party p, const char *fates)
{
	bool died = (cell->way->fault == APP_A && p == A) || (cell->way->fault == APP_B && p == B);
	const char *calls = cell->before[p].calls;

	if (died)
		return;
	if (!strcmp(fates, "p"))
		bed_asks(p, "hold", "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE");
	else if (!strcmp(fates, "=") && !strcmp(calls, "CONNECTED"))
		bed_asks(p, "hold", "SUCCESS");
	else if (!strcmp(fates, "=") && !strcmp(calls, "ONHOLD"))
		bed_asks(p, "retrieve", "SUCCESS");
}

static void each_party(const struct cell *cell,
		       void (*look)(const struct cell *cell, enum party p, const char *fates))
{
	char words[80];
	char *save = NULL, *word;

	snprintf(words, sizeof words, "%s", fates_of(cell));
	word = strtok_r(words, " ", &save);
	for (int i = 0; i < PARTIES; i++) {
		if (!cell->row->kinds[i])
			continue;
		ck_assert_msg(word, "%s: what becomes of %c?", name_of(cell), 'A' + i);
		if (strcmp(word, ".") != 0)
			look(cell, (enum party)i, word);
		word = strtok_r(NULL, " ", &save);
	}
}

/* The cells of a fault: each row in each way. */
static unsigned ways_of(enum fault fault)
{
	unsigned n = 0;

	for (size_t i = 0; i < WAYS; i++)
		n += ways[i].fault == fault;
	return n;
}

static struct cell cell_of(enum fault fault, unsigned i)
{
	size_t first = 0;

	while (ways[first].fault != fault)
		first++;
	return (struct cell){ .row = &failure_rows[i / ways_of(fault)],
			      .way = &ways[first + i % ways_of(fault)] };
}

static void live(enum fault fault, unsigned i)
{
	struct cell cell = cell_of(fault, i);
	const char *why;

	if (!fates_of(&cell))
		return;
	begin(&cell);
	each_party(&cell, judge);
	each_party(&cell, probe);
	why = bed_leaks();
	ck_assert_msg(!*why, "%s: when all have hung up, %s (CAL-04)", name_of(&cell), why);
	why = bed_rest();
	ck_assert_msg(!*why, "%s: at rest: %s", name_of(&cell), why);
	bed_down();
}

/* ---- for who adds a row: what there is to be seen ------------------------------------------ */
/* The fate that suits what was seen, one or two letters; NULL = none. */
static const char *guess(const struct cell *cell, enum party p, const struct sight *is)
{
	static char letters[3];

	for (size_t i = 0; i < failure_fates_n * failure_fates_n; i++) {
		struct sight want;
		size_t second = i / failure_fates_n;

		letters[0] = failure_fates[i % failure_fates_n].letter;
		letters[1] = second ? failure_fates[second].letter : '\0';
		failure_expect(cell, p, letters, &want);
		if (!strcmp(want.app, is->app) && !strcmp(want.screen, is->screen) &&
		    want.speaks == is->speaks && !strcmp(want.place, is->place))
			return letters;
	}
	return NULL;
}

static const char *observed_state; /* NULL = all */

/* Is there somebody whom the fault concerns? */
static bool applies(const struct cell *cell)
{
	enum fault f = cell->way->fault;

	if (f == NODE_B || f == APP_B || f == CUT_NODES)
		return cell->row->kinds[B] != ABSENT;
	return f != NODE_C || cell->row->kinds[C] != ABSENT;
}

static void observe(unsigned i)
{
	struct cell cell = { .row = &failure_rows[i / WAYS], .way = &ways[i % WAYS] };

	if ((observed_state && !strstr(cell.row->state, observed_state)) || !applies(&cell))
		return;
	begin(&cell);
	printf("%-30s %-30s |", cell.row->state, cell.way->words);
	for (int k = 0; k < PARTIES; k++) {
		struct sight is;
		const char *fates;

		if (!cell.row->kinds[k])
			continue;
		bed_look((enum party)k, &is);
		fates = guess(&cell, (enum party)k, &is);
		if (fates)
			printf(" %s", fates);
		else
			printf(" [%c: %s -> %s; %s; %s; at %s]", 'A' + k, cell.before[k].calls,
			       is.app, is.screen, is.speaks ? "speaks" : "silent", is.place);
	}
	printf(" | %s", bed_leaks());
	printf(" | %s\n", bed_rest());
	fflush(stdout);
	bed_down();
}

START_TEST(observed)
{
	observe((unsigned)_i);
}
END_TEST

/* ---- cases --------------------------------------------------------------------------------- */
START_TEST(cal_02_cal_05_cmf_13_ctf_07_what_is_not_in_the_path_of_a_call_does_not_matter)
{
	live(NOTHING, (unsigned)_i);
}
END_TEST

START_TEST(cal_02_cal_03_cal_05_cmf_04_cmf_14_ctf_08_the_callmanager_of_a_dies)
{
	live(NODE_A, (unsigned)_i);
}
END_TEST

START_TEST(cal_02_cal_03_cal_05_cmf_04_cmf_14_the_callmanager_of_b_dies)
{
	live(NODE_B, (unsigned)_i);
}
END_TEST

START_TEST(cal_02_cal_03_cal_05_cmf_04_cmf_14_the_callmanager_of_a_third_party_dies)
{
	live(NODE_C, (unsigned)_i);
}
END_TEST

START_TEST(cal_03_cal_04_cmf_03_the_phones_die)
{
	live(PROGRAM, (unsigned)_i);
}
END_TEST

START_TEST(apf_03_the_application_of_a_dies)
{
	live(APP_A, (unsigned)_i);
}
END_TEST

START_TEST(apf_03_the_application_of_b_dies)
{
	live(APP_B, (unsigned)_i);
}
END_TEST

START_TEST(cal_02_cal_03_cal_04_the_nodes_of_a_and_b_do_not_hear_each_other)
{
	live(CUT_NODES, (unsigned)_i);
}
END_TEST

START_TEST(cal_02_cal_03_cmf_14_the_phones_and_the_callmanager_of_a_do_not_hear_each_other)
{
	live(CUT_PHONES, (unsigned)_i);
}
END_TEST

START_TEST(the_document_is_that_of_the_table)
{
	char *now = failure_document();
	char *there = calloc(1, strlen(now) + 2);
	FILE *f = fopen("docs/failure-table.md", "re");

	ck_assert_msg(f, "run from the sources' top directory");
	ck_assert_ptr_nonnull(there);
	ck_assert_msg(fread(there, 1, strlen(now) + 1, f) == strlen(now) && !strcmp(there, now),
		      "docs/failure-table.md is old: build/tests/cluster/test_failure_table "
		      "--document >docs/failure-table.md");
	fclose(f);
	free(there);
	free(now);
}
END_TEST

#define CELLS(t, fault) SUITE_LOOP(t, 0, (int)(failure_rows_n * ways_of(fault)))

/* --document: the table as Markdown; --observe [STATE]: what each cell shows, for who adds a row. */
int main(int argc, char **argv)
{
	const struct suite_case observation[] = {
		SUITE_LOOP(observed, 0, (int)(failure_rows_n * WAYS)),
	};
	const struct suite_case cases[] = {
		CELLS(cal_02_cal_05_cmf_13_ctf_07_what_is_not_in_the_path_of_a_call_does_not_matter,
		      NOTHING),
		CELLS(cal_02_cal_03_cal_05_cmf_04_cmf_14_ctf_08_the_callmanager_of_a_dies, NODE_A),
		CELLS(cal_02_cal_03_cal_05_cmf_04_cmf_14_the_callmanager_of_b_dies, NODE_B),
		CELLS(cal_02_cal_03_cal_05_cmf_04_cmf_14_the_callmanager_of_a_third_party_dies,
		      NODE_C),
		CELLS(cal_03_cal_04_cmf_03_the_phones_die, PROGRAM),
		CELLS(apf_03_the_application_of_a_dies, APP_A),
		CELLS(apf_03_the_application_of_b_dies, APP_B),
		CELLS(cal_02_cal_03_cal_04_the_nodes_of_a_and_b_do_not_hear_each_other, CUT_NODES),
		CELLS(cal_02_cal_03_cmf_14_the_phones_and_the_callmanager_of_a_do_not_hear_each_other,
		      CUT_PHONES),
		SUITE_CASE(the_document_is_that_of_the_table),
	};

	if (argc > 1 && !strcmp(argv[1], "--document")) {
		char *text = failure_document();

		fputs(text, stdout);
		free(text);
		return 0;
	}

	if (argc > 1 && !strcmp(argv[1], "--observe")) {
		observed_state = argv[2];
		return suite_main(1, argv, "cluster/test_failure_table", observation, 1);
	}
	return suite_main(argc, argv, "cluster/test_failure_table", cases,
			  sizeof cases / sizeof cases[0]);
}
