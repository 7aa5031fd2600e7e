/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "parse/exim_causes.h"

static struct delivery deferral(const char *id, const char *recipient)
{
	return (struct delivery){ .queue_id = slice_from(id),
				  .recipient = slice_from(recipient),
				  .service = SLICE("smtp"),
				  .relay_host = SLICE("mx.b"),
				  .relay_ip = SLICE("192.0.2.1"),
				  .relay_port = SLICE("25"),
				  .stage = STAGE_RCPT,
				  .form = TEXT_ANSWER,
				  .text = SLICE("450 later") };
}

static struct delivery failure(const char *id, const char *recipient)
{
	return (struct delivery){ .queue_id = slice_from(id),
				  .recipient = slice_from(recipient),
				  .form = TEXT_OWN,
				  .text = SLICE("retry timeout exceeded") };
}

static void tells_the_last_cause(void **state)
{
	struct exim_causes *causes = exim_causes_new();
	struct delivery first = deferral("1a", "Anna@b.example");
	struct delivery last = first;
	struct delivery got = failure("1a", "anna@B.example");

	(void)state;
	assert_false(exim_causes_find(causes, &got));
	assert_int_equal(got.form, TEXT_OWN);
	exim_causes_add(causes, &first);
	last.text = SLICE("452 full");
	last.relay_port = (struct slice){ 0 };
	exim_causes_add(causes, &last);
	assert_true(exim_causes_find(causes, &got));
	assert_true(slice_equal(got.text, SLICE("452 full")));
	assert_true(slice_equal(got.service, SLICE("smtp")));
	assert_true(slice_equal(got.relay_host, SLICE("mx.b")));
	assert_true(slice_equal(got.relay_ip, SLICE("192.0.2.1")));
	assert_int_equal(got.relay_port.len, 0);
	assert_int_equal(got.form, TEXT_ANSWER);
	assert_int_equal(got.stage, STAGE_RCPT);
	exim_causes_free(causes);
	exim_causes_free(NULL);
}

static void tells_messages_and_recipients_apart(void **state)
{
	struct exim_causes *causes = exim_causes_new();
	struct delivery known = deferral("1a", "a@b.example");
	struct delivery other_id = failure("1b", "a@b.example");
	struct delivery other_recipient = failure("1a", "aa@b.example");
	struct delivery shifted = failure("1", "a a@b.example");

	(void)state;
	exim_causes_add(causes, &known);
	assert_false(exim_causes_find(causes, &other_id));
	assert_false(exim_causes_find(causes, &other_recipient));
	assert_false(exim_causes_find(causes, &shifted));
	exim_causes_free(causes);
}

/* Two that fall on the same place do not drive each other out. */
static void keeps_many_at_a_time(void **state)
{
	struct exim_causes *causes = exim_causes_new();
	char id[16];

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct delivery one;

		(void)snprintf(id, sizeof(id), "%u", i % 100);
		one = i < 100 ? deferral(id, "a@b.example")
			      : failure(id, "a@b.example");
		if (i < 100)
			exim_causes_add(causes, &one);
		else
			assert_true(exim_causes_find(causes, &one));
	}
	exim_causes_free(causes);
}

/* The latest is always there, however many there were. */
static void forgets_older_ones(void **state)
{
	struct exim_causes *causes = exim_causes_new();
	static char text[8192];
	size_t known = 0;
	char id[16];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (unsigned i = 0; i < 10000; i++) {
		struct delivery one;

		(void)snprintf(id, sizeof(id), "%u", i);
		one = deferral(id, "a@b.example");
		one.text = (struct slice){ text, sizeof(text) };
		exim_causes_add(causes, &one);
		one = failure(id, "a@b.example");
		assert_true(exim_causes_find(causes, &one));
		assert_true(one.text.len > 0 && one.text.len <= 1024);
	}
	for (unsigned i = 0; i < 10000; i++) {
		struct delivery one;

		(void)snprintf(id, sizeof(id), "%u", i);
		one = failure(id, "a@b.example");
		known += exim_causes_find(causes, &one);
	}
	assert_true(known > 0 && known <= 2048);
	exim_causes_free(causes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_last_cause),
		cmocka_unit_test(tells_messages_and_recipients_apart),
		cmocka_unit_test(keeps_many_at_a_time),
		cmocka_unit_test(forgets_older_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
