/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/exchange_status.h"

enum { MOST = 4 };

static const struct {
	const char *list;
	size_t count;
	const char *elements[MOST];
} lists[] = {
	{ "", 0, { 0 } },
	{ "a@x", 1, { "a@x" } },
	{ "a@x;b@x;c@x", 3, { "a@x", "b@x", "c@x" } },
	{ "a@x;", 1, { "a@x" } },
	{ ";a@x", 2, { "", "a@x" } },
	{ "o'neil@x;b@x", 2, { "o'neil@x", "b@x" } },
	{ "'\"a;b\"@x';c@x", 2, { "\"a;b\"@x", "c@x" } },
	{ "'it''s';''", 2, { "it's", "" } },
	{ "'a;b'c;d", 3, { "'a", "b'c", "d" } },
	{ "'a;b", 2, { "'a", "b" } },
	{ "550 5.1.1 R; not found;550 5.7.1 S; no",
	  2,
	  { "550 5.1.1 R; not found", "550 5.7.1 S; no" } },
	{ "[{LED=a;b};{IP=}];c", 2, { "[{LED=a;b};{IP=}]", "c" } },
	{ "[{LED=a;b", 1, { "[{LED=a;b" } },
};

static void takes_elements(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct slice list = slice_from(lists[i].list);
		struct slice element;
		size_t count = 0;

		print_message("case: %s\n", lists[i].list);
		buf_reset(&buf);
		while (exchange_list_next(&list, &buf, &element)) {
			assert_true(count < lists[i].count);
			assert_true(slice_equal(
				element, slice_from(lists[i].elements[count])));
			count++;
		}
		assert_int_equal(count, lists[i].count);
	}
	buf_clear(&buf);
}

static const struct {
	const char *status;
	const char *text; /* NULL: it tells of success */
	enum text_form form;
	enum stage stage;
	struct enhanced dsn;
	const char *host;
	const char *ip;
} statuses[] = {
	{ "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
	  "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "250 2.1.5 RESOLVER.MSGTYPE.OOF; handled",
	  NULL,
	  TEXT_OWN,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "[{LRT=1};{LED=250 2.1.5 RESOLVER.GRP.Expanded};{FQDN=};{IP=}]",
	  NULL,
	  TEXT_OWN,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "#550 5.4.6 ROUTING.LoopDetected; message is looping",
	  "550 5.4.6 ROUTING.LoopDetected; message is looping",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "[{LED=550 5.1.1 User unknown};{MSG=};{FQDN=mx.b.example};"
	  "{IP=203.0.113.5};{LRT=}]",
	  "550 5.1.1 User unknown",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "mx.b.example",
	  "203.0.113.5" },
	/* The server has written what looks like Exchange's. */
	{ "[{LRT=1};{LED=550 no};{FQDN=evil};{IP=1} x};{FQDN=mx};{IP=::1}]",
	  "550 no",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "mx",
	  "::1" },
	{ "441 4.4.1 Error encountered while communicating with primary target "
	  "IP address: \"Failed to connect. Winsock error code: 10060.\" "
	  "Attempted failover. The last endpoint attempted was 192.0.2.1:25",
	  "441 4.4.1 Error encountered while communicating with primary target "
	  "IP address: \"Failed to connect. Winsock error code: 10060.\" "
	  "Attempted failover. The last endpoint attempted was 192.0.2.1:25",
	  TEXT_OWN,
	  STAGE_CONNECT,
	  { 4, 4, 1 },
	  "",
	  "192.0.2.1" },
	{ "451 4.4.0 Primary target IP address responded with: \"421 4.7.0 say "
	  "\"please\" first\" Attempted failover to alternate host, but no. "
	  "The "
	  "last endpoint attempted was 2001:db8::1:25",
	  "421 4.7.0 say \"please\" first",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "2001:db8::1" },
	{ "450 4.7.0 Proxy session setup failed on Frontend with '451 4.4.0 "
	  "Primary target IP address responded with: \"451 5.7.3 STARTTLS is "
	  "required to send mail.\" Attempted failover, it's no use'",
	  "451 5.7.3 STARTTLS is required to send mail.",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "450 4.4.317 Cannot connect to remote server [Message=451 4.4.0 "
	  "Security status IllegalMessage] [LastAttemptedServerName=mx]",
	  "451 4.4.0 Security status IllegalMessage",
	  TEXT_OWN,
	  STAGE_STARTTLS,
	  { 4, 4, 0 },
	  "",
	  "" },
	{ "450 4.4.317 Cannot connect to remote server [Message=SocketError: "
	  "TimedOut] [LastAttemptedIP=192.0.2.1:25]",
	  "450 4.4.317 Cannot connect to remote server [Message=SocketError: "
	  "TimedOut] [LastAttemptedIP=192.0.2.1:25]",
	  TEXT_OWN,
	  STAGE_CONNECT,
	  { 4, 4, 317 },
	  "",
	  "192.0.2.1" },
	{ "451 4.4.395 Target host responded with error. -> 421 4.4.2 "
	  "Connection dropped due to ConnectionReset",
	  "421 4.4.2 Connection dropped due to ConnectionReset",
	  TEXT_OWN,
	  STAGE_NONE,
	  { 4, 4, 2 },
	  "",
	  "" },
	{ "451 4.4.0 DNS query failed",
	  "451 4.4.0 DNS query failed",
	  TEXT_OWN,
	  STAGE_CONNECT,
	  { 4, 4, 0 },
	  "",
	  "" },
	{ "Transport Rule Agent",
	  "Transport Rule Agent",
	  TEXT_OWN,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "", "", TEXT_OWN, STAGE_NONE, { 0 }, "", "" },
	{ "[{", "[{", TEXT_OWN, STAGE_NONE, { 0 }, "", "" },
	{ "{LED=421 4.3.2 Service not available}",
	  "421 4.3.2 Service not available",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	{ "[{LED=", "", TEXT_OWN, STAGE_NONE, { 0 }, "", "" },
	{ "responded with: \"responded with: \"responded with: \"",
	  "responded "
	  "with: \"responded with: \"responded with: \"",
	  TEXT_OWN,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
	/* No deeper than four. */
	{ "1 -> 451 Target host responded with error. -> 452 Target host "
	  "responded with error. -> 453 Target host responded with error. -> "
	  "454 Target host responded with error. -> 455 Target host responded "
	  "with error. -> 456 x",
	  "455 Target host responded with error. -> 456 x",
	  TEXT_ANSWER,
	  STAGE_NONE,
	  { 0 },
	  "",
	  "" },
};

static void reads_statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(statuses); i++) {
		struct share share = { 0 };
		bool failed = exchange_status_read(
			slice_from(statuses[i].status), &share);

		print_message("case: %s\n", statuses[i].status);
		assert_int_equal(failed, statuses[i].text != NULL);
		if (!failed)
			continue;
		print_message("read: %.*s\n", (int)share.text.len,
			      share.text.at ? share.text.at : "");
		assert_true(
			slice_equal(share.text, slice_from(statuses[i].text)));
		assert_int_equal(share.form, statuses[i].form);
		assert_int_equal(share.stage, statuses[i].stage);
		assert_int_equal(share.dsn.class, statuses[i].dsn.class);
		assert_int_equal(share.dsn.subject, statuses[i].dsn.subject);
		assert_int_equal(share.dsn.detail, statuses[i].dsn.detail);
		assert_true(slice_equal(share.relay_host,
					slice_from(statuses[i].host)));
		assert_true(slice_equal(share.relay_ip,
					slice_from(statuses[i].ip)));
	}
}

static void knows_expiry(void **state)
{
	(void)state;
	assert_true(exchange_status_is_expiry(
		SLICE("550 4.4.7 QUEUE.Expired; message expired")));
	assert_true(exchange_status_is_expiry(
		SLICE("550 5.4.300 Message expired")));
	assert_false(exchange_status_is_expiry(
		SLICE("550 5.1.1 <QUEUE.Expired@b.example> unknown")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_elements),
		cmocka_unit_test(reads_statuses),
		cmocka_unit_test(knows_expiry),
	};

	return cmocka_run_group_tests_name("exchange_status", tests, NULL,
					   NULL);
}
