/* SPDX-License-Identifier: Apache-2.0 */
/* The short way against the rulebase of $srcdir/rules, the specification. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "parse/normalise.h"
#include "parse/sent.h"

static struct normaliser *normaliser;

static int open_rules(void **state)
{
	const char *source = getenv("srcdir");
	struct fault fault = { "" };
	char rules[4096];

	(void)state;
	(void)snprintf(rules, sizeof(rules), "%s/rules", source ? source : ".");
	if (normaliser_open(rules, NULL, &normaliser, &fault) == 0 &&
	    normaliser_prepare(normaliser, MTA_POSTFIX, &fault) == 0)
		return 0;
	print_message("%s\n", fault.text);
	return -1;
}

static int close_rules(void **state)
{
	(void)state;
	normaliser_close(normaliser);
	return 0;
}

/* The first cases are plain deliveries. */
enum { PLAIN_COUNT = 9 };

#define TIMES ", delay=1.2, delays=0.1/0/0.4/0.7, dsn=2.0.0"
#define TAIL  TIMES ", status=sent (250 2.0.0 Ok: queued as 4X)"

static const struct {
	const char *message;
	const char *recipient; /* NULL: declined */
	const char *host;
} cases[] = {
	{ "3F1A2: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25" TAIL,
	  "a@b.example", "mx.b.example" },
	{ "4XyZ1k2m3n4z: to=<a@b.example>, relay=mx[2001:db8::1]:25" TAIL,
	  "a@b.example", "mx" },
	{ "3F1A2: to=<a@b>, orig_to=<c@d>, relay=mx[192.0.2.1]:25" TAIL, "a@b",
	  "mx" },
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1]:25, conn_use=3" TAIL, "a@b",
	  "mx" },
	{ "3F1A2: to=<root>, orig_to=<root>, relay=local" TAIL, "root", "" },
	{ "3F1A2: to=<a@b>, relay=dovecot" TAIL, "a@b", "" },
	{ "3F1A2: to=<a@b>, relay=none" TAIL, "a@b", "" },
	{ "3F1A2: to=<+49.a=b/c'd@b>, relay=local" TAIL, "+49.a=b/c'd@b", "" },
	{ "3F1A2: to=<a@b>, relay=f[127.0.0.1]:10024" TAIL, "a@b", "f" },
	/* Not sent, or not plain: the rulebase decides. */
	{ "3F1A2: to=<a@b>, relay=local" TIMES ", status=bounced (x)", NULL,
	  NULL },
	{ "3F1A2: to=<a@b>, relay=local" TIMES ", status=sent", NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=local" TIMES ", status=sentry (x)", NULL,
	  NULL },
	{ "3F1A2: to=<\"a b\"@b>, relay=local" TAIL, NULL, NULL },
	{ "3F1A2: to=<a b@b>, relay=local" TAIL, NULL, NULL },
	{ "3F1A2: to=<>, relay=local" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1]" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1:25" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[private/lmtp]" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1]:.25" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[192/1]:25" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx:25" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1]:25, conn_use=1/2" TAIL, NULL,
	  NULL },
	{ "3F1A2: to=<a@b>, relay=dovecot, conn_use=3" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=local, size=3" TAIL, NULL, NULL },
	{ "3F1A2: to=<a@b>, relay=local, delay=1, delays=1/1/1/1, dsn=x, "
	  "status=sent (x)",
	  NULL, NULL },
	{ " 3F1A2: to=<a@b>, relay=local" TAIL, NULL, NULL },
	{ "3F 1A2: to=<a@b>, relay=local" TAIL, NULL, NULL },
	{ "warning: to=<a@b>, relay=local" TAIL, NULL, NULL },
	{ ": to=<a@b>, relay=local" TAIL, NULL, NULL },
	{ "3F1A2: from=<a@b>, relay=local" TAIL, NULL, NULL },
	{ "", NULL, NULL },
	/* What a server says forges nothing. */
	{ "3F1A2: to=<a@b>, relay=mx[192.0.2.1]:25" TIMES
	  ", status=bounced (host mx[192.0.2.1] said: 550 x, status=sent (250 "
	  "ok))",
	  NULL, NULL },
};

/* What sent_recognise() accepts, the rulebase reads alike. */
static bool is_agreed(struct slice message, bool accepted,
		      const struct sent *sent)
{
	struct header header = { .program = SLICE("postfix/smtp"),
				 .message = message };
	struct delivery delivery;

	return !accepted ||
	       (normalise(normaliser, MTA_POSTFIX, &header, &delivery) ==
			LINE_DELIVERY &&
		delivery.status == STATUS_SENT &&
		slice_equal(delivery.queue_id, sent->queue_id) &&
		(!delivery.handed_to.len || sent_may_hand_on(sent)) &&
		slice_equal(delivery.recipient, sent->recipient) &&
		slice_equal(delivery.relay_host, sent->relay_host));
}

static void reads_plain_deliveries_as_the_rulebase_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice message = slice_from(cases[i].message);
		struct sent sent = { .recipient = SLICE("x"),
				     .relay_host = SLICE("x") };
		bool accepted = sent_recognise(message, &sent);

		print_message("case: %s\n", cases[i].message);
		assert_int_equal(accepted, cases[i].recipient != NULL);
		assert_true(slice_equal(
			sent.recipient,
			slice_from(accepted ? cases[i].recipient : "")));
		assert_true(
			slice_equal(sent.relay_host,
				    slice_from(accepted ? cases[i].host : "")));
		assert_true(is_agreed(message, accepted, &sent));
	}
}

/* xorshift64: the same lines on every machine. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static const struct slice pieces[] = {
	SLICE("<"),        SLICE(">, "),     SLICE("["),
	SLICE("]"),        SLICE("]:25"),    SLICE(", relay=x[192.0.2.1]:25"),
	SLICE(":"),        SLICE(" "),       SLICE(","),
	SLICE("\""),       SLICE("\\"),      SLICE(" to=<x@y>, "),
	SLICE("/"),        SLICE("="),       SLICE("status=sent ("),
	SLICE("\0"),       SLICE("\xff"),    SLICE("conn_use=2, "),
	SLICE("("),        SLICE(")"),       SLICE("orig_to=<x@y>, "),
	SLICE("\xc3\xa4"), SLICE(", tls=x"), SLICE(";"),
	SLICE("a"),        SLICE("Z9"),      SLICE("%"),
	SLICE("."),        SLICE("'"),       SLICE("5.1.1"),
};

/* One to three changes: a piece put in, a piece instead of some bytes, bytes
 * taken out, one byte changed. */
static void mutate(struct slice from, uint64_t *seed, struct buf *into)
{
	struct buf copy = { 0 };

	buf_reset(into);
	buf_add(into, from);
	for (uint64_t n = 1 + next_random(seed) % 3; n > 0; n--) {
		size_t at = next_random(seed) % (into->len + 1);
		size_t gone = next_random(seed) % 4;
		struct slice piece = pieces[next_random(seed) % COUNT(pieces)];
		char byte = (char)next_random(seed);

		buf_reset(&copy);
		buf_add(&copy, buf_slice(into));
		into->len = at;
		switch (next_random(seed) % 4) {
		case 0:
			buf_add(into, piece);
			gone = 0;
			break;
		case 1:
			buf_add(into, piece);
			break;
		case 2:
			buf_add_char(into, byte);
			gone = 1;
			break;
		default:
			break;
		}
		buf_add(into, slice_after(buf_slice(&copy), at + gone));
	}
	buf_clear(&copy);
}

static void reads_changed_lines_as_the_rulebase_does(void **state)
{
	struct buf line = { 0 };
	uint64_t seed = 0x6d61696c776879;
	unsigned accepted = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct sent sent;
		size_t from;
		bool good;

		/* Half of them from those that are accepted. */
		from = i % 2 ? i / 2 % COUNT(cases) : i / 2 % PLAIN_COUNT;
		mutate(slice_from(cases[from].message), &seed, &line);
		good = sent_recognise(buf_slice(&line), &sent);
		accepted += good;
		if (is_agreed(buf_slice(&line), good, &sent))
			continue;
		print_message("line %u: %.*s\n", i, (int)line.len, line.at);
		fail();
	}
	/* Else nothing was tested. */
	print_message("%u accepted\n", accepted);
	assert_true(accepted > 1000 && accepted < 19000);
	buf_clear(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain_deliveries_as_the_rulebase_does),
		cmocka_unit_test(reads_changed_lines_as_the_rulebase_does),
	};

	return cmocka_run_group_tests_name("sent", tests, open_rules,
					   close_rules);
}
