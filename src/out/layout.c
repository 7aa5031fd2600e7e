/* SPDX-License-Identifier: Apache-2.0 */
#include "out/layout.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

static const struct slice style_codes[] = {
	[STYLE_PLAIN] = SLICE(""),
	[STYLE_BOLD] = SLICE("\033[1m"),
	[STYLE_ALARM] = SLICE("\033[1;31m"),
	[STYLE_FAINT] = SLICE("\033[2m"),
};

void layout_add(const struct layout *layout, enum style style,
		struct slice text)
{
	bool styled = layout->colour && style != STYLE_PLAIN;

	if (styled)
		buf_add(layout->buf, style_codes[style]);
	utf8_add_shown(layout->buf, text);
	if (styled)
		buf_add(layout->buf, SLICE("\033[0m"));
}

static void add_blanks(struct buf *buf, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_char(buf, ' ');
}

/* As many characters as fit into a line, in each of them. */
static size_t add_broken(const struct layout *layout, size_t indent,
			 struct slice word)
{
	size_t column = indent;

	while (word.len) {
		size_t len = utf8_sequence(word);
		struct slice one = slice_head(word, len ? len : 1);
		size_t width = utf8_columns(one);

		if (column > indent && column + width > layout->width) {
			buf_add_char(layout->buf, '\n');
			add_blanks(layout->buf, indent);
			column = indent;
		}
		utf8_add_shown(layout->buf, one);
		column += width;
		word = slice_after(word, one.len);
	}
	return column;
}

void layout_paragraph(const struct layout *layout, size_t indent,
		      struct slice head, struct slice text)
{
	struct buf *buf = layout->buf;
	size_t column = indent;

	add_blanks(buf, indent);
	if (head.len) {
		layout_add(layout, STYLE_BOLD, head);
		column += utf8_columns(head);
	}
	while ((text = slice_trim(text)).len) {
		struct slice word = text;
		size_t width;

		if (!slice_cut(&text, ' ', &word))
			text = (struct slice){ 0 };
		width = utf8_columns(word);
		if (column > indent && column + 1 + width > layout->width) {
			buf_add_char(buf, '\n');
			add_blanks(buf, indent);
			column = indent;
		} else if (column > indent) {
			buf_add_char(buf, ' ');
			column++;
		}
		if (layout->breaks && column == indent) {
			column = add_broken(layout, indent, word);
			continue;
		}
		utf8_add_shown(buf, word);
		column += width;
	}
	buf_add_char(buf, '\n');
}

void layout_cell(const struct layout *layout, size_t columns, bool right,
		 struct slice text)
{
	size_t width = utf8_columns(text);
	size_t blanks = width < columns ? columns - width : 0;

	if (right)
		add_blanks(layout->buf, blanks);
	utf8_add_shown(layout->buf, text);
	if (!right)
		add_blanks(layout->buf, blanks ? blanks : 1);
}

void layout_number(const struct layout *layout, size_t columns, uint64_t number)
{
	char text[32];
	size_t at = sizeof(text);
	unsigned digits = 0;

	do {
		if (digits && digits % 3 == 0)
			text[--at] = ' ';
		text[--at] = (char)('0' + number % 10);
		number /= 10;
		digits++;
	} while (number);
	layout_cell(layout, columns, true,
		    (struct slice){ text + at, sizeof(text) - at });
}

struct layout layout_for(struct buf *buf, int fd)
{
	struct layout layout = { .buf = buf, .width = 100 };
	const char *no_colour = getenv("NO_COLOR");
	struct winsize size;

	if (!isatty(fd))
		return layout;
	layout.colour = !no_colour || !no_colour[0];
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 40)
		layout.width = size.ws_col < 120 ? size.ws_col : 120;
	return layout;
}
