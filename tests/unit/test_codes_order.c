/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "out/codes_order.h"
#include "why/catalogue_build.h"

static const uint16_t codes[] = { 554, 550 };
static const struct enhanced_range ranges[] = { { 5, 7, 1, 1 },
						{ 4, 7, 1, 1 },
						{ 0, 1, 6, 9 } };
static const struct slice words[] = { SLICE("some words") };

static const struct entry entries[] = {
	{ .id = SLICE("class-5"), .class = 5 },
	{ .id = SLICE("other-words"), .texts = words, .text_count = 1 },
	{ .id = SLICE("gmx-words"),
	  .reason = REASON_TLS,
	  .texts = words,
	  .text_count = 1 },
	{ .id = SLICE("words"),
	  .reason = REASON_TLS,
	  .texts = words,
	  .text_count = 1 },
	{ .id = SLICE("pair"),
	  .reason = REASON_TLS,
	  .codes = codes,
	  .code_count = 2,
	  .enhanced = ranges,
	  .enhanced_count = 2,
	  .texts = words,
	  .text_count = 1 },
	{ .id = SLICE("plain-550"), .codes = codes + 1, .code_count = 1 },
	{ .id = SLICE("range"), .enhanced = ranges + 2, .enhanced_count = 1 },
};

/* Part, group, details, provider, leads, home, id. */
static const char expected[] = "0 550 0-0  L H plain-550\n"
			       "0 550 0-0  - - pair\n"
			       "0 554 0-0  - H pair\n"
			       "1 1 6-9  L H range\n"
			       "1 7 1-1  - - pair\n"
			       "2 19 0-0  - H words\n"
			       "2 19 0-0  - - pair\n"
			       "2 19 0-0 GMX - H gmx-words\n"
			       "2 37 0-0  - H other-words\n"
			       "3 0 0-0  - H class-5\n";

static void list(const struct codes_order *order, struct buf *buf)
{
	for (size_t i = 0; i < order->count; i++) {
		const struct codes_place *place = &order->places[i];

		buf_add_number(buf, place->part);
		buf_add_char(buf, ' ');
		buf_add_number(buf, place->group);
		buf_add_char(buf, ' ');
		buf_add_number(buf, place->first_detail);
		buf_add_char(buf, '-');
		buf_add_number(buf, place->last_detail);
		buf_add_char(buf, ' ');
		buf_add(buf, place->provider);
		buf_add(buf, place->leads ? SLICE(" L") : SLICE(" -"));
		buf_add(buf, place->home ? SLICE(" H ") : SLICE(" - "));
		buf_add(buf, place->entry->id);
		buf_add_char(buf, '\n');
	}
	buf_add_char(buf, '\0');
}

static void each_entry_has_one_home(void **state)
{
	struct catalogue *catalogue = catalogue_new();
	struct codes_order order;
	struct buf buf = { 0 };

	(void)state;
	providers_set_name(catalogue_own_providers(catalogue), SLICE("gmx"),
			   SLICE("GMX"));
	for (size_t i = 0; i < COUNT(entries); i++)
		assert_true(catalogue_add(catalogue, &entries[i]));
	codes_order_init(&order, catalogue);
	list(&order, &buf);
	assert_string_equal(buf.at, expected);
	codes_order_clear(&order);
	assert_null(order.places);
	buf_clear(&buf);
	catalogue_free(catalogue);
}

static void every_reason_has_a_rank(void **state)
{
	bool seen[REASON_COUNT] = { false };

	(void)state;
	for (uint32_t i = 0; i < REASON_COUNT; i++)
		seen[codes_reason(i)] = true;
	for (size_t i = 0; i < REASON_COUNT; i++)
		assert_true(seen[i]);
	assert_int_equal(codes_reason(REASON_COUNT - 1), REASON_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_entry_has_one_home),
		cmocka_unit_test(every_reason_has_a_rank),
	};

	return cmocka_run_group_tests_name("codes_order", tests, NULL, NULL);
}
