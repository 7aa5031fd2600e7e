/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdbool.h>

#include "base/slots.h"

/* Numbers below 16 have the same hash, so that probes run into each other, and
 * round the end of the table. */
static uint64_t crowded_hash(const void *owner, uint32_t number)
{
	(void)owner;
	return number < 16 ? UINT64_MAX - 2 : number;
}

static bool has(const struct slots *slots, uint32_t number)
{
	uint64_t at = crowded_hash(NULL, number);
	uint32_t found;

	while ((found = slots_next(slots, &at)) != SLOTS_NONE)
		if (found == number)
			return true;
	return false;
}

static void finds_what_was_added_and_not_removed(void **state)
{
	enum { COUNT_MAX = 3000 };
	struct slots slots = { .hash = crowded_hash };
	bool there[COUNT_MAX] = { false };
	unsigned random = 1;

	(void)state;
	assert_false(has(&slots, 1));
	for (int round = 0; round < 20000; round++) {
		uint32_t number;

		random = random * 1103515245 + 12345;
		number = (random >> 8) % COUNT_MAX;
		if (round % 3 == 0)
			number %= 24;
		if (there[number])
			slots_remove(&slots, number);
		else
			slots_add(&slots, number);
		there[number] = !there[number];
		assert_int_equal(has(&slots, number), there[number]);
	}
	for (uint32_t i = 0; i < COUNT_MAX; i++)
		assert_int_equal(has(&slots, i), there[i]);
	slots_clear(&slots);
}

static void is_empty_after_a_reset(void **state)
{
	struct slots slots = { .hash = crowded_hash };
	size_t bytes;

	(void)state;
	slots_add(&slots, 1);
	slots_reset(&slots, 100);
	bytes = slots_bytes(&slots);
	assert_false(has(&slots, 1));
	for (uint32_t i = 0; i < 90; i++)
		slots_add(&slots, i);
	assert_int_equal(slots_bytes(&slots), bytes);
	assert_true(has(&slots, 89));
	slots_clear(&slots);
	assert_int_equal(slots_bytes(&slots), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_added_and_not_removed),
		cmocka_unit_test(is_empty_after_a_reset),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
