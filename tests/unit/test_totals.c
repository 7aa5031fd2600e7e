/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <string.h>

#include "count/totals.h"

enum { FIELDS = sizeof(struct totals) / sizeof(uint64_t) };

/* As an array, so that a field which is forgotten in totals_add() shows. */
static void adds_every_field(void **state)
{
	uint64_t fields[FIELDS];
	struct totals into;
	struct totals from;

	(void)state;
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = i + 1;
	memcpy(&into, fields, sizeof(into));
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = (i + 1) * (UINT64_C(1) << 40);
	memcpy(&from, fields, sizeof(from));
	totals_add(&into, &from);
	memcpy(fields, &into, sizeof(fields));
	for (size_t i = 0; i < FIELDS; i++)
		assert_true(fields[i] == (i + 1) * ((UINT64_C(1) << 40) + 1));
}

static const struct {
	struct totals totals;
	bool balances;
} cases[] = {
	{ { 0 }, true },
	{ { .lines = 1 }, false },
	{ { .lines = 1, .dropped = 1 }, true },
	{ { .lines = 1, .sent = 1 }, true },
	{ { .lines = 1, .failures = 1 }, true },
	{ { .lines = 1, .probes = 1 }, true },
	{ { .lines = 1, .rejects = 1 }, true },
	{ { .lines = 1, .unparsed = 1 }, true },
	/* A cut line is counted as what it was taken for, too. */
	{ { .lines = 1, .cut = 1 }, false },
	{ { .lines = 1, .dropped = 1, .cut = 1 }, true },
	/* A line that told of three recipients. */
	{ { .lines = 1, .sent = 1, .failures = 2, .shared = 2 }, true },
	{ { .lines = 21,
	    .dropped = 6,
	    .sent = 5,
	    .failures = 4,
	    .probes = 3,
	    .rejects = 2,
	    .unparsed = 1,
	    .cut = 7 },
	  true },
	{ { .lines = 20,
	    .dropped = 6,
	    .sent = 5,
	    .failures = 4,
	    .probes = 3,
	    .rejects = 2,
	    .unparsed = 1 },
	  false },
};

static void balances_when_each_line_is_counted_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("case %zu\n", i);
		assert_int_equal(totals_balance(&cases[i].totals),
				 cases[i].balances);
	}
}

static void deliveries_are_sent_failures_and_probes(void **state)
{
	const struct totals totals = { .lines = 1000,
				       .dropped = 200,
				       .sent = 30,
				       .failures = 4,
				       .probes = 5,
				       .rejects = 600,
				       .shared = 70 };

	(void)state;
	assert_int_equal(totals_deliveries(&totals), 39);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_every_field),
		cmocka_unit_test(balances_when_each_line_is_counted_once),
		cmocka_unit_test(deliveries_are_sent_failures_and_probes),
	};

	return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
