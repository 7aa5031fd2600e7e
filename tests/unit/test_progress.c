/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cmd/progress.h"

#define S INT64_C(1000000)

static const struct {
	struct progress_figures figures;
	const char *words;
} rows[] = {
	{ { 5600000000, 1200000000, 1200000000, 5 * S / 2 },
	  "1.2 GB of 5.6 GB (21 %), 480 MB/s, 9 s left" },
	/* What was left out is passed, and tells nothing of the speed. */
	{ { 1000000000, 950000000, 50000000, S },
	  "950 MB of 1.0 GB (95 %), 50 MB/s, 1 s left" },
	{ { 1000, 999, 999, S },
	  "999 bytes of 1.0 kB (99 %), 999 bytes/s, 0 s left" },
	{ { 1000000, 1000000, 1000000, S },
	  "1.0 MB of 1.0 MB (100 %), 1.0 MB/s, 0 s left" },
	{ { 100000000000, 1000000000, 1000000000, 10 * S },
	  "1.0 GB of 100 GB (1 %), 100 MB/s, 16 min left" },
	{ { 2000000000000, 1000000000, 1000000000, 10 * S },
	  "1.0 GB of 2.0 TB (0 %), 100 MB/s, 5 h 33 min left" },
	/* Of a pipe the size is not known. */
	{ { 0, 12345, 12345, S }, "12 kB, 12 kB/s" },
	/* It has grown. */
	{ { 1000, 2000, 2000, S }, "2.0 kB, 2.0 kB/s" },
	/* Nothing is read yet. */
	{ { 1000, 0, 0, S }, "0 bytes of 1.0 kB (0 %), 0 bytes/s" },
};

static void says_how_far_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf out = { 0 };

		progress_write(&out, &rows[i].figures);
		if (!slice_equal(buf_slice(&out), slice_from(rows[i].words)))
			fail_msg("\"%.*s\", not \"%s\"", (int)out.len, out.at,
				 rows[i].words);
		buf_clear(&out);
	}
}

static void nothing_is_shown_without_one(void **state)
{
	(void)state;
	progress_begin(NULL, 1);
	progress_step(NULL, 1);
	progress_end(NULL, 1, 1);
	progress_clear(NULL);
	progress_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_far_it_is),
		cmocka_unit_test(nothing_is_shown_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
