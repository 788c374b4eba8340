/* The number plan: numbers, partitions, calling search spaces, park numbers, patterns, dial rules. */
#include "sim/admin/dial_rules.h"
#include "sim/admin/number.h"

#define PARTITION                                                                                  \
	{                                                                                          \
		.name = "fkroutepartition", .type = ADMIN_REFERS, .how = ADMIN_KEY | ADMIN_BRIEF,  \
		.place = 't', .reference = ADMIN_REF_PARTITION, .fact = "partition",               \
		.help = "partition; on the command line behind a slash: 1000/Internal"             \
	}
#define PATTERN(about)                                                                             \
	{                                                                                          \
		.name = "dnorpattern", .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF,              \
		.place = 't', .fact = "dn", .help = about                                          \
	}
#define DESCRIPTION                                                                                \
	{                                                                                          \
		.name = "description", .how = ADMIN_BRIEF, .place = 't', .help = "for people"      \
	}
#define NAMED(called, about)                                                                       \
	{                                                                                          \
		.name = "name", .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF, .place = 't',       \
		.fact = called, .help = about                                                      \
	}

static const struct admin_column number_columns[] = {
	PATTERN("the digits"),
	PARTITION,
	DESCRIPTION,
	{ .name = "devices",
	  .type = ADMIN_SHOWN,
	  .how = ADMIN_BRIEF,
	  .expression = "(SELECT group_concat(x, ' ') FROM (SELECT d.name || ':' || m.numplanindex"
			" AS x FROM devicenumplanmap AS m JOIN device AS d ON d.pkid = m.fkdevice"
			" WHERE m.fknumplan = t.pkid ORDER BY d.name))",
	  .help = "where it is a line, each DEVICE:INDEX" },
	{ .name = "pickupgroup",
	  .type = ADMIN_SHOWN,
	  .expression = "(SELECT g.name FROM pickupgrouplinemap AS m JOIN pickupgroup AS g"
			" ON g.pkid = m.fkpickupgroup WHERE m.fknumplan_line = t.pkid)",
	  .help = "pickup group that it belongs to" },
	ADMIN_NUMBER_COLUMNS('t', "t", "c"),
	{ .name = NULL },
};

static const struct admin_column partition_columns[] = {
	NAMED("partition", "its name"),
	DESCRIPTION,
	{ .name = NULL },
};

static const struct admin_list css_members = {
	"callingsearchspacemember",
	"fkcallingsearchspace",
	"fkroutepartition",
	ADMIN_REF_PARTITION,
	"sortorder",
	1,
	"partition",
};
static const struct admin_column css_columns[] = {
	NAMED("css", "its name"),
	DESCRIPTION,
	{ .name = "members",
	  .type = ADMIN_LIST,
	  .how = ADMIN_WORD | ADMIN_BRIEF,
	  .list = &css_members,
	  .help = "its partitions, the closest first" },
	{ .name = NULL },
};

static const struct admin_column park_columns[] = {
	PATTERN("a number, or a range: 77XX"),
	PARTITION,
	{ .name = "fkcallmanager",
	  .type = ADMIN_REFERS,
	  .how = ADMIN_WORD | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 't',
	  .reference = ADMIN_REF_CALLMANAGER,
	  .help = "node whose CallManager parks there" },
	DESCRIPTION,
	{ .name = NULL },
};

static const struct admin_list pickup_members = {
	"pickupgrouplinemap", "fkpickupgroup", "fknumplan_line", ADMIN_REF_NUMBER, NULL, 0, "dn",
};
static const struct admin_column pickup_columns[] = {
	NAMED("group", "its name"),
	{ .name = "dnorpattern",
	  .how = ADMIN_WORD | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 'n',
	  .fact = "dn",
	  .help = "its own number" },
	DESCRIPTION,
	{ .name = "members",
	  .type = ADMIN_LIST,
	  .how = ADMIN_BRIEF,
	  .list = &pickup_members,
	  .help = "numbers whose ringing calls are picked up" },
	{ .name = NULL },
};

#define DIALLED                                                                                    \
	{ .name = "blockenable",                                                                   \
	  .type = ADMIN_FLAG,                                                                      \
	  .how = ADMIN_BRIEF,                                                                      \
	  .place = 't',                                                                            \
	  .help = "calls of it are refused" },                                                     \
		{ .name = "patternurgency",                                                        \
		  .type = ADMIN_FLAG,                                                              \
		  .how = ADMIN_BRIEF,                                                              \
		  .place = 't',                                                                    \
		  .help = "matched, it waits for no more digits" },                                \
		{ .name = "fkdigitdiscardinstruction",                                             \
		  .type = ADMIN_REFERS,                                                            \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_DISCARD,                                                  \
		  .help = "PreDot: digits before the dot go" },                                    \
		{ .name = "calledpartytransformationmask",                                         \
		  .how = ADMIN_BRIEF,                                                              \
		  .place = 't',                                                                    \
		  .help = "mask of the called number" },                                           \
		{ .name = "prefixdigitsout",                                                       \
		  .how = ADMIN_BRIEF,                                                              \
		  .place = 't',                                                                    \
		  .help = "digits put before it" },                                                \
	{                                                                                          \
		.name = "callingpartytransformationmask", .place = 't',                            \
		.help = "mask of the calling number"                                               \
	}

static const struct admin_column route_columns[] = {
	PATTERN("0-9 * # +, X, [2-5], !, and a dot where discarding ends"),
	PARTITION,
	DESCRIPTION,
	DIALLED,
	{ .name = NULL },
};
static const struct admin_column translation_columns[] = {
	PATTERN("0-9 * # +, X, [2-5], !, and a dot where discarding ends"),
	PARTITION,
	DESCRIPTION,
	DIALLED,
	ADMIN_NUMBER_CSS('t', "translation", "where the result is looked for"),
	{ .name = NULL },
};

static const struct admin_column dial_rules_columns[] = {
	NAMED("rules", "its name"),
	DESCRIPTION,
	{ .name = "tkdialpattern",
	  .type = ADMIN_REFERS,
	  .place = 't',
	  .reference = ADMIN_REF_DIALPATTERN,
	  .help = "kind of phones it is for" },
	{ .name = "patterns",
	  .type = ADMIN_TEXT,
	  .how = ADMIN_WORD | ADMIN_BRIEF,
	  .place = 'x',
	  .expression = "(SELECT group_concat(x, '; ') FROM (SELECT r.pattern ||"
			" coalesce(' ' || r.timeout, '') AS x FROM dialrulespattern AS r"
			" WHERE r.fkdialrules = t.pkid ORDER BY r.sortorder))",
	  .help = "in order: '8,..... 0; 9.........': each with seconds to wait, or none" },
	{ .name = NULL },
};

const struct admin_kind admin_plan_kinds[] = {
	{ .name = "number",
	  .title = "directory number",
	  .plural = "directory numbers",
	  .help = "a number with its forwards, on devices or not yet",
	  .can = ADMIN_CAN_ALL,
	  .table = "numplan",
	  .constant = "tkpatternusage = 2",
	  .from = "numplan AS t LEFT JOIN callforwarddynamic AS c ON c.fknumplan = t.pkid",
	  .where = "t.tkpatternusage = 2",
	  .order = "t.dnorpattern, 2",
	  .columns = number_columns,
	  .depends = DB_KIND_NUMBER,
	  .after = admin_number_after },
	{ .name = "partition",
	  .title = "partition",
	  .plural = "partitions",
	  .help = "numbers that can be reached, or not, together",
	  .can = ADMIN_CAN_ALL,
	  .table = "routepartition",
	  .from = "routepartition AS t",
	  .order = "t.name",
	  .columns = partition_columns,
	  .depends = DB_KIND_PARTITION },
	{ .name = "searchspace",
	  .title = "calling search space",
	  .plural = "calling search spaces",
	  .help = "the partitions that callers may reach",
	  .can = ADMIN_CAN_ALL,
	  .table = "callingsearchspace",
	  .from = "callingsearchspace AS t",
	  .order = "t.name",
	  .columns = css_columns,
	  .depends = DB_KIND_SEARCH_SPACE },
	{ .name = "parknumber",
	  .title = "call park number",
	  .plural = "call park numbers",
	  .help = "where a node's CallManager parks calls",
	  .can = ADMIN_CAN_ALL,
	  .table = "numplan",
	  .constant = "tkpatternusage = 0",
	  .from = "numplan AS t",
	  .where = "t.tkpatternusage = 0",
	  .order = "t.dnorpattern, 2",
	  .columns = park_columns,
	  .depends = DB_KIND_NUMBER },
	{ .name = "pickupgroup",
	  .title = "pickup group",
	  .plural = "pickup groups",
	  .help = "lines that take each other's ringing calls",
	  .can = ADMIN_CAN_ALL,
	  .table = "pickupgroup",
	  .from = "pickupgroup AS t JOIN numplan AS n ON n.pkid = t.fknumplan_pickup",
	  .order = "t.name",
	  .columns = pickup_columns,
	  .depends = DB_KIND_PICKUP_GROUP,
	  .link = "fknumplan_pickup",
	  .before = admin_pickup_before,
	  .after = admin_pickup_after,
	  .remove = admin_pickup_remove },
	{ .name = "routepattern",
	  .title = "route pattern",
	  .plural = "route patterns",
	  .help = "numbers that lead elsewhere, or are blocked",
	  .can = ADMIN_CAN_ALL,
	  .table = "numplan",
	  .constant = "tkpatternusage = 5",
	  .from = "numplan AS t",
	  .where = "t.tkpatternusage = 5",
	  .order = "t.dnorpattern, 2",
	  .columns = route_columns,
	  .depends = DB_KIND_NUMBER },
	{ .name = "translation",
	  .title = "translation pattern",
	  .plural = "translation patterns",
	  .help = "numbers that are changed and looked for again",
	  .can = ADMIN_CAN_ALL,
	  .table = "numplan",
	  .constant = "tkpatternusage = 3",
	  .from = "numplan AS t",
	  .where = "t.tkpatternusage = 3",
	  .order = "t.dnorpattern, 2",
	  .columns = translation_columns,
	  .depends = DB_KIND_NUMBER },
	{ .name = "dialrules",
	  .title = "set of SIP dial rules",
	  .plural = "sets of SIP dial rules",
	  .help = "how SIP phones know that a number is complete",
	  .can = ADMIN_CAN_ALL,
	  .table = "dialrules",
	  .from = "dialrules AS t",
	  .order = "t.name",
	  .columns = dial_rules_columns,
	  .depends = DB_KIND_DIAL_RULES,
	  .after = admin_dial_rules_after },
	{ .name = NULL },
};
