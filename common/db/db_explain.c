/* Sentences for what SQLite refuses: the key of the broken rule, filled with the writer's values.
 */
#include "common/db/db_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct rule {
	const char *key;
	const char *reported; /* what SQLite says instead of the key, for indexes over columns */
	const char *sentence; /* {x} becomes " 'value of x'", or nothing when it is not known */
};

static const struct rule rules[] = {
	{"RH_GROUP_FULL",	   NULL,
	  "CallManager group{group} has three members already, and more are not allowed; take one "
	  "out before{node} goes in"																	      },
	{ "RH_PRIORITY_NEGATIVE",	  NULL,
	  "the priority of a member of CallManager group{group} is 0 or more, 0 being the "
	  "highest"																			       },
	{ "RH_GROUP_PRIORITY",
	  "callmanagergroupmember.fkcallmanagergroup, callmanagergroupmember.priority",		"two members of CallManager group{group} cannot have the same priority{priority}; give "
	  "each its own"								    },
	{ "RH_GROUP_MEMBER",
	  "callmanagergroupmember.fkcallmanagergroup, callmanagergroupmember.fkcallmanager",	   "node{node} is a member of CallManager group{group} already; name it once"  },
	{ "RH_GROUP_NAME",	   "callmanagergroup.name",
	  "a CallManager group{group} exists already; choose another name"													 },
	{ "RH_NODE_NAME",		  "processnode.name",					       "a node{node} exists already; choose another name"				 },
	{ "RH_NODE_ID",		"processnode.nodeid",
	  "another node has the number{number} already; each node needs its own, 1 to 20"											  },
	{ "RH_NODE_NUMBER",	    NULL,
	  "node{node} cannot have the number{number}; numbers go from 1 to 20"												     },
	{ "RH_NODE_NUMBER_TAKEN",	  "callmanager.ctiid",
	  "another node has the number{number} already; each node needs its own, 1 to 20"											  },
	{ "RH_CALLMANAGER_NAME",	 "callmanager.name",
	  "a CallManager of that name exists already; choose another name for node{node}"											  },
	{ "RH_CALLMANAGER_ON_NODE", "callmanager.fkprocessnode",
	  "node{node} has a CallManager already, and may have one only"													    },
	{ "RH_SERVICE_ON_NODE",	"processnodeservice.fkprocessnode, processnodeservice.tkservice",
	  "the service is listed for node{node} already; change its isactive instead"											      },
	{ "RH_PARAMETER",
	  "processconfig.tkservice, processconfig.paramname, processconfig.fkprocessnode",	     "the parameter{parameter} is set there already; change its value instead"   },
	{ "RH_ENTERPRISE_NODE",	NULL,
	  "the row EnterpriseWideData holds what is set for the whole cluster and has to stay"										       },
	{ "RH_POOL_NAME",		  "devicepool.name",
	  "a device pool{pool} exists already; choose another name"														},
	{ "RH_POOL_WITHOUT_GROUP",  NULL,
	  "device pool{pool} names no CallManager group; a pool needs one, for it says which "
	  "CallManagers may serve its devices"																    },
	{ "RH_PARTITION_NAME",      "routepartition.name",
	  "a partition{partition} exists already; choose another name"													     },
	{ "RH_CSS_NAME",		 "callingsearchspace.name",
	  "a calling search space{css} exists already; choose another name"													},
	{ "RH_CSS_MEMBER",
	  "callingsearchspacemember.fkcallingsearchspace, "
	  "callingsearchspacemember.fkroutepartition",						"partition{partition} is in calling search space{css} already; name it once"},
	{ "RH_DEVICE_NAME",	    NULL,
	  "the device name{device} is not allowed: 1 to 128 letters, digits, dots, underscores and "
	  "dashes"																				},
	{ "RH_DEVICE_TAKEN",	     "device.name",
	  "a device{device} exists already; choose another name"														   },
	{ "RH_DEVICE_WITHOUT_POOL", NULL,
	  "device{device} names no device pool; give it one, for the pool says which CallManagers "
	  "may serve it"																			  },
	{ "RH_CLASS_OF_MODEL",      NULL,
	  "the model of device{device} does not go with its class: CTI route points (73) are class "
	  "10 and nothing else is, CTI ports (72) are class 1"														    },
	{ "RH_NUMBER_TWICE",	     "index 'RH_NUMBER_TWICE'",
	  "number{dn} exists already in partition{partition}; a number may stand once in a "
	  "partition: use that one, or another partition"															 },
	{ "RH_NUMBER_CHARACTERS",	  NULL,
	  "number{dn} is not allowed: 1 to 50 characters out of 0-9, A-D, X, *, #, +, ., !, @, [ "
	  "], "
	  "^ and -"																			       },
	{ "RH_FORWARD_TWICE",	      "callforwarddynamic.fknumplan",
	  "number{dn} has its forward settings already; change them instead"												       },
	{ "RH_RING_DURATION",	      NULL,
	  "the no-answer ring duration of number{dn} goes from 1 to 300 seconds; leave it empty "
	  "for the cluster's Forward No Answer Timer"															     },
	{ "RH_LINE_TAKEN",	   "devicenumplanmap.fkdevice, devicenumplanmap.numplanindex",
	  "line{index} of device{device} is taken already; choose another line"												    },
	{ "RH_LINE_TWICE",	   "devicenumplanmap.fknumplan, devicenumplanmap.fkdevice",
	  "number{dn} is on device{device} already; a number may be on a device once"											      },
	{ "RH_LINE_INDEX",	   NULL,
	  "line{index} of device{device} is impossible; lines count from 1"													},
	{ "RH_LINE_IS_PATTERN",	NULL,
	  "number{dn} is a park number or a pattern, not a directory number, and cannot be a line "
	  "of "
	  "device{device}"																			},
	{ "RH_MAX_CALLS",		  NULL,
	  "the maximum number of calls of number{dn} on device{device} goes from 1 to 200, on CTI "
	  "route points to 10000"																		 },
	{ "RH_CALLS_ON_PHONE",      NULL,
	  "a line may have more than 200 calls on a CTI route point only, and device{device} with "
	  "number{dn} is none; lower its maximum number of calls"														 },
	{ "RH_BUSY_TRIGGER",	     NULL,
	  "the busy trigger of number{dn} on device{device} goes from 1 to its maximum number of "
	  "calls"																				 },
	{ "RH_ENDUSER_ID",	   "enduser.userid",						 "a user{user} exists already; choose another name"				},
	{ "RH_APPUSER_NAME",	     "applicationuser.name",
	  "a user{user} exists already; choose another name"														       },
	{ "RH_USER_TWICE",	   NULL,
	  "an end user and an application user cannot both be named{user}, for both log in by that "
	  "name; choose another one"																	      },
	{ "RH_ENDUSER_DEVICE",
	  "enduserdevicemap.fkenduser, enduserdevicemap.fkdevice, "
	  "enduserdevicemap.tkuserassociation",						       "device{device} is in the controlled devices of user{user} already"	      },
	{ "RH_APPUSER_DEVICE",
	  "applicationuserdevicemap.fkapplicationuser, applicationuserdevicemap.fkdevice, "
	  "applicationuserdevicemap.tkuserassociation",					       "device{device} is in the controlled devices of user{user} already"	      },
	{ "RH_ENDUSER_GROUP",	      "enduserdirgroupmap.fkenduser, enduserdirgroupmap.fkdirgroup",
	  "user{user} is in that user group already"															       },
	{ "RH_APPUSER_GROUP",
	  "applicationuserdirgroupmap.fkapplicationuser, applicationuserdirgroupmap.fkdirgroup",	  "user{user} is in that user group already"				     },
	{ "RH_USERGROUP_NAME",      "dirgroup.name",
	  "a user group of that name exists already; choose another name"													  },
	{ "RH_ROLE_NAME",		  "functionrole.name",
	  "a role of that name exists already; choose another name"														},
	{ "RH_STANDARD_GROUP",      NULL,
	  "the standard user groups decide what applications may do; they can be neither renamed "
	  "nor "
	  "removed"																			       },
	{ "RH_CREDENTIAL",	   "index 'RH_CREDENTIAL'",
	  "user{user} has a password already; change it instead"														   },
	{ "RH_CREDENTIAL_OF_ONE",	  NULL,
	  "a password belongs to one end user or one application user"													     },
	{ "RH_PASSWORD_IN_CLEAR",	  NULL,
	  "passwords are stored as Argon2 hashes only; let `rehome` set them"												      },
	{ "RH_PKID",		     NULL,
	  "a pkid is a guid of 36 characters in lower case; leave it out to get one"											       },
	{ "RH_FLAG",		     NULL,							     "a yes/no column takes 't' or 'f' only"					   },
};

const char *db_code_name(int code)
{
	switch (code) {
	case 0:
		return "0";
#define X(value, name)                                                                             \
	case (value):                                                                              \
		return #name;
		DB_CODES(X)
#undef X
	default:
		return "?";
	}
}

int db_error_set(struct db_error *err, int code, const char *format, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->key[0] = 0;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return code;
}

/* Copies the sentence, with {name} replaced; stops quietly when `out` is full. */
static void fill(char *out, size_t size, const char *sentence,
		 const struct db_fact facts[DB_FACTS_MAX])
{
	size_t n = strlen(out);

	for (const char *p = sentence; *p && n + 1 < size; p++) {
		size_t name_length;

		if (*p != '{') {
			out[n++] = *p;
			continue;
		}
		name_length = strcspn(++p, "}");
		for (int i = 0; i < DB_FACTS_MAX && facts[i].name; i++) {
			int written;

			if (strlen(facts[i].name) != name_length ||
			    strncmp(facts[i].name, p, name_length) != 0 || !facts[i].value ||
			    !*facts[i].value)
				continue;
			written = snprintf(out + n, size - n, " '%s'", facts[i].value);
			n = written < 0 || (size_t)written >= size - n ? size - 1
								       : n + (size_t)written;
		}
		p += name_length;
		if (!*p)
			break;
	}
	out[n] = 0;
}

static const struct rule *rule_of(const char *message)
{
	const char *broken = strstr(message, "constraint failed: ");

	broken = broken ? broken + strlen("constraint failed: ") : message;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!strcmp(broken, rules[i].key) ||
		    (rules[i].reported && !strcmp(broken, rules[i].reported)))
			return &rules[i];
	return NULL;
}

struct cause {
	int rc; /* primary result code of SQLite */
	int code;
	const char *sentence;
};
static const struct cause causes[] = {
	{SQLITE_BUSY,       DB_ELOCKED,   "another program holds it locked; try again"		},
	{ SQLITE_LOCKED,	 DB_ELOCKED,   "another statement holds a table locked; try again"	 },
	{ SQLITE_FULL,      DB_EFULL,	 "there is no space left; nothing was changed; make room"},
	{ SQLITE_READONLY,  DB_EREADONLY, "the database is read-only"			     },
	{ SQLITE_CANTOPEN,  DB_EACCESS,
	  "it cannot be opened; its folder must exist and be writable, for it holds the log too"	 },
	{ SQLITE_PERM,      DB_EACCESS,   "access is not permitted"				     },
	{ SQLITE_NOTADB,	 DB_ENOTDB,    "this is not a database"				     },
	{ SQLITE_CORRUPT,	  DB_ECORRUPT,  "the database is damaged; go back to a copy"	    },
	{ SQLITE_INTERRUPT, DB_ELIMIT,    "it took too long and was stopped"			  },
	{ SQLITE_TOOBIG,	 DB_ELIMIT,    "a value is too big"					 },
	{ SQLITE_IOERR,	DB_EIO,	"the system failed to read or write the file"	      },
};

static int explain_constraint(struct db *db, struct db_error *err, const char *message,
			      const struct db_fact facts[DB_FACTS_MAX])
{
	const struct rule *rule = rule_of(message);
	size_t n = strlen(err->text);

	if (rule) {
		snprintf(err->key, sizeof(err->key), "%s", rule->key);
		fill(err->text, sizeof(err->text) - 1, rule->sentence, facts);
		return DB_ECONSTRAINT;
	}
	if (sqlite3_extended_errcode(db->sq) == SQLITE_CONSTRAINT_FOREIGNKEY) {
		snprintf(err->key, sizeof(err->key), "RH_REFERENCE");
		snprintf(err->text + n, sizeof(err->text) - n,
			 "rows refer to each other: what is in use cannot be removed, and what is "
			 "referred to must exist; change the rows that refer to it first");
		return DB_EINUSE;
	}
	if (sqlite3_extended_errcode(db->sq) == SQLITE_CONSTRAINT_NOTNULL)
		snprintf(err->text + n, sizeof(err->text) - n, "%s needs a value",
			 strrchr(message, ' ') ? strrchr(message, ' ') + 1 : message);
	else
		snprintf(err->text + n, sizeof(err->text) - n, "a rule was broken: %s", message);
	return DB_ECONSTRAINT;
}

int db_explain(struct db *db, struct db_error *err, const char *doing,
	       const struct db_fact facts[DB_FACTS_MAX])
{
	struct db_error unread;
	const char *message = sqlite3_errmsg(db->sq);
	int rc = sqlite3_errcode(db->sq) & 0xff;
	size_t n;

	if (!err)
		err = &unread;
	err->code = DB_EIO;
	err->key[0] = 0;
	snprintf(err->text, sizeof(err->text), "%s%s", doing, *doing ? ": " : "");
	n = strlen(err->text);
	if (rc == SQLITE_CONSTRAINT) {
		err->code = explain_constraint(db, err, message, facts);
	} else {
		size_t i = 0, count = sizeof(causes) / sizeof(causes[0]);

		while (i < count && causes[i].rc != rc)
			i++;
		if (i < count) {
			err->code = causes[i].code;
			snprintf(err->text + n, sizeof(err->text) - n, "%s", causes[i].sentence);
		} else {
			snprintf(err->text + n, sizeof(err->text) - n, "%s", message);
		}
	}
	n = strlen(err->text);
	if (n + 1 < sizeof(err->text))
		memcpy(err->text + n, ".", 2);
	return err->code;
}

int db_last_error(struct db *db, const char *doing, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	return db_explain(db, err, doing, none);
}
