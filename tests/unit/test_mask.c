/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/mask.h"

static const struct {
	const char *reply;
	const char *masked;
} cases[] = {
	{ "", "" },
	{ "550 5.1.1 no such user", "550 5.1.1 no such user" },
	{ "550-5.1.1 no", "550-5.1.1 no" },
	{ "4.7.500 Server busy", "4.7.500 Server busy" },
	{ "550", "550" },
	/* Addresses. */
	{ "550 <anna@a.example>: no", "550 <address>: no" },
	{ "anna.b+c@a.example, bert@localhost.", "<address>, <address>." },
	{ "no <a@[192.0.2.1]> here", "no <address> here" },
	{ "\"a b\"@a.example gone", "<address> gone" },
	{ "to=anna@a.example", "to=<address>" },
	{ "prvs=1234abcd=anna@a.example", "prvs=<address>" },
	{ "SRS0=xyz=TT=b.example=anna@a.example", "<address>" },
	{ "mailto:anna@a.example", "mailto:<address>" },
	{ "j\xc3\xb6rg@m\xc3\xbcller.example: no", "<address>: no" },
	{ "at @ sign", "at @ sign" },
	{ "user@", "user@" },
	/* Addresses of machines. */
	{ "Client [192.0.2.1] blocked", "Client [<ip>] blocked" },
	{ "192.0.2.1: no", "<ip>: no" },
	{ "192.0.2.1.", "<ip>." },
	{ "192.0.2.1:25", "<ip>:25" },
	{ "192.0.2.0/24", "<ip>/24" },
	{ "<192.0.2.1>", "<ip>" },
	{ "256.0.2.1", "256.0.2.1" },
	{ "1.2.3", "1.2.3" },
	{ "[IPv6:2001:db8::1]", "[IPv6:<ip>]" },
	{ "from 2001:db8::1: refused", "from <ip>: refused" },
	{ "2001:0db8:0000:0000:0000:0000:0000:0001", "<ip>" },
	{ "::1", "<ip>" },
	{ "a::", "a::" },
	/* Hosts. */
	{ "host mx1.a.example said", "host <host> said" },
	{ "1.2.0.192.zen.example.org", "<host>" },
	{ "mx.a.example.", "<host>." },
	{ "a.example is fine", "a.example is fine" },
	{ "a.example[192.0.2.1] said", "<host>[<ip>] said" },
	{ "helo [a.example] (b.example) <c.example>",
	  "helo [<host>] (<host>) <host>" },
	{ "mx.a.xn--p1ai", "<host>" },
	{ "version 1.2.3", "version 1.2.3" },
	/* URLs. */
	{ "see https://www.a.example/q?ip=192.0.2.1&id=12345",
	  "see https://www.a.example/q?ip=<ip>&id=<id>" },
	{ "https://support.google.com/mail/?p=NoSuchUser 2adb3069b0e04-50e - "
	  "gsmtp",
	  "https://support.google.com/mail/?p=NoSuchUser <id> - gsmtp" },
	{ "HTTP://192.0.2.1/x", "HTTP://<ip>/x" },
	{ "http://a.example:8080/anna@b.example",
	  "http://a.example:8080/<address>" },
	{ "http://", "http://" },
	/* Ids. */
	{ "queued as 4XyZ1k2m3n4z", "queued as <id>" },
	{ "id=4XyZ1k2m3n4z.", "id=<id>." },
	{ "code 123, 1234", "code 123, <id>" },
	{ "S3140 and ab12345", "S3140 and ab12345" },
	{ "AS(201806281)", "AS(<id>)" },
	{ "41be03b00d2f7-7fd4e5f0si123456a12.345 - gsmtp", "<id> - gsmtp" },
	{ "blocked-20261123", "blocked-<id>" },
	{ "<1234>", "<id>" },
	{ "at 10:11:12 or 2026-11-23T10:11:12", "at <id> or <id>" },
	{ "RFC 5321, RFC5322 and rfc-5322", "RFC 5321, RFC5322 and rfc-5322" },
	{ "internationalisation", "internationalisation" },
	/* Blanks. */
	{ "  a \t b\r\n", "a b" },
	{ " ", "" },
	{ "a\tb", "a b" },
	{ "<", "<" },
};

static void masks_what_varies(void **state)
{
	struct buf masked = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_reset(&masked);
		buf_add(&masked, SLICE("<"));
		mask_reply(slice_from(cases[i].reply), &masked);
		print_message("case: %s -> %.*s\n", cases[i].reply,
			      (int)masked.len, masked.at);
		assert_int_equal(masked.len, strlen(cases[i].masked) + 1);
		assert_memory_equal(masked.at + 1, cases[i].masked,
				    masked.len - 1);
	}
	buf_clear(&masked);
}

static void masking_twice_changes_nothing(void **state)
{
	struct buf masked = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_reset(&masked);
		mask_reply(slice_from(cases[i].masked), &masked);
		print_message("case: %s -> %.*s\n", cases[i].masked,
			      (int)masked.len, masked.at);
		assert_int_equal(masked.len, strlen(cases[i].masked));
		if (masked.len)
			assert_memory_equal(masked.at, cases[i].masked,
					    masked.len);
	}
	buf_clear(&masked);
}

/* Every end of a reply is an end: nothing is read behind it. */
static void reads_no_further_than_the_end(void **state)
{
	static const char reply[] =
		"550 5.1.1 \"a\\\"b\"@c.example http://x.y.z:1/ [2001:db8::1] "
		"1.2.3.4 mx.a.example a@[192.0.2.1] 2026-11-23T10:11:12";
	struct buf masked = { 0 };

	(void)state;
	for (size_t len = 0; len < sizeof(reply); len++) {
		char *copy = test_malloc(len + 1);

		memcpy(copy, reply, len);
		buf_reset(&masked);
		mask_reply((struct slice){ copy, len }, &masked);
		test_free(copy);
	}
	buf_clear(&masked);
}

/* In time that grows with the length: this ends at once, or never. */
static void takes_long_replies(void **state)
{
	static const char *const parts[] = { "a=",   "a.", "1.",  "a-",
					     "\"\\", ":",  "<a@", "1:" };
	struct buf reply = { 0 };
	struct buf masked = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		buf_reset(&reply);
		while (reply.len < 65536)
			buf_add(&reply, slice_from(parts[i]));
		buf_reset(&masked);
		mask_reply(buf_slice(&reply), &masked);
	}
	buf_clear(&reply);
	buf_clear(&masked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_what_varies),
		cmocka_unit_test(masking_twice_changes_nothing),
		cmocka_unit_test(reads_no_further_than_the_end),
		cmocka_unit_test(takes_long_replies),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
