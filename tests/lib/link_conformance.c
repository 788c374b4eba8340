#include "tests/lib/link_conformance.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/frame.h"
#include "tests/lib/pinger.h"

#define MS(n)	   ((int64_t)(n)*1000000)
#define SECONDS(n) ((int64_t)(n)*1000000000)

const struct link_host *link_host;

/* What the record of a program says so far. */
static struct seen {
	uint32_t received;
	uint32_t last;
	uint32_t out_of_order;
	uint32_t in_service;
	uint32_t out_of_service;
	uint16_t reason; /* of the last time out of service */
	bool is_in_service;
	uint32_t refused; /* frames or signals */
	uint32_t ended;
} seen[2];
/* Own sessions: the first is 1, and each end begins another. */
static uint32_t session[2];
static uint64_t incarnation[2];

static void visit(int which, const struct sdl_record_entry *e)
{
	struct seen *s = &seen[which];
	StationKeypadButton *m;

	switch (e->kind) {
	case SDL_REC_START:
		incarnation[which] = e->seq;
		session[which] = 1;
		s->is_in_service = false;
		break;
	case SDL_REC_LINK:
		s->is_in_service = e->state;
		if (e->state) {
			s->in_service++;
		} else {
			s->out_of_service++;
			s->reason = e->number;
			session[which]++;
		}
		break;
	case SDL_REC_MALFORMED:
		s->refused++;
		break;
	case SDL_REC_END:
		s->ended++;
		break;
	case SDL_REC_IN:
		if (e->number != SIG_StationKeypadButton)
			break;
		m = station_keypad_button__unpack(NULL, e->payload_len, e->payload);
		ck_assert_ptr_nonnull(m);
		if (m->button != 1 && m->button != s->last + 1)
			s->out_of_order++;
		s->last = m->button;
		s->received++;
		station_keypad_button__free_unpacked(m, NULL);
		break;
	default:
		break;
	}
}

static void look(void)
{
	link_host->read(A, visit);
	link_host->read(B, visit);
}

struct mark {
	uint32_t number;	 /* the last of its signals: no other order reaches it */
	uint32_t out_of_service; /* of A, when it was sent */
};

/* ---- conditions ---------------------------------------------------------------------------- */
static bool linked(void *arg)
{
	(void)arg;
	look();
	return seen[A].is_in_service && seen[B].is_in_service;
}

static bool received(void *arg)
{
	look();
	return seen[B].received >= *(uint32_t *)arg;
}

/* B had the marker, or the link went out of service under it. */
static bool marked(void *arg)
{
	const struct mark *m = arg;

	look();
	return seen[B].last == m->number || seen[A].out_of_service != m->out_of_service;
}

static bool out_of_service(void *arg)
{
	look();
	return seen[A].out_of_service >= *(uint32_t *)arg;
}

static bool refused(void *arg)
{
	look();
	return seen[A].refused >= *(uint32_t *)arg;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void wait_linked(void)
{
	ck_assert_msg(link_host->until(linked, NULL, SECONDS(10)), "the link is not in service");
}

static void wait_refused(uint32_t n)
{
	ck_assert_msg(link_host->until(refused, &n, SECONDS(5)), "nothing was refused");
}

static void wait_out(uint32_t n, enum _LinkReason reason)
{
	ck_assert_msg(link_host->until(out_of_service, &n, SECONDS(10)), "the link stayed");
	ck_assert_uint_eq(seen[A].reason, (unsigned)reason);
}

/* The link still carries signals, whole and in order. */
static void still_works(void)
{
	uint32_t n;

	wait_linked();
	n = seen[B].received + 10;
	link_host->send(A, 10);
	ck_assert(link_host->until(received, &n, SECONDS(5)));
	ck_assert_uint_eq(seen[B].received, n);
	ck_assert_uint_eq(seen[B].out_of_order, 0);
}

/* A has carried out every order until now, and what it sent has arrived or was lost with its link.
 * Orders are carried out in order, and so is the way to B: a marker that has arrived tells of all
 * before it. Whatever A still has to send may end the link again; then the marker is lost. */
static void drained(uint32_t orders_max)
{
	struct mark m = { .number = orders_max };

	do {
		wait_linked();
		m.number++;
		m.out_of_service = seen[A].out_of_service;
		link_host->send(A, m.number);
		ck_assert_msg(link_host->until(marked, &m, SECONDS(120)), "A is not drained");
	} while (seen[B].last != m.number);
}

/* ---- frames that B never sent -------------------------------------------------------------- */
static struct frame forged(uint8_t kind)
{
	return (struct frame){ .kind = kind,
			       .node = 2,
			       .app = SDL_APP_CALLMANAGER,
			       .incarnation = incarnation[B],
			       .session = session[B],
			       .ack_incarnation = incarnation[A],
			       .ack_session = session[A],
			       .seq = 1 };
}

static void inject(struct frame *f, const uint8_t *body, size_t len)
{
	uint8_t *bytes = malloc(FRAME_HEADER + len);

	f->body_len = len;
	frame_write(bytes, f);
	if (len)
		memcpy(bytes + FRAME_HEADER, body, len);
	link_host->inject(A, bytes, FRAME_HEADER + len);
	free(bytes);
}

static size_t signal_to(uint8_t type, uint8_t *body, struct sdl_pid from, uint16_t number,
			const void *bytes, uint32_t len)
{
	struct sdl_envelope e = {
		.to = { .node = 1, .type = type, .app = SDL_APP_CALLMANAGER, .inst = 1 },
		.from = from,
		.number = number,
		.len = len,
		.bytes = bytes,
	};

	return envelope_write(body, &e);
}

static size_t one_signal(uint8_t *body, struct sdl_pid from, uint16_t number, const void *bytes,
			 uint32_t len)
{
	return signal_to(PINGER, body, from, number, bytes, len);
}

static const struct sdl_pid pinger_b = {
	.node = 2, .type = PINGER, .app = SDL_APP_CALLMANAGER, .inst = 1
};

static void hello(const char *token, uint64_t of_incarnation, uint32_t of_session)
{
	struct frame f = forged(FRAME_HELLO);
	uint8_t body[2 + FRAME_TOKEN_MAX + FRAME_NAME_MAX];

	f.incarnation = of_incarnation;
	f.session = of_session;
	inject(&f, body, frame_write_hello(body, token, "forged"));
}

static void up(void)
{
	memset(seen, 0, sizeof seen);
	link_host->up();
	wait_linked();
}

static void down(void)
{
	link_host->down();
}

/* ---- cases --------------------------------------------------------------------------------- */
START_TEST(signals_arrive_whole_and_in_order_in_a_burst_of_50000)
{
	uint32_t n = 50000;

	link_host->send(A, n);
	ck_assert(link_host->until(received, &n, SECONDS(30)));
	ck_assert_uint_eq(seen[B].received, n);
	ck_assert_uint_eq(seen[B].out_of_order, 0);
	ck_assert_uint_eq(seen[A].out_of_service, 0);
}
END_TEST

START_TEST(cmf_12_a_killed_peer_is_known_by_its_disconnection)
{
	link_host->kill(B);
	wait_out(1, LINK_REASON__LINK_DISCONNECTED);
	link_host->start(B);
	still_works();
}
END_TEST

START_TEST(cmf_12_a_peer_that_ends_in_order_says_so)
{
	link_host->term(B);
	wait_out(1, LINK_REASON__LINK_GOODBYE);
	ck_assert(link_host->until(never, NULL, MS(200)) == false);
	look();
	ck_assert_uint_eq(seen[B].ended, 1);
}
END_TEST

START_TEST(cmf_12_a_frozen_peer_is_known_by_its_silence_and_thawed_delivers_nothing_old)
{
	uint32_t before;

	link_host->freeze(B);
	link_host->send(B, 20); /* waits in B */
	link_host->send(A, 20); /* waits for B */
	wait_out(1, LINK_REASON__LINK_SILENCE);
	before = seen[B].received;
	link_host->thaw(B);
	wait_linked();
	link_host->until(never, NULL, MS(500));
	look();
	ck_assert_uint_eq(seen[B].received, before);
	still_works();
}
END_TEST

START_TEST(a_short_freeze_loses_nothing)
{
	uint32_t n = 200;

	link_host->freeze(B);
	link_host->send(A, n);
	link_host->until(never, NULL, MS(1000));
	link_host->thaw(B);
	ck_assert(link_host->until(received, &n, SECONDS(5)));
	ck_assert_uint_eq(seen[A].out_of_service, 0);
}
END_TEST

START_TEST(a_peer_restarted_under_the_same_name_gets_nothing_meant_for_its_former_life)
{
	link_host->freeze(B);
	link_host->send(A, 50);
	link_host->kill(B);
	link_host->start(B);
	wait_linked();
	link_host->until(never, NULL, MS(300));
	look();
	ck_assert_uint_eq(incarnation[B], 2);
	ck_assert_uint_eq(seen[B].received, 0);
	still_works();
}
END_TEST

START_TEST(a_cut_ends_the_link_by_silence_and_healing_brings_it_back)
{
	link_host->cut(true);
	link_host->send(A, 30);
	wait_out(1, LINK_REASON__LINK_SILENCE);
	link_host->cut(false);
	wait_linked();
	link_host->until(never, NULL, MS(300));
	look();
	ck_assert_uint_eq(seen[B].received, 0);
	still_works();
}
END_TEST

/* One signal a turn makes one frame each. */
START_TEST(a_full_queue_ends_the_link_and_never_drops_in_silence)
{
	link_host->freeze(B);
	for (uint32_t i = 0; i < 3 * link_host->queue_max && !seen[A].out_of_service; i++) {
		link_host->send(A, 600); /* some frames of 64 KiB each */
		if (i % 16 == 0) {
			link_host->until(never, NULL, MS(1));
			look();
		}
	}
	wait_out(1, LINK_REASON__LINK_QUEUE_FULL);
	link_host->thaw(B);
	drained(600);
	still_works();
}
END_TEST

START_TEST(a_hello_of_an_older_incarnation_is_refused)
{
	link_host->kill(B);
	wait_out(1, LINK_REASON__LINK_DISCONNECTED);
	link_host->start(B);
	wait_linked();
	hello("token", 1, 77);
	wait_refused(1);
	still_works();
	ck_assert_uint_eq(seen[A].out_of_service, 1);
}
END_TEST

START_TEST(frames_of_an_older_incarnation_or_session_are_dropped)
{
	uint8_t body[256];
	struct frame f = forged(FRAME_DATA);
	size_t len = one_signal(body, pinger_b, SIG_StationKeypadButton, "\x08\x01", 2);

	f.count = 1;
	f.session = session[B] + 1;
	inject(&f, body, len);
	wait_refused(1);
	f = forged(FRAME_DATA);
	f.count = 1;
	f.incarnation--;
	inject(&f, body, len);
	wait_refused(2);
	f = forged(FRAME_DATA);
	f.count = 1;
	f.ack_session = session[A] + 1;
	inject(&f, body, len);
	wait_refused(3);
	ck_assert_uint_eq(seen[A].received, 0);
	ck_assert_uint_eq(seen[A].out_of_service, 0);
	still_works();
}
END_TEST

START_TEST(a_gap_in_the_numbers_ends_the_session)
{
	struct frame f = forged(FRAME_HEARTBEAT);

	f.seq = 1000;
	inject(&f, NULL, 0);
	wait_out(1, LINK_REASON__LINK_GAP);
	still_works();
}
END_TEST

START_TEST(a_hello_with_another_clusters_token_is_refused)
{
	hello("somebody else's", incarnation[B] + 5, 1);
	wait_refused(1);
	ck_assert_uint_eq(seen[A].out_of_service, 0);
	still_works();
}
END_TEST

START_TEST(a_frame_of_another_version_is_refused)
{
	struct frame f = forged(FRAME_HEARTBEAT);
	uint8_t bytes[FRAME_HEADER];

	f.body_len = 0;
	frame_write(bytes, &f);
	bytes[4]++;
	link_host->inject(A, bytes, sizeof bytes);
	wait_refused(1);
	ck_assert_uint_eq(seen[A].out_of_service, 0);
	still_works();
}
END_TEST

START_TEST(oversized_truncated_and_foreign_frames_are_refused_by_their_length_first)
{
	static uint8_t large[SDL_FRAME_MAX + 100];
	struct frame f = forged(FRAME_DATA);

	f.body_len = sizeof large - FRAME_HEADER;
	frame_write(large, &f);
	link_host->inject(A, large, sizeof large);
	wait_refused(1);
	link_host->inject(A, large, FRAME_HEADER - 1);
	wait_refused(2);
	link_host->inject(A, large, FRAME_HEADER + 10); /* says it is longer */
	wait_refused(3);
	link_host->inject(A, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n", 48);
	wait_refused(4);
	ck_assert_uint_eq(seen[A].out_of_service, 0);
	still_works();
}
END_TEST

START_TEST(a_forged_hello_only_makes_the_link_start_anew)
{
	hello("token", incarnation[B], session[B] + 50);
	wait_out(1, LINK_REASON__LINK_PEER_RESTARTED);
	still_works();
}
END_TEST

/* The following are forged with B's session and number, as only somebody could who reads along. */
START_TEST(a_frame_inside_a_signal_is_not_unpacked)
{
	uint8_t inner[FRAME_HEADER];
	uint8_t body[256];
	struct frame f = forged(FRAME_DATA);

	f.body_len = 0;
	frame_write(inner, &f);
	f.count = 1;
	inject(&f, body, one_signal(body, pinger_b, SIG_StationKeypadButton, inner, sizeof inner));
	wait_refused(1);
	ck_assert_uint_eq(seen[A].received, 0);
	still_works();
}
END_TEST

START_TEST(a_signal_that_links_do_not_carry_ends_the_session_unhandled)
{
	uint8_t body[256];
	struct frame f = forged(FRAME_DATA);

	f.count = 1;
	inject(&f, body, signal_to(TYPE_LINK_ADMIN, body, pinger_b, SIG_Terminate, NULL, 0));
	wait_out(1, LINK_REASON__LINK_MALFORMED);
	ck_assert_uint_eq(seen[A].ended, 0);
	still_works();
}
END_TEST

START_TEST(a_signal_in_the_name_of_a_third_program_ends_the_session_unhandled)
{
	uint8_t body[256];
	struct frame f = forged(FRAME_DATA);
	struct sdl_pid third = { .node = 3, .type = PINGER, .app = 100, .inst = 1 };

	f.count = 1;
	inject(&f, body, one_signal(body, third, SIG_StationKeypadButton, "\x08\x01", 2));
	wait_out(1, LINK_REASON__LINK_MALFORMED);
	ck_assert_uint_eq(seen[A].received, 0);
	still_works();
}
END_TEST

size_t link_cases(struct suite_case *out)
{

	const struct suite_case cases[] = {
		SUITE_CASE_WITH(signals_arrive_whole_and_in_order_in_a_burst_of_50000, up, down),
		SUITE_CASE_WITH(cmf_12_a_killed_peer_is_known_by_its_disconnection, up, down),
		SUITE_CASE_WITH(cmf_12_a_peer_that_ends_in_order_says_so, up, down),
		SUITE_CASE_WITH(
			cmf_12_a_frozen_peer_is_known_by_its_silence_and_thawed_delivers_nothing_old,
			up, down),
		SUITE_CASE_WITH(a_short_freeze_loses_nothing, up, down),
		SUITE_CASE_WITH(
			a_peer_restarted_under_the_same_name_gets_nothing_meant_for_its_former_life,
			up, down),
		SUITE_CASE_WITH(a_cut_ends_the_link_by_silence_and_healing_brings_it_back, up,
				down),
		SUITE_CASE_WITH(a_full_queue_ends_the_link_and_never_drops_in_silence, up, down),
		SUITE_CASE_WITH(a_hello_of_an_older_incarnation_is_refused, up, down),
		SUITE_CASE_WITH(frames_of_an_older_incarnation_or_session_are_dropped, up, down),
		SUITE_CASE_WITH(a_gap_in_the_numbers_ends_the_session, up, down),
		SUITE_CASE_WITH(a_hello_with_another_clusters_token_is_refused, up, down),
		SUITE_CASE_WITH(a_frame_of_another_version_is_refused, up, down),
		SUITE_CASE_WITH(
			oversized_truncated_and_foreign_frames_are_refused_by_their_length_first,
			up, down),
		SUITE_CASE_WITH(a_forged_hello_only_makes_the_link_start_anew, up, down),
		SUITE_CASE_WITH(a_frame_inside_a_signal_is_not_unpacked, up, down),
		SUITE_CASE_WITH(a_signal_that_links_do_not_carry_ends_the_session_unhandled, up,
				down),
		SUITE_CASE_WITH(a_signal_in_the_name_of_a_third_program_ends_the_session_unhandled,
				up, down),
	};

	memcpy(out, cases, sizeof cases);
	return sizeof cases / sizeof *cases;
}
