/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "parse/sieve.h"

static const struct {
	const char *block;
	const char *lines[4];
} cases[] = {
	{ "", { NULL } },
	{ "nothing\nhere\n", { NULL } },
	{ "a\nx status=sent y\nb\n", { "x status=sent y", NULL } },
	{ "x status=1\ny NOQUEUE: reject: z\n",
	  { "x status=1", "y NOQUEUE: reject: z", NULL } },
	/* Two marks in a line make one line. */
	{ "status= reject status=\n", { "status= reject status=", NULL } },
	{ "no last newline status=", { "no last newline status=", NULL } },
	{ "delays=1/2 dejected ejects s=\n", { NULL } },
	{ "status\n=\nrej\nect\n", { NULL } },
	/* One of each mail server's. */
	{ "1x => a\n1x == b\n1x ** c\nelse\n",
	  { "1x => a", "1x == b", "1x ** c" } },
	{ "login authenticator failed for x\nexim[1]: [2/2] y\n"
	  "exim[1]: [3\\9] z\n",
	  { "login authenticator failed for x", "exim[1]: [2/2] y",
	    "exim[1]: [3\\9] z" } },
	{ "dsn=2.0.0, stat=Sent\nresult=\"Ok\"\ndelivery 1: x\n",
	  { "dsn=2.0.0, stat=Sent", "result=\"Ok\"", "delivery 1: x" } },
	{ "2026-11-23T10:11:12.345Z,,,,EX1,,,QUEUE,FAIL,1,\nx,FAIL y\n"
	  "#Fields: date-time,client-ip\n",
	  { "2026-11-23T10:11:12.345Z,,,,EX1,,,QUEUE,FAIL,1,",
	    "#Fields: date-time,client-ip" } },
	/* What JSON hides them behind. */
	{ "{\"log\":\"1x =\\u003e a\"}\n{\"log\":\"status\\u003dx\"}\n",
	  { "{\"log\":\"1x =\\u003e a\"}", "{\"log\":\"status\\u003dx\"}" } },
	{ "{\"MESSAGE\":[115]}\n{ \"MESSAGE\" : [ 115 ]}\n"
	  "{\"MESSAGE\":\"[\"}\n",
	  { "{\"MESSAGE\":[115]}", "{ \"MESSAGE\" : [ 115 ]}" } },
};

static void passes_lines_with_a_mark_only(void **state)
{
	struct sieve *sieve = sieve_new();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct slice *lines;
		size_t count = sieve_block(sieve, slice_from(cases[i].block),
					   &lines);

		print_message("case %zu\n", i);
		for (size_t at = 0; at < count; at++) {
			assert_non_null(cases[i].lines[at]);
			assert_true(slice_equal(
				lines[at], slice_from(cases[i].lines[at])));
		}
		assert_null(cases[i].lines[count]);
	}
	sieve_free(sieve);
	sieve_free(NULL);
}

static void knows_lines_whose_order_counts(void **state)
{
	static const char block[] =
		"3F1A2: to=<a@b>, status=sent (250 ok)\n"
		"starting delivery 1: msg 2 to local a@b\n"
		"delivery 1: success: did_1+0+0/\n"
		"1x => a\n"
		"2a smtp connected address=192.0.2.1 host=x\n"
		"2a mta connecting address=smtp://192.0.2.1:25 host=x\n"
		"2a mta error reason=x\n"
		"2a mda delivery evpid=1 result=Ok stat=Delivered\n"
		"2a smtp failed-command command=\"\" result=\"550 no\"\n"
		"2a smtp disconnected reason=quit\n"
		"2026-11-23T10:11:12.345Z,,,,EX1,,,QUEUE,FAIL,1,\n"
		"#Fields: date-time,client-ip\n";
	struct sieve *sieve = sieve_new();
	struct sieve *order = sieve_new_for_order();
	const struct slice *lines;

	(void)state;
	assert_int_equal(sieve_block(sieve, slice_from(block), &lines), 11);
	assert_int_equal(sieve_block(order, slice_from(block), &lines), 8);
	assert_true(slice_starts(lines[0], SLICE("starting")));
	assert_true(slice_starts(lines[2], SLICE("2a smtp connected")));
	sieve_free(sieve);
	sieve_free(order);
}

/* Lines that tell of a message pass where they are asked for, and only there.
 */
static void passes_lines_of_messages_if_asked(void **state)
{
	static const char block[] =
		"4X: client=a[192.0.2.1]\nconnect from a\n4X: message-id=<b>\n"
		"4X: from=<a@b>, size=1\n4X: removed\n4X: uid=0 from=<a>\n"
		"1x <= a\n1x Completed\n1x Frozen\n"
		"6A: from=root, size=1\n6A: 6B: DSN: x\n6A: alias x\n"
		"6A: 6B: return to sender: x\n6A: 6B: clone: owner=a\n"
		"6A: 6B: postmaster notify: x\nAUTH=server, relay=a\n"
		"1a smtp message msgid=1\n1a smtp envelope evpid=1\n"
		"1a smtp event=message address=1\n1a smtp tls ciphers=1\n"
		"new msg 1\ninfo msg 1: bytes 2\nend msg 1\nstatus: local\n";
	struct sieve *without = sieve_new();
	struct sieve *with = sieve_new_for_messages();
	const struct slice *lines;

	(void)state;
	assert_int_equal(sieve_block(without, slice_from(block), &lines), 0);
	assert_int_equal(sieve_block(with, slice_from(block), &lines), 19);
	assert_true(slice_equal(lines[3], SLICE("4X: removed")));
	assert_true(slice_equal(lines[18], SLICE("end msg 1")));
	sieve_free(without);
	sieve_free(with);
}

static void says_whether_a_text_holds_a_mark(void **state)
{
	struct sieve *sieve = sieve_new();

	(void)state;
	assert_true(sieve_passes(sieve, SLICE("4c: to=<a>, status=sent (x)")));
	assert_true(sieve_passes(sieve, SLICE("1x => a\nstatus=")));
	assert_false(sieve_passes(sieve, SLICE("4c: from=<a>, size=1")));
	assert_false(sieve_passes(sieve, (struct slice){ 0 }));
	sieve_free(sieve);
}

/* Vector code looks at many bytes at once: every position must do. */
static void finds_a_mark_at_every_position(void **state)
{
	struct sieve *sieve = sieve_new();

	(void)state;
	for (size_t at = 0; at < 70; at++) {
		for (size_t more = 0; more < 40; more++) {
			struct buf block = { 0 };
			const struct slice *lines;

			for (size_t i = 0; i < at; i++)
				buf_add_char(&block, 'e');
			buf_add(&block,
				more % 2 ? SLICE("status=") : SLICE("reject"));
			for (size_t i = 0; i < more; i++)
				buf_add_char(&block, 's');
			assert_int_equal(
				sieve_block(sieve, buf_slice(&block), &lines),
				1);
			assert_int_equal(lines[0].len, block.len);
			buf_clear(&block);
		}
	}
	sieve_free(sieve);
}

static void counts_newlines(void **state)
{
	struct buf block = { 0 };

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(sieve_count_lines(buf_slice(&block)), i);
		buf_add(&block,
			slice_head(SLICE("0123456789\n"), i % 3 ? 11 : 0));
		if (i % 3 == 0)
			buf_add_char(&block, '\n');
	}
	buf_clear(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_lines_with_a_mark_only),
		cmocka_unit_test(knows_lines_whose_order_counts),
		cmocka_unit_test(passes_lines_of_messages_if_asked),
		cmocka_unit_test(says_whether_a_text_holds_a_mark),
		cmocka_unit_test(finds_a_mark_at_every_position),
		cmocka_unit_test(counts_newlines),
	};

	return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
