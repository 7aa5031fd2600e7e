/* SPDX-License-Identifier: Apache-2.0 */
#include "read/rotation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool strip(struct slice *name, struct slice tail)
{
	if (!slice_ends(*name, tail))
		return false;
	name->len -= tail.len;
	return true;
}

/* In a pattern "9" is any digit, "," one of "." "-" "_". */
static bool fits(char c, char pattern)
{
	if (pattern == '9')
		return c >= '0' && c <= '9';
	if (pattern == ',')
		return c == '.' || c == '-' || c == '_';
	return c == pattern;
}

static bool ends_with(struct slice name, struct slice pattern)
{
	/* Something must be left of the name. */
	if (name.len <= pattern.len)
		return false;
	name = slice_after(name, name.len - pattern.len);
	for (size_t i = 0; i < pattern.len; i++)
		if (!fits(name.at[i], pattern.at[i]))
			return false;
	return true;
}

/* Takes off what a rotation adds. */
static void strip_mark(struct slice *name)
{
	/* Longer ones stand before those they end with. */
	static const struct slice patterns[] = {
		SLICE(",9999-99-99"),
		SLICE(",99999999-999999"),
		SLICE(",99999999-9999"),
		SLICE(",99999999-99"),
		SLICE(",99999999999999"),
		SLICE(",9999999999"),
		SLICE(",99999999"),
		SLICE(".999"),
		SLICE(".99"),
		SLICE(".9"),
		SLICE(".old"),
	};

	for (size_t i = 0; i < COUNT(patterns); i++) {
		if (!ends_with(*name, patterns[i]))
			continue;
		name->len -= patterns[i].len;
		return;
	}
}

struct rotation rotation_of(struct slice name)
{
	static const struct slice packings[] = {
		SLICE(".gz"),  SLICE(".bz2"), SLICE(".xz"),
		SLICE(".zst"), SLICE(".lz4"),
	};
	struct rotation rotation = { .stem = name };

	for (size_t i = 0; i < COUNT(packings); i++)
		if (strip(&rotation.stem, packings[i]))
			break;
	strip_mark(&rotation.stem);
	if (!strip(&rotation.stem, SLICE(".log")))
		return rotation;
	rotation.ending = SLICE(".log");
	strip_mark(&rotation.stem);
	return rotation;
}

int rotation_compare(struct rotation a, struct rotation b)
{
	int order = slice_compare(a.stem, b.stem);

	return order ? order : slice_compare(a.ending, b.ending);
}
