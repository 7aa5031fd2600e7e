/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>

#include "parse/exim_address.h"

#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

static const struct {
	const char *text;
	const char *recipient; /* NULL: cannot be told */
	const char *original;
	const char *rest;
} cases[] = {
	{ "a@b.example R=x: y", "a@b.example", "", " R=x: y" },
	{ "a@b.example: y", "a@b.example", "", ": y" },
	{ "a@b.example : y", "a@b.example", "", " : y" },
	{ "a@b.example:", "a@b.example", "", ":" },
	{ "a@b.example", "a@b.example", "", "" },
	{ "a@b.example defer (-1)", "a@b.example", "", " defer (-1)" },
	{ "a@b.example routing defer (-1)", "a@b.example", "",
	  " routing defer (-1)" },
	{ "a@[IPv6:2001:db8::1]: y", "a@[IPv6:2001:db8::1]", "", ": y" },
	/* In the envelope's case, which is what the server was told. */
	{ "a@b.example <A@B.example> R=x", "A@B.example", "", " R=x" },
	{ "a@b.example <c@d.example> R=x", "a@b.example", "c@d.example",
	  " R=x" },
	{ "a@b.example (x@y, \"z) <q\"@y) <c@d.example> R=x", "a@b.example",
	  "c@d.example", " R=x" },
	{ "a@b.example <x@y> <c@d.example>: y", "a@b.example", "c@d.example",
	  ": y" },
	/* Without the quotes of the local part; the original has them. */
	{ "a b@c.example <\"a b\"@c.example> R=x", "\"a b\"@c.example", "",
	  " R=x" },
	{ "A, b@c.example <\"a, B\"@C.example>: y", "\"a, B\"@C.example", "",
	  ": y" },
	{ "a\"b\\c@d.example <\"a\\\"b\\\\c\"@d.example>: y",
	  "\"a\\\"b\\\\c\"@d.example", "", ": y" },
	{ " a@b.example <\" a\"@b.example>: y", "\" a\"@b.example", "", ": y" },
	{ " a@b.example <\" c\"@d.example>: y", "a@b.example",
	  "\" c\"@d.example", ": y" },
	{ "a: b@c.example <\"a: b\"@c.example>: y", "\"a: b\"@c.example", "",
	  ": y" },
	{ "a@b R=x: y@c.example <\"a@b R=x: y\"@c.example> R=z: t",
	  "\"a@b R=x: y\"@c.example", "", " R=z: t" },
	/* Only what agrees is believed. */
	{ "a@b R=x: y@c.example <\"a@b R=x: z\"@c.example> R=z: t", "a@b", "",
	  " R=x: y@c.example <\"a@b R=x: z\"@c.example> R=z: t" },
	/* Longer than a local part may be: the server's words, or not? */
	{ "a@b R=x: " LONG "@c.example <\"a@b R=x: " LONG
	  "\"@c.example> R=z: t",
	  NULL, NULL, NULL },
	{ "a b " LONG "@c.example <\"a b " LONG "\"@c.example>: t",
	  "\"a b " LONG "\"@c.example", "", ": t" },
	{ "\"a b\"@c.example: retry", "\"a b\"@c.example", "", ": retry" },
	/* An alias to a quoted address: nothing to compare it with. */
	{ "a b@c.example <x@d.example> R=x", "a b@c.example", "x@d.example",
	  " R=x" },
	/* What is no address is for the original. */
	{ "anna <anna@b.example> R=x", "anna@b.example", "", " R=x" },
	{ "anna <shop@b.example> R=x", "anna", "shop@b.example", " R=x" },
	{ ":blackhole: <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ "|/bin/x -a <b> c <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ "|/bin/x (y@b.example) <a@b.example>: t", "a@b.example", "", ": t" },
	{ "/dev/null R=x", "/dev/null", "", " R=x" },
	{ "/a b/c/ <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ "save old <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ ">c@d.example <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ "s |/bin/r s@b /h (s@b) <s@b.example> R=x", "s@b.example", "",
	  " R=x" },
	{ "discarded <a@b.example> R=x", "a@b.example", "", " R=x" },
	{ "", NULL, NULL, NULL },
	{ " ", NULL, NULL, NULL },
	{ ": y", NULL, NULL, NULL },
	{ "two words", NULL, NULL, NULL },
	{ "a@b.example <\"c@d.example> R=x", "a@b.example", "\"c@d.example",
	  " R=x" },
	{ "a@b.example <c@d.example", NULL, NULL, NULL },
};

static void assert_slice(struct slice got, const char *want)
{
	print_message("got \"%.*s\", want \"%s\"\n", (int)got.len,
		      got.len ? got.at : "", want);
	assert_true(slice_equal(got, slice_from(want)));
}

static void takes_the_addresses_off_the_front(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text);
		char *copy = malloc(len + 1); /* reading past its end is seen */
		struct slice rest = { copy, len };
		struct exim_address address;
		bool taken;

		print_message("%s\n", cases[i].text);
		assert_non_null(copy);
		memcpy(copy, cases[i].text, len);
		taken = exim_address_take(&rest, &address);
		assert_int_equal(taken, cases[i].recipient != NULL);
		if (taken) {
			assert_slice(address.recipient, cases[i].recipient);
			assert_slice(address.original, cases[i].original);
			assert_slice(rest, cases[i].rest);
		} else {
			assert_int_equal(rest.len, len);
		}
		free(copy);
	}
}

/* What would be read again and again does not make a line slow. */
static void bounds_what_a_hostile_line_costs(void **state)
{
	static const char *const pieces[] = { " <\"", " (a, ", " <a", " (\"" };
	enum { SIZE = 64 * 1024 };
	char *line = malloc(SIZE);

	(void)state;
	assert_non_null(line);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct exim_address address;
		struct slice rest = { line, SIZE };
		size_t len = strlen(pieces[i]);

		for (size_t at = 0; at < SIZE; at++)
			line[at] = pieces[i][at % len];
		for (size_t times = 0; times < 20; times++)
			assert_false(exim_address_take(&rest, &address));
	}
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_addresses_off_the_front),
		cmocka_unit_test(bounds_what_a_hostile_line_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
