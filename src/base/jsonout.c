/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jsonout.h"

#include "base/utf8.h"

/* ASCII that stands for itself inside a JSON string. DEL is escaped too: it is
 * legal, but does terminals no good. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void add_escaped(struct buf *buf, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	buf_add_char(buf, '\\');
	for (size_t i = 0; i + 1 < sizeof(letters); i += 2) {
		if ((unsigned char)letters[i] == c) {
			buf_add_char(buf, letters[i + 1]);
			return;
		}
	}
	buf_add(buf, SLICE("u00"));
	buf_add_char(buf, hex[c >> 4]);
	buf_add_char(buf, hex[c & 15]);
}

/* U+0080 to U+009F, in their two bytes: legal too, but U+009B drives a terminal
 * as "ESC [" does. */
static bool is_c1(struct slice sequence)
{
	return (unsigned char)sequence.at[0] == 0xc2 &&
	       (unsigned char)sequence.at[1] < 0xa0;
}

static void add_other(struct buf *buf, struct slice *rest)
{
	unsigned char c = (unsigned char)rest->at[0];
	size_t len = utf8_sequence(*rest);

	if (len == 0)
		buf_add(buf, UTF8_REPLACEMENT);
	else if (c < 0x80)
		add_escaped(buf, c);
	else if (is_c1(*rest))
		add_escaped(buf, (unsigned char)rest->at[1]);
	else
		buf_add(buf, slice_head(*rest, len));
	*rest = slice_after(*rest, len ? len : 1);
}

void jsonout_string(struct buf *buf, struct slice text)
{
	buf_add_char(buf, '"');
	while (text.len) {
		size_t plain = 0;

		while (plain < text.len &&
		       is_plain((unsigned char)text.at[plain]))
			plain++;
		buf_add(buf, slice_head(text, plain));
		text = slice_after(text, plain);
		if (text.len)
			add_other(buf, &text);
	}
	buf_add_char(buf, '"');
}
