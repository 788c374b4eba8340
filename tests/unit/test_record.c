/* The record: reading along, wrapping, surviving in a file. */
#include "tests/lib/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdl/record.h"

static void append(struct sdl_record *r, uint64_t seq, const char *text)
{
	struct sdl_record_entry e = { .kind = SDL_REC_INFO, .node = 1, .app = 100, .seq = seq };

	sdl_record_append(r, &e, text, strlen(text));
}

START_TEST(a_reader_gets_what_was_written_in_order)
{
	struct sdl_record *r = sdl_record_new(0);
	struct sdl_record_cursor at = { 0 };
	const struct sdl_record_entry *e;

	append(r, 1, "one");
	append(r, 2, "and two");
	e = sdl_record_next(r, &at);
	ck_assert_uint_eq(e->seq, 1);
	ck_assert_mem_eq(e->payload, "one", 3);
	e = sdl_record_next(r, &at);
	ck_assert_uint_eq(e->payload_len, 7);
	ck_assert_ptr_null(sdl_record_next(r, &at));
	append(r, 3, "");
	ck_assert_uint_eq(sdl_record_next(r, &at)->seq, 3);
	sdl_record_destroy(&r);
}
END_TEST

START_TEST(a_reader_that_falls_behind_learns_how_much_it_lost)
{
	struct sdl_record *r = sdl_record_new(0);
	struct sdl_record_cursor slow = { 0 };
	char text[1000];
	const struct sdl_record_entry *e;
	uint64_t last = 0;

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = 0;
	for (uint64_t i = 1; i <= 1000; i++)
		append(r, i, text);
	while ((e = sdl_record_next(r, &slow))) {
		ck_assert(last == 0 || e->seq == last + 1);
		ck_assert_uint_eq(e->payload_len, sizeof text - 1);
		last = e->seq;
	}
	ck_assert_uint_eq(last, 1000);
	ck_assert_uint_gt(slow.lost, 0);
	sdl_record_destroy(&r);
}
END_TEST

START_TEST(a_file_is_read_while_it_is_written_and_after_its_writer_is_gone)
{
	char path[] = "/tmp/test_record.XXXXXX";
	struct sdl_record *writer;
	struct sdl_record *reader;
	struct sdl_record_cursor at = { 0 };

	close(mkstemp(path));
	unlink(path);
	writer = sdl_record_create(path, 0);
	ck_assert_ptr_nonnull(writer);
	reader = sdl_record_attach(path);
	ck_assert_ptr_nonnull(reader);
	append(writer, 1, "before");
	ck_assert_uint_eq(sdl_record_next(reader, &at)->seq, 1);
	append(writer, 2, "after");
	sdl_record_destroy(&writer);
	ck_assert_uint_eq(sdl_record_next(reader, &at)->seq, 2);
	sdl_record_destroy(&reader);
	unlink(path);
}
END_TEST

START_TEST(a_saved_ring_is_read_back_the_same)
{
	char path[] = "/tmp/test_record.XXXXXX";
	struct sdl_record *r = sdl_record_new(0);
	struct sdl_record *back;
	struct sdl_record_cursor a = { 0 };
	struct sdl_record_cursor b = { 0 };
	const struct sdl_record_entry *e;

	close(mkstemp(path));
	for (uint64_t i = 1; i <= 100; i++)
		append(r, i, "something");
	ck_assert_int_eq(sdl_record_save(r, path), 0);
	back = sdl_record_attach(path);
	ck_assert_ptr_nonnull(back);
	ck_assert_uint_eq(sdl_record_hash(r), sdl_record_hash(back));
	while ((e = sdl_record_next(r, &a)))
		ck_assert_mem_eq(e, sdl_record_next(back, &b), e->len);
	ck_assert_ptr_null(sdl_record_next(back, &b));
	sdl_record_destroy(&r);
	sdl_record_destroy(&back);
	unlink(path);
}
END_TEST

START_TEST(a_file_that_is_no_record_is_refused)
{
	char path[] = "/tmp/test_record.XXXXXX";
	int fd = mkstemp(path);
	static const char text[8192] = "not a record";

	ck_assert_int_eq(write(fd, text, sizeof text), (ssize_t)sizeof text);
	close(fd);
	ck_assert_ptr_null(sdl_record_attach(path));
	ck_assert_int_eq(errno, EINVAL);
	unlink(path);
	ck_assert_ptr_null(sdl_record_attach(path));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(the_hash_covers_handled_signals_and_nothing_else)
{
	struct sdl_record *r = sdl_record_new(0);
	struct sdl_record_entry e = { .kind = SDL_REC_IN, .number = 5 };
	uint64_t before = sdl_record_hash(r);
	uint64_t after;

	append(r, 1, "a trace text");
	ck_assert_uint_eq(sdl_record_hash(r), before);
	sdl_record_append(r, &e, "abc", 3);
	after = sdl_record_hash(r);
	ck_assert_uint_ne(after, before);
	sdl_record_append(r, &e, "abc", 3);
	ck_assert_uint_ne(sdl_record_hash(r), after);
	sdl_record_destroy(&r);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_reader_gets_what_was_written_in_order),
		SUITE_CASE(a_reader_that_falls_behind_learns_how_much_it_lost),
		SUITE_CASE(a_file_is_read_while_it_is_written_and_after_its_writer_is_gone),
		SUITE_CASE(a_saved_ring_is_read_back_the_same),
		SUITE_CASE(a_file_that_is_no_record_is_refused),
		SUITE_CASE(the_hash_covers_handled_signals_and_nothing_else),
	};

	return suite_main(argc, argv, "unit/test_record", cases, sizeof cases / sizeof *cases);
}
