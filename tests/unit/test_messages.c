/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "count/messages.h"

#define START_US INT64_C(1795424400000000)
#define DAY_US   INT64_C(86400000000)

enum { SMALL = 2 * 1024 * 1024, LARGE = 256 * 1024 * 1024 };

/* A line of a message; its texts stay until the next one. */
static struct delivery line(unsigned number)
{
	static char id[32];
	static char sender[64];
	static char message_id[96];

	(void)snprintf(id, sizeof(id), "4X%uz", number);
	(void)snprintf(sender, sizeof(sender), "sender%u@a.example",
		       number % 1000);
	(void)snprintf(message_id, sizeof(message_id),
		       "%u.long.enough.to.be.seen@app.a.example", number);
	return (struct delivery){
		.time = { .us = START_US, .known = true },
		.host = SLICE("mx1"),
		.mta = SLICE("postfix"),
		.queue_id = slice_from(id),
		.sender = slice_from(sender),
		.message_id = slice_from(message_id),
		.client_host = SLICE("pc.a.example"),
		.client_ip = SLICE("192.0.2.10"),
	};
}

static uint32_t open_one(struct messages *messages,
			 const struct delivery *delivery)
{
	uint32_t number;

	messages_tidy(messages, delivery->time.us);
	number = messages_open(messages, delivery);
	messages_learn(messages, number, delivery);
	return number;
}

static bool is_open(const struct messages *messages, unsigned number)
{
	struct delivery delivery = line(number);

	return messages_find(messages, &delivery, delivery.queue_id) !=
	       MESSAGES_NONE;
}

static void check_text(struct slice text, const char *wanted)
{
	assert_true(slice_equal(text, slice_from(wanted)));
}

static void tells_what_it_learned(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct buf scratch = { 0 };
	struct delivery told = line(7);
	struct delivery empty = { 0 };
	uint32_t number;

	(void)state;
	told.sasl_username = SLICE("anna");
	told.size = SLICE("123");
	told.nrcpt = SLICE("99999999999999999999");
	number = open_one(messages, &told);
	messages_tell(messages, number, &scratch, &empty);
	check_text(empty.sender, "sender7@a.example");
	check_text(empty.client_host, "pc.a.example");
	check_text(empty.client_ip, "192.0.2.10");
	check_text(empty.sasl_username, "anna");
	check_text(empty.message_id, "7.long.enough.to.be.seen@app.a.example");
	check_text(empty.size, "123");
	check_text(empty.nrcpt, "");
	assert_false(empty.null_sender);
	/* What the line has, it keeps. */
	empty = (struct delivery){ .sender = SLICE("b@b"),
				   .client_ip = SLICE("198.51.100.1") };
	messages_tell(messages, number, &scratch, &empty);
	check_text(empty.sender, "b@b");
	check_text(empty.client_ip, "198.51.100.1");
	buf_clear(&scratch);
	messages_free(messages);
}

static void tells_a_null_sender_from_an_unknown_one(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct buf scratch = { 0 };
	struct delivery told = line(1);
	struct delivery empty = { 0 };

	(void)state;
	told.sender = (struct slice){ 0 };
	messages_tell(messages, open_one(messages, &told), &scratch, &empty);
	assert_false(empty.null_sender);
	told.null_sender = true;
	messages_tell(messages, open_one(messages, &told), &scratch, &empty);
	assert_true(empty.null_sender);
	buf_clear(&scratch);
	messages_free(messages);
}

static void keeps_hosts_and_mail_systems_apart(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery one = line(1);
	struct delivery other = line(1);

	(void)state;
	open_one(messages, &one);
	other.host = SLICE("mx2");
	assert_int_equal(messages_find(messages, &other, other.queue_id),
			 MESSAGES_NONE);
	other.host = one.host;
	other.mta = SLICE("exim");
	assert_int_equal(messages_find(messages, &other, other.queue_id),
			 MESSAGES_NONE);
	messages_free(messages);
}

static void keeps_no_text_longer_than_any_address(void **state)
{
	static char text[MESSAGES_TEXT_LIMIT + 1];
	struct messages *messages = messages_new(SMALL);
	struct buf scratch = { 0 };
	struct delivery told = line(1);
	struct delivery empty = { 0 };
	uint32_t number;

	(void)state;
	memset(text, 'a', sizeof(text));
	told.sender = (struct slice){ text, sizeof(text) };
	told.message_id = (struct slice){ text, sizeof(text) - 1 };
	told.client_host = told.sender;
	number = open_one(messages, &told);
	messages_tell(messages, number, &scratch, &empty);
	assert_int_equal(empty.sender.len, 0);
	assert_int_equal(empty.client_host.len, 0);
	assert_int_equal(empty.message_id.len, MESSAGES_TEXT_LIMIT);
	assert_null(messages_wait(messages, number, told.sender, SLICE("x")));
	buf_clear(&scratch);
	messages_free(messages);
}

/* A recipient that waits, after one more attempt. */
static void wait(struct messages *messages, uint32_t number, const char *who,
		 int64_t us)
{
	struct recipient *recipient = messages_wait(
		messages, number, slice_from(who), SLICE("text-busy"));

	assert_non_null(recipient);
	if (!recipient->attempts++)
		recipient->first_us = us;
	recipient->last_us = us;
}

static void waiting_recipients_move_with_their_message(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery one = line(1);
	struct delivery two;
	struct recipient *recipient;
	uint32_t from = open_one(messages, &one);
	uint32_t to;

	(void)state;
	wait(messages, from, "a@b", START_US);
	wait(messages, from, "a@b", START_US + 1);
	wait(messages, from, "c@d", START_US + 2);
	two = line(2);
	to = open_one(messages, &two);
	wait(messages, to, "a@b", START_US + 3);
	assert_int_equal(messages_waiting_count(messages), 3);
	recipient = messages_waiting(messages, from, SLICE("a@b"));
	messages_move(messages, from, recipient, to);
	assert_int_equal(messages_waiting_count(messages), 2);
	assert_null(messages_waiting(messages, from, SLICE("a@b")));
	recipient = messages_waiting(messages, to, SLICE("a@b"));
	assert_int_equal(recipient->attempts, 3);
	assert_true(recipient->first_us == START_US);
	assert_true(recipient->last_us == START_US + 3);
	check_text(messages_entry(messages, recipient), "text-busy");
	messages_decide(messages, to, recipient);
	assert_null(messages_any_waiting(messages, to));
	assert_int_equal(messages_close(messages, from), 1);
	assert_int_equal(messages_waiting_count(messages), 0);
	messages_free(messages);
}

static void hands_on_client_and_message_id(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct buf scratch = { 0 };
	struct delivery one = line(1);
	struct delivery two;
	struct delivery empty = { 0 };
	uint32_t from = open_one(messages, &one);
	uint32_t to;

	(void)state;
	two = line(2);
	two.message_id = (struct slice){ 0 };
	two.client_ip = SLICE("127.0.0.1");
	to = open_one(messages, &two);
	messages_hand_on(messages, from, to);
	messages_close(messages, from);
	messages_tell(messages, to, &scratch, &empty);
	check_text(empty.client_ip, "192.0.2.10");
	check_text(empty.message_id, "1.long.enough.to.be.seen@app.a.example");
	check_text(empty.sender, "sender2@a.example");
	buf_clear(&scratch);
	messages_free(messages);
}

/* By the message-id only one is found that came here by loopback, of another
 * that was never tried. */
static void finds_the_origin_of_what_came_back(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery delivery = line(1);
	struct slice id = SLICE("same@a.example");
	uint32_t first;
	uint32_t inner;
	uint32_t outer;

	(void)state;
	delivery.message_id = id;
	delivery.nearness = NEAR_OUTSIDE;
	first = open_one(messages, &delivery);
	delivery = line(2);
	delivery.message_id = id;
	delivery.nearness = NEAR_SELF;
	inner = open_one(messages, &delivery);
	delivery = line(3);
	delivery.message_id = id;
	delivery.nearness = NEAR_INSIDE;
	outer = open_one(messages, &delivery);
	assert_int_equal(messages_origin(messages, first), MESSAGES_NONE);
	assert_int_equal(messages_origin(messages, inner), first);
	assert_int_equal(messages_origin(messages, outer), MESSAGES_NONE);
	delivery = line(1);
	delivery.status = STATUS_SENT;
	messages_learn(messages, first, &delivery);
	assert_int_equal(messages_origin(messages, inner), MESSAGES_NONE);
	messages_free(messages);
}

/* Message-ids go first, then what was opened first. */
static void forgets_the_oldest_when_memory_ends(void **state)
{
	struct messages *messages = messages_new(SMALL);
	const struct messages_lost *lost = messages_lost(messages);
	struct buf scratch = { 0 };
	struct delivery empty = { 0 };
	struct delivery last;
	unsigned count = 0;
	unsigned gone = 0;

	(void)state;
	while (!lost->message_ids) {
		struct delivery delivery = line(count++);

		wait(messages, open_one(messages, &delivery), "a@b", START_US);
		assert_true(messages_bytes(messages) < SMALL + SMALL / 4);
	}
	assert_int_equal(lost->evicted, 0);
	assert_int_equal(messages_count(messages), count);
	while (lost->evicted < 3000) {
		struct delivery delivery = line(count++);

		wait(messages, open_one(messages, &delivery), "a@b", START_US);
		assert_true(messages_bytes(messages) < SMALL + SMALL / 4);
	}
	assert_int_equal(messages_count(messages) + lost->evicted, count);
	assert_int_equal(messages_waiting_count(messages),
			 messages_count(messages));
	while (!is_open(messages, gone))
		gone++;
	assert_int_equal(gone, lost->evicted);
	for (unsigned i = gone; i < count; i++)
		assert_true(is_open(messages, i));
	/* What is left is whole. */
	last = line(gone);
	messages_tell(messages, messages_find(messages, &last, last.queue_id),
		      &scratch, &empty);
	check_text(empty.client_ip, "192.0.2.10");
	assert_true(slice_equal(empty.sender, last.sender));
	assert_non_null(messages_waiting(
		messages, messages_find(messages, &last, last.queue_id),
		SLICE("a@b")));
	buf_clear(&scratch);
	messages_free(messages);
}

static void stays_small_when_messages_end(void **state)
{
	struct messages *messages = messages_new(LARGE);
	uint32_t stays;
	struct delivery delivery = line(0);

	(void)state;
	stays = open_one(messages, &delivery);
	wait(messages, stays, "a@b", START_US);
	for (unsigned i = 1; i < 100000; i++) {
		uint32_t number;

		delivery = line(i);
		number = open_one(messages, &delivery);
		wait(messages, number, "a@b", START_US);
		assert_int_equal(messages_close(messages, number), 1);
	}
	assert_true(messages_bytes(messages) < 4 * 1024 * 1024);
	assert_true(is_open(messages, 0));
	assert_int_equal(messages_count(messages), 1);
	assert_int_equal(messages_lost(messages)->message_ids, 0);
	messages_free(messages);
}

static void a_message_without_end_of_recipients_is_bounded(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery delivery = line(1);
	char who[32];

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		(void)snprintf(who, sizeof(who), "%u@b.example", i);
		wait(messages, open_one(messages, &delivery), who, START_US);
		assert_true(messages_bytes(messages) < SMALL + SMALL / 4);
	}
	assert_true(messages_lost(messages)->evicted > 0);
	messages_free(messages);
}

static void forgets_what_was_not_heard_of(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery delivery = line(1);
	int64_t now = START_US;

	(void)state;
	wait(messages, open_one(messages, &delivery), "a@b", now);
	delivery = line(2);
	open_one(messages, &delivery);
	/* A line a day keeps it, however old it is. */
	for (int day = 0; day < 20; day++) {
		now += DAY_US;
		delivery = line(3);
		delivery.time.us = now;
		open_one(messages, &delivery);
	}
	assert_false(is_open(messages, 1));
	assert_false(is_open(messages, 2));
	assert_true(is_open(messages, 3));
	/* Only where somebody waited, something is lost. */
	assert_int_equal(messages_lost(messages)->aged, 1);
	/* One stamp far in the future ages nothing. */
	messages_tidy(messages, now + 4000 * DAY_US);
	messages_tidy(messages, now);
	messages_settle(messages);
	assert_true(is_open(messages, 3));
	messages_tidy(messages, now + 6 * DAY_US);
	messages_tidy(messages, now + 6 * DAY_US);
	messages_settle(messages);
	assert_int_equal(messages_count(messages), 0);
	messages_free(messages);
}

/* Where a log does not say that a message has ended: soon, and without loss. */
static void forgets_who_is_decided_sooner(void **state)
{
	struct messages *messages = messages_new(SMALL);
	const uint32_t decided[] = { 0, 1, 2, 2 };
	int64_t later = START_US + DAY_US;

	(void)state;
	for (unsigned i = 0; i < COUNT(decided); i++) {
		struct delivery delivery = line(i);
		uint32_t number;

		delivery.nrcpt = SLICE("2");
		number = open_one(messages, &delivery);
		for (uint32_t k = 0; k < decided[i]; k++)
			messages_count_decided(messages, number);
		if (i == 3)
			wait(messages, number, "alias@b", START_US);
	}
	messages_tidy(messages, later);
	messages_tidy(messages, later);
	messages_settle(messages);
	assert_true(is_open(messages, 0));
	assert_true(is_open(messages, 1));
	assert_false(is_open(messages, 2));
	assert_true(is_open(messages, 3));
	assert_int_equal(messages_lost(messages)->aged, 0);
	messages_free(messages);
}

static void does_not_miss_who_is_decided(void **state)
{
	struct messages *messages = messages_new(SMALL);
	unsigned count = 0;

	(void)state;
	while (messages_count(messages) == count) {
		struct delivery delivery = line(count++);

		delivery.nrcpt = SLICE("1");
		messages_count_decided(messages, open_one(messages, &delivery));
	}
	assert_int_equal(messages_lost(messages)->evicted, 0);
	messages_free(messages);
}

static void knows_a_message_by_its_own_id(void **state)
{
	struct messages *messages = messages_new(SMALL);
	struct delivery message = line(1);
	struct delivery envelope = line(2);

	(void)state;
	envelope.message = message.queue_id;
	assert_int_equal(messages_open(messages, &message),
			 messages_open(messages, &envelope));
	assert_int_equal(messages_find_own(messages, &envelope),
			 messages_find_own(messages, &message));
	assert_int_equal(messages_count(messages), 1);
	messages_free(messages);
}

/* The promise is five million messages in 256 MB; here a tenth of both. */
static void holds_millions_of_messages(void **state)
{
	enum { MESSAGES = 500000 };
	struct messages *messages = messages_new(LARGE / 10);
	const struct messages_lost *lost = messages_lost(messages);

	(void)state;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct delivery delivery = line(i);

		open_one(messages, &delivery);
		assert_true(messages_bytes(messages) < LARGE / 9);
	}
	assert_int_equal(lost->evicted, 0);
	assert_true(lost->message_ids > 0);
	assert_int_equal(messages_count(messages), MESSAGES);
	assert_true(is_open(messages, 0));
	assert_true(is_open(messages, MESSAGES - 1));
	messages_free(messages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_it_learned),
		cmocka_unit_test(tells_a_null_sender_from_an_unknown_one),
		cmocka_unit_test(keeps_hosts_and_mail_systems_apart),
		cmocka_unit_test(keeps_no_text_longer_than_any_address),
		cmocka_unit_test(waiting_recipients_move_with_their_message),
		cmocka_unit_test(hands_on_client_and_message_id),
		cmocka_unit_test(finds_the_origin_of_what_came_back),
		cmocka_unit_test(forgets_the_oldest_when_memory_ends),
		cmocka_unit_test(stays_small_when_messages_end),
		cmocka_unit_test(
			a_message_without_end_of_recipients_is_bounded),
		cmocka_unit_test(forgets_what_was_not_heard_of),
		cmocka_unit_test(forgets_who_is_decided_sooner),
		cmocka_unit_test(does_not_miss_who_is_decided),
		cmocka_unit_test(knows_a_message_by_its_own_id),
		cmocka_unit_test(holds_millions_of_messages),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
