/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/memory.h"
#include "read/line.h"

/* Bytes in a temporary file that is gone when closed. */
static int file_with(struct slice bytes)
{
	char path[] = "/tmp/test_line.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fd_write(fd, bytes.at, bytes.len), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* All that comes out, in one piece, and how many lines were cut. */
static uint64_t read_all(int fd, struct buf *all)
{
	struct line_reader *reader = line_reader_new(fd);
	struct slice block;
	uint64_t cut;

	while (line_reader_next(reader, &block) == 1)
		buf_add(all, block);
	cut = line_reader_cut(reader);
	line_reader_free(reader);
	return cut;
}

static void add_line(struct buf *buf, size_t len, char c)
{
	for (size_t i = 0; i < len; i++)
		buf_add_char(buf, c);
	buf_add_char(buf, '\n');
}

/* Lengths around the limit and around the buffer's size. */
static const size_t lengths[] = {
	0,      10,     65535,  65536,  65537,  131072, 196607,
	196608, 262143, 262144, 262145, 300000, 700000, 5000000,
};

static void cuts_lines_that_are_too_long_and_keeps_all_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		for (size_t k = 0; k < COUNT(lengths); k++) {
			struct buf in = { 0 };
			struct buf wanted = { 0 };
			struct buf out = { 0 };
			const size_t lens[] = { 5, lengths[i], 7, lengths[k],
						9 };
			uint64_t cut = 0;
			int fd;

			for (size_t n = 0; n < COUNT(lens); n++) {
				bool over = lens[n] > LINE_LIMIT;

				add_line(&in, lens[n], (char)('a' + n));
				add_line(&wanted, over ? LINE_LIMIT : lens[n],
					 (char)('a' + n));
				cut += over;
			}
			fd = file_with(buf_slice(&in));
			assert_int_equal(read_all(fd, &out), cut);
			assert_true(slice_equal(buf_slice(&out),
						buf_slice(&wanted)));
			close(fd);
			buf_clear(&in);
			buf_clear(&wanted);
			buf_clear(&out);
		}
	}
}

static void gives_the_last_line_without_its_newline(void **state)
{
	struct buf out = { 0 };
	int fd = file_with(SLICE("one\ntwo"));

	(void)state;
	assert_int_equal(read_all(fd, &out), 0);
	assert_true(slice_equal(buf_slice(&out), SLICE("one\ntwo")));
	close(fd);
	buf_clear(&out);
}

static void keeps_nul_and_any_other_byte(void **state)
{
	struct buf in = { 0 };
	struct buf out = { 0 };
	int fd;

	(void)state;
	for (int i = 0; i < 256; i++)
		buf_add_char(&in, (char)i);
	fd = file_with(buf_slice(&in));
	assert_int_equal(read_all(fd, &out), 0);
	assert_true(slice_equal(buf_slice(&out), buf_slice(&in)));
	close(fd);
	buf_clear(&in);
	buf_clear(&out);
}

static void gives_a_pipes_line_as_soon_as_it_has_ended(void **state)
{
	int ends[2];
	struct line_reader *reader;
	struct slice block;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	reader = line_reader_new(ends[0]);
	assert_int_equal(fd_write(ends[1], "one", 3), 0);
	assert_int_equal(line_reader_next(reader, &block), 1);
	assert_int_equal(block.len, 0);
	assert_int_equal(fd_write(ends[1], " more\ntw", 8), 0);
	assert_int_equal(line_reader_next(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("one more\n")));
	assert_true(slice_equal(line_reader_rest(reader), SLICE("tw")));
	close(ends[1]);
	assert_int_equal(line_reader_next(reader, &block), 0);
	close(ends[0]);
	line_reader_free(reader);
}

static void goes_on_behind_an_end_that_was_none(void **state)
{
	struct buf long_line = { 0 };
	struct line_reader *reader;
	struct slice block;
	int fd = file_with(SLICE("one\ntw"));

	(void)state;
	reader = line_reader_new(fd);
	assert_int_equal(line_reader_more(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("one\n")));
	assert_int_equal(line_reader_more(reader, &block), 0);
	assert_int_equal(pwrite(fd, "o\nx", 3, 6), 3);
	assert_int_equal(line_reader_more(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("two\n")));
	assert_int_equal(line_reader_more(reader, &block), 0);
	/* After the rest a new line begins, also after that of a cut one. */
	assert_true(slice_equal(line_reader_rest(reader), SLICE("x")));
	add_line(&long_line, 200000, 'y');
	assert_int_equal(pwrite(fd, long_line.at, long_line.len - 1, 9),
			 long_line.len - 1);
	assert_int_equal(line_reader_more(reader, &block), 1);
	assert_int_equal(block.len, LINE_LIMIT + 1);
	assert_int_equal(line_reader_rest(reader).len, 0);
	assert_int_equal(pwrite(fd, "three\n", 6, 9 + 200000), 6);
	assert_int_equal(line_reader_more(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("three\n")));
	assert_int_equal(line_reader_cut(reader), 1);
	close(fd);
	buf_clear(&long_line);
	line_reader_free(reader);
}

static void what_was_looked_at_is_given_out_without_reading(void **state)
{
	struct line_reader *reader;
	struct slice block;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	reader = line_reader_new(ends[0]);
	assert_int_equal(fd_write(ends[1], "B", 1), 0);
	assert_int_equal(line_reader_peek(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("B")));
	assert_int_equal(fd_write(ends[1], "Zzz\ntwo", 7), 0);
	assert_int_equal(line_reader_peek(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("BZzz\ntwo")));
	/* Nothing is in the pipe: reading would wait for ever. */
	assert_int_equal(line_reader_next(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("BZzz\n")));
	close(ends[1]);
	assert_int_equal(line_reader_next(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("two")));
	assert_int_equal(line_reader_next(reader, &block), 0);
	close(ends[0]);
	line_reader_free(reader);
}

static void an_end_that_was_looked_at_is_an_end(void **state)
{
	int fd = file_with(SLICE("x"));
	struct line_reader *reader = line_reader_new(fd);
	struct slice block;

	(void)state;
	assert_int_equal(line_reader_peek(reader, &block), 1);
	assert_int_equal(line_reader_peek(reader, &block), 0);
	assert_true(slice_equal(block, SLICE("x")));
	assert_int_equal(line_reader_next(reader, &block), 1);
	assert_true(slice_equal(block, SLICE("x")));
	assert_int_equal(line_reader_next(reader, &block), 0);
	line_reader_free(reader);
	close(fd);
}

static void reads_no_more_than_its_limit(void **state)
{
	struct buf in = { 0 };

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_add(&in, SLICE("a line\n"));
	for (size_t limit = 0; limit < in.len; limit += 99995) {
		int fd = file_with(buf_slice(&in));
		struct line_reader *reader = line_reader_new(fd);
		struct slice block;
		size_t got = 0;

		line_reader_limit(reader, limit);
		while (line_reader_next(reader, &block) == 1)
			got += block.len;
		assert_int_equal(got, limit);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), limit);
		line_reader_free(reader);
		close(fd);
	}
	buf_clear(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			cuts_lines_that_are_too_long_and_keeps_all_others),
		cmocka_unit_test(gives_the_last_line_without_its_newline),
		cmocka_unit_test(keeps_nul_and_any_other_byte),
		cmocka_unit_test(gives_a_pipes_line_as_soon_as_it_has_ended),
		cmocka_unit_test(goes_on_behind_an_end_that_was_none),
		cmocka_unit_test(
			what_was_looked_at_is_given_out_without_reading),
		cmocka_unit_test(an_end_that_was_looked_at_is_an_end),
		cmocka_unit_test(reads_no_more_than_its_limit),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
