/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "rsyslog/journal.h"

static char folder[] = "/tmp/test_journal.XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/j", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static struct journal *open_journal(void)
{
	struct journal *journal = NULL;
	struct fault fault;

	assert_int_equal(journal_open(path, &journal, &fault), 0);
	return journal;
}

/* Each letter is a line. Gives the letters back that were new. */
static void take(struct journal *journal, const char *letters, char *fresh)
{
	for (; *letters; letters++) {
		char line[] = { *letters, '\n' };

		if (journal_take(journal, (struct slice){ line, 2 }))
			*fresh++ = *letters;
	}
	*fresh = '\0';
}

static void store(struct journal *journal, uint64_t growth)
{
	struct sink_place place = { 1, 2, 300 };
	struct fault fault;

	assert_int_equal(journal_save(journal, &place, growth, true, &fault),
			 0);
	assert_int_equal(journal_mark_stored(journal, &fault), 0);
}

/* Transactions, ' ' between them; '!' after one: it was refused; '#': the
 * program is killed, and the next one stores what was left. */
static const struct {
	const char *sent;
	const char *fresh;
} runs[] = {
	{ "abc def", "abcdef" },
	{ "abc abc", "abcabc" },          /* equal lines, nothing failed */
	{ "abc! a b c d", "abcd" },       /* COMMIT refused */
	{ "abc! a! a b c d", "abcd" },    /* and again */
	{ "abc! a b! b c d", "abcd" },    /* then in the midst of it */
	{ "abc! d", "abcd" },             /* rsyslog gave up the batch */
	{ "abc! ad abc", "abcdabc" },     /* and a part of it */
	{ "abc# cde", "abcde" },          /* killed at the last line */
	{ "abc# def", "abcdef" },         /* killed before the next one */
	{ "abc# a b c d", "abcd" },       /* killed at COMMIT */
	{ "abc# a b# b c# c d", "abcd" }, /* again and again */
	{ "abc# cde# c d e f", "abcdef" },
	{ "abc# cde! c d e f", "abcdef" },
	{ "abca# a b c a b", "abcab" },
	{ "abca# ad", "abcad" }, /* the last one, or the first and lost ones */
	{ "aab# a a b a", "aaba" },
	{ "aa# ab", "aab" },
	{ "# a", "a" },
};

static void knows_what_comes_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(runs); i++) {
		struct journal *journal;
		char fresh[64] = "";
		size_t len = 0;
		char one[2] = "";

		(void)unlink(path);
		journal = open_journal();
		journal_begin(journal);
		for (const char *at = runs[i].sent; *at; at++) {
			one[0] = *at;
			if (*at == '#') {
				journal_close(journal);
				journal = open_journal();
				if (!journal_is_stored(journal))
					store(journal, 0);
			} else if (*at == '!') {
				journal_expect_again(journal);
				store(journal, 0);
			} else if (*at == ' ') {
				if (!journal_is_stored(journal))
					store(journal, 0);
				journal_begin(journal);
			} else {
				take(journal, one, fresh + len);
				len += strlen(fresh + len);
			}
		}
		print_message("# case: %s\n", runs[i].sent);
		assert_string_equal(fresh, runs[i].fresh);
		journal_close(journal);
	}
}

static void keeps_what_was_not_stored(void **state)
{
	const struct journal_rest *rest;
	struct sink_place place = { 1, 2, 300 };
	struct journal *journal;
	struct fault fault;
	char fresh[8];

	(void)state;
	(void)unlink(path);
	journal = open_journal();
	journal_begin(journal);
	take(journal, "abc", fresh);
	journal_close(journal);

	journal = open_journal();
	rest = journal_rest(journal);
	assert_int_equal(rest->count, 3);
	assert_true(slice_equal(rest->lines, SLICE("a\nb\nc\n")));
	assert_int_equal(rest->growth, 0); /* nothing to cut away */
	assert_int_equal(journal_save(journal, &place, 70, true, &fault), 0);
	journal_close(journal);

	journal = open_journal();
	rest = journal_rest(journal);
	assert_int_equal(rest->count, 3);
	assert_int_equal(rest->growth, 70);
	assert_int_equal(rest->place.size, 300);
	store(journal, 70);
	journal_close(journal);

	journal = open_journal();
	assert_int_equal(journal_rest(journal)->count, 0);
	assert_true(journal_is_stored(journal));
	journal_close(journal);
}

static void forgets_when_closed_in_order(void **state)
{
	struct journal *journal;
	struct fault fault;
	struct stat status;
	char fresh[8];

	(void)state;
	(void)unlink(path);
	journal = open_journal();
	journal_begin(journal);
	take(journal, "abc", fresh);
	store(journal, 10);
	assert_int_equal(journal_mark_closed(journal, &fault), 0);
	journal_close(journal);
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size < 100); /* no lines are left in it */

	journal = open_journal();
	journal_begin(journal);
	take(journal, "abc", fresh);
	assert_string_equal(fresh, "abc");
	journal_close(journal);
}

/* Cut or spoilt at any byte, the journal gives whole lines or none. */
static void survives_a_torn_file(void **state)
{
	char bytes[512];
	struct journal *journal;
	char fresh[8];
	ssize_t size;
	int fd;

	(void)state;
	(void)unlink(path);
	journal = open_journal();
	journal_begin(journal);
	take(journal, "abc", fresh);
	journal_close(journal);
	fd = open(path, O_RDWR | O_CLOEXEC);
	size = read(fd, bytes, sizeof(bytes));
	assert_true(size > 0 && size < (ssize_t)sizeof(bytes));
	for (ssize_t at = 16; at < size; at++) {
		const struct journal_rest *rest;

		bytes[at] ^= 1;
		assert_int_equal(pwrite(fd, bytes, (size_t)size, 0), size);
		if (at % 2) {
			assert_int_equal(ftruncate(fd, at), 0);
		}
		journal = open_journal();
		rest = journal_rest(journal);
		assert_true(rest->lines.len == 2 * rest->count);
		assert_true(rest->count < 3);
		assert_true(slice_starts(SLICE("a\nb\nc\n"), rest->lines));
		journal_close(journal);
		bytes[at] ^= 1;
	}
	close(fd);
}

static void leaves_a_strange_file_alone(void **state)
{
	struct journal *journal = NULL;
	struct fault fault = { 0 };
	int fd;

	(void)state;
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(fd_write(fd, "this is somebody's file\n", 24), 0);
	close(fd);
	assert_int_equal(journal_open(path, &journal, &fault), -1);
	assert_null(journal);
	assert_non_null(strstr(fault.text, "is no journal"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_comes_again),
		cmocka_unit_test(keeps_what_was_not_stored),
		cmocka_unit_test(forgets_when_closed_in_order),
		cmocka_unit_test(survives_a_torn_file),
		cmocka_unit_test(leaves_a_strange_file_alone),
	};

	return cmocka_run_group_tests_name("journal", tests, make_folder,
					   remove_folder);
}
