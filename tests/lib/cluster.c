#include "tests/lib/cluster.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"

#define PROGRAMS_MAX 64

struct label {
	struct label *next;
	struct sdl_pid pid;
	char text[64];
};

struct cluster {
	struct sdl_virt *virt;
	struct param_set params;
	char *names[PROGRAMS_MAX];
	struct sdl_virt_program specs[PROGRAMS_MAX];
	int n;
	bool allow_unexpected;
	struct sdl_record_cursor mark;
	struct sdl_record_cursor labels_read;
	struct label *labels; /* newest first */
};

struct cluster *cluster_new(uint64_t seed)
{
	return cluster_new_queue(seed, 0);
}

struct cluster *cluster_new_queue(uint64_t seed, uint32_t queue_max)
{
	struct cluster *c = calloc(1, sizeof *c);
	const struct sdl_virt_options options = {
		.seed = seed,
		.record_size = 16 << 20,
		.latency_ns = 200000,
		.jitter_ns = 200000,
		.queue_max = queue_max,
	};

	ck_assert_ptr_nonnull(c);
	param_set_defaults(&c->params);
	c->virt = sdl_virt_new(&options);
	return c;
}

void cluster_destroy(struct cluster **cluster)
{
	struct cluster *c = *cluster;

	if (!c)
		return;
	if (!c->allow_unexpected)
		ck_assert_msg(sdl_virt_unexpected(c->virt) == 0,
			      "%llu signals were discarded for want of a row",
			      (unsigned long long)sdl_virt_unexpected(c->virt));
	sdl_virt_destroy(&c->virt);
	while (c->labels) {
		struct label *l = c->labels;

		c->labels = l->next;
		free(l);
	}
	for (int i = 0; i < c->n; i++)
		free(c->names[i]);
	free(c);
	*cluster = NULL;
}

void cluster_allow_unexpected(struct cluster *c)
{
	c->allow_unexpected = true;
}

struct param_set *cluster_params(struct cluster *c)
{
	return &c->params;
}

void cluster_add(struct cluster *c, const struct sdl_virt_program *spec)
{
	struct sdl_virt_program copy = *spec;

	ck_assert_int_lt(c->n, PROGRAMS_MAX);
	c->names[c->n] = strdup(spec->name);
	copy.name = c->names[c->n];
	if (!copy.params)
		copy.params = &c->params;
	if (!copy.cluster_id)
		copy.cluster_id = "StandAloneCluster";
	if (!copy.token)
		copy.token = "token";
	c->specs[c->n] = copy;
	ck_assert_int_eq(sdl_virt_add(c->virt, &copy), c->n);
	c->n++;
}

static int index_of(const struct cluster *c, const char *name)
{
	for (int i = 0; i < c->n; i++)
		if (!strcmp(c->names[i], name))
			return i;
	ck_abort_msg("no program %s in this cluster", name);
	return -1;
}

void cluster_start(struct cluster *c, const char *name)
{
	char why[256] = "";

	ck_assert_msg(!sdl_virt_start(c->virt, index_of(c, name), why, sizeof why), "%s: %s", name,
		      why);
}

void cluster_kill(struct cluster *c, const char *name)
{
	sdl_virt_kill(c->virt, index_of(c, name));
}

void cluster_term(struct cluster *c, const char *name)
{
	sdl_virt_term(c->virt, index_of(c, name));
}

void cluster_freeze(struct cluster *c, const char *name)
{
	sdl_virt_freeze(c->virt, index_of(c, name));
}

void cluster_thaw(struct cluster *c, const char *name)
{
	sdl_virt_thaw(c->virt, index_of(c, name));
}

static void cut_one(struct cluster *c, const char *from, const char *to, bool cut)
{
	const struct sdl_virt_program *far = &c->specs[index_of(c, to)];
	struct sdl_program *p = cluster_program(c, from);

	if (p)
		sdl_program_cut(p, far->node, far->app, cut);
}

void cluster_cut(struct cluster *c, const char *a, const char *b)
{
	cut_one(c, a, b, true);
	cut_one(c, b, a, true);
}

void cluster_heal(struct cluster *c, const char *a, const char *b)
{
	cut_one(c, a, b, false);
	cut_one(c, b, a, false);
}

bool cluster_is_up(struct cluster *c, const char *name)
{
	return sdl_virt_state(c->virt, index_of(c, name)) != SDL_VIRT_DOWN;
}

struct sdl_program *cluster_program(struct cluster *c, const char *name)
{
	return sdl_virt_running(c->virt, index_of(c, name));
}

struct sdl_virt *cluster_virt(struct cluster *c)
{
	return c->virt;
}

void cluster_post(struct cluster *c, const char *name, uint8_t type, uint16_t signal,
		  const void *msg)
{
	static uint8_t bytes[SDL_SIGNAL_MAX];
	int i = index_of(c, name);
	int64_t len = sdl_pack(signal, msg, bytes, sizeof bytes);
	struct sdl_envelope e = {
		.to = { .node = c->specs[i].node, .type = type, .app = c->specs[i].app, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = signal,
		.len = (uint32_t)len,
		.bytes = bytes,
	};

	ck_assert_int_ge(len, 0);
	sdl_virt_post(c->virt, i, &e);
}

struct search {
	const char *label;
	struct sdl_pid found;
};

static void compare_label(void *arg, struct sdl_process *process)
{
	struct search *s = arg;

	if (!strcmp(sdl_process_label(process), s->label))
		s->found = sdl_self(process);
}

struct sdl_pid cluster_process(struct cluster *c, const char *name, const char *label)
{
	struct search s = { .label = label };

	sdl_program_each(cluster_program(c, name), compare_label, &s);
	ck_assert_msg(!sdl_pid_none(s.found), "%s has no %s", name, label);
	return s.found;
}

void cluster_enqueue(struct cluster *c, const char *name, struct sdl_pid from, struct sdl_pid to,
		     uint16_t signal, const void *msg)
{
	static uint8_t bytes[SDL_SIGNAL_MAX];
	int64_t len = sdl_pack(signal, msg, bytes, sizeof bytes);
	struct sdl_envelope e = {
		.to = to, .from = from, .number = signal, .len = (uint32_t)len, .bytes = bytes
	};

	ck_assert_int_ge(len, 0);
	sdl_program_wake(cluster_program(c, name), cluster_now(c));
	sdl_program_post(cluster_program(c, name), &e);
}

/* A question at the door does no more than wake it. */
void cluster_turn(struct cluster *c, const char *name)
{
	DoorQuery q = DOOR_QUERY__INIT;

	cluster_post(c, name, TYPE_LINK_ADMIN, SIG_DoorQuery, &q);
	cluster_advance(c, MS(5));
}

/* ---- time ---------------------------------------------------------------------------------- */
int64_t cluster_now(const struct cluster *c)
{
	return sdl_virt_now(c->virt);
}

void cluster_advance(struct cluster *c, int64_t ns)
{
	sdl_virt_advance(c->virt, sdl_virt_now(c->virt) + ns);
}

bool cluster_until(struct cluster *c, bool (*done)(struct cluster *c, void *arg), void *arg,
		   int64_t within_ns)
{
	int64_t deadline = cluster_now(c) + within_ns;

	while (!done(c, arg)) {
		if (sdl_virt_next(c->virt) > deadline) {
			sdl_virt_advance(c->virt, deadline);
			return done(c, arg);
		}
		sdl_virt_step(c->virt);
	}
	return true;
}

/* ---- history ------------------------------------------------------------------------------- */
struct wanted {
	struct cluster *cluster;
	uint8_t node;
	uint16_t app;
	const char *label;
	uint16_t signal;
	bool (*match)(const void *msg, void *arg);
	void *arg;
};

static void read_labels(struct cluster *c)
{
	const struct sdl_record *r = sdl_virt_record(c->virt);
	const struct sdl_record_entry *e;

	while ((e = sdl_record_next(r, &c->labels_read))) {
		struct label *l;

		if (e->kind != SDL_REC_LABEL)
			continue;
		l = calloc(1, sizeof *l);
		l->pid = e->to;
		memcpy(l->text, e->payload, e->payload_len < 63 ? e->payload_len : 63);
		l->next = c->labels;
		c->labels = l;
	}
}

static const char *label_of(const struct cluster *c, struct sdl_pid pid)
{
	for (const struct label *l = c->labels; l; l = l->next)
		if (sdl_pid_equal(l->pid, pid))
			return l->text;
	return "";
}

static bool is_wanted(const struct wanted *w, const struct sdl_record_entry *e)
{
	bool handled = e->kind == SDL_REC_SIGNAL || e->kind == SDL_REC_IN;
	bool reported = e->kind == SDL_REC_OUT && e->to.app == SDL_APP_HARNESS;
	ProtobufCMessage *msg;
	bool yes;

	if (!(handled || reported) || e->node != w->node || e->app != w->app ||
	    e->number != w->signal)
		return false;
	if (w->label && strcmp(label_of(w->cluster, handled ? e->to : e->from), w->label))
		return false;
	if (!w->match)
		return true;
	msg = protobuf_c_message_unpack(signal_def(e->number)->message, NULL, e->payload_len,
					e->payload);
	yes = msg && w->match(msg, w->arg);
	if (msg)
		protobuf_c_message_free_unpacked(msg, NULL);
	return yes;
}

static bool look(struct cluster *c, void *arg)
{
	const struct wanted *w = arg;
	const struct sdl_record_entry *e;

	if (w->label)
		read_labels(c);
	while ((e = sdl_record_next(sdl_virt_record(c->virt), &c->mark)))
		if (is_wanted(w, e))
			return true;
	return false;
}

static struct wanted wanted(struct cluster *c, const char *name, const char *label, uint16_t signal)
{
	const struct sdl_virt_program *spec = &c->specs[index_of(c, name)];

	return (struct wanted){
		.cluster = c, .node = spec->node, .app = spec->app, .label = label, .signal = signal
	};
}

bool cluster_until_signal(struct cluster *c, const char *name, const char *label, uint16_t signal,
			  bool (*match)(const void *msg, void *arg), void *arg, int64_t within_ns)
{
	struct wanted w = wanted(c, name, label, signal);

	w.match = match;
	w.arg = arg;
	return cluster_until(c, look, &w, within_ns);
}

void cluster_mark(struct cluster *c)
{
	c->mark.at = sdl_record_head(sdl_virt_record(c->virt));
}

unsigned cluster_count_signal(struct cluster *c, const char *name, const char *label,
			      uint16_t signal, bool (*match)(const void *msg, void *arg), void *arg)
{
	struct wanted w = wanted(c, name, label, signal);
	struct sdl_record_cursor from = c->mark;
	unsigned n = 0;

	w.match = match;
	w.arg = arg;
	while (look(c, &w))
		n++;
	c->mark = from;
	return n;
}
