/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "tally_text.h"

enum kind { SENT, FAIL, DEFER, REJECT };

struct step {
	enum kind kind;
	const char *domain;
	const char *provider;
	uint16_t code;
	const char *entry;
	uint8_t reason;
};

static void add(struct tally *tally, const struct step *step)
{
	const char *entry = step->entry ? step->entry : "";
	struct tally_failure failure = {
		.domain = slice_from(step->domain),
		.entry = slice_from(entry),
		.provider = slice_from(step->provider),
		.smtp_code = step->code,
		.reason = step->reason,
		.permanent = step->kind != DEFER,
	};

	if (step->kind == SENT)
		tally_add_sent(tally, failure.domain, failure.provider);
	else if (step->kind == REJECT)
		tally_add_reject(tally, &failure);
	else
		tally_add_failure(tally, &failure);
}

static void assert_shows(const struct tally *tally, const char *expected)
{
	struct buf text = { 0 };

	assert_string_equal(tally_text(tally, &text), expected);
	buf_clear(&text);
}

static const struct step steps[] = {
	{ SENT, "only-sent.example", "", 0, NULL, 0 },
	{ SENT, "gmx.de", "gmx", 0, NULL, 0 },
	{ FAIL, "gmx.de", "gmx", 554, "gmx-blocked", 1 },
	{ DEFER, "gmx.de", "gmx", 451, "greylisted", 2 },
	{ FAIL, "gmx.de", "gmx", 550, "unknown-user", 3 },
	{ FAIL, "gmx.de", "gmx", 550, "mailbox-full", 4 },
	{ FAIL, "gmx.de", "gmx", 550, "mailbox-full", 4 },
	{ DEFER, "gmx.de", "", 0, "timeout", 5 },
	{ DEFER, "aol.example", "aol", 451, "greylisted", 2 },
	{ FAIL, "aol.example", "aol", 451, "greylisted", 2 },
	{ FAIL, "aol.example", "aol", 99, "odd-code", 6 },
	{ FAIL, "aol.example", "aol", 1000, "odd-code", 6 },
	{ DEFER, "b.example", "", 421, "z-entry", 1 },
	{ DEFER, "b.example", "", 421, "a-entry", 2 },
	{ DEFER, "b.example", "", 421, "a-entry", 1 },
	{ FAIL, "", "", 550, "no-domain", 7 },
	{ REJECT, "gmx.de", "gmx", 554, "dnsbl", 8 },
	{ REJECT, "aol.example", "aol", 554, "dnsbl", 8 },
	{ REJECT, "", "", 450, "no-ptr", 9 },
};

static const char shown[] = "gmx.de sent 1 failed 6\n"
			    " 550 mailbox-full 4: 2 0\n"
			    " 550 unknown-user 3: 1 0\n"
			    " 451 greylisted 2: 0 1\n"
			    " 554 gmx-blocked 1: 1 0\n"
			    " 0 timeout 5: 0 1\n"
			    "aol.example sent 0 failed 4\n"
			    " 451 greylisted 2: 1 1\n"
			    " 0 odd-code 6: 2 0\n"
			    "b.example sent 0 failed 3\n"
			    " 421 a-entry 1: 0 1\n"
			    " 421 a-entry 2: 0 1\n"
			    " 421 z-entry 1: 0 1\n"
			    " sent 0 failed 1\n"
			    " 550 no-domain 7: 1 0\n"
			    "only-sent.example sent 1 failed 0\n"
			    "rejects: sent 0 failed 3\n"
			    " 554 dnsbl 8: 2 0\n"
			    " 450 no-ptr 9: 1 0\n"
			    "provider aol sent 0 failed 4\n"
			    "provider gmx sent 1 failed 5\n";

static const char nothing[] = "rejects: sent 0 failed 0\n";

static void shows_what_was_added_in_order(void **state)
{
	struct tally *tally = tally_new(100);

	(void)state;
	assert_shows(tally, nothing);
	assert_int_equal(tally_domain_count(tally), 0);
	for (size_t i = 0; i < COUNT(steps); i++)
		add(tally, &steps[i]);
	assert_shows(tally, shown);
	assert_int_equal(tally_domain_count(tally), 5);
	tally_free(tally);
	tally_free(NULL);
}

static void owns_what_it_keeps(void **state)
{
	char domain[] = "gmx.de";
	char entry[] = "blocked";
	char provider[] = "gmx";
	struct tally_failure failure = { .domain = slice_from(domain),
					 .entry = slice_from(entry),
					 .provider = slice_from(provider) };
	struct tally *tally = tally_new(1);

	(void)state;
	tally_add_failure(tally, &failure);
	memset(domain, 'x', strlen(domain));
	memset(entry, 'x', strlen(entry));
	memset(provider, 'x', strlen(provider));
	assert_shows(tally, "gmx.de sent 0 failed 1\n"
			    " 0 blocked 0: 0 1\n"
			    "rejects: sent 0 failed 0\n"
			    "provider gmx sent 0 failed 1\n");
	tally_free(tally);
}

static void forgets_all_with_a_reset(void **state)
{
	struct tally *tally = tally_new(2);

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(steps); i++)
			add(tally, &steps[i]);
		tally_reset(tally);
		assert_shows(tally, nothing);
		assert_int_equal(tally_domain_count(tally), 0);
	}
	add(tally, &steps[0]);
	assert_shows(tally, "only-sent.example sent 1 failed 0\n"
			    "rejects: sent 0 failed 0\n");
	tally_free(tally);
}

static void merges_two_halves_into_the_whole(void **state)
{
	(void)state;
	for (size_t half = 0; half <= COUNT(steps); half++) {
		struct tally *into = tally_new(100);
		struct tally *from = tally_new(100);

		for (size_t i = 0; i < COUNT(steps); i++)
			add(i < half ? into : from, &steps[i]);
		tally_merge(into, from);
		assert_shows(into, shown);
		tally_free(from);
		tally_free(into);
	}
}

static void adds_up_the_least_frequent_under_other(void **state)
{
	const struct step few = { FAIL, "few.example", "", 550, "x", 1 };
	const struct step many = { FAIL, "many.example", "", 550, "y", 1 };
	const struct step once = { SENT, "once.example", "", 0, NULL, 0 };
	struct tally *tally = tally_new(1);

	(void)state;
	add(tally, &few);
	add(tally, &many);
	add(tally, &many);
	add(tally, &once);
	assert_int_equal(tally_domain_count(tally), 2);
	assert_shows(tally, "many.example sent 0 failed 2\n"
			    " 550 y 1: 2 0\n"
			    "(other) sent 1 failed 1\n"
			    " 550 x 1: 1 0\n"
			    "rejects: sent 0 failed 0\n");
	tally_free(tally);
}

static void counts_a_domain_named_other_in_the_same_row(void **state)
{
	const struct step named = { FAIL, "(other)", "", 550, "x", 1 };
	const struct step first = { SENT, "a.example", "", 0, NULL, 0 };
	const struct step second = { SENT, "b.example", "", 0, NULL, 0 };
	struct tally *tally = tally_new(1);

	(void)state;
	add(tally, &named);
	assert_int_equal(tally_domain_count(tally), 1);
	add(tally, &first);
	add(tally, &second);
	assert_shows(tally, "(other) sent 1 failed 1\n"
			    " 550 x 1: 1 0\n"
			    "a.example sent 1 failed 0\n"
			    "rejects: sent 0 failed 0\n");
	tally_free(tally);
}

static void counts_names_that_no_domain_can_have_under_other(void **state)
{
	char name[257];
	struct tally *tally = tally_new(10);

	(void)state;
	memset(name, 'x', sizeof(name));
	tally_add_sent(tally, (struct slice){ name, 256 }, SLICE(""));
	tally_add_sent(tally, (struct slice){ name, 257 }, SLICE(""));
	assert_shows(tally, "(other) sent 2 failed 0\n"
			    "rejects: sent 0 failed 0\n");
	tally_reset(tally);
	tally_add_sent(tally, (struct slice){ name, 255 }, SLICE("p"));
	assert_int_equal(tally_domain_count(tally), 1);
	tally_add_sent(tally, (struct slice){ name, 256 }, SLICE("p"));
	assert_int_equal(tally_domain_count(tally), 2);
	tally_free(tally);
}

struct sums {
	uint64_t sent;
	uint64_t failures;
	size_t domains;
	size_t most_cells;
	uint64_t of_named; /* failures of the domain "named.example" */
};

static void sum_up(const struct tally_domain *domain, void *context)
{
	struct sums *sums = context;

	sums->sent += domain->sent;
	sums->failures += domain->failures;
	sums->domains++;
	if (slice_equal(domain->name, SLICE("named.example")))
		sums->of_named = domain->failures;
	if (!slice_equal(domain->name, TALLY_OTHER) &&
	    domain->cell_count > sums->most_cells)
		sums->most_cells = domain->cell_count;
}

static void bounds_the_cells_of_a_domain(void **state)
{
	struct step step = { FAIL, "named.example", "", 0, "x", 0 };
	struct tally *tally = tally_new(10);
	struct sums sums = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++)
		for (step.code = 100; step.code < 1000; step.code++)
			add(tally, &step);
	tally_each_domain(tally, sum_up, &sums);
	assert_int_equal(sums.failures, 1800);
	assert_int_equal(sums.of_named, 512);
	assert_int_equal(sums.most_cells, 256);
	assert_int_equal(sums.domains, 2);
	tally_free(tally);
}

/* The last of them has two in five of all deliveries, but never as many
 * between two cuts as the old ones have in all. */
static void what_was_frequent_long_ago_gives_way(void **state)
{
	const struct step old = { FAIL, "old.example", "", 550, "x", 0 };
	const struct step older = { FAIL, "older.example", "", 550, "x", 0 };
	const struct step named = { FAIL, "named.example", "", 550, "x", 0 };
	struct tally *tally = tally_new(2);
	struct sums sums = { 0 };
	char name[32];
	struct step rare = { FAIL, name, "", 550, "x", 0 };

	(void)state;
	for (int i = 0; i < 50; i++) {
		add(tally, &old);
		add(tally, &older);
	}
	for (int i = 0; i < 200; i++) {
		(void)snprintf(name, sizeof(name), "d%d.example", i);
		add(tally, &rare);
		add(tally, &named);
	}
	tally_each_domain(tally, sum_up, &sums);
	assert_int_equal(sums.failures, 500);
	assert_in_range(sums.of_named, 100, 200);
	tally_free(tally);
}

/* A server of many domains that answers with another code each time. */
static void bounds_the_cells_of_all_domains(void **state)
{
	enum { DOMAINS = 1000, CODES = 200, NAMED = 2000 };
	char name[32];
	struct step step = { FAIL, "named.example", "", 550, "x", 0 };
	struct tally *tally = tally_new(DOMAINS);
	struct sums sums = { 0 };

	(void)state;
	for (int i = 0; i < NAMED; i++)
		add(tally, &step);
	step.domain = name;
	for (step.code = 100; step.code < 100 + CODES; step.code++) {
		for (unsigned i = 0; i < DOMAINS; i++) {
			(void)snprintf(name, sizeof(name), "d%u.example", i);
			add(tally, &step);
		}
	}
	tally_each_domain(tally, sum_up, &sums);
	assert_int_equal(sums.failures, NAMED + DOMAINS * CODES);
	assert_int_equal(sums.of_named, NAMED);
	assert_true(sums.domains <= DOMAINS + 1);
	assert_true(tally_bytes(tally) < (size_t)3 << 20);
	tally_free(tally);
}

static void stays_small_whatever_is_added(void **state)
{
	char name[64];
	struct step step = { FAIL, name, "", 550, "x", 0 };
	struct tally *tally = tally_new(1000);
	struct sums sums = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		(void)snprintf(name, sizeof(name), "%050u.example", i);
		add(tally, &step);
	}
	tally_each_domain(tally, sum_up, &sums);
	assert_int_equal(sums.failures, 100000);
	assert_int_equal(sums.domains, 1001);
	assert_int_equal(tally_domain_count(tally), 1001);
	assert_true(tally_bytes(tally) < (size_t)768 << 10);
	tally_free(tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_was_added_in_order),
		cmocka_unit_test(owns_what_it_keeps),
		cmocka_unit_test(forgets_all_with_a_reset),
		cmocka_unit_test(merges_two_halves_into_the_whole),
		cmocka_unit_test(adds_up_the_least_frequent_under_other),
		cmocka_unit_test(counts_a_domain_named_other_in_the_same_row),
		cmocka_unit_test(
			counts_names_that_no_domain_can_have_under_other),
		cmocka_unit_test(what_was_frequent_long_ago_gives_way),
		cmocka_unit_test(bounds_the_cells_of_a_domain),
		cmocka_unit_test(bounds_the_cells_of_all_domains),
		cmocka_unit_test(stays_small_whatever_is_added),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
