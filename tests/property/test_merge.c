/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold for every input: merging tallies gives the tally of all their
 * inputs, and a bound on the domains loses no count. MAILWHY_TEST_SEED repeats
 * the run whose seed a failure printed.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "tally_text.h"

enum { RUNS = 3000, PARTS = 3, EVENTS = 60, FLOODS = 300 };

/* Splitmix64: the same numbers from the same seed everywhere. */
struct chance {
	uint64_t seed;
	uint64_t state;
};

static uint64_t chance_next(struct chance *chance)
{
	uint64_t x = chance->state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static size_t chance_below(struct chance *chance, size_t limit)
{
	return (size_t)(chance_next(chance) % limit);
}

static struct chance chance_start(const char *test)
{
	const char *given = getenv("MAILWHY_TEST_SEED");
	uint64_t seed = 0;

	if (!given || !slice_number(slice_from(given), &seed))
		seed = hash_seed() >> 16;
	print_message("%s: MAILWHY_TEST_SEED=%llu\n", test,
		      (unsigned long long)seed);
	return (struct chance){ .seed = seed, .state = seed };
}

static const char *const domains[] = {
	"gmx.de", "web.de",     "t-online.de", "",           "(other)",
	"a",      "aa.example", "b.example",   "ab.example",
};
static const char *const entries[] = { "blocked", "unknown", "full", "a", "" };
static const char *const providers[] = { "", "gmx", "microsoft", "t-online" };
static const uint16_t codes[] = { 0, 421, 450, 550, 554, 999, 7, 1000 };

struct event {
	enum event_kind { EVENT_SENT, EVENT_FAILURE, EVENT_REJECT } kind;
	struct tally_failure failure;
};

static struct slice one_of(struct chance *chance, const char *const *list,
			   size_t count)
{
	return slice_from(list[chance_below(chance, count)]);
}

static struct event random_event(struct chance *chance)
{
	return (struct event){
		.kind = (enum event_kind)chance_below(chance, 3),
		.failure = {
			.domain = one_of(chance, domains, COUNT(domains)),
			.entry = one_of(chance, entries, COUNT(entries)),
			.provider = one_of(chance, providers,
					   COUNT(providers)),
			.smtp_code = codes[chance_below(chance,
							COUNT(codes))],
			.reason = (uint8_t)chance_below(chance, 3),
			.permanent = chance_below(chance, 2) == 0,
		},
	};
}

static void add(struct tally *tally, const struct event *event)
{
	const struct tally_failure *failure = &event->failure;

	if (event->kind == EVENT_SENT)
		tally_add_sent(tally, failure->domain, failure->provider);
	else if (event->kind == EVENT_FAILURE)
		tally_add_failure(tally, failure);
	else
		tally_add_reject(tally, failure);
}

/* Tallies of the parts of one input, and of all of it. */
struct split {
	struct tally *parts[PARTS];
	struct tally *whole;
};

static struct split split_new(struct chance *chance)
{
	struct split split = { .whole = tally_new(COUNT(domains)) };

	for (size_t i = 0; i < PARTS; i++) {
		size_t count = chance_below(chance, EVENTS);

		split.parts[i] = tally_new(COUNT(domains));
		while (count--) {
			struct event event = random_event(chance);

			add(split.parts[i], &event);
			add(split.whole, &event);
		}
	}
	return split;
}

static void split_free(struct split *split)
{
	for (size_t i = 0; i < PARTS; i++)
		tally_free(split->parts[i]);
	tally_free(split->whole);
}

static struct tally *sum(const struct tally *a, const struct tally *b)
{
	struct tally *tally = tally_new(COUNT(domains));

	tally_merge(tally, a);
	tally_merge(tally, b);
	return tally;
}

static void assert_same(const struct tally *a, const struct tally *b,
			const struct chance *chance)
{
	struct buf left = { 0 };
	struct buf right = { 0 };

	tally_text(a, &left);
	tally_text(b, &right);
	if (!slice_equal(buf_slice(&left), buf_slice(&right)))
		fail_msg("MAILWHY_TEST_SEED=%llu\n%s\nis not\n%s",
			 (unsigned long long)chance->seed, left.at, right.at);
	assert_int_equal(tally_domain_count(a), tally_domain_count(b));
	buf_clear(&left);
	buf_clear(&right);
}

static void merged_parts_are_the_whole_in_any_grouping_and_order(void **state)
{
	struct chance chance = chance_start("merge");

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		struct split split = split_new(&chance);
		struct tally *const *part = split.parts;
		struct tally *first = sum(part[0], part[1]);
		struct tally *last = sum(part[1], part[2]);
		struct tally *left = sum(first, part[2]);
		struct tally *right = sum(part[0], last);
		struct tally *turned = sum(part[2], first);

		assert_same(left, split.whole, &chance);
		assert_same(right, split.whole, &chance);
		assert_same(turned, split.whole, &chance);
		tally_free(turned);
		tally_free(right);
		tally_free(left);
		tally_free(last);
		tally_free(first);
		split_free(&split);
	}
}

static void an_empty_tally_changes_nothing(void **state)
{
	struct chance chance = chance_start("empty");
	struct tally *empty = tally_new(1);

	(void)state;
	for (int run = 0; run < RUNS / 10; run++) {
		struct split split = split_new(&chance);
		struct tally *before = sum(empty, split.whole);
		struct tally *after = sum(split.whole, empty);

		assert_same(before, split.whole, &chance);
		assert_same(after, split.whole, &chance);
		tally_free(after);
		tally_free(before);
		split_free(&split);
	}
	tally_free(empty);
}

enum { FREQUENT = 3, RARE = 500 };

/* What was really added, by number of the domain; frequent ones come first. */
struct truth {
	uint64_t sent[FREQUENT + RARE];
	uint64_t failures[FREQUENT + RARE];
	uint64_t total;
};

struct seen {
	const struct truth *truth;
	const struct chance *chance;
	uint64_t sent;
	uint64_t failures;
	size_t domains;
	bool frequent[FREQUENT];
};

#define CHECK(seen, condition)                                              \
	do {                                                                \
		if (!(condition))                                           \
			fail_msg("%s; MAILWHY_TEST_SEED=%llu", #condition,  \
				 (unsigned long long)(seen)->chance->seed); \
	} while (0)

static void see(const struct tally_domain *domain, void *context)
{
	struct seen *seen = context;
	uint64_t number = 0;

	seen->sent += domain->sent;
	seen->failures += domain->failures;
	if (slice_equal(domain->name, TALLY_OTHER))
		return;
	seen->domains++;
	CHECK(seen, slice_number(slice_after(domain->name, 1), &number));
	CHECK(seen, domain->sent <= seen->truth->sent[number]);
	CHECK(seen, domain->failures <= seen->truth->failures[number]);
	CHECK(seen, domain->sent + domain->failures > 0);
	if (number < FREQUENT)
		seen->frequent[number] = true;
}

static void add_numbered(struct tally *tally, struct truth *truth,
			 size_t number, bool is_sent)
{
	char name[16];
	struct event event = { .kind = is_sent ? EVENT_SENT : EVENT_FAILURE };

	(void)snprintf(name, sizeof(name), "d%zu", number);
	event.failure.domain = slice_from(name);
	event.failure.entry = SLICE("blocked");
	add(tally, &event);
	truth->sent[number] += is_sent;
	truth->failures[number] += !is_sent;
	truth->total++;
}

static void check_bounds(const struct tally *tally, size_t bound,
			 const struct truth *truth, const struct chance *chance)
{
	struct seen seen = { .truth = truth, .chance = chance };
	uint64_t sent = 0;
	uint64_t failures = 0;

	for (size_t i = 0; i < FREQUENT + RARE; i++) {
		sent += truth->sent[i];
		failures += truth->failures[i];
	}
	tally_each_domain(tally, see, &seen);
	CHECK(&seen, seen.sent == sent);
	CHECK(&seen, seen.failures == failures);
	CHECK(&seen, seen.domains <= bound);
	CHECK(&seen, tally_domain_count(tally) <= bound + 1);
	for (size_t i = 0; i < FREQUENT; i++) {
		uint64_t count = truth->sent[i] + truth->failures[i];

		/* More than its share of the bound: it must be there. */
		if (count > truth->total / (bound + 1))
			CHECK(&seen, seen.frequent[i]);
	}
}

/* Half of the deliveries go to the frequent domains. */
static void a_small_bound_loses_no_count_and_no_frequent_domain(void **state)
{
	struct chance chance = chance_start("bound");

	(void)state;
	for (int run = 0; run < FLOODS; run++) {
		size_t bound = 1 + chance_below(&chance, 40);
		size_t rare = 1 + chance_below(&chance, RARE);
		size_t count = chance_below(&chance, 5000);
		struct tally *tally = tally_new(bound);
		struct tally *other = tally_new(bound);
		struct truth truth = { 0 };

		while (count--) {
			bool is_frequent = chance_below(&chance, 2);
			size_t number =
				is_frequent ? chance_below(&chance, FREQUENT)
					    : FREQUENT + chance_below(&chance,
								      rare);
			bool is_sent = chance_below(&chance, 2);
			bool here = chance_below(&chance, 3);

			add_numbered(here ? tally : other, &truth, number,
				     is_sent);
		}
		tally_merge(tally, other);
		check_bounds(tally, bound, &truth, &chance);
		tally_free(other);
		tally_free(tally);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			merged_parts_are_the_whole_in_any_grouping_and_order),
		cmocka_unit_test(an_empty_tally_changes_nothing),
		cmocka_unit_test(
			a_small_bound_loses_no_count_and_no_frequent_domain),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
