/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/address.h"

static const struct {
	struct slice address;
	const char *domain;
} cases[] = {
	{ SLICE("a@b.example"), "b.example" },
	{ SLICE("A@B.Example"), "b.example" },
	{ SLICE("a@b.example."), "b.example" },
	{ SLICE("a@b.example.."), "b.example." }, /* one dot only */
	{ { NULL, 0 }, "" },
	{ SLICE("postmaster"), "" },
	{ SLICE("a@"), "" },
	{ SLICE("@"), "" },
	{ SLICE("@b.example"), "b.example" },
	{ SLICE("a@."), "" },
	/* The last one counts: old source routes, and senders' tricks. */
	{ SLICE("a@b@c.example"), "c.example" },
	{ SLICE("@a.example:b@c.example"), "c.example" },
	{ SLICE("a%b.example@c.example"), "c.example" },
	/* Quoted local parts (RFC 5321, 4.1.2). */
	{ SLICE("\"a@b\"@c.example"), "c.example" },
	{ SLICE("\"a@b\""), "" },
	{ SLICE("\"a\\\"@b\"@c.example"), "c.example" },
	{ SLICE("\"a\\\\\"@c.example"), "c.example" },
	{ SLICE("\"a\\"), "" },
	{ SLICE("\"unfinished@c.example"), "c.example" },
	{ SLICE("\"\"@c.example"), "c.example" },
	{ SLICE("a\"@\"b@c.example"), "c.example" },
	/* Literals, A-labels and U-labels stay as they are. */
	{ SLICE("a@[192.0.2.1]"), "[192.0.2.1]" },
	{ SLICE("a@[IPv6:2001:DB8::1]"), "[ipv6:2001:db8::1]" },
	{ SLICE("a@XN--BCHER-KVA.example"), "xn--bcher-kva.example" },
	{ SLICE("a@B\xc3\x9c"
		"CHER.example"),
	  "b\xc3\x9c"
	  "cher.example" },
	{ SLICE("a@[Z`{@A"), "a" },
	{ SLICE("a@[Z`{"), "[z`{" },
};

static void finds_the_domain_in_lower_case(void **state)
{
	struct buf scratch = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice got = address_domain(cases[i].address, &scratch);

		print_message("case: %.*s: \"%.*s\"\n",
			      (int)cases[i].address.len,
			      cases[i].address.len ? cases[i].address.at : "",
			      (int)got.len, got.len ? got.at : "");
		assert_true(slice_equal(got, slice_from(cases[i].domain)));
		assert_true(slice_equal(buf_slice(&scratch), got));
	}
	buf_clear(&scratch);
}

static void keeps_nul_and_bytes_above_127(void **state)
{
	struct buf scratch = { 0 };

	(void)state;
	assert_true(slice_equal(address_domain(SLICE("a@\0\xffQ"), &scratch),
				SLICE("\0\xffq")));
	buf_clear(&scratch);
}

static const struct {
	const char *text;
	const char *address;
} texts[] = {
	{ "a@b.example", "a@b.example" },
	{ "to <a+b=c@b.example>: no", "a+b=c@b.example" },
	{ "mailto:a@b.example.", "a@b.example" },
	{ "'a@b.example' is unknown", "a@b.example" },
	{ "x \"a b\"@c.example y", "\"a b\"@c.example" },
	{ "j\xc3\xb6rg@b\xc3\xa4r.example", "j\xc3\xb6rg@b\xc3\xa4r.example" },
	{ "@ a@ @b (c@d)", "c@d" },
	{ "a@-. b", "" },
	{ "\"@b", "" },
	{ "none", "" },
	{ "", "" },
};

static void finds_the_first_in_a_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct slice found = address_find(slice_from(texts[i].text));

		print_message("case: %s\n", texts[i].text);
		assert_true(slice_equal(found, slice_from(texts[i].address)));
	}
}

static const struct {
	const char *list;
	const char *addresses[4]; /* without brackets */
} lists[] = {
	{ "<a@x>,<b@y>", { "a@x", "b@y" } },
	{ "<a@x>,<b@y>,", { "a@x", "b@y" } },
	{ "a,b@y", { "a", "b@y" } },
	{ "<\"a, b\"@x>,\"c,\"@y,<d\\,e@z>",
	  { "\"a, b\"@x", "\"c,\"@y", "d\\,e@z" } },
	{ "<\"a\\\", b\"@x>,c", { "\"a\\\", b\"@x", "c" } },
	{ "<a@x>\\", { "<a@x>\\" } },
	{ "", { NULL } },
};

static void takes_lists_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct slice rest = slice_from(lists[i].list);

		print_message("case: %s\n", lists[i].list);
		for (size_t k = 0; k < 4; k++) {
			const char *address = lists[i].addresses[k];
			struct slice found = address_next(&rest);

			if (!address)
				break;
			if (slice_ends(found, SLICE(">")))
				found = address_without_brackets(found);
			assert_true(slice_equal(found, slice_from(address)));
		}
		assert_int_equal(rest.len, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_domain_in_lower_case),
		cmocka_unit_test(keeps_nul_and_bytes_above_127),
		cmocka_unit_test(finds_the_first_in_a_text),
		cmocka_unit_test(takes_lists_apart),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
