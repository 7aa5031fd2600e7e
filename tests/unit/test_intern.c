/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/intern.h"

/* Lengths around those that the hash and the comparison treat apart, and
 * neighbours that differ in one byte at the start, middle and end. */
static const struct {
	struct slice text;
} different[] = {
	{ { NULL, 0 } },
	{ SLICE("a") },
	{ SLICE("b") },
	{ SLICE("a\0") },
	{ SLICE("\0") },
	{ SLICE("gmx.de") },
	{ SLICE("gmx.dee") },
	{ SLICE("gmx.deee") },
	{ SLICE("Gmx.deee") },
	{ SLICE("gmx.deef") },
	{ SLICE("gmx.deeef") },
	{ SLICE("mail.example.org") },
	{ SLICE("mail.fxample.org") },
	{ SLICE("mail.example.orh") },
	{ SLICE("nail.example.org") },
	{ SLICE("mail.example.org1") },
	{ SLICE("mail.example.org2") },
	{ SLICE("\xff\xfe\xfd") },
};

static void numbers_texts_in_the_order_of_appearance(void **state)
{
	struct intern *intern = intern_new();

	(void)state;
	for (uint32_t i = 0; i < COUNT(different); i++) {
		assert_int_equal(intern_find(intern, different[i].text),
				 INTERN_NONE);
		assert_int_equal(intern_add(intern, different[i].text), i);
		assert_int_equal(intern_count(intern), i + 1);
	}
	for (uint32_t i = 0; i < COUNT(different); i++) {
		assert_int_equal(intern_find(intern, different[i].text), i);
		assert_int_equal(intern_add(intern, different[i].text), i);
		assert_true(
			slice_equal(intern_text(intern, i), different[i].text));
	}
	assert_int_equal(intern_count(intern), COUNT(different));
	intern_free(intern);
}

static void keeps_a_copy(void **state)
{
	struct intern *intern = intern_new();
	char text[] = "gmx.de";

	(void)state;
	intern_add(intern, slice_from(text));
	memset(text, 'x', 3);
	assert_string_equal(intern_text(intern, 0).at, "gmx.de");
	assert_int_equal(intern_find(intern, slice_from(text)), INTERN_NONE);
	intern_free(intern);
}

static struct slice name(char *buffer, size_t size, uint32_t number)
{
	int len = snprintf(buffer, size, "mail%u.example.org", number);

	return (struct slice){ buffer, (size_t)len };
}

static void finds_all_after_growing(void **state)
{
	struct intern *intern = intern_new();
	char buffer[64];
	size_t least = intern_bytes(intern);

	(void)state;
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(
			intern_add(intern, name(buffer, sizeof(buffer), i)), i);
	for (uint32_t i = 0; i < 50000; i++) {
		struct slice text = name(buffer, sizeof(buffer), i);

		assert_int_equal(intern_find(intern, text), i);
		assert_true(slice_equal(intern_text(intern, i), text));
	}
	assert_int_equal(intern_find(intern, SLICE("mail50000.example.org")),
			 INTERN_NONE);
	assert_true(intern_bytes(intern) > least + 50000 * sizeof("mail"));
	assert_true(intern_bytes(intern) < (size_t)50000 * 80);
	intern_free(intern);
}

static void starts_anew_after_a_reset(void **state)
{
	struct intern *intern = intern_new();
	char buffer[64];

	(void)state;
	intern_reset(intern);
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 1000; i++)
			intern_add(intern, name(buffer, sizeof(buffer), i));
		intern_reset(intern);
		assert_int_equal(intern_count(intern), 0);
		assert_int_equal(
			intern_find(intern, name(buffer, sizeof(buffer), 0)),
			INTERN_NONE);
		assert_int_equal(intern_add(intern, SLICE("gmx.de")), 0);
		assert_string_equal(intern_text(intern, 0).at, "gmx.de");
		intern_reset(intern);
	}
	intern_free(intern);
	intern_free(NULL);
}

/* Texts of all lengths over several blocks of memory, three times one in a few
 * of them kept. */
static void sweeps_out_what_is_not_kept(void **state)
{
	enum { TEXTS = 5000 };
	struct intern *intern = intern_new();
	static uint32_t numbers[TEXTS];
	char text[408];
	size_t before;

	(void)state;
	for (uint32_t i = 0; i < TEXTS; i++) {
		memset(text, 'x', sizeof(text));
		(void)snprintf(text, sizeof(text), "%u", i);
		assert_int_equal(
			intern_add(intern, (struct slice){ text, i % 400 + 5 }),
			i);
	}
	before = intern_bytes(intern);
	for (uint32_t keep = 2; keep <= 8; keep *= 2) {
		for (uint32_t i = 0; i < intern_count(intern); i++)
			numbers[i] = i % 2 == 1;
		intern_sweep(intern, numbers);
		assert_int_equal(intern_count(intern), TEXTS / keep);
		assert_int_equal(numbers[0], INTERN_NONE);
		assert_int_equal(numbers[1], 0);
		assert_int_equal(numbers[3], 1);
		assert_true(intern_bytes(intern) < before * 3 / 4);
		before = intern_bytes(intern);
	}
	for (uint32_t i = 0; i < TEXTS; i++) {
		struct slice wanted = { text, i % 400 + 5 };
		uint32_t number;

		memset(text, 'x', sizeof(text));
		(void)snprintf(text, sizeof(text), "%u", i);
		number = intern_find(intern, wanted);
		assert_int_equal(number, i % 8 == 7 ? i / 8 : INTERN_NONE);
		if (number != INTERN_NONE)
			assert_true(slice_equal(intern_text(intern, number),
						wanted));
	}
	memset(numbers, 0, sizeof(numbers));
	intern_sweep(intern, numbers);
	assert_int_equal(intern_count(intern), 0);
	assert_int_equal(intern_add(intern, SLICE("again")), 0);
	intern_free(intern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sweeps_out_what_is_not_kept),
		cmocka_unit_test(numbers_texts_in_the_order_of_appearance),
		cmocka_unit_test(keeps_a_copy),
		cmocka_unit_test(finds_all_after_growing),
		cmocka_unit_test(starts_anew_after_a_reset),
	};

	return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
