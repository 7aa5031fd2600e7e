/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "read/unpack.h"

static const struct {
	struct slice head;
	bool told;
	enum packing packing;
} rows[] = {
	{ SLICE("\x1f\x8b\x08\0"), true, PACKING_GZIP },
	{ SLICE("BZh91AY&SY"), true, PACKING_BZIP2 },
	{ SLICE("BZh1\x17rE8P\x90"), true, PACKING_BZIP2 },
	{ SLICE("\xfd"
		"7zXZ\0"),
	  true, PACKING_XZ },
	{ SLICE("\x28\xb5\x2f\xfd"), true, PACKING_ZSTD },
	{ SLICE("\x50\x2a\x4d\x18"), true, PACKING_ZSTD },
	{ SLICE("\x04\x22\x4d\x18"), true, PACKING_LZ4 },
	{ SLICE("\x02\x21\x4c\x18"), true, PACKING_LZ4 },
	/* Too few bytes. */
	{ SLICE(""), false, PACKING_NONE },
	{ SLICE("\x1f"), false, PACKING_NONE },
	{ SLICE("\x1f\x8b"), false, PACKING_NONE },
	{ SLICE("BZh"), false, PACKING_NONE },
	{ SLICE("BZh91AY&S"), false, PACKING_NONE },
	{ SLICE("\xfd"
		"7zXZ"),
	  false, PACKING_NONE },
	/* Anything else is a log. */
	{ SLICE("N"), true, PACKING_NONE },
	{ SLICE("\n"), true, PACKING_NONE },
	{ SLICE("\x1f\x8b\x00"), true, PACKING_NONE },
	{ SLICE("BZh0"), true, PACKING_NONE },
	{ SLICE("BZh9 is no header"), true, PACKING_NONE },
	{ SLICE("Bounce"), true, PACKING_NONE },
	{ SLICE("\xfd"
		"7zip"),
	  true, PACKING_NONE },
	{ SLICE("Postfix"), true, PACKING_NONE },
};

static void the_first_bytes_tell(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum packing packing = PACKING_GZIP;
		bool told = unpack_recognise(rows[i].head, &packing);

		if (told != rows[i].told || packing != rows[i].packing)
			fail_msg("row %zu: told %d, packing %d", i, told,
				 (int)packing);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_bytes_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
