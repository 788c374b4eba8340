/* The record: reading along, wrapping, surviving in a file. */
#include "tests/lib/suite.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

START_TEST(what_is_broken_in_a_file_counts_as_lost_and_ends_the_reading)
{
	static const uint32_t broken[] = { 0, 4, 90, 1u << 20, UINT32_MAX & ~7u, 8, 200 };

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		char path[] = "/tmp/test_record.XXXXXX";
		struct sdl_record *r = sdl_record_new(0);
		struct sdl_record_cursor at = { 0 };
		struct sdl_record_cursor before;
		int fd = mkstemp(path);

		append(r, 1, "whole");
		sdl_record_next(r, &at);
		append(r, 2, "to be broken");
		append(r, 3, "behind it");
		ck_assert_int_eq(sdl_record_save(r, path), 0);
		/* The ring ends the file. */
		ck_assert_int_eq(pwrite(fd, &broken[i], sizeof broken[i],
					lseek(fd, 0, SEEK_END) - 131072 + (off_t)at.at),
				 sizeof broken[i]);
		close(fd);
		before = at;
		sdl_record_destroy(&r);
		r = sdl_record_attach(path);
		at = (struct sdl_record_cursor){ 0 };
		ck_assert_uint_eq(sdl_record_next(r, &at)->seq, 1);
		ck_assert_ptr_null(sdl_record_next(r, &at));
		ck_assert_uint_gt(at.lost, 0);
		ck_assert_uint_eq(at.at, before.at + at.lost);
		sdl_record_destroy(&r);
		unlink(path);
	}
}
END_TEST

/* A writer that wraps the ring all the time, in a program of its own. */
static _Noreturn void write_for_ever(const char *path)
{
	struct sdl_record *writer = sdl_record_create(path, 0);
	char text[3000];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (uint64_t i = 1;; i++) {
		size_t len = i * 37 % sizeof text;

		memset(text, (int)(i & 0xff), len);
		struct sdl_record_entry e = { .kind = SDL_REC_INFO, .seq = i };

		sdl_record_append(writer, &e, text, len);
	}
}

START_TEST(a_reader_never_gets_what_its_writer_was_overwriting)
{
	char path[] = "/tmp/test_record.XXXXXX";
	struct sdl_record *reader = NULL;
	struct sdl_record_cursor at = { 0 };
	uint64_t last = 0;
	bool sound = true;
	pid_t writer;

	close(mkstemp(path));
	unlink(path);
	writer = fork();
	if (!writer)
		write_for_ever(path);
	while (!reader)
		reader = sdl_record_attach(path);
	for (int n = 0; sound && n < 20000;) {
		const struct sdl_record_entry *e = sdl_record_next(reader, &at);

		if (!e)
			continue;
		n++;
		sound = e->seq > last && e->payload_len == e->seq * 37 % 3000;
		for (uint32_t i = 0; sound && i < e->payload_len; i++)
			sound = e->payload[i] == (e->seq & 0xff);
		last = e->seq;
	}
	ck_assert(sound);
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	sdl_record_destroy(&reader);
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
		SUITE_CASE(what_is_broken_in_a_file_counts_as_lost_and_ends_the_reading),
		SUITE_CASE(a_reader_never_gets_what_its_writer_was_overwriting),
		SUITE_CASE(a_file_that_is_no_record_is_refused),
		SUITE_CASE(the_hash_covers_handled_signals_and_nothing_else),
	};

	return suite_main(argc, argv, "unit/test_record", cases, sizeof cases / sizeof *cases);
}
