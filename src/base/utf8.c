/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

static bool is_tail(struct slice text, size_t at)
{
	return at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80;
}

/* The second byte has the narrower bounds of the table in RFC 3629, 4. */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second <= 0x9f;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second <= 0x8f;
	default:
		return true;
	}
}

size_t utf8_sequence(struct slice text)
{
	unsigned char first;
	size_t len;

	if (text.len == 0)
		return 0;
	first = (unsigned char)text.at[0];
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < len; i++)
		if (!is_tail(text, i))
			return 0;
	return is_second(first, (unsigned char)text.at[1]) ? len : 0;
}

static bool is_control(struct slice sequence)
{
	unsigned char first = (unsigned char)sequence.at[0];

	return first < 0x20 || first == 0x7f ||
	       (first == 0xc2 && (unsigned char)sequence.at[1] < 0xa0);
}

/* U+202A to U+202E, U+2066 to U+2069: what follows would be shown in another
 * order than it is. */
static bool is_direction(struct slice sequence)
{
	unsigned char third;

	if (!slice_starts(sequence, SLICE("\xe2\x80")) &&
	    !slice_starts(sequence, SLICE("\xe2\x81")))
		return false;
	third = (unsigned char)sequence.at[2];
	return sequence.at[1] == '\x80' ? third >= 0xaa && third <= 0xae
					: third >= 0xa6 && third <= 0xa9;
}

void utf8_add_shown(struct buf *buf, struct slice text)
{
	while (text.len) {
		size_t len = utf8_sequence(text);

		if (len == 0)
			buf_add(buf, UTF8_REPLACEMENT);
		else if (is_control(text) || is_direction(text))
			buf_add_char(buf, '?');
		else
			buf_add(buf, slice_head(text, len));
		text = slice_after(text, len ? len : 1);
	}
}

static void add_tail(struct buf *buf, uint32_t number, unsigned shift)
{
	buf_add_char(buf, (char)(0x80 | (number >> shift & 0x3f)));
}

void utf8_add_character(struct buf *buf, uint32_t number)
{
	if (number < 0x80) {
		buf_add_char(buf, (char)number);
	} else if (number < 0x800) {
		buf_add_char(buf, (char)(0xc0 | number >> 6));
		add_tail(buf, number, 0);
	} else if (number > 0x10ffff || (number >= 0xd800 && number < 0xe000)) {
		buf_add(buf, UTF8_REPLACEMENT);
	} else if (number < 0x10000) {
		buf_add_char(buf, (char)(0xe0 | number >> 12));
		add_tail(buf, number, 6);
		add_tail(buf, number, 0);
	} else {
		buf_add_char(buf, (char)(0xf0 | number >> 18));
		add_tail(buf, number, 12);
		add_tail(buf, number, 6);
		add_tail(buf, number, 0);
	}
}

size_t utf8_count(struct slice text)
{
	size_t count = 0;

	while (text.len) {
		size_t len = utf8_sequence(text);

		text = slice_after(text, len ? len : 1);
		count++;
	}
	return count;
}

static uint32_t decode(struct slice sequence)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t number = (unsigned char)sequence.at[0] & masks[sequence.len];

	for (size_t i = 1; i < sequence.len; i++)
		number = number << 6 | ((unsigned char)sequence.at[i] & 0x3f);
	return number;
}

/* The large blocks of East Asian Width W and F, and the pictures. */
static bool is_wide(uint32_t number)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e }, { 0x3041, 0x33ff },
		{ 0x3400, 0x4dbf },   { 0x4e00, 0x9fff }, { 0xa000, 0xa4cf },
		{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 },   { 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff },
		{ 0x20000, 0x3fffd },
	};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (number >= wide[i].first && number <= wide[i].last)
			return true;
	return false;
}

struct slice utf8_head(struct slice text, size_t size)
{
	if (text.len <= size)
		return text;
	while (size && is_tail(text, size))
		size--;
	return slice_head(text, size);
}

size_t utf8_columns(struct slice text)
{
	size_t columns = 0;

	while (text.len) {
		size_t len = utf8_sequence(text);

		columns += len > 2 && is_wide(decode(slice_head(text, len)))
				   ? 2
				   : 1;
		text = slice_after(text, len ? len : 1);
	}
	return columns;
}
