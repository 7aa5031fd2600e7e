/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text for people on a terminal or in a file: wrapped lines, columns, colour
 * only where it was asked for. What comes from outside is shown without control
 * characters.
 */
#ifndef MAILWHY_OUT_LAYOUT_H
#define MAILWHY_OUT_LAYOUT_H

#include "base/buf.h"
#include "base/slice.h"

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_ALARM,
	STYLE_FAINT,
};

struct layout {
	struct buf *buf;
	size_t width; /* columns of a wrapped line */
	bool colour;
	bool breaks; /* words that are longer than a line, too */
};

/* How text on that descriptor is laid out: colour only on a terminal that
 * wants it (NO_COLOR), its width. */
struct layout layout_for(struct buf *buf, int fd);

/* Adds `text` in that style. */
void layout_add(const struct layout *layout, enum style style,
		struct slice text);

/* Adds a paragraph: `head` (may be empty), a blank, `text`; every line begins
 * with `indent` blanks and is wrapped at the width. Ends with a newline. */
void layout_paragraph(const struct layout *layout, size_t indent,
		      struct slice head, struct slice text);

/* Adds `text` and blanks up to `columns`; to the right if `right`. Cuts
 * nothing; at least one blank follows on the left. */
void layout_cell(const struct layout *layout, size_t columns, bool right,
		 struct slice text);

/* A number with its digits in groups of three, to the right in `columns`. */
void layout_number(const struct layout *layout, size_t columns,
		   uint64_t number);

#endif
