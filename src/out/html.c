/* SPDX-License-Identifier: Apache-2.0 */
#include "out/html.h"

#include "base/utf8.h"

static const struct {
	char character;
	struct slice reference;
} references[] = {
	{ '<', SLICE("&lt;") },   { '>', SLICE("&gt;") },
	{ '&', SLICE("&amp;") },  { '"', SLICE("&#34;") },
	{ '\'', SLICE("&#39;") },
};

static struct slice reference_for(char c)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
		if (references[i].character == c)
			return references[i].reference;
	return (struct slice){ 0 };
}

void html_text(struct buf *buf, struct slice text)
{
	while (text.len) {
		size_t plain = 0;

		while (plain < text.len && !reference_for(text.at[plain]).len)
			plain++;
		utf8_add_shown(buf, slice_head(text, plain));
		text = slice_after(text, plain);
		if (text.len)
			buf_add(buf, reference_for(text.at[0]));
		text = slice_after(text, 1);
	}
}

void html_element(struct buf *buf, struct slice open, struct slice text,
		  struct slice close)
{
	buf_add(buf, open);
	html_text(buf, text);
	buf_add(buf, close);
}
