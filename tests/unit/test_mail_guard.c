/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/mail_guard.h"

static void add_times(struct buf *buf, size_t count, struct slice text)
{
	while (count--)
		buf_add(buf, text);
}

static void leaves_usual_mails_as_they_are(void **state)
{
	static const char *const mails[] = {
		"",
		"From: a\nTo: b, c; d\n e\n\nx, y\n",
		"From: a\r\n\r\n--b\r\n--b--",
		"no field\n no fold\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(mails); i++) {
		struct buf mail = { 0 };

		buf_add(&mail, slice_from(mails[i]));
		assert_false(mail_guard_bound(&mail));
		assert_true(
			slice_equal(buf_slice(&mail), slice_from(mails[i])));
		buf_clear(&mail);
	}
}

/* The end of the field goes, the rest of the mail stays. */
static void shortens_fields(void **state)
{
	static const struct slice items[] = { SLICE("a,"), SLICE("a,\n "),
					      SLICE("b=c; "), SLICE("word ") };

	(void)state;
	for (size_t i = 0; i < COUNT(items); i++) {
		struct buf mail = { 0 };
		struct slice end = SLICE("\n\nbody\n");

		buf_add(&mail, SLICE("To : "));
		add_times(&mail, 100000, items[i]);
		buf_add(&mail, end);
		assert_false(mail_guard_bound(&mail));
		assert_true(mail.len < 450 * 1000);
		assert_true(slice_ends(buf_slice(&mail), end));
		buf_clear(&mail);
	}
}

static void ends_a_mail_of_too_many_fields_or_parts(void **state)
{
	static const struct slice lines[] = { SLICE("a:\n"), SLICE("--b\n") };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct buf mail = { 0 };

		add_times(&mail, 1000000, lines[i]);
		assert_true(mail_guard_bound(&mail));
		assert_true(mail.len <= 100 * 1000 * lines[i].len);
		assert_true(slice_ends(buf_slice(&mail), lines[i]));
		buf_clear(&mail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_usual_mails_as_they_are),
		cmocka_unit_test(shortens_fields),
		cmocka_unit_test(ends_a_mail_of_too_many_fields_or_parts),
	};

	return cmocka_run_group_tests_name("mail_guard", tests, NULL, NULL);
}
