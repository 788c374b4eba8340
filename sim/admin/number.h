/* number.h - directory numbers: the settings that a number and its lines have in common. */
#ifndef SIM_ADMIN_NUMBER_H
#define SIM_ADMIN_NUMBER_H

#include "sim/admin/object.h"

#define ADMIN_FORWARD(where, column, about)                                                        \
	{                                                                                          \
		.name = column, .place = (where), .help = about                                    \
	}
#define ADMIN_NUMBER_CSS(where, column, about)                                                     \
	{                                                                                          \
		.name = "fkcallingsearchspace_" column, .type = ADMIN_REFERS, .place = (where),    \
		.reference = ADMIN_REF_CSS, .help = about                                          \
	}
/* where: the place of table numplan, which `n` is called in kind.from; c: callforwarddynamic, whose
 * place is 'c'. */
#define ADMIN_NUMBER_COLUMNS(where, n, c)                                                          \
	{ .name = "cfadestination", .place = 'c', .help = "all calls are forwarded there" },       \
		ADMIN_NUMBER_CSS('c', "cfa", "calling search space of that forward"),              \
		ADMIN_FORWARD(where, "cfbdestination", "forward busy, of external calls"),         \
		ADMIN_FORWARD(where, "cfbintdestination", "forward busy, of internal calls"),      \
		ADMIN_FORWARD(where, "cfnadestination", "forward no answer, of external calls"),   \
		ADMIN_FORWARD(where, "cfnaintdestination",                                         \
			      "forward no answer, of internal calls"),                             \
		{ .name = "cfnaduration",                                                          \
		  .type = ADMIN_WHOLE,                                                             \
		  .place = (where),                                                                \
		  .help = "seconds of ringing before that; empty: Forward No Answer Timer" },      \
		ADMIN_FORWARD(where, "cfurdestination",                                            \
			      "forward when not registered, of external calls"),                   \
		ADMIN_FORWARD(where, "cfurintdestination",                                         \
			      "forward when not registered, of internal calls"),                   \
		ADMIN_FORWARD(where, "devicefailuredn",                                            \
			      "forward on failure (CFOF) of the application"),                     \
		ADMIN_NUMBER_CSS(where, "sharedlineappear", "calling search space of the line"),   \
		ADMIN_NUMBER_CSS(where, "cfb", "of the forward busy, external"),                   \
		ADMIN_NUMBER_CSS(where, "cfbint", "of the forward busy, internal"),                \
		ADMIN_NUMBER_CSS(where, "cfna", "of the forward no answer, external"),             \
		ADMIN_NUMBER_CSS(where, "cfnaint", "of the forward no answer, internal"),          \
		ADMIN_NUMBER_CSS(where, "cfur", "of the forward unregistered, external"),          \
		ADMIN_NUMBER_CSS(where, "cfurint", "of the forward unregistered, internal"),       \
		ADMIN_NUMBER_CSS(where, "devicefailure", "of the forward on failure"),             \
		{ .name = "tkautoanswer",                                                          \
		  .type = ADMIN_REFERS,                                                            \
		  .place = (where),                                                                \
		  .reference = ADMIN_REF_AUTOANSWER,                                               \
		  .help = "calls are answered by themselves: 0 not, 1 headset, 2 speakerphone" },  \
		{ .name = "alertingname", .place = (where), .help = "name shown while it rings" }, \
	{                                                                                          \
		.name = "allowcticontrolflag", .type = ADMIN_FLAG, .place = (where),               \
		.expression = n ".allowcticontrolflag",                                            \
		.help = "applications may open the number's lines"                                 \
	}

/* Functions of the kinds: a line makes its number if it must, and a number has its forwards. */
int admin_line_before(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_line_after(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_number_after(struct admin *a, struct admin_object *o, struct db_error *err);
/* Of pickup groups: their number is made first, and goes with them. */
int admin_pickup_before(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_pickup_after(struct admin *a, struct admin_object *o, struct db_error *err);
int admin_pickup_remove(struct admin *a, struct admin_object *o, struct db_error *err);

#endif
