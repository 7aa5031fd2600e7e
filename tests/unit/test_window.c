/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "count/window.h"

#define SECONDS(n) ((int64_t)(n)*1000000)

static struct stamp at(int64_t us)
{
	return (struct stamp){
		.us = us, .offset_s = 3600, .digits = 6, .known = true
	};
}

static const struct {
	int64_t seconds;
	int64_t us;
	int64_t start_us;
} openings[] = {
	{ 60, 0, 0 },
	{ 60, SECONDS(60) - 1, 0 },
	{ 60, SECONDS(60), SECONDS(60) },
	{ 1, SECONDS(1795428672) + 123456, SECONDS(1795428672) },
	{ 3600, SECONDS(1795428672), SECONDS(1795428000) },
	/* before 1970 */
	{ 60, -1, -SECONDS(60) },
	{ 60, -SECONDS(60), -SECONDS(60) },
	{ 60, -SECONDS(60) - 1, -SECONDS(120) },
	/* ten years, and the first and last stamp that can be written */
	{ 315360000, SECONDS(1795428672), SECONDS(1576800000) },
	{ 315360000, -SECONDS(62167219200), -SECONDS(62441280000) },
	{ 315360000, SECONDS(253402300799), SECONDS(253234080000) },
};

static void opens_at_a_multiple_of_its_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(openings); i++) {
		struct window window;

		print_message("case %zu\n", i);
		window_init(&window, openings[i].seconds);
		assert_false(window.start.known);
		window_open(&window, at(openings[i].us));
		assert_true(window.start.known && window.end.known);
		assert_true(window.start.us == openings[i].start_us);
		assert_true(window.end.us ==
			    openings[i].start_us +
				    SECONDS(openings[i].seconds));
		assert_int_equal(window.start.offset_s, 3600);
		assert_int_equal(window.end.offset_s, 3600);
		assert_int_equal(window.start.digits, 0);
		assert_int_equal(window.end.digits, 0);
	}
}

static const struct {
	int64_t seconds;
	int64_t open_us;
	int64_t us;
	bool passed;
} passings[] = {
	{ 60, 0, SECONDS(60) - 1, false },
	{ 60, 0, SECONDS(60), true },
	{ 60, 0, SECONDS(6000), true },
	{ 60, SECONDS(90), SECONDS(119), false },
	{ 60, SECONDS(90), SECONDS(120), true },
	{ 60, SECONDS(90), 0, false }, /* a late line */
	{ 60, SECONDS(90), -SECONDS(90), false },
	{ 60, -1, -1, false },
	{ 60, -1, 0, true },
	{ 0, 0, SECONDS(1795428672), false },
};

static void is_passed_from_its_end_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(passings); i++) {
		struct window window;

		print_message("case %zu\n", i);
		window_init(&window, passings[i].seconds);
		assert_false(window_passed(&window, at(passings[i].us)));
		window_note(&window, at(passings[i].open_us));
		assert_int_equal(window_passed(&window, at(passings[i].us)),
				 passings[i].passed);
	}
}

static void
a_noted_stamp_opens_a_timed_window_but_does_not_move_it(void **state)
{
	struct window window;

	(void)state;
	window_init(&window, 60);
	window_note(&window, at(SECONDS(90)));
	assert_true(window.start.us == SECONDS(60));
	window_note(&window, at(SECONDS(10)));
	window_note(&window, at(SECONDS(119)));
	assert_true(window.start.us == SECONDS(60));
	assert_true(window.end.us == SECONDS(120));
	window_open(&window, at(SECONDS(600)));
	assert_true(window.start.us == SECONDS(600));
	assert_true(window.end.us == SECONDS(660));
}

static void without_seconds_it_widens_to_the_first_and_last_stamp(void **state)
{
	struct window window;

	(void)state;
	window_init(&window, 0);
	window_note(&window, at(1795428672123456));
	assert_true(window.start.us == 1795428672123456);
	assert_true(window.end.us == 1795428672123456);
	window_note(&window, at(1795428670000001));
	window_note(&window, at(1795428671000000));
	window_note(&window, at(1795428673000002));
	assert_true(window.start.us == 1795428670000001);
	assert_true(window.end.us == 1795428673000002);
	assert_int_equal(window.start.digits, 6);
	assert_int_equal(window.end.digits, 6);
}

static void an_unknown_stamp_changes_nothing(void **state)
{
	const int64_t lengths[] = { 0, 60 };
	const struct stamp unknown = { .us = SECONDS(1795428672) };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct window window;

		window_init(&window, lengths[i]);
		window_note(&window, unknown);
		window_open(&window, unknown);
		assert_false(window.start.known);
		window_note(&window, at(SECONDS(90)));
		assert_false(window_passed(&window, unknown));
		window_note(&window, unknown);
		window_open(&window, unknown);
		assert_true(window.start.known);
		assert_true(window.end.us <= SECONDS(120));
	}
}

static void once_closed_a_late_stamp_belongs_to_the_next(void **state)
{
	struct window window;

	(void)state;
	window_init(&window, 60);
	window_note(&window, at(SECONDS(70)));
	window_close(&window);
	assert_false(window.start.known);
	assert_false(window_passed(&window, at(SECONDS(1000))));
	/* Late: of the window that was closed, or even before. */
	window_note(&window, at(SECONDS(50)));
	assert_true(window.start.us == SECONDS(120));
	assert_true(window.end.us == SECONDS(180));
	assert_false(window_passed(&window, at(SECONDS(110))));
	assert_true(window_passed(&window, at(SECONDS(180))));
	/* In time. */
	window_close(&window);
	window_note(&window, at(SECONDS(400)));
	assert_true(window.start.us == SECONDS(360));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_at_a_multiple_of_its_length),
		cmocka_unit_test(is_passed_from_its_end_on),
		cmocka_unit_test(
			a_noted_stamp_opens_a_timed_window_but_does_not_move_it),
		cmocka_unit_test(
			without_seconds_it_widens_to_the_first_and_last_stamp),
		cmocka_unit_test(an_unknown_stamp_changes_nothing),
		cmocka_unit_test(once_closed_a_late_stamp_belongs_to_the_next),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
