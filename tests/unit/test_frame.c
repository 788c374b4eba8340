/* Frames and envelopes: what is written is read back; what is not ours is refused, whatever it is.
 */
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/prng.h"
#include "common/msg/messages.h"
#include "sdl/link/frame.h"

static const struct frame sample = { .kind = FRAME_DATA,
				     .node = 3,
				     .app = 200,
				     .count = 2,
				     .incarnation = 0x0102030405060708,
				     .ack_incarnation = 9,
				     .session = 10,
				     .ack_session = 11,
				     .seq = 12,
				     .body_len = 5 };

START_TEST(a_frame_is_read_back_as_it_was_written)
{
	uint8_t bytes[FRAME_HEADER + 5] = { 0 };
	struct frame f;

	frame_write(bytes, &sample);
	memcpy(bytes + FRAME_HEADER, "hello", 5);
	ck_assert_int_eq(frame_read(&f, bytes, sizeof bytes), FRAME_OK);
	ck_assert_uint_eq(f.kind, sample.kind);
	ck_assert_uint_eq(f.node, sample.node);
	ck_assert_uint_eq(f.app, sample.app);
	ck_assert_uint_eq(f.count, sample.count);
	ck_assert_uint_eq(f.incarnation, sample.incarnation);
	ck_assert_uint_eq(f.ack_incarnation, sample.ack_incarnation);
	ck_assert_uint_eq(f.session, sample.session);
	ck_assert_uint_eq(f.ack_session, sample.ack_session);
	ck_assert_uint_eq(f.seq, sample.seq);
	ck_assert_mem_eq(f.body, "hello", 5);
}
END_TEST

START_TEST(an_envelope_is_read_back_as_it_was_written)
{
	uint8_t bytes[512];
	struct sdl_envelope e = { .to = { 1, 2, 100, 3 },
				  .from = { 4, 5, 200, 6 },
				  .tag = { .origin = { 7, 8, 300, 9 },
					   .seq = 10,
					   .ip = 11,
					   .device = "SEP001122334455" },
				  .number = SIG_StationReset,
				  .len = 2,
				  .bytes = (const uint8_t *)"\x08\x01" };
	struct sdl_envelope back;
	size_t len = envelope_write(bytes, &e);

	ck_assert_int_eq(envelope_read(&back, bytes, len), (int64_t)len);
	ck_assert(sdl_pid_equal(back.to, e.to));
	ck_assert(sdl_pid_equal(back.from, e.from));
	ck_assert(sdl_pid_equal(back.tag.origin, e.tag.origin));
	ck_assert_uint_eq(back.tag.seq, 10);
	ck_assert_uint_eq(back.tag.ip, 11);
	ck_assert_str_eq(back.tag.device, "SEP001122334455");
	ck_assert_uint_eq(back.number, SIG_StationReset);
	ck_assert_mem_eq(back.bytes, "\x08\x01", 2);
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_int_lt(envelope_read(&back, bytes, cut), 0);
}
END_TEST

START_TEST(a_number_that_is_no_signal_is_refused)
{
	uint8_t bytes[ENVELOPE_HEADER];
	struct sdl_envelope e = { .number = SIGNAL_COUNT };
	struct sdl_envelope back;

	envelope_write(bytes, &e);
	ck_assert_int_eq(envelope_read(&back, bytes, sizeof bytes), FRAME_BAD_BODY);
}
END_TEST

/* Every byte of a sound frame in turn is spoilt; random bytes are thrown in. None may read past its
 * end (the sanitizers watch: each frame is a block of its own). */
START_TEST(spoilt_frames_are_refused_or_read_within_their_bounds)
{
	struct prng prng;

	prng_key(&prng, 1, "test", "spoil");
	for (int i = 0; i < 20000; i++) {
		size_t len = FRAME_HEADER + prng_below(&prng, 80);
		uint8_t *bytes = malloc(len);
		struct frame f = sample;
		struct sdl_envelope e;
		char token[FRAME_TOKEN_MAX + 1];
		char name[FRAME_NAME_MAX + 1];

		for (size_t j = 0; j < len; j++)
			bytes[j] = (uint8_t)prng_below(&prng, 256);
		f.body_len = len - FRAME_HEADER;
		frame_write(bytes, &f);
		bytes[prng_below(&prng, len)] ^= (uint8_t)(1 << prng_below(&prng, 8));
		if (frame_read(&f, bytes, len) == FRAME_OK) {
			frame_read_hello(&f, token, name);
			if (envelope_read(&e, f.body, f.body_len) > 0)
				ck_assert(e.bytes + e.len <= bytes + len);
		}
		free(bytes);
	}
}
END_TEST

START_TEST(every_reason_to_refuse_a_frame_has_words_of_its_own)
{
	static const int errors[] = { FRAME_OK,	      FRAME_TOO_SHORT,	   FRAME_TOO_LONG,
				      FRAME_NOT_OURS, FRAME_WRONG_VERSION, FRAME_BAD_KIND,
				      FRAME_BAD_BODY };
	const size_t n = sizeof errors / sizeof errors[0];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(frame_error_text(errors[i]), frame_error_text(errors[k]));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_frame_is_read_back_as_it_was_written),
		SUITE_CASE(an_envelope_is_read_back_as_it_was_written),
		SUITE_CASE(a_number_that_is_no_signal_is_refused),
		SUITE_CASE(spoilt_frames_are_refused_or_read_within_their_bounds),
		SUITE_CASE(every_reason_to_refuse_a_frame_has_words_of_its_own),
	};

	return suite_main(argc, argv, "unit/test_frame", cases, sizeof cases / sizeof *cases);
}
