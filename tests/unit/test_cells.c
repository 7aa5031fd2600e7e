/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "count/cells.h"

/* Each differs from the first in one part of what a cell is found by. */
static const struct cell different[] = {
	{ .row = 2, .entry = 3, .code = 550, .reason = 4 },
	{ .row = 3, .entry = 3, .code = 550, .reason = 4 },
	{ .row = 2, .entry = 2, .code = 550, .reason = 4 },
	{ .row = 2, .entry = 3, .code = 551, .reason = 4 },
	{ .row = 2, .entry = 3, .code = 550, .reason = 5 },
};

static void tells_cells_apart_by_all_parts(void **state)
{
	struct cells cells;

	(void)state;
	cells_init(&cells);
	for (size_t i = 0; i < COUNT(different); i++) {
		assert_null(cells_find(&cells, &different[i]));
		cells_add(&cells, &different[i])->permanent = i + 1;
		assert_int_equal(cells.count, i + 1);
	}
	for (size_t i = 0; i < COUNT(different); i++) {
		struct cell *cell = cells_find(&cells, &different[i]);

		assert_non_null(cell);
		assert_ptr_equal(cells_add(&cells, &different[i]), cell);
		assert_int_equal(cell->permanent, i + 1);
	}
	assert_int_equal(cells.count, COUNT(different));
	cells_clear(&cells);
}

static void a_new_cell_counts_nothing_whatever_the_key_says(void **state)
{
	const struct cell key = { .permanent = 5, .temporary = 6, .row = 2 };
	struct cells cells;
	struct cell *cell;

	(void)state;
	cells_init(&cells);
	cell = cells_add(&cells, &key);
	assert_int_equal(cell->permanent, 0);
	assert_int_equal(cell->temporary, 0);
	cells_clear(&cells);
}

static void finds_all_after_growing_and_none_after_a_reset(void **state)
{
	struct cells cells;
	struct cell key = { .code = 550 };

	(void)state;
	cells_init(&cells);
	for (int round = 0; round < 2; round++) {
		for (key.row = 0; key.row < 20000; key.row++)
			cells_add(&cells, &key)->temporary = key.row;
		assert_int_equal(cells.count, 20000);
		for (key.row = 0; key.row < 20000; key.row++)
			assert_int_equal(cells_find(&cells, &key)->temporary,
					 key.row);
		assert_null(cells_find(&cells, &key));
		assert_true(cells_bytes(&cells) >= 20000 * sizeof(key));
		cells_reset(&cells);
		key.row = 7;
		assert_null(cells_find(&cells, &key));
	}
	cells_clear(&cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_cells_apart_by_all_parts),
		cmocka_unit_test(
			a_new_cell_counts_nothing_whatever_the_key_says),
		cmocka_unit_test(
			finds_all_after_growing_and_none_after_a_reset),
	};

	return cmocka_run_group_tests_name("cells", tests, NULL, NULL);
}
