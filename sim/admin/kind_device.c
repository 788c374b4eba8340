/* Phones, CTI ports, route points, and what lines they have. */
#include "sim/admin/object.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/phone_model.h"
#include "sim/admin/number.h"

#define LINES                                                                                      \
	"(SELECT group_concat(x, ' ') FROM (SELECT m.numplanindex || ':' || n.dnorpattern ||"      \
	" coalesce('/' || r.name, '') AS x FROM devicenumplanmap AS m JOIN numplan AS n"           \
	" ON n.pkid = m.fknumplan LEFT JOIN routepartition AS r ON r.pkid = n.fkroutepartition"    \
	" WHERE m.fkdevice = t.pkid ORDER BY m.numplanindex))"

#define NAME                                                                                       \
	{                                                                                          \
		.name = "name", .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF, .place = 't',       \
		.fact = "device", .help = "1 to 128 letters, digits, dots, underscores and dashes" \
	}
/* What all devices have. */
#define COMMON                                                                                     \
	{ .name = "description", .how = ADMIN_BRIEF, .place = 't', .help = "for people" },         \
		{ .name = "fkdevicepool",                                                          \
		  .type = ADMIN_REFERS,                                                            \
		  .how = ADMIN_BRIEF,                                                              \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_POOL,                                                     \
		  .help = "its group says which CallManagers may serve the device" },              \
		{ .name = "fkcallingsearchspace",                                                  \
		  .type = ADMIN_REFERS,                                                            \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_CSS,                                                      \
		  .help = "which partitions its calls reach" },                                    \
		{ .name = "fkenduser",                                                             \
		  .type = ADMIN_REFERS,                                                            \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_ENDUSER,                                                  \
		  .help = "its owner" },                                                           \
		{ .name = "allowcticontrolflag",                                                   \
		  .type = ADMIN_FLAG,                                                              \
		  .place = 't',                                                                    \
		  .preset = "t",                                                                   \
		  .help = "applications may control it" },                                         \
		{ .name = "fklocation",                                                            \
		  .type = ADMIN_REFERS,                                                            \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_LOCATION,                                                 \
		  .preset = "Hub_None",                                                            \
		  .help = "location" },                                                            \
		{ .name = "fkcommonphoneconfig",                                                   \
		  .type = ADMIN_REFERS,                                                            \
		  .place = 't',                                                                    \
		  .reference = ADMIN_REF_PHONECONFIG,                                              \
		  .preset = "Standard Common Phone Profile",                                       \
		  .help = "common phone profile" },                                                \
	{                                                                                          \
		.name = "fksecurityprofile", .type = ADMIN_REFERS, .place = 't',                   \
		.reference = ADMIN_REF_PROFILE,                                                    \
		.help = "says over which transport it is reached, and whether encrypted"           \
	}
#define ITS_LINES                                                                                  \
	{                                                                                          \
		.name = "lines", .type = ADMIN_SHOWN, .how = ADMIN_BRIEF, .expression = LINES,     \
		.help = "its lines, each INDEX:NUMBER[/PARTITION]"                                 \
	}
#define MODEL(is)                                                                                  \
	{                                                                                          \
		.name = "tkmodel", .type = (is), .how = ADMIN_BRIEF | ADMIN_NEEDED, .place = 't',  \
		.reference = ADMIN_REF_MODEL,                                                      \
		.expression = "(SELECT name FROM typemodel WHERE enum = t.tkmodel)",               \
		.help = "its name, its number on the case, or its number in typemodel"             \
	}

static const struct admin_column phone_columns[] = {
	NAME,
	MODEL(ADMIN_REFERS),
	{ .name = "tkdeviceprotocol",
	  .type = ADMIN_REFERS,
	  .how = ADMIN_BRIEF | ADMIN_FIXED,
	  .place = 't',
	  .reference = ADMIN_REF_PROTOCOL,
	  .preset = "SCCP",
	  .help = "SCCP or SIP" },
	COMMON,
	{ .name = "fkdialrules",
	  .type = ADMIN_REFERS,
	  .place = 't',
	  .reference = ADMIN_REF_DIALRULES,
	  .help = "of SIP phones: the numbers that it knows to be complete" },
	{ .name = "fkphonetemplate",
	  .type = ADMIN_REFERS,
	  .place = 't',
	  .reference = ADMIN_REF_PHONETEMPLATE,
	  .help = "phone button template" },
	{ .name = "fksoftkeytemplate",
	  .type = ADMIN_REFERS,
	  .place = 't',
	  .reference = ADMIN_REF_SOFTKEYS,
	  .help = "softkey template" },
	ITS_LINES,
	{ .name = NULL },
};

static const struct admin_column cti_columns[] = { NAME, COMMON, ITS_LINES, { .name = NULL } };

static const struct admin_column device_columns[] = {
	NAME, MODEL(ADMIN_SHOWN), COMMON, ITS_LINES, { .name = NULL },
};

/* By its number on the case, as topologies have it; a SIP phone needs a profile of SIP. */
static int check_phone(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const int model_column = admin_column(o->kind, "tkmodel", 7);
	const int profile = admin_column(o->kind, "fksecurityprofile", 17);
	const char *text = o->text[model_column];
	const struct phone_model *model;
	const char *protocol = admin_text(o, "tkdeviceprotocol");
	bool sip = protocol && (!strcmp(protocol, "SIP") || !strcmp(protocol, "11"));

	(void)a;
	if (text && *text && strspn(text, "0123456789") == strlen(text)) {
		model = phone_model((uint32_t)strtoul(text, NULL, 10));
		if (model) {
			snprintf(o->room[0], sizeof(o->room[0]), "%d", model->number);
			o->text[model_column] = o->room[0];
		}
	}
	for (size_t i = 0; text && (model = phone_model_at(i)); i++)
		if (sip && !strcmp(model->name, text) && !(model->protocols & PHONE_SIP))
			return db_error_set(err, DB_EINPUT,
					    "Phone '%s': a %s does not speak SIP; choose SCCP.",
					    admin_text(o, "name"), model->name);
	if (o->adding && !o->text[profile])
		o->text[profile] = sip ? "Standard SIP Non-Secure Profile"
				       : "Standard SCCP Non-Secure Profile";
	if (o->adding && !sip && admin_text(o, "fkdialrules") && *admin_text(o, "fkdialrules"))
		return db_error_set(err, DB_EINPUT,
				    "Phone '%s': SIP dial rules are for SIP phones.",
				    admin_text(o, "name"));
	return 0;
}

/* ---- lines --------------------------------------------------------------------------- */

static const struct admin_column line_columns[] = {
	{ .name = "fkdevice",
	  .type = ADMIN_REFERS,
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF | ADMIN_FIXED,
	  .place = 't',
	  .reference = ADMIN_REF_DEVICE,
	  .fact = "device",
	  .help = "the phone, port or route point" },
	{ .name = "numplanindex",
	  .type = ADMIN_WHOLE,
	  .how = ADMIN_KEY | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 't',
	  .fact = "index",
	  .help = "which line of it, from 1" },
	{ .name = "dnorpattern",
	  .how = ADMIN_WORD | ADMIN_NEEDED | ADMIN_BRIEF,
	  .place = 'x',
	  .fact = "dn",
	  .expression = "n.dnorpattern",
	  .help = "its directory number, which is made if it does not exist" },
	{ .name = "fkroutepartition",
	  .type = ADMIN_REFERS,
	  .how = ADMIN_WORD | ADMIN_BRIEF,
	  .place = 'x',
	  .reference = ADMIN_REF_PARTITION,
	  .fact = "partition",
	  .expression = "(SELECT name FROM routepartition WHERE pkid = n.fkroutepartition)",
	  .help = "the number's partition" },
	{ .name = "display", .how = ADMIN_BRIEF, .place = 't', .help = "name shown to the called" },
	{ .name = "label", .place = 't', .help = "name on the phone itself" },
	{ .name = "maxnumcalls",
	  .type = ADMIN_WHOLE,
	  .place = 't',
	  .help = "most calls at a time: 1 to 200, on route points to 10000" },
	{ .name = "busytrigger",
	  .type = ADMIN_WHOLE,
	  .place = 't',
	  .help = "from how many calls on it is busy: 1 to maxnumcalls" },
	{ .name = "e164mask", .place = 't', .help = "external phone number mask" },
	{ .name = "tkringsetting",
	  .type = ADMIN_REFERS,
	  .place = 't',
	  .reference = ADMIN_REF_RINGSETTING,
	  .help = "how it rings" },
	ADMIN_NUMBER_COLUMNS('n', "n", "c"),
	{ .name = NULL },
};

const struct admin_kind admin_device_kinds[] = {
	{ .name = "phone",
	  .title = "phone",
	  .plural = "phones",
	  .help = "an IP phone, SCCP or SIP",
	  .can = ADMIN_CAN_ALL,
	  .table = "device",
	  .constant = "tkclass = 1",
	  .from = "device AS t",
	  .where = "t.tkclass = 1 AND t.tkmodel <> 72",
	  .order = "t.name",
	  .columns = phone_columns,
	  .depends = DB_KIND_DEVICE,
	  .check = check_phone },
	{ .name = "port",
	  .title = "CTI port",
	  .plural = "CTI ports",
	  .help = "a virtual phone, whose user is an application",
	  .can = ADMIN_CAN_ALL,
	  .table = "device",
	  .constant = "tkclass = 1, tkmodel = 72",
	  .from = "device AS t",
	  .where = "t.tkclass = 1 AND t.tkmodel = 72",
	  .order = "t.name",
	  .columns = cti_columns,
	  .depends = DB_KIND_DEVICE },
	{ .name = "routepoint",
	  .title = "CTI route point",
	  .plural = "CTI route points",
	  .help = "receives many calls at once, for an application to direct them",
	  .can = ADMIN_CAN_ALL,
	  .table = "device",
	  .constant = "tkclass = 10, tkmodel = 73",
	  .from = "device AS t",
	  .where = "t.tkclass = 10",
	  .order = "t.name",
	  .columns = cti_columns,
	  .depends = DB_KIND_DEVICE },
	{ .name = "device",
	  .title = "device",
	  .plural = "devices",
	  .help = "phones, ports and route points together",
	  .can = ADMIN_CAN_LIST,
	  .table = "device",
	  .from = "device AS t",
	  .order = "t.name",
	  .columns = device_columns,
	  .depends = DB_KIND_DEVICE },
	{ .name = "line",
	  .title = "line",
	  .plural = "lines",
	  .help = "a directory number on a device, with that number's settings",
	  .can = ADMIN_CAN_ALL,
	  .table = "devicenumplanmap",
	  .from = "devicenumplanmap AS t JOIN numplan AS n ON n.pkid = t.fknumplan"
		  " JOIN device AS d ON d.pkid = t.fkdevice"
		  " LEFT JOIN callforwarddynamic AS c ON c.fknumplan = n.pkid",
	  .order = "d.name, t.numplanindex",
	  .columns = line_columns,
	  .depends = -1,
	  .link = "fknumplan",
	  .before = admin_line_before,
	  .after = admin_line_after },
	{ .name = NULL },
};
