/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "parse/exim_parts.h"

static struct header line_of(const char *pid, const char *message,
			     int64_t second)
{
	return (struct header){ .pid = slice_from(pid),
				.host = SLICE("mx1"),
				.program = SLICE("exim"),
				.time = { .us = second * 1000000,
					  .known = true },
				.message = slice_from(message) };
}

/* Whether the line is whole; then *message is what it tells. */
static bool add(struct exim_parts *parts, const char *pid, const char *line,
		struct slice *message)
{
	struct header header = line_of(pid, line, 0);
	bool whole = exim_parts_add(parts, &header);

	*message = whole ? header.message : (struct slice){ 0 };
	return whole;
}

static void assert_whole(struct exim_parts *parts, const char *pid,
			 const char *line, const char *want)
{
	struct slice message;

	assert_true(add(parts, pid, line, &message));
	assert_true(slice_equal(message, slice_from(want)));
}

static void assert_part(struct exim_parts *parts, const char *pid,
			const char *line)
{
	struct slice message;

	assert_false(add(parts, pid, line, &message));
}

static void assert_left(struct exim_parts *parts, bool all, const char *want)
{
	struct header header;

	assert_int_equal(exim_parts_left(parts, all, &header), want != NULL);
	if (want) {
		assert_true(slice_equal(header.message, slice_from(want)));
		assert_true(slice_equal(header.host, SLICE("mx1")));
		assert_true(slice_equal(header.program, SLICE("exim")));
	}
}

static void passes_on_what_is_no_part(void **state)
{
	static const char *const lines[] = {
		"",        "x",         "[1/2]",     "[1/2]x",
		"[0/2] x", "[3/2] x",   "[1/100] x", "[a/2] x",
		"[/2] x",  "[1/] x",    "[12] x",    "[1|2] x",
		"[1/2",    "x [1/2] y", "[1/2/3] x", "[-1/2] x",
	};
	struct exim_parts *parts = exim_parts_new();

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_whole(parts, "1", lines[i], lines[i]);
	assert_left(parts, true, NULL);
	exim_parts_free(parts);
	exim_parts_free(NULL);
}

static void joins_the_parts_of_each_process(void **state)
{
	struct exim_parts *parts = exim_parts_new();

	(void)state;
	assert_part(parts, "1", "[1/3] one ");
	assert_part(parts, "2", "[1/2] a wo");
	assert_part(parts, "1", "[2/3] two ");
	assert_whole(parts, "2", "[2/2] rd", "a word");
	assert_whole(parts, "1", "[3/3] three", "one two three");
	/* And again, in the same places. */
	assert_part(parts, "1", "[1/2] x");
	assert_whole(parts, "1", "[2/2] y", "xy");
	assert_left(parts, true, NULL);
	exim_parts_free(parts);
}

/* A backslash ends a line of the entry; what follows are the mail's headers. */
static void ends_a_line_at_a_backslash(void **state)
{
	struct exim_parts *parts = exim_parts_new();

	(void)state;
	assert_whole(parts, "1", "[1\\3] rejected", "rejected");
	assert_part(parts, "1", "[2\\3] From: x");
	assert_part(parts, "1", "[3/3] To: y");
	assert_part(parts, "1", "[1/3] reje");
	assert_whole(parts, "1", "[2\\3] cted", "rejected");
	assert_part(parts, "1", "[3/3] To: y");
	assert_left(parts, true, NULL);
	exim_parts_free(parts);
}

static void gives_up_what_cannot_become_whole(void **state)
{
	struct exim_parts *parts = exim_parts_new();
	struct header late = line_of("9", "x", 61);

	(void)state;
	/* The process has gone on to something else. */
	assert_part(parts, "1", "[1/2] half");
	assert_left(parts, false, NULL);
	assert_whole(parts, "1", "else", "else");
	assert_left(parts, false, "half");
	assert_left(parts, true, NULL);
	/* Another message begins; a part is missing. */
	assert_part(parts, "1", "[1/3] first");
	assert_part(parts, "1", "[1/3] second");
	assert_left(parts, false, "first");
	assert_part(parts, "1", "[3/3] third");
	assert_left(parts, false, "second");
	/* No beginning. */
	assert_part(parts, "1", "[2/2] end");
	assert_left(parts, true, NULL);
	/* A minute later. */
	assert_part(parts, "1", "[1/2] old");
	assert_true(exim_parts_add(parts, &late));
	assert_left(parts, false, "old");
	/* The end of the log. */
	assert_part(parts, "1", "[1/2] a");
	assert_part(parts, "2", "[1/2] b");
	assert_left(parts, false, NULL);
	assert_left(parts, true, "a");
	assert_left(parts, true, "b");
	assert_left(parts, true, NULL);
	exim_parts_free(parts);
}

static void keeps_a_bounded_number(void **state)
{
	struct exim_parts *parts = exim_parts_new();
	char pid[16];
	char line[32];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		(void)snprintf(pid, sizeof(pid), "%u", i);
		(void)snprintf(line, sizeof(line), "[1/2] m%u", i);
		assert_part(parts, pid, line);
		(void)snprintf(line, sizeof(line), "m%u", i - 16);
		assert_left(parts, false, i < 16 ? NULL : line);
	}
	/* Also if nobody takes what is left. */
	for (unsigned i = 0; i < 100; i++) {
		(void)snprintf(pid, sizeof(pid), "%u", i + 1000);
		assert_part(parts, pid, "[1/2] x");
	}
	exim_parts_free(parts);
}

static void keeps_bounded_texts(void **state)
{
	enum { PART = 60000 };
	static char line[PART + 16];
	struct exim_parts *parts = exim_parts_new();
	struct slice message;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "[1/3] ", 6);
	assert_part(parts, "1", line);
	line[1] = '2';
	assert_part(parts, "1", line);
	line[1] = '3';
	assert_true(add(parts, "1", line, &message));
	assert_true(message.len > PART && message.len <= 64 * 1024);
	exim_parts_free(parts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_on_what_is_no_part),
		cmocka_unit_test(joins_the_parts_of_each_process),
		cmocka_unit_test(ends_a_line_at_a_backslash),
		cmocka_unit_test(gives_up_what_cannot_become_whole),
		cmocka_unit_test(keeps_a_bounded_number),
		cmocka_unit_test(keeps_bounded_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
