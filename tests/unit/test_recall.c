/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/recall.h"

static uint64_t key(const struct recall *recall, const char *name)
{
	const struct slice parts[] = { slice_from(name) };

	return recall_key(recall, parts, 1);
}

static void put(struct recall *recall, const char *name, const char *text)
{
	recall_put(recall, key(recall, name),
		   &(struct recalled){ .first = slice_from(text) });
}

/* "" if there is nothing. */
static void assert_kept(const struct recall *recall, const char *name,
			const char *text)
{
	struct recalled found;

	assert_int_equal(recall_find(recall, key(recall, name), &found),
			 text[0] != '\0');
	assert_true(slice_equal(found.first, slice_from(text)));
}

static void keeps_both_texts_and_the_time(void **state)
{
	struct recall *recall = recall_new(3);
	struct recalled found;

	(void)state;
	recall_put(recall, key(recall, "a"),
		   &(struct recalled){ SLICE("one"), SLICE("two"), 7 });
	assert_true(recall_find(recall, key(recall, "a"), &found));
	assert_true(slice_equal(found.first, SLICE("one")));
	assert_true(slice_equal(found.second, SLICE("two")));
	assert_int_equal(found.at_us, 7);
	assert_true(recall_take(recall, key(recall, "a"), &found));
	assert_true(slice_equal(found.second, SLICE("two")));
	assert_false(recall_take(recall, key(recall, "a"), &found));
	assert_int_equal(found.at_us, 0);
	recall_free(recall);
	recall_free(NULL);
}

static void the_oldest_makes_room(void **state)
{
	struct recall *recall = recall_new(3);
	struct recalled taken;

	(void)state;
	put(recall, "a", "1");
	put(recall, "b", "2");
	put(recall, "c", "3");
	put(recall, "a", "4");
	assert_kept(recall, "a", "4");
	put(recall, "d", "5");
	assert_kept(recall, "b", "");
	assert_kept(recall, "c", "3");
	/* What was taken makes room first. */
	assert_true(recall_take(recall, key(recall, "a"), &taken));
	put(recall, "e", "6");
	assert_kept(recall, "c", "3");
	assert_kept(recall, "d", "5");
	assert_kept(recall, "e", "6");
	put(recall, "f", "7");
	assert_kept(recall, "c", "");
	recall_free(recall);
}

static void one_entry_is_enough(void **state)
{
	struct recall *recall = recall_new(1);
	struct recalled taken;

	(void)state;
	put(recall, "a", "1");
	put(recall, "b", "2");
	assert_kept(recall, "a", "");
	assert_kept(recall, "b", "2");
	assert_true(recall_take(recall, key(recall, "b"), &taken));
	put(recall, "c", "3");
	assert_kept(recall, "c", "3");
	recall_free(recall);
}

static void what_is_too_long_takes_the_place_of_nothing(void **state)
{
	struct recall *recall = recall_new(2);
	static char text[RECALL_TEXT_MAX + 2];

	(void)state;
	memset(text, 'x', RECALL_TEXT_MAX);
	put(recall, "a", text);
	assert_kept(recall, "a", text);
	text[RECALL_TEXT_MAX] = 'x';
	put(recall, "a", text);
	assert_kept(recall, "a", "");
	recall_free(recall);
}

/* Against a plain array that does the same. */
static void does_as_a_list_does(void **state)
{
	enum { SIZE = 37, NAMES = 97, STEPS = 20000 };
	struct recall *recall = recall_new(SIZE);
	int list[NAMES];
	int count = 0;
	unsigned random = 1;

	(void)state;
	for (int step = 0; step < STEPS; step++) {
		char name[16];
		struct recalled found;
		int number;
		int at = 0;
		bool take;

		random = random * 1103515245 + 12345;
		number = (int)(random >> 16) % NAMES;
		take = (random >> 8) % 3 == 0;
		(void)snprintf(name, sizeof(name), "%d", number);
		while (at < count && list[at] != number)
			at++;
		if (take)
			assert_int_equal(
				recall_take(recall, key(recall, name), &found),
				at < count);
		else
			put(recall, name, name);
		if (at < count) {
			memmove(list + at, list + at + 1,
				(size_t)(count - at - 1) * sizeof(list[0]));
			count--;
		}
		if (take)
			continue;
		if (count == SIZE)
			memmove(list, list + 1,
				(size_t)--count * sizeof(list[0]));
		list[count++] = number;
		(void)snprintf(name, sizeof(name), "%d", list[0]);
		assert_kept(recall, name, name);
	}
	recall_free(recall);
}

static void parts_are_not_only_joined(void **state)
{
	struct recall *recall = recall_new(1);
	const struct slice a[] = { SLICE("ab"), SLICE("c") };
	const struct slice b[] = { SLICE("a"), SLICE("bc") };

	(void)state;
	assert_int_not_equal(recall_key(recall, a, 2),
			     recall_key(recall, b, 2));
	recall_free(recall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_both_texts_and_the_time),
		cmocka_unit_test(the_oldest_makes_room),
		cmocka_unit_test(one_entry_is_enough),
		cmocka_unit_test(what_is_too_long_takes_the_place_of_nothing),
		cmocka_unit_test(does_as_a_list_does),
		cmocka_unit_test(parts_are_not_only_joined),
	};

	return cmocka_run_group_tests_name("recall", tests, NULL, NULL);
}
