/* An application that sends a CTIManager whatever it likes, before its provider is open and after:
 * frames as they come, bodies in frames that are numbered right, and requests with made-up
 * messages. The CTIManager has a CallManager beside it, and a database. */
#include <stdlib.h>
#include <string.h>

#include "callmanager/callmanager.h"
#include "common/db/db.h"
#include "common/msg/messages.h"
#include "ctimanager/ctimanager.h"
#include "sdl/database.h"
#include "sdl/link/link.h"
#include "sdl/virt.h"
#include "sim/harness/topology.h"
#include "tests/fuzz/input.h"

#define MS_NS	  1000000LL
#define STEPS_MAX 64
#define CONN	  0x40000000u /* beyond what the host counts to */

enum step { RAW, SESSION, REQUESTS, LOGIN, TIME, DOWN, STEP_COUNT };
enum { CCM, CTIM };

static struct db_template *image;

static void *open_db(void *arg, char *why, size_t why_size)
{
	struct db_error err;
	struct db *db;

	(void)arg;
	(void)why;
	(void)why_size;
	if (db_clone(&db, image, &err))
		abort();
	return db;
}

static void close_db(void *resource)
{
	struct db *db = resource;

	db_close(&db);
}

static void make_ccm(void *arg, struct sdl_config *config)
{
	(void)arg;
	cm_program(config, calloc(1, sizeof(struct cm_context)));
}

static void unmake_ccm(void *arg, void *context)
{
	(void)arg;
	free(context);
}

static void make_ctim(void *arg, struct sdl_config *config)
{
	(void)arg;
	ctim_program(config);
}

static void make_image(void)
{
	struct sim_topology *topology;
	struct sim_error why = { 0 };
	struct db_error err;
	struct db *db;

	if (image)
		return;
	if (sim_topology_generate(&topology, 2, &why) || db_memory(&db, &err) ||
	    sim_topology_fill(topology, db, &why))
		abort();
	image = db_template_new(db);
	db_close(&db);
	sim_topology_destroy(&topology);
}

static void add(struct sdl_virt *v, const struct param_set *params, int which)
{
	struct sdl_virt_program spec = { .make = which == CCM ? make_ccm : make_ctim,
					 .unmake = which == CCM ? unmake_ccm : NULL,
					 .name = "ccm1",
					 .node = 1,
					 .app = which == CCM ? SDL_APP_CALLMANAGER
							     : SDL_APP_CTIMANAGER,
					 .cluster_id = "fuzz",
					 .token = "secret",
					 .params = params,
					 .resource = { .open = open_db, .close = close_db },
					 .links_n = 1,
					 .serve_cti = which == CTIM };

	spec.links[0].node = 1;
	spec.links[0].app = which == CCM ? SDL_APP_CTIMANAGER : SDL_APP_CALLMANAGER;
	sdl_virt_add(v, &spec);
}

struct stranger {
	struct sdl_virt *virt;
	uint32_t conn;
	uint32_t seq;
};

static void put(struct stranger *s, uint8_t kind, uint16_t count, uint8_t *bytes, size_t body)
{
	struct sdl_program *to = sdl_virt_running(s->virt, CTIM);
	struct frame f = { .kind = kind,
			   .node = 101,
			   .app = SDL_APP_CTI,
			   .incarnation = 1,
			   .session = 1,
			   .seq = ++s->seq,
			   .count = count,
			   .body_len = body };

	frame_write(bytes, &f);
	sdl_program_wake(to, sdl_virt_now(s->virt));
	sdl_program_conn_frame(to, s->conn, &(struct sdl_conn_peer){ .ip = 0x7f010065u }, bytes,
			       FRAME_HEADER + body);
}

static void connect(struct stranger *s)
{
	uint8_t bytes[FRAME_HEADER + 256];

	s->conn++;
	s->seq = 0;
	put(s, FRAME_CONNECT, 0, bytes, frame_write_hello(bytes + FRAME_HEADER, "", "app"));
}

static void requests(struct stranger *s, struct input *in)
{
	uint8_t bytes[SDL_FRAME_MAX];
	uint16_t count = input_byte(in) % 8;
	size_t at = FRAME_HEADER;
	struct sdl_envelope e = { 0 };
	size_t len;

	for (unsigned i = 0; i < count; i++) {
		e.number = input_number(in);
		e.bytes = input_piece(in, &len);
		e.len = (uint32_t)(len > 4096 ? 4096 : len);
		at += envelope_write(bytes + at, &e);
	}
	put(s, FRAME_DATA, count, bytes, at - FRAME_HEADER);
}

static void login(struct stranger *s)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;
	uint8_t bytes[1024];
	uint8_t packed[512];
	struct sdl_envelope e = { .number = SIG_ProviderOpen, .bytes = packed };

	open.seq = open.version = 1;
	open.user = open.password = (char *)"ivr";
	e.len = (uint32_t)sdl_pack(SIG_ProviderOpen, &open, packed, sizeof packed);
	put(s, FRAME_DATA, 1, bytes, envelope_write(bytes + FRAME_HEADER, &e));
}

static void body(struct stranger *s, struct input *in)
{
	uint8_t bytes[SDL_FRAME_MAX];
	uint8_t kind = input_byte(in);
	uint16_t count = input_byte(in);
	size_t len;
	const uint8_t *piece = input_piece(in, &len);

	if (len > sizeof bytes - FRAME_HEADER)
		len = sizeof bytes - FRAME_HEADER;
	memcpy(bytes + FRAME_HEADER, piece, len);
	put(s, kind, count, bytes, len);
}

static void do_step(struct stranger *s, struct input *in)
{
	enum step step = input_byte(in) % STEP_COUNT;
	struct sdl_program *to = sdl_virt_running(s->virt, CTIM);
	size_t len;
	const uint8_t *piece;

	switch (step) {
	case RAW:
		piece = input_piece(in, &len);
		sdl_program_wake(to, sdl_virt_now(s->virt));
		sdl_program_conn_frame(to, s->conn, &(struct sdl_conn_peer){ 0 }, piece, len);
		break;
	case SESSION:
		body(s, in);
		break;
	case REQUESTS:
		requests(s, in);
		break;
	case LOGIN:
		login(s);
		break;
	case DOWN:
		sdl_program_wake(to, sdl_virt_now(s->virt));
		sdl_program_conn_down(to, s->conn);
		connect(s);
		break;
	default:
		sdl_virt_advance(s->virt, sdl_virt_now(s->virt) + input_byte(in) * MS_NS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sdl_virt_options options = { .seed = 1, .record_size = 1 };
	struct input in = { data, size };
	struct stranger s = { .virt = sdl_virt_new(&options), .conn = CONN };
	struct param_set params;
	char why[256];

	make_image();
	param_set_defaults(&params);
	add(s.virt, &params, CCM);
	add(s.virt, &params, CTIM);
	for (int i = CCM; i <= CTIM; i++)
		if (sdl_virt_start(s.virt, i, why, sizeof why))
			abort();
	sdl_virt_advance(s.virt, 200 * MS_NS);
	connect(&s);
	for (int i = 0; i < STEPS_MAX && in.left; i++)
		do_step(&s, &in);
	sdl_virt_advance(s.virt, sdl_virt_now(s.virt) + 30000 * MS_NS);
	sdl_program_conn_down(sdl_virt_running(s.virt, CTIM), s.conn);
	sdl_virt_advance(s.virt, sdl_virt_now(s.virt) + 1000 * MS_NS);
	if (sdl_virt_running(s.virt, CTIM)->links->conns)
		abort(); /* a connection that is gone is forgotten */
	sdl_virt_destroy(&s.virt);
	return 0;
}
