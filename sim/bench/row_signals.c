/* Signals between programs and on the virtual host, and what packing them costs. */
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/msg/messages.h"
#include "sim/bench/link.h"

#define STREAM_WINDOW 16384
#define STREAM_EVERY  2048

static struct bench_traffic stream(const struct bench *b)
{
	struct bench_traffic t = { .window = STREAM_WINDOW, .every = STREAM_EVERY };

	t.n = STREAM_EVERY * (b->quick ? 25u : 500u);
	return t;
}

static struct bench_traffic alone(const struct bench *b)
{
	return (struct bench_traffic){ .n = b->quick ? 200 : 5000, .window = 1, .every = 1 };
}

static double rate(const struct bench_traffic *t, const struct bench_taken *taken)
{
	return taken->wall_ns > 0 ? t->n * 1e9 / (double)taken->wall_ns : 0;
}

/* ---- the yardstick of all that sends ------------------------------------------------- */

static int sample_messages(struct bench *b, const struct sim_run_dir *dir, struct sim_error *err)
{
	struct bench_traffic t = stream(b);
	struct bench_taken taken;

	if (bench_link_zmq(&t, dir, &taken, err) < 0)
		return -1;
	bench_sample(&b->message, rate(&t, &taken));
	return 0;
}

const struct bench_samples *bench_message_rate(struct bench *bench, struct sim_error *err)
{
	struct sim_run_dir dir;
	int result = 0;

	if (sim_run_dir_new(&dir, NULL, err) < 0)
		return NULL;
	bench->message.n = 0;
	for (unsigned i = 0; i < bench->repeat && result == 0; i++)
		result = sample_messages(bench, &dir, err);
	sim_run_dir_remove(&dir);
	return result == 0 ? &bench->message : NULL;
}

static int round_trips(struct bench *b, struct bench_samples *us, bool cpu, struct sim_error *err)
{
	struct bench_traffic t = alone(b);
	struct bench_taken taken;
	struct sim_run_dir dir;
	int result = 0;

	if (sim_run_dir_new(&dir, NULL, err) < 0)
		return -1;
	for (unsigned i = 0; i < b->repeat && result == 0; i++) {
		result = bench_link_zmq(&t, &dir, &taken, err);
		bench_sample(us, (double)(cpu ? taken.cpu_ns / 2 : taken.wall_ns) / t.n / 1e3);
	}
	sim_run_dir_remove(&dir);
	return result;
}

int bench_round_trip(struct bench *bench, struct bench_samples *us, struct sim_error *err)
{
	return round_trips(bench, us, false, err);
}

int bench_message_cpu(struct bench *bench, struct bench_samples *us, struct sim_error *err)
{
	return round_trips(bench, us, true, err);
}

/* ---- between two programs ------------------------------------------------------------ */

struct both {
	struct bench_samples sdl; /* the figure */
	struct bench_samples zmq; /* its yardstick */
};

/* Yardstick and figure take turns, so that both see the same machine. */
static int measure_links(struct bench *b, const struct sim_run_dir *dir, struct both *streamed,
			 struct both *lone, struct both *cpu, struct sim_error *err)
{
	struct bench_traffic s = stream(b), a = alone(b);
	struct bench_taken taken;

	for (unsigned i = 0; i < b->repeat; i++) {
		if (sample_messages(b, dir, err) < 0 || bench_link_sdl(&s, dir, &taken, err) < 0)
			return -1;
		bench_sample(&streamed->sdl, rate(&s, &taken));
		if (bench_link_zmq(&a, dir, &taken, err) < 0)
			return -1;
		bench_sample(&lone->zmq, (double)taken.wall_ns / a.n / 1e3);
		bench_sample(&cpu->zmq, (double)taken.cpu_ns / a.n / 1e3);
		if (bench_link_sdl(&a, dir, &taken, err) < 0)
			return -1;
		bench_sample(&lone->sdl, (double)taken.wall_ns / a.n / 1e3);
		bench_sample(&cpu->sdl, (double)taken.cpu_ns / a.n / 1e3);
	}
	return 0;
}

int bench_row_signals(struct bench *bench, struct sim_error *err)
{
	struct both streamed = { 0 }, lone = { 0 }, cpu = { 0 };
	struct bench_figure *f;
	struct sim_run_dir dir;
	int result;

	if (sim_run_dir_new(&dir, NULL, err) < 0)
		return -1;
	bench->message.n = 0;
	result = measure_links(bench, &dir, &streamed, &lone, &cpu, err);
	sim_run_dir_remove(&dir);
	if (result < 0)
		return -1;
	f = bench_figure(&bench->report, "signals.streamed", "signals/s", BENCH_HIGHER,
			 &streamed.sdl);
	bench_yardstick(f, "bare libzmq, 100 bytes each", &bench->message);
	bench_aim(f, "half of the yardstick");
	f = bench_figure(&bench->report, "signals.round-trip", "us", BENCH_LOWER, &lone.sdl);
	bench_yardstick(f, "bare libzmq", &lone.zmq);
	f = bench_figure(&bench->report, "signals.round-trip-cpu", "us", BENCH_LOWER, &cpu.sdl);
	bench_yardstick(f, "bare libzmq", &cpu.zmq);
	return 0;
}

/* ---- the same, encrypted ------------------------------------------------------------- */

static int measure_curve(struct bench *b, const struct sim_run_dir *dir, struct both *rates,
			 struct both *us, struct sim_error *err)
{
	struct bench_traffic s = stream(b), a = alone(b);
	struct bench_taken taken;

	for (unsigned i = 0; i < b->repeat; i++)
		for (int curve = 0; curve < 2; curve++) {
			s.secure = a.secure = curve;
			if (bench_link_sdl(&s, dir, &taken, err) < 0)
				return -1;
			bench_sample(curve ? &rates->sdl : &rates->zmq, rate(&s, &taken));
			if (bench_link_sdl(&a, dir, &taken, err) < 0)
				return -1;
			bench_sample(curve ? &us->sdl : &us->zmq,
				     (double)taken.wall_ns / a.n / 1e3);
		}
	return 0;
}

int bench_row_curve(struct bench *bench, struct sim_error *err)
{
	struct both rates = { 0 }, us = { 0 };
	struct bench_figure *f;
	struct sim_run_dir dir;
	int result;

	if (sim_run_dir_new(&dir, NULL, err) < 0)
		return -1;
	result = measure_curve(bench, &dir, &rates, &us, err);
	sim_run_dir_remove(&dir);
	if (result < 0)
		return -1;
	f = bench_figure(&bench->report, "curve.streamed", "signals/s", BENCH_HIGHER, &rates.sdl);
	bench_yardstick(f, "the same in the clear", &rates.zmq);
	f = bench_figure(&bench->report, "curve.round-trip", "us", BENCH_LOWER, &us.sdl);
	bench_yardstick(f, "the same in the clear", &us.zmq);
	return 0;
}

/* ---- the virtual host ---------------------------------------------------------------- */

/* What any runtime does for a signal that it records: copy it into a ring and out again, and chain
 * a hash over it. */
static double skeleton_ns(uint32_t n)
{
	enum { RING = 1 << 22 };
	uint8_t *ring = malloc(RING + 256);
	uint8_t message[BENCH_MESSAGE_BYTES] = { 0 };
	uint64_t hash = 1;
	int64_t start = bench_cpu_ns();
	int64_t took;

	if (!ring)
		abort();
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *place = ring + (size_t)i * 128 % RING;

		memcpy(message, &i, sizeof(i));
		memcpy(place, message, sizeof(message));
		hash = hash64(hash, place, sizeof(message));
		memcpy(message, place, sizeof(message));
	}
	took = bench_cpu_ns() - start;
	free(ring);
	return hash ? (double)took / n : 0; /* the hash is used, so the loop stays */
}

int bench_row_virtual(struct bench *bench, struct sim_error *err)
{
	struct bench_samples rates = { 0 }, skeleton = { 0 };
	struct bench_traffic t = stream(bench);
	struct bench_figure *f;

	for (unsigned i = 0; i < bench->repeat; i++) {
		struct bench_taken taken;

		bench_sample(&skeleton, 1e9 / skeleton_ns(t.n));
		if (bench_link_virtual(&t, &taken, err) < 0)
			return -1;
		bench_sample(&rates, t.n * 1e9 / (double)taken.cpu_ns);
	}
	f = bench_figure(&bench->report, "virtual.signals", "signals/s", BENCH_HIGHER, &rates);
	bench_yardstick(f, "copy to a ring, hash, copy back", &skeleton);
	bench_aim(f, "1 000 000");
	return 0;
}

/* ---- encoding ------------------------------------------------------------------------ */

/* Unpacking into memory that is thrown away as a whole, as programs do. */
struct bump {
	size_t used;
	_Alignas(16) uint8_t bytes[8192];
};

static void *bump_alloc(void *data, size_t size)
{
	struct bump *b = data;
	size_t at = b->used;

	b->used = (at + size + 15) & ~(size_t)15;
	return b->used <= sizeof(b->bytes) ? b->bytes + at : NULL;
}

static void bump_free(void *data, void *pointer)
{
	(void)data;
	(void)pointer;
}

static void fill_event(CallEvent *e)
{
	static char device[] = "CTIP_100001", dn[] = "4000001", calling[] = "4000002";

	call_event__init(e);
	e->call_handle = UINT64_C(1) << 32 | 4711;
	e->line_handle = UINT64_C(1) << 32 | 15;
	e->device = device;
	e->dn = dn;
	e->has_global_call_handle = e->has_state = e->has_cause = true;
	e->global_call_handle = UINT64_C(1) << 32 | 4712;
	e->calling = calling;
	e->called = dn;
	e->original_called = dn;
}

static double encoding_ns(uint32_t n, double *bare)
{
	static struct bump memory;
	ProtobufCAllocator allocator = { bump_alloc, bump_free, &memory };
	const struct signal_def *def = signal_def(SIG_CallStateChanged);
	uint8_t packed[256], copied[256];
	int64_t len = 0, start, took;
	CallEvent e;

	fill_event(&e);
	start = bench_cpu_ns();
	for (uint32_t i = 0; i < n; i++) {
		memory.used = 0;
		e.call_handle++;
		len = sdl_pack(SIG_CallStateChanged, &e, packed, sizeof(packed));
		if (len < 0 ||
		    !protobuf_c_message_unpack(def->message, &allocator, (size_t)len, packed))
			return 0;
	}
	took = bench_cpu_ns() - start;
	start = bench_cpu_ns();
	for (uint32_t i = 0; i < n; i++) {
		memcpy(copied, packed, sizeof(packed));
		__asm__ volatile("" ::"r"(copied) : "memory");
		memcpy(packed, copied, sizeof(packed));
		__asm__ volatile("" ::"r"(packed) : "memory");
	}
	*bare = (double)(bench_cpu_ns() - start) / n;
	return (double)took / n;
}

int bench_row_encoding(struct bench *bench, struct sim_error *err)
{
	struct bench_samples cost = { 0 }, copy = { 0 };
	uint32_t n = bench->quick ? 20000 : 1000000;
	struct bench_figure *f;

	for (unsigned i = 0; i < bench->repeat; i++) {
		double bare;
		double ns = encoding_ns(n, &bare);

		if (!(ns > 0))
			return sim_fail(err, SIM_UNKNOWN, "bench: the signal does not unpack");
		bench_sample(&cost, ns);
		bench_sample(&copy, bare);
	}
	f = bench_figure(&bench->report, "encoding.call-event", "ns", BENCH_LOWER, &cost);
	bench_yardstick(f, "copying 256 bytes twice", &copy);
	return 0;
}
