/* db: the cluster's database, one SQLite file that all programs of the cluster share.
 *
 * Use: `rehome` makes the file (db_create), fills it with the db_add_... calls and hands its path
 * to the programs, which open it (db_open) and read it with the typed readers below. A `struct db`
 * is one connection and belongs to one thread at a time; nothing here is global. The virtual host
 * keeps the database in memory: one template (db_template_new) is cloned for each run.
 *
 * Tables and columns are those of CUCM's data dictionary (schema.sql); the database itself refuses
 * what is wrong (constraints.sql), whoever writes. Every call that can fail takes a `struct
 * db_error`, which gets a code and a sentence that says what is wrong, where, and what to do.
 *
 * Ownership: strings passed in are borrowed for the call. Structs that readers fill and that have a
 * db_..._free are the caller's; pointers given to a callback live until it returns. A callback must
 * not write through the same `struct db`; one that returns non-zero ends the iteration, and that
 * value is what the iteration returns.
 *
 * Returns: 0, or one of the negative codes of DB_CODES. Out of memory ends the program.
 * Units: _s seconds, _ms milliseconds. Empty text and NULL mean the same: not configured.
 *
 * Source: docs of the data dictionary by name; clauses USR, GRP, DEP, CHK; names are the field's.
 */
#ifndef COMMON_DB_DB_H
#define COMMON_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/dial_rule.h"

struct sqlite3;
struct db;

/* ---- errors ---------------------------------------------------------------------------------- */

/* code, name: what happened */
#define DB_CODES(X)                                                                                \
	X(-1, DB_EMISSING)    /* there is no such file */                                          \
	X(-2, DB_EACCESS)     /* it cannot be read, or not written */                              \
	X(-3, DB_ENOTDB)      /* not a database, or not one of ours */                             \
	X(-4, DB_EVERSION)    /* made by another version */                                        \
	X(-5, DB_ELOCKED)     /* somebody else holds it locked; try again */                       \
	X(-6, DB_EFULL)	      /* no space left */                                                  \
	X(-7, DB_EREADONLY)   /* opened, or lies, read-only */                                     \
	X(-8, DB_ECORRUPT)    /* damaged */                                                        \
	X(-9, DB_ECONSTRAINT) /* refused by a rule of the schema */                                \
	X(-10, DB_EINUSE)     /* refused: something else depends on it */                          \
	X(-11, DB_ENOTFOUND)  /* no object of that name */                                         \
	X(-12, DB_EINPUT)     /* the caller's values make no sense */                              \
	X(-13, DB_ESQL)	      /* a statement of the user's is wrong */                             \
	X(-14, DB_ELIMIT)     /* a statement of the user's is too big or takes too long */         \
	X(-15, DB_EEXISTS)    /* db_create: the file is there already */                           \
	X(-16, DB_EIO)	      /* the operating system failed to read or write */
enum db_code {
#define X(code, name) name = (code),
	DB_CODES(X)
#undef X
};

struct db_error {
	int code;	/* one of DB_CODES, 0 when nothing failed */
	char key[40];	/* RH_... of the broken rule, or empty */
	char text[600]; /* one sentence or two, no newline */
};

/* "DB_ELOCKED" and so on; "0" for 0. */
const char *db_code_name(int code);

/* Fills err, which may be NULL, and returns code: for layers above that report in the same way. */
int db_error_set(struct db_error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A value that an error sentence may mention: {name} becomes " 'value'", or nothing. */
struct db_fact {
	const char *name;
	const char *value;
};
#define DB_FACTS_MAX 4

/* The sentence for what the connection refused last: for users of db_sqlite. Returns err->code. */
int db_last_error(struct db *db, const char *doing, struct db_error *err);
/* The same with names and values: "Adding phone 'X'", then the sentence of db_rule.def. */
int db_last_error_about(struct db *db, const char *doing, const struct db_fact facts[DB_FACTS_MAX],
			struct db_error *err);

/* ---- sizes: of text in the structs below, with the final 0 ---------------------------------- */

#define DB_PKID	  37
#define DB_NAME	  129 /* devices, pools, groups, users */
#define DB_DN	  51  /* numbers, patterns, forward destinations */
#define DB_TEXT	  129 /* descriptions, labels, displayed names */
#define DB_SECRET 129 /* a password hash */

#define DB_GROUP_MAX 3	/* members of a CallManager group */
#define DB_NODES_MAX 20 /* nodes of a cluster */

/* ---- enums of the type tables that programs know -------------------------------------------- */

enum db_service { /* typeservice */
		  DB_SERVICE_CALLMANAGER = 0,
		  DB_SERVICE_TFTP = 1,
		  DB_SERVICE_CTIMANAGER = 2,
		  DB_SERVICE_ENTERPRISE = 11,
		  DB_SERVICE_WEBDIALER = 12,
};
enum db_model { /* typemodel, those that code must know; SCCP and SIP phones share models */
		DB_MODEL_7960 = 7,
		DB_MODEL_7940 = 8,
		DB_MODEL_CTI_PORT = 72,
		DB_MODEL_CTI_ROUTE_POINT = 73,
		DB_MODEL_7941 = 115,
		DB_MODEL_7971 = 119,
		DB_MODEL_7911 = 307,
		DB_MODEL_7961G_GE = 308,
		DB_MODEL_7941G_GE = 309,
		DB_MODEL_7970 = 30006,
		DB_MODEL_7961 = 30018,
};
enum db_class { /* typeclass; CTI ports are of class phone, as in the field */
		DB_CLASS_PHONE = 1,
		DB_CLASS_ROUTE_POINT = 10,
		DB_CLASS_DEVICE_PROFILE = 254,
};
enum db_protocol { DB_PROTOCOL_SCCP = 0, DB_PROTOCOL_SIP = 11 }; /* typedeviceprotocol */
/* typetransport; a device over TLS encrypts its streams */
enum db_transport { DB_TRANSPORT_TCP = 1, DB_TRANSPORT_UDP = 2, DB_TRANSPORT_TLS = 3 };
enum db_usage {
	DB_USAGE_CALL_PARK = 0,
	DB_USAGE_PICKUP_GROUP = 4,
	DB_USAGE_DEVICE = 2,
	DB_USAGE_TRANSLATION = 3,
	DB_USAGE_ROUTE = 5
}; /* typepatternusage */

/* The standard user groups, as bits of db_user.groups. Names: db_group_name. */
enum db_user_group {
	DB_GROUP_CTI_ENABLED = 1 << 0,
	DB_GROUP_CONTROL_ALL = 1 << 1,
	DB_GROUP_PARK_MONITORING = 1 << 2,
	DB_GROUP_CALLING_NUMBER = 1 << 3,
	DB_GROUP_SRTP_KEYS = 1 << 4,
	DB_GROUP_SECURE_CONNECTION = 1 << 5,
};
/* "Standard CTI Enabled" for DB_GROUP_CTI_ENABLED; NULL if it is not exactly one known bit. */
const char *db_group_name(unsigned group);

/* ---- life ----------------------------------------------------------------------------------- */

enum db_mode { DB_READ_ONLY, DB_READ_WRITE };

#define DB_BUSY_MS 2000 /* how long db_open's connections wait for a lock of somebody else */

/* Makes the file `path` with all tables and standard rows; refuses a path that exists. */
int db_create(struct db **out, const char *path, struct db_error *err);
/* The same in memory, gone with db_close. */
int db_memory(struct db **out, struct db_error *err);
/* Opens an existing file; checks that it is one of ours, of this version, and that the settings
 * (WAL, foreign keys, synchronous) took effect. */
int db_open(struct db **out, const char *path, enum db_mode mode, struct db_error *err);
/* Closes and sets *db to NULL; NULL in *db is fine. */
void db_close(struct db **db);

/* How long to wait for locks, 0 = not at all. */
void db_busy_timeout(struct db *db, int timeout_ms);
/* Lets the file grow to at most `pages` pages, then writers get DB_EFULL: a full disk for tests
 * and fault injection. 0 lifts the limit. */
int db_limit_pages(struct db *db, int pages, struct db_error *err);
/* Makes pkids and salts come from a stream keyed with `seed`, the same in each run. */
void db_seed(struct db *db, uint64_t seed);
/* The next pkid of the connection's stream, lower case. */
void db_pkid(struct db *db, char pkid[DB_PKID]);
/* The connection itself, for common/sql. */
struct sqlite3 *db_sqlite(struct db *db);

/* An image of a whole database that can be cloned fast. Immutable once made. */
struct db_template;
struct db_template *db_template_new(struct db *db);
void db_template_destroy(struct db_template **t);
/* An in-memory database with the image's content, independent of it and of other clones. */
int db_clone(struct db **out, const struct db_template *t, struct db_error *err);
/* A consistent copy of the whole database as the new file `path`; refuses a path that exists. */
int db_copy_to(struct db *db, const char *path, struct db_error *err);

/* One transaction around several writers: nothing is kept unless db_commit succeeds. Each writer
 * is all or nothing by itself, too; after its failure the transaction goes on. Not nestable. */
int db_begin(struct db *db, struct db_error *err);
int db_commit(struct db *db, struct db_error *err);
void db_rollback(struct db *db);

/* ---- writers -------------------------------------------------------------------------------- */

struct db_node_spec {
	const char *name; /* "ccm1" */
	const char *description;
	int node_id; /* 1..20; callmanager.ctiid, what SDL addresses call the node */
	const enum db_service *services; /* activated on it */
	size_t n_services;
};
/* A server with its CallManager entry ("CM_ccm1"). */
int db_add_node(struct db *db, const struct db_node_spec *spec, struct db_error *err);
int db_remove_node(struct db *db, const char *name, struct db_error *err);
/* Service activation. */
int db_set_service(struct db *db, const char *node, enum db_service service, bool active,
		   struct db_error *err);

struct db_group_spec {
	const char *name;
	const char *const *nodes; /* node names in order, first = highest priority */
	size_t n_nodes;		  /* 1..3 */
};
int db_add_group(struct db *db, const struct db_group_spec *spec, struct db_error *err);
/* Replaces the members. */
int db_set_group(struct db *db, const struct db_group_spec *spec, struct db_error *err);
int db_remove_group(struct db *db, const char *name, struct db_error *err);

/* Also moves the pool `name` to another group if it is there already. */
int db_add_device_pool(struct db *db, const char *name, const char *group, struct db_error *err);
int db_remove_device_pool(struct db *db, const char *name, struct db_error *err);

int db_add_partition(struct db *db, const char *name, struct db_error *err);
int db_remove_partition(struct db *db, const char *name, struct db_error *err);
/* A calling search space over `partitions` in order. */
int db_add_search_space(struct db *db, const char *name, const char *const *partitions, size_t n,
			struct db_error *err);
int db_remove_search_space(struct db *db, const char *name, struct db_error *err);

/* A set of SIP dial rules, in order. */
int db_add_dial_rules(struct db *db, const char *name, const struct dial_rule *rules, size_t n,
		      struct db_error *err);

struct db_device_spec {
	const char *name; /* SEP000000000001, CTIRP_5000, ... */
	const char *description;
	int model;		     /* enum db_model, or any enum of typemodel */
	enum db_protocol protocol;   /* ports and route points: SCCP */
	enum db_transport transport; /* SIP phones; 0 = TCP */
	const char *dial_rules;	     /* SIP phones: name of a set, or NULL */
	const char *device_pool;     /* required */
	const char *search_space;    /* calling search space, or NULL */
	const char *owner;	     /* userid of an end user, or NULL */
	bool cti_restricted;	     /* allowcticontrolflag = 'f' */
};
int db_add_device(struct db *db, const struct db_device_spec *spec, struct db_error *err);
/* Changes pool, search space, owner, description, transport and restriction to the spec's. */
int db_change_device(struct db *db, const struct db_device_spec *spec, struct db_error *err);
/* Refused (DB_EINUSE) while numbers or users depend on it, naming them (DEP-04). */
int db_remove_device(struct db *db, const char *name, struct db_error *err);

struct db_line_spec {
	int index; /* 1 = first line */
	const char *dn;
	const char *partition; /* NULL = none */
	const char *display;
	const char *label;
	int max_calls;	  /* 0 = default: phones and ports 4, route points 5000 */
	int busy_trigger; /* 0 = default: 2 and 4500, never above max_calls */
	/* Settings of the number, shared by all devices that carry it. On a number that exists,
	 * NULL (or 0) leaves what is there; "" removes it. */
	const char *cfa, *cfb, *cfb_int, *cfna, *cfna_int, *cfur, *cfur_int;
	const char *cfof; /* forward on failure: devicefailuredn */
	/* Calling search spaces by name: of the line, and of its forwards (internal and external alike);
	 * NULL leaves what is there. */
	const char *css, *cfa_css, *cfb_css, *cfna_css, *cfur_css, *cfof_css;
	const char *alerting_name;
	int cfna_duration_s; /* 0 as NULL above; -1 = back to the service parameter */
	int auto_answer;     /* typeautoanswer: 1 headset, 2 speakerphone; 0 as above; -1 = off */
	bool cti_restricted; /* the number's allowcticontrolflag = 'f' */
};
/* Puts the number on the device, making the number first if it does not exist. */
int db_add_line(struct db *db, const char *device, const struct db_line_spec *spec,
		struct db_error *err);
/* Changes the appearance at spec->index of the device and its number's settings. */
int db_change_line(struct db *db, const char *device, const struct db_line_spec *spec,
		   struct db_error *err);
/* Call forward all of a number, and the calling search space in which it is looked for. */
int db_forward_all(struct db *db, const char *dn, const char *partition, char to[DB_DN],
		   char css[DB_NAME], struct db_error *err);
/* As its user wants it; NULL or "" cancels it. */
int db_set_forward_all(struct db *db, const char *dn, const char *partition, const char *to,
		       struct db_error *err);
/* Takes the line off the device; the number stays in the number plan. */
int db_remove_line(struct db *db, const char *device, int index, struct db_error *err);
/* Removes a number that no device carries. */
int db_remove_number(struct db *db, const char *dn, const char *partition, struct db_error *err);
/* A call park number or range ("8XXX") of one node. */
int db_add_park_number(struct db *db, const char *pattern, const char *partition, const char *node,
		       struct db_error *err);

/* A route pattern or a translation pattern, made of 0-9 A-D * # +, X (one digit), [2-5] and [^2-5]
 * (one of them), ! (any digits, at least one, at the end), and a dot where discarding ends. */
struct db_pattern_spec {
	const char *pattern;
	const char *partition; /* NULL = none */
	enum db_usage usage;   /* DB_USAGE_ROUTE, DB_USAGE_TRANSLATION */
	bool block;
	bool urgent;	     /* matched, it waits for no more digits */
	const char *discard; /* "PreDot" or NULL */
	const char *prefix;
	const char *called_mask, *calling_mask;
	const char *css; /* of a translation: where its result is looked for; NULL = no partition */
	const char *description;
};
int db_add_pattern(struct db *db, const struct db_pattern_spec *spec, struct db_error *err);

/* A call pickup group with a number of its own. */
int db_add_pickup_group(struct db *db, const char *name, const char *dn, struct db_error *err);
/* Puts the number (and so all devices that carry it) into the group, out of any other; group NULL:
 * into none. */
int db_set_pickup_group(struct db *db, const char *dn, const char *partition, const char *group,
			struct db_error *err);

enum db_cost { DB_COST_MINIMAL, DB_COST_STRONG }; /* of hashing: generated clusters; real users */
struct db_user_spec {
	const char *userid;
	const char *last_name; /* end users; NULL = the userid */
	bool application;      /* an application user, not an end user */
	const char *password;
	enum db_cost cost;
};
int db_add_user(struct db *db, const struct db_user_spec *spec, struct db_error *err);
int db_remove_user(struct db *db, const char *userid, struct db_error *err);
int db_set_password(struct db *db, const char *userid, const char *password, enum db_cost cost,
		    struct db_error *err);
/* User groups by name ("Standard CTI Enabled"); both directions may be repeated. */
int db_join_group(struct db *db, const char *userid, const char *group, struct db_error *err);
int db_leave_group(struct db *db, const char *userid, const char *group, struct db_error *err);
/* The Controlled Devices list; both directions may be repeated. */
int db_associate(struct db *db, const char *userid, const char *device, struct db_error *err);
int db_dissociate(struct db *db, const char *userid, const char *device, struct db_error *err);

/* One row of processconfig; node NULL = clusterwide; value NULL = back to the default. */
int db_set_parameter(struct db *db, enum db_service service, const char *name, const char *value,
		     const char *node, struct db_error *err);

/* ---- readers -------------------------------------------------------------------------------- */

struct db_parameter {
	enum db_service service;
	const char *name;
	const char *value;
	int node_id; /* 0 = clusterwide */
};
/* All rows, clusterwide ones first, so that a node's own overwrite them. */
int db_each_parameter(struct db *db, int (*each)(void *arg, const struct db_parameter *p),
		      void *arg, struct db_error *err);

struct db_node {
	char name[DB_NAME];
	int node_id;
	unsigned services; /* bit (1u << enum db_service) for each activated one */
};
/* Nodes by node_id; returns how many there are (at most DB_NODES_MAX), or a negative code. */
int db_nodes(struct db *db, struct db_node nodes[DB_NODES_MAX], struct db_error *err);

struct db_group {
	char name[DB_NAME];
	int members[DB_GROUP_MAX]; /* node ids, highest priority first */
	int n_members;
};
int db_group_by_name(struct db *db, const char *name, struct db_group *group, struct db_error *err);
int db_each_group(struct db *db, int (*each)(void *arg, const struct db_group *g), void *arg,
		  struct db_error *err);

struct db_forwards { /* "" = not set */
	char cfa[DB_DN], cfb[DB_DN], cfb_int[DB_DN], cfna[DB_DN], cfna_int[DB_DN];
	char cfur[DB_DN], cfur_int[DB_DN];
	char cfof[DB_DN];    /* devicefailuredn */
	int cfna_duration_s; /* 0 = the service parameter */
	/* The calling search spaces of those, and of the line itself. */
	char cfa_css[DB_NAME], cfb_css[DB_NAME], cfb_int_css[DB_NAME], cfna_css[DB_NAME];
	char cfna_int_css[DB_NAME], cfur_css[DB_NAME], cfur_int_css[DB_NAME], cfof_css[DB_NAME];
	char line_css[DB_NAME];
};
struct db_line {
	char pkid[DB_PKID]; /* of the appearance (devicenumplanmap) */
	int index;
	char dn[DB_DN];
	char partition[DB_NAME];
	char display[DB_TEXT];
	char label[DB_TEXT];
	char alerting_name[DB_TEXT];
	int max_calls;
	int busy_trigger;
	int auto_answer;
	bool allow_cti; /* of the number: LINE_RESTRICTED if not */
	struct db_forwards forwards;
	char pickup_group[DB_DN]; /* the group's number, "" = in none */
};
struct db_device {
	char pkid[DB_PKID];
	char name[DB_NAME];
	char description[DB_TEXT];
	int model; /* typemodel */
	enum db_protocol protocol;
	enum db_transport transport;
	int device_class; /* enum db_class */
	char device_pool[DB_NAME];
	char search_space[DB_NAME];
	char owner[DB_NAME];   /* userid */
	bool allow_cti;	       /* DEVICE_RESTRICTED if not */
	struct db_group group; /* of the device pool */
	struct db_line *lines; /* by index */
	size_t n_lines;
	struct dial_rule *dial_rules; /* SIP phones; in order */
	size_t n_dial_rules;
};
/* DB_ENOTFOUND if there is none; free with db_device_free on success. */
int db_device_by_name(struct db *db, const char *name, struct db_device *dev, struct db_error *err);
void db_device_free(struct db_device *dev);
/* Every device by name, without lines (n_lines is 0). */
int db_each_device(struct db *db, int (*each)(void *arg, const struct db_device *d), void *arg,
		   struct db_error *err);

/* One configured number, or pattern, on one device; once more for each further device. */
struct db_number {
	char dn[DB_DN];
	char partition[DB_NAME];
	char device[DB_NAME]; /* "" = on no device (park numbers, unassigned numbers) */
	int device_class;     /* 0 = no device */
	int model;	      /* typemodel, 0 = no device */
	enum db_protocol protocol;
	int line_index; /* 0 = no device */
	enum db_usage usage;
	int node_id; /* of a park number's CallManager, else 0 */
	char device_css[DB_NAME];
	struct db_forwards forwards;
};
/* All numbers, by number, partition and device: for digit analysis. */
int db_each_number(struct db *db, int (*each)(void *arg, const struct db_number *n), void *arg,
		   struct db_error *err);
/* A route or translation pattern; see db_pattern_spec. */
struct db_pattern {
	char pattern[DB_DN];
	char partition[DB_NAME];
	enum db_usage usage;
	bool discard_predot, block, urgent;
	char prefix[DB_DN], called_mask[DB_DN], calling_mask[DB_DN];
	char css[DB_NAME];
};
int db_each_pattern(struct db *db, int (*each)(void *arg, const struct db_pattern *p), void *arg,
		    struct db_error *err);
/* Each partition of each calling search space, in order; partition "" for a space without any. */
int db_each_search_space(struct db *db,
			 int (*each)(void *arg, const char *css, const char *partition), void *arg,
			 struct db_error *err);
/* The partitions that calls of a calling search space may reach, in order. */
int db_each_reachable(struct db *db, const char *search_space,
		      int (*each)(void *arg, const char *partition), void *arg,
		      struct db_error *err);

struct db_user {
	char pkid[DB_PKID];
	char userid[DB_NAME];
	bool application;	/* application user, not end user */
	unsigned groups;	/* enum db_user_group bits */
	bool allow_cti;		/* enduser.allowcticontrolflag */
	char secret[DB_SECRET]; /* password hash, "" = none: nobody can log in */
};
/* End user or application user alike (GRP-08); DB_ENOTFOUND if there is none. */
int db_user_by_id(struct db *db, const char *userid, struct db_user *user, struct db_error *err);
/* Slow by intent (10 us to 100 ms by its cost): not on a thread that keeps links alive. */
bool db_password_matches(const struct db_user *user, const char *password);
/* The user's Controlled Devices, by name. */
int db_each_controlled(struct db *db, const char *userid,
		       int (*each)(void *arg, const char *device), void *arg, struct db_error *err);
/* 1 if the device is in the user's Controlled Devices, 0 if not, or a negative code. */
int db_controls(struct db *db, const char *userid, const char *device, struct db_error *err);

/* ---- change notification -------------------------------------------------------------------- */

struct db_change {
	int64_t id;
	const char *table;
	const char *pkid;      /* of the row */
	const char *operation; /* "insert", "update", "delete" */
	/* Whom the row is about: node, group, pool, device, number, user or parameter; "" when that
	 * was removed in the same statement. */
	const char *name;
};
/* The newest change, 0 if there has been none. */
int64_t db_last_change(struct db *db);
/* Changes with an id above `after`, oldest first. */
int db_changes_since(struct db *db, int64_t after,
		     int (*each)(void *arg, const struct db_change *c), void *arg,
		     struct db_error *err);
/* Forgets the changes made so far (a fresh topology has nobody to notify). */
int db_forget_changes(struct db *db, struct db_error *err);
/* A number that changes when another connection has committed; cheap, for polling. */
int64_t db_data_version(struct db *db);

/* ---- dependency records --------------------------------------------------------------------- */

enum db_kind {
	DB_KIND_NODE,
	DB_KIND_GROUP,
	DB_KIND_POOL,
	DB_KIND_PARTITION,
	DB_KIND_SEARCH_SPACE,
	DB_KIND_DEVICE,
	DB_KIND_NUMBER,
	DB_KIND_USER,
	DB_KIND_USER_GROUP,
	DB_KIND_DIAL_RULES,
	DB_KIND_PICKUP_GROUP,
	DB_KINDS, /* how many there are */
};
/* The names of all objects of a kind, in order: what lists and completion show. Numbers as DN or
 * DN/partition; users of both kinds together. */
int db_each_name(struct db *db, enum db_kind kind, int (*each)(void *arg, const char *name),
		 void *arg, struct db_error *err);

struct db_dependent {
	const char *kind; /* "device", "directory number", ... */
	const char *name;
};
/* What uses the object, whether or not that would stop its removal (DEP-01, DEP-04). `name` of a
 * number is DN or DN/partition. DB_ENOTFOUND if there is no such object. */
int db_each_dependent(struct db *db, enum db_kind kind, const char *name,
		      int (*each)(void *arg, const struct db_dependent *d), void *arg,
		      struct db_error *err);

#endif
