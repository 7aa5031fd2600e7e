/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "rsyslog/omprog.h"

static const struct {
	bool confirms;
	const char *block;
	const char *pieces; /* "B", "C" for marks, else the text; '|' between */
} blocks[] = {
	{ true, "BEGIN TRANSACTION\na\nb\nCOMMIT TRANSACTION\n",
	  "B|a\n|b\n|C|" },
	{ false, "BEGIN TRANSACTION\na\nb\nCOMMIT TRANSACTION\n",
	  "B|a\nb\n|C|" },
	{ false, "a\nb\n", "a\nb\n|" },
	{ false, "\n\nCOMMIT TRANSACTION\nBEGIN TRANSACTION\n\n",
	  "\n\n|C|B|\n|" },
	/* Only the whole line is a mark. */
	{ false, "x BEGIN TRANSACTION\nCOMMIT TRANSACTION \nb\n",
	  "x BEGIN TRANSACTION\nCOMMIT TRANSACTION \nb\n|" },
	{ false, " TRANSACTION\nCOMMIT TRANSACTION\n", " TRANSACTION\n|C|" },
	{ true, "COMMIT TRANSACTION", "COMMIT TRANSACTION|" },
	{ true, "COMMIT TRANSACTION\r\n", "COMMIT TRANSACTION\r\n|" },
	{ true, "begin transaction\n", "begin transaction\n|" },
};

static void takes_marks_and_lines_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		struct omprog omprog = { .confirms = blocks[i].confirms };
		struct slice rest = slice_from(blocks[i].block);
		char got[256] = "";
		size_t len = 0;

		while (rest.len) {
			struct slice piece;
			enum omprog_kind kind = omprog_next(&omprog, &rest,
							    &piece);

			if (kind == OMPROG_BEGIN)
				piece = SLICE("B");
			if (kind == OMPROG_COMMIT)
				piece = SLICE("C");
			assert_true(len + piece.len + 2 < sizeof(got));
			memcpy(got + len, piece.at, piece.len);
			len += piece.len;
			got[len++] = '|';
			got[len] = '\0';
		}
		assert_string_equal(got, blocks[i].pieces);
	}
}

static void expect(int fd, const char *wanted)
{
	char got[256] = "";
	ssize_t len = read(fd, got, sizeof(got) - 1);

	assert_true(len >= 0);
	assert_string_equal(got, wanted);
}

static void answers_each_in_one_write(void **state)
{
	struct omprog omprog;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_DIRECT), 0); /* keeps writes apart */
	omprog_init(&omprog, ends[1]);
	assert_true(omprog.confirms);
	omprog_ready(&omprog);
	omprog_accept(&omprog, OMPROG_LINES);
	omprog_accept(&omprog, OMPROG_BEGIN);
	omprog_accept(&omprog, OMPROG_LINES);
	omprog_accept(&omprog, OMPROG_COMMIT);
	omprog_accept(&omprog, OMPROG_BEGIN);
	omprog_refuse(&omprog, "FILE: a\nb");
	omprog_accept(&omprog, OMPROG_LINES);
	expect(ends[0], "OK\n");
	expect(ends[0], "OK\n");
	expect(ends[0], "OK\n");
	expect(ends[0], "DEFER_COMMIT\n");
	expect(ends[0], "OK\n");
	expect(ends[0], "OK\n");
	expect(ends[0], "cannot store: FILE: a?b\n");
	expect(ends[0], "OK\n");
	close(ends[0]);
	close(ends[1]);
}

static void writes_nothing_where_nobody_listens(void **state)
{
	char path[] = "/tmp/test_omprog.XXXXXX";
	struct omprog omprog;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	omprog_init(&omprog, fd);
	assert_false(omprog.confirms);
	omprog_ready(&omprog);
	omprog_accept(&omprog, OMPROG_BEGIN);
	omprog_refuse(&omprog, "no");
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_marks_and_lines_apart),
		cmocka_unit_test(answers_each_in_one_write),
		cmocka_unit_test(writes_nothing_where_nobody_listens),
	};

	return cmocka_run_group_tests_name("omprog", tests, NULL, NULL);
}
