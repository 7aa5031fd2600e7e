/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/json_place.h"

static const char text[] = "\n{ \"version\": 1,\n"
			   "  \"a}\\\"]\": [true, {\"x\": \"}\"}],\n"
			   "  \"entries\": [\n"
			   "    {\"id\": \"one\"},\n"
			   "    {\"id\": \"two\", \"match\":\n"
			   "      {\"text\": [\"a\", \"b\"],\n"
			   "       \"code\": -5.5e3}\n"
			   "    }\n"
			   "  ]\n"
			   "}\n";

static const struct {
	struct json_step steps[5];
	size_t count;
	size_t line;
} cases[] = {
	{ { { 0 } }, 0, 2 },
	{ { { "version", 0 } }, 1, 2 },
	{ { { "entries", 0 } }, 1, 4 },
	{ { { "entries", 0 }, { NULL, 0 } }, 2, 5 },
	{ { { "entries", 0 }, { NULL, 1 } }, 2, 6 },
	{ { { "entries", 0 }, { NULL, 1 }, { "match", 0 } }, 3, 6 },
	{ { { "entries", 0 }, { NULL, 1 }, { "match", 0 }, { "text", 0 } },
	  4,
	  7 },
	{ { { "entries", 0 }, { NULL, 1 }, { "match", 0 }, { "code", 0 } },
	  4,
	  8 },
	/* What is not there: where one got to. */
	{ { { "entries", 0 }, { NULL, 1 }, { "match", 0 }, { "none", 0 } },
	  4,
	  6 },
	{ { { "entries", 0 }, { NULL, 7 } }, 2, 4 },
	{ { { "entries", 0 }, { "x", 0 } }, 2, 4 },
	{ { { "x", 0 } }, 1, 2 },
};

static void finds_the_line_of_each_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("case %zu\n", i);
		assert_int_equal(json_place_line(slice_from(text),
						 cases[i].steps,
						 cases[i].count),
				 cases[i].line);
	}
}

/* Whatever the text: no step beyond its end. */
static void survives_texts_that_break_off(void **state)
{
	static const struct json_step steps[] = { { "entries", 0 },
						  { NULL, 1 },
						  { "match", 0 } };

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		assert_true(json_place_line((struct slice){ text, len }, steps,
					    COUNT(steps)) >= 1);
}

static const struct {
	const char *before;
	const char *after;
} flats[] = {
	{ "{\"a\":1,\"e\":{\"x\":{\"y\":2},\"z\" : \"}\"}}",
	  "{\"a\":1,\"e\":[\"x\",{\"y\":2},\"z\" , \"}\"]}" },
	{ "{\"e\":{}}", "{\"e\":[]}" },
	/* Nothing of that name, no object, or one that breaks off. */
	{ "{\"a\":{\"e\":{}}}", "{\"a\":{\"e\":{}}}" },
	{ "{\"e\":[1]}", "{\"e\":[1]}" },
	{ "{\"e\":1}", "{\"e\":1}" },
	{ "{\"e\":{\"x\"", "{\"e\":{\"x\"" },
	{ "", "" },
};

static void makes_a_list_of_an_object(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(flats); i++) {
		char bytes[64];
		size_t len = strlen(flats[i].before);

		memcpy(bytes, flats[i].before, len);
		json_place_flatten(bytes, len, "e");
		assert_int_equal(len, strlen(flats[i].after));
		assert_memory_equal(bytes, flats[i].after, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_line_of_each_place),
		cmocka_unit_test(survives_texts_that_break_off),
		cmocka_unit_test(makes_a_list_of_an_object),
	};

	return cmocka_run_group_tests_name("json_place", tests, NULL, NULL);
}
