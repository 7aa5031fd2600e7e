/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "read/line.h"
#include "read/tail.h"

/* One open file: `writer` is at its end, as a writer without O_APPEND is. */
struct log {
	int writer;
	struct tail *tail;
	struct buf out;
};

static void open_log(struct log *log)
{
	char path[] = "/tmp/test_tail.XXXXXX";

	*log = (struct log){ .writer = mkstemp(path) };
	assert_true(log->writer >= 0);
	log->tail = tail_new(open(path, O_RDONLY | O_CLOEXEC));
	assert_int_equal(unlink(path), 0);
}

static void close_log(struct log *log)
{
	tail_free(log->tail);
	close(log->writer);
	buf_clear(&log->out);
}

static void put(struct log *log, struct slice text)
{
	assert_int_equal(fd_write(log->writer, text.at, text.len), 0);
}

/* The file is empty, and the writer begins anew. */
static void cut(struct log *log)
{
	assert_int_equal(ftruncate(log->writer, 0), 0);
	assert_int_equal(lseek(log->writer, 0, SEEK_SET), 0);
}

static void expect(struct log *log, struct slice text)
{
	struct slice block;
	int got;

	buf_reset(&log->out);
	while ((got = tail_next(log->tail, &block)) > 0)
		buf_add(&log->out, block);
	assert_int_equal(got, 0);
	print_message("# %.*s\n", (int)log->out.len, log->out.at);
	assert_true(slice_equal(buf_slice(&log->out), text));
}

static void expect_count(struct log *log, size_t bytes)
{
	struct slice block;
	size_t got = 0;

	while (tail_next(log->tail, &block) > 0)
		got += block.len;
	assert_int_equal(got, bytes);
}

static void gives_lines_when_they_have_ended(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	expect(&log, SLICE(""));
	put(&log, SLICE("one\ntw"));
	expect(&log, SLICE("one\n"));
	expect(&log, SLICE(""));
	put(&log, SLICE("o"));
	expect(&log, SLICE(""));
	put(&log, SLICE("\nthree\n"));
	expect(&log, SLICE("two\nthree\n"));
	put(&log, SLICE("four"));
	expect(&log, SLICE(""));
	assert_true(slice_equal(tail_rest(log.tail), SLICE("four")));
	assert_int_equal(tail_restarts(log.tail), 0);
	close_log(&log);
}

static void begins_anew_where_the_file_was_cut_short(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	put(&log, SLICE("one\ntwo\nhalf"));
	expect(&log, SLICE("one\ntwo\n"));
	cut(&log);
	put(&log, SLICE("1\n"));
	/* Nobody ends the line in hand. */
	expect(&log, SLICE("half1\n") /* a block each */);
	assert_int_equal(tail_restarts(log.tail), 1);
	cut(&log);
	expect(&log, SLICE(""));
	put(&log, SLICE("2\n"));
	expect(&log, SLICE("2\n"));
	assert_int_equal(tail_restarts(log.tail), 2);
	close_log(&log);
}

static void sees_that_a_longer_file_was_rewritten(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	put(&log, SLICE("one\ntwo\n"));
	expect(&log, SLICE("one\ntwo\n"));
	cut(&log);
	put(&log, SLICE("three\nfour\n"));
	expect(&log, SLICE("three\nfour\n"));
	cut(&log);
	put(&log, SLICE("fives\nsix\n")); /* of the same length */
	expect(&log, SLICE("fives\nsix\n"));
	assert_int_equal(tail_restarts(log.tail), 2);
	close_log(&log);
}

/* A writer without O_APPEND leaves a hole, or NULs, before its next line. */
static void skips_the_hole_before_a_writers_old_place(void **state)
{
	/* Within a page, and holes of the file system. */
	static const size_t lines[] = { 1, 100, 5000, 200000 };
	struct log log;

	(void)state;
	for (size_t n = 0; n < 2 * COUNT(lines); n++) {
		size_t k = n / 2;
		bool seen = n % 2; /* while it was empty */

		open_log(&log);
		for (size_t i = 0; i < lines[k]; i++)
			put(&log, SLICE("one\n"));
		expect_count(&log, 4 * lines[k]);
		assert_int_equal(ftruncate(log.writer, 0), 0);
		if (seen)
			expect(&log, SLICE(""));
		put(&log, SLICE("two\n"));
		expect(&log, SLICE("two\n"));
		put(&log, SLICE("three\n"));
		expect(&log, SLICE("three\n"));
		close_log(&log);
	}
}

static void cuts_an_endless_line_once(void **state)
{
	static char x[LINE_LIMIT];
	struct log log;

	(void)state;
	memset(x, 'x', sizeof(x));
	open_log(&log);
	for (int i = 0; i < 20; i++) {
		struct slice block;

		put(&log, (struct slice){ x, sizeof(x) });
		while (tail_next(log.tail, &block) > 0)
			;
	}
	assert_int_equal(tail_cut(log.tail), 1);
	/* The file begins anew, and so does the line. */
	cut(&log);
	put(&log, SLICE("one\n"));
	expect(&log, SLICE("one\n"));
	assert_int_equal(tail_cut(log.tail), 1);
	close_log(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_lines_when_they_have_ended),
		cmocka_unit_test(begins_anew_where_the_file_was_cut_short),
		cmocka_unit_test(sees_that_a_longer_file_was_rewritten),
		cmocka_unit_test(skips_the_hole_before_a_writers_old_place),
		cmocka_unit_test(cuts_an_endless_line_once),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
