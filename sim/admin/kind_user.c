/* Users, what they may do, and what they control. */
#include "sim/admin/user.h"

static const struct admin_list enduser_groups = {
	"enduserdirgroupmap", "fkenduser", "fkdirgroup", ADMIN_REF_USERGROUP, NULL, 0, NULL,
};
static const struct admin_list enduser_devices = {
	"enduserdevicemap", "fkenduser", "fkdevice", ADMIN_REF_DEVICE, NULL, 0, "device",
};
static const struct admin_list application_groups = {
	"applicationuserdirgroupmap",
	"fkapplicationuser",
	"fkdirgroup",
	ADMIN_REF_USERGROUP,
	NULL,
	0,
	NULL,
};
static const struct admin_list application_devices = {
	"applicationuserdevicemap",
	"fkapplicationuser",
	"fkdevice",
	ADMIN_REF_DEVICE,
	NULL,
	0,
	"device",
};
static const struct admin_list group_roles = {
	"functionroledirgroupmap", "fkdirgroup", "fkfunctionrole", ADMIN_REF_ROLE, NULL, 0, NULL,
};

#define USER_LISTS(groups, devices)                                                                \
	{ .name = "password",                                                                      \
	  .type = ADMIN_SECRET,                                                                    \
	  .place = 'x',                                                                            \
	  .help = "kept as a hash; '-': read from standard input" },                               \
		{ .name = "usergroups",                                                            \
		  .type = ADMIN_LIST,                                                              \
		  .how = ADMIN_BRIEF,                                                              \
		  .list = &(groups),                                                               \
		  .help = "what it may do: 'Standard CTI Enabled', ..." },                         \
	{                                                                                          \
		.name = "devices", .type = ADMIN_LIST, .how = ADMIN_BRIEF, .list = &(devices),     \
		.help = "Controlled Devices"                                                       \
	}

static const struct admin_column enduser_columns[] = {
	{ .name = "userid",
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 't',
	  .fact = "user",
	  .help = "login name" },
	{ .name = "firstname", .how = ADMIN_BRIEF, .place = 't', .help = "first name" },
	{ .name = "lastname",
	  .how = ADMIN_BRIEF,
	  .place = 't',
	  .help = "last name; the userid when none is given" },
	{ .name = "department", .place = 't', .help = "department" },
	{ .name = "telephonenumber", .place = 't', .help = "telephone number" },
	{ .name = "mailid", .place = 't', .help = "mail address" },
	{ .name = "allowcticontrolflag",
	  .type = ADMIN_FLAG,
	  .place = 't',
	  .help = "may control devices by applications" },
	USER_LISTS(enduser_groups, enduser_devices),
	{ .name = NULL },
};
static const struct admin_column application_columns[] = {
	{ .name = "name",
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 't',
	  .fact = "user",
	  .help = "login name" },
	USER_LISTS(application_groups, application_devices),
	{ .name = NULL },
};

static const struct admin_column usergroup_columns[] = {
	{ .name = "name",
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 't',
	  .help = "its name" },
	{ .name = "isstandard",
	  .type = ADMIN_SHOWN,
	  .how = ADMIN_BRIEF,
	  .expression = "t.isstandard",
	  .help = "comes with the system, and stays" },
	{ .name = "roles",
	  .type = ADMIN_LIST,
	  .how = ADMIN_BRIEF,
	  .list = &group_roles,
	  .help = "what its users may do" },
	{ .name = "users",
	  .type = ADMIN_SHOWN,
	  .how = ADMIN_BRIEF,
	  .expression = "(SELECT group_concat(x, ' ') FROM (SELECT u.userid AS x FROM"
			" enduserdirgroupmap AS m JOIN enduser AS u ON u.pkid = m.fkenduser"
			" WHERE m.fkdirgroup = t.pkid UNION ALL SELECT u.name FROM"
			" applicationuserdirgroupmap AS m JOIN applicationuser AS u ON u.pkid ="
			" m.fkapplicationuser WHERE m.fkdirgroup = t.pkid ORDER BY 1))",
	  .help = "who is in it" },
	{ .name = NULL },
};

#define USER                                                                                       \
	{                                                                                          \
		.name = "user", .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF | ADMIN_FIXED,       \
		.place = 't', .fact = "user", .help = "an end user or application user"            \
	}

static const struct admin_column membership_columns[] = {
	USER,
	{ .name = "dirgroup",
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF | ADMIN_FIXED,
	  .place = 't',
	  .help = "user group: 'Standard CTI Enabled', ..." },
	{ .name = NULL },
};
static const struct admin_column control_columns[] = {
	USER,
	{ .name = "device",
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF | ADMIN_FIXED,
	  .place = 't',
	  .fact = "device",
	  .help = "device in its Controlled Devices" },
	{ .name = NULL },
};

const struct admin_kind admin_user_kinds[] = {
	{ .name = "enduser",
	  .title = "end user",
	  .plural = "end users",
	  .help = "a person who logs in",
	  .can = ADMIN_CAN_ALL,
	  .table = "enduser",
	  .from = "enduser AS t",
	  .order = "t.userid",
	  .columns = enduser_columns,
	  .depends = DB_KIND_USER,
	  .check = admin_user_check,
	  .after = admin_user_after },
	{ .name = "applicationuser",
	  .title = "application user",
	  .plural = "application users",
	  .help = "an application that logs in",
	  .can = ADMIN_CAN_ALL,
	  .table = "applicationuser",
	  .from = "applicationuser AS t",
	  .order = "t.name",
	  .columns = application_columns,
	  .depends = DB_KIND_USER,
	  .check = admin_user_check,
	  .after = admin_user_after },
	{ .name = "usergroup",
	  .title = "user group",
	  .plural = "user groups",
	  .help = "what its users may do",
	  .can = ADMIN_CAN_ALL,
	  .table = "dirgroup",
	  .from = "dirgroup AS t",
	  .order = "t.name",
	  .columns = usergroup_columns,
	  .depends = DB_KIND_USER_GROUP },
	{ .name = "membership",
	  .title = "membership",
	  .plural = "memberships in user groups",
	  .help = "one user in one user group",
	  .can = ADMIN_CAN_LIST | ADMIN_CAN_ADD | ADMIN_CAN_REMOVE,
	  .from = "(SELECT m.pkid AS pkid, u.userid AS user, g.name AS dirgroup FROM"
		  " enduserdirgroupmap AS m JOIN enduser AS u ON u.pkid = m.fkenduser JOIN dirgroup"
		  " AS g ON g.pkid = m.fkdirgroup UNION ALL SELECT m.pkid, u.name, g.name FROM"
		  " applicationuserdirgroupmap AS m JOIN applicationuser AS u ON u.pkid ="
		  " m.fkapplicationuser JOIN dirgroup AS g ON g.pkid = m.fkdirgroup) AS t",
	  .order = "t.user, t.dirgroup",
	  .columns = membership_columns,
	  .depends = -1,
	  .add = admin_membership_add,
	  .remove = admin_membership_remove },
	{ .name = "controlled",
	  .title = "controlled device",
	  .plural = "Controlled Devices",
	  .help = "one device that one user's applications control",
	  .can = ADMIN_CAN_LIST | ADMIN_CAN_ADD | ADMIN_CAN_REMOVE,
	  .from = "(SELECT m.pkid AS pkid, u.userid AS user, d.name AS device FROM"
		  " enduserdevicemap AS m JOIN enduser AS u ON u.pkid = m.fkenduser JOIN device AS"
		  " d ON d.pkid = m.fkdevice WHERE m.tkuserassociation = 1 UNION ALL SELECT m.pkid,"
		  " u.name, d.name FROM applicationuserdevicemap AS m JOIN applicationuser AS u"
		  " ON u.pkid = m.fkapplicationuser JOIN device AS d ON d.pkid = m.fkdevice"
		  " WHERE m.tkuserassociation = 1) AS t",
	  .order = "t.user, t.device",
	  .columns = control_columns,
	  .depends = -1,
	  .add = admin_controlled_add,
	  .remove = admin_controlled_remove },
	{ .name = NULL },
};
