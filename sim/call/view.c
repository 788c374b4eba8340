#include "sim/call/call.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <uthash.h>

#include "common/base/cause.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/harness/process_types.h"
#include "sim/harness/run_dir.h"

#define LINE_SIZE 300
#define DAY_NS	  INT64_C(86400000000000)

/* The record of one CallManager program, or of the phones. */
struct source {
	char *name;
	struct sdl_record *record;
	struct sdl_record_cursor cursor;
	uint64_t shown_from; /* what came before we looked is not shown */
	UT_hash_handle hh;
};

/* A phone's process and its device. */
struct phone_name {
	struct sdl_pid pid;
	char device[20];
	UT_hash_handle hh;
};

/* A leg that has been told of. */
struct leg {
	uint64_t key; /* node and ci */
	CtiCallState state;
	char who[80]; /* number and device, as they are shown */
	UT_hash_handle hh;
};

/* A line that waits for those of other records that are older. */
struct shown {
	int64_t time_ns;
	size_t order;
	char *text;
};

struct call_view {
	char dir[SIM_RUN_DIR_SIZE];
	int64_t day_ns;
	struct source *sources;
	struct leg *legs;
	struct phone_name *phones;
	struct shown *shown;
	size_t shown_n;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- records ---------------------------------------------------------------------------- */

static bool is_looked_at(const char *name)
{
	size_t n = strlen(name);

	return (strstr(name, "-100.") || strstr(name, "-300.")) && n > 4 &&
	       !strcmp(name + n - 4, ".rec");
}

/* Programs come; of one that was there at the beginning only what comes now is shown. The phones
 * say at their beginning who they are. */
static void look_for_records(struct call_view *v, bool from_end)
{
	DIR *d = opendir(v->dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char path[SIM_RUN_DIR_SIZE + 300];
		struct source *s;

		HASH_FIND_STR(v->sources, e->d_name, s);
		if (s || !is_looked_at(e->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", v->dir, e->d_name);
		s = must(calloc(1, sizeof(*s)));
		s->record = sdl_record_attach(path);
		if (!s->record) {
			free(s);
			continue;
		}
		s->name = must(strdup(e->d_name));
		if (from_end)
			s->shown_from = sdl_record_head(s->record);
		if (strstr(s->name, "-100."))
			s->cursor.at = s->shown_from;
		HASH_ADD_KEYPTR(hh, v->sources, s->name, strlen(s->name), s);
	}
	if (d)
		closedir(d);
}

/* ---- lines ------------------------------------------------------------------------------ */

static void show(struct call_view *v, int64_t time_ns, const char *who, const char *what)
{
	int64_t ms = (v->day_ns + time_ns) % DAY_NS / 1000000;
	char text[LINE_SIZE];

	snprintf(text, sizeof(text), "%02d:%02d:%02d.%03d  %s  %s", (int)(ms / 3600000),
		 (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000), who, what);
	for (size_t n = strlen(text); n && text[n - 1] == ' '; n--)
		text[n - 1] = '\0';
	v->shown = must(realloc(v->shown, (v->shown_n + 1) * sizeof(*v->shown)));
	v->shown[v->shown_n] = (struct shown){ .time_ns = time_ns,
					       .order = v->shown_n,
					       .text = must(strdup(text)) };
	v->shown_n++;
}

static const char *enum_name(const ProtobufCEnumDescriptor *set, int number)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(set, number);

	return value ? value->name : "?";
}

static struct leg *leg_of(struct call_view *v, uint32_t node, uint32_t ci)
{
	uint64_t key = (uint64_t)node << 32 | ci;
	struct leg *leg;

	HASH_FIND(hh, v->legs, &key, sizeof(key), leg);
	if (leg)
		return leg;
	leg = must(calloc(1, sizeof(*leg)));
	leg->key = key;
	leg->state = CTI_CALL_STATE__UNKNOWN_CALL_STATE;
	HASH_ADD(hh, v->legs, key, sizeof(leg->key), leg);
	return leg;
}

static void forget(struct call_view *v, struct leg *leg)
{
	HASH_DEL(v->legs, leg);
	free(leg);
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

/* The other party, how the call came about, and why it ends. */
static void describe(const CtiCallNotify *call, bool with_parties, char *to, size_t size)
{
	const char *other = text_of(call->outgoing ? call->called : call->calling);
	const char *first = text_of(call->original_called);
	size_t n = 0;

	to[0] = '\0';
	if (with_parties && *other)
		n += (size_t)snprintf(to + n, size - n, "  %s %s", call->outgoing ? "to" : "from",
				      other);
	if (with_parties && *first && strcmp(first, text_of(call->called)) != 0 && n < size)
		n += (size_t)snprintf(to + n, size - n, "  first called %s", first);
	if (call->has_reason && call->reason != FEATURE_REASON__NORMAL &&
	    call->reason != FEATURE_REASON__REASON_NONE && n < size)
		n += (size_t)snprintf(to + n, size - n, "  %s",
				      enum_name(&feature_reason__descriptor, (int)call->reason));
	if (call->has_cause && call->cause && n < size)
		snprintf(to + n, size - n, "  %s", cause_name(CAUSE_CALL, (int)call->cause));
}

static void on_call(struct call_view *v, const struct sdl_record_entry *e, const CcCallInd *ind)
{
	const CtiCallNotify *call = ind->call;
	struct leg *leg = leg_of(v, e->node, call->ci);
	bool same = leg->state == call->state;
	char what[LINE_SIZE + 64], more[LINE_SIZE];

	snprintf(leg->who, sizeof(leg->who), "%-6.50s %-15.20s", call->dn, call->device);
	leg->state = call->state;
	describe(call, call->state != CTI_CALL_STATE__IDLE, more, sizeof(more));
	snprintf(what, sizeof(what), "%-12.60s%s",
		 ind->kind == CALL_IND_KIND__CALL_PARTY
			 ? "(parties)"
			 : enum_name(&cti_call_state__descriptor, (int)call->state),
		 more);
	if (ind->kind == CALL_IND_KIND__CALL_CLOSED)
		forget(v, leg);
	else if (!same || ind->kind == CALL_IND_KIND__CALL_PARTY)
		show(v, e->time_ns, leg->who, what);
}

static void on_media(struct call_view *v, const struct sdl_record_entry *e, uint32_t ci,
		     const CcMediaSend *to)
{
	const struct leg *leg = leg_of(v, e->node, ci);
	char what[LINE_SIZE];

	if (!leg->who[0])
		return; /* of before we looked */
	if (to)
		snprintf(what, sizeof(what), "  streams to %u.%u.%u.%u:%u", to->ip >> 24,
			 to->ip >> 16 & 255, to->ip >> 8 & 255, to->ip & 255, to->port);
	else
		snprintf(what, sizeof(what), "  streams no more");
	show(v, e->time_ns, leg->who, what);
}

static void on_label(struct call_view *v, const struct sdl_record_entry *e)
{
	struct phone_name *p;

	HASH_FIND(hh, v->phones, &e->to, sizeof(e->to), p);
	if (!p) {
		p = must(calloc(1, sizeof(*p)));
		p->pid = e->to;
		HASH_ADD(hh, v->phones, pid, sizeof(p->pid), p);
	}
	snprintf(p->device, sizeof(p->device), "%.*s", (int)e->payload_len,
		 (const char *)e->payload);
}

/* Of no call: at which number it is parked, why a key does nothing. */
static void on_prompt(struct call_view *v, const struct sdl_record_entry *e,
		      const StationDisplayPrompt *prompt)
{
	const struct phone_name *p;
	char who[80], what[LINE_SIZE];

	if (!*prompt->text)
		return;
	HASH_FIND(hh, v->phones, &e->to, sizeof(e->to), p);
	snprintf(who, sizeof(who), "%-6s %-15s", "", p ? p->device : "a phone");
	snprintf(what, sizeof(what), "  shows \"%.200s\"", prompt->text);
	show(v, e->time_ns, who, what);
}

static void look_at(struct call_view *v, const struct sdl_record_entry *e)
{
	ProtobufCMessage *m;

	if ((e->kind != SDL_REC_SIGNAL && e->kind != SDL_REC_IN) ||
	    (e->number != SIG_CcCallInd && e->number != SIG_CcMediaSendReq &&
	     e->number != SIG_CcMediaSendStopReq && e->number != SIG_StationDisplayPromptStatus))
		return;
	m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	if (!m)
		return;
	if (e->number == SIG_CcCallInd)
		on_call(v, e, (const CcCallInd *)m);
	else if (e->number == SIG_StationDisplayPromptStatus)
		on_prompt(v, e, (const StationDisplayPrompt *)m);
	else if (e->number == SIG_CcMediaSendReq)
		on_media(v, e, ((const CcMediaSend *)m)->ci, (const CcMediaSend *)m);
	else
		on_media(v, e, ((const CcMediaEnd *)m)->ci, NULL);
	sdl_fields_free(&m);
}

static void read_source(struct call_view *v, struct source *s)
{
	const struct sdl_record_entry *e;

	while ((e = sdl_record_next(s->record, &s->cursor)))
		if (e->kind == SDL_REC_LABEL && e->app == SDL_APP_PHONES)
			on_label(v, e);
		else if (s->cursor.at > s->shown_from)
			look_at(v, e);
}

/* ---- what is asked of it ---------------------------------------------------------------- */

struct call_view *call_view_new(const char *dir)
{
	struct call_view *v = must(calloc(1, sizeof(*v)));

	snprintf(v->dir, sizeof(v->dir), "%s", dir);
	v->day_ns = sim_record_day_ns();
	look_for_records(v, true);
	return v;
}

void call_view_destroy(struct call_view **view)
{
	struct call_view *v = *view;
	struct source *s, *next;

	HASH_ITER (hh, v->sources, s, next) {
		HASH_DEL(v->sources, s);
		sdl_record_destroy(&s->record);
		free(s->name);
		free(s);
	}
	while (v->legs)
		forget(v, v->legs);
	while (v->phones) {
		struct phone_name *p = v->phones;

		HASH_DEL(v->phones, p);
		free(p);
	}
	free(v);
	*view = NULL;
}

static int by_time(const void *a, const void *b)
{
	const struct shown *x = a;
	const struct shown *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

size_t call_view_read(struct call_view *view, void (*print)(void *arg, const char *line), void *arg)
{
	struct source *s, *next;
	size_t n;

	look_for_records(view, false);
	HASH_ITER (hh, view->sources, s, next)
		read_source(view, s);
	if (view->shown_n > 1)
		qsort(view->shown, view->shown_n, sizeof(*view->shown), by_time);
	for (size_t i = 0; i < view->shown_n; i++) {
		print(arg, view->shown[i].text);
		free(view->shown[i].text);
	}
	n = view->shown_n;
	free(view->shown);
	view->shown = NULL;
	view->shown_n = 0;
	return n;
}
