/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why Exim could not deliver, in its words: who speaks, at which stage, and the
 * answer as the server sent it. Exim joins the lines of an answer by the two
 * characters "\n" and writes what cannot be printed as "\303"; both are undone.
 */
#ifndef MAILWHY_PARSE_EXIM_TEXT_H
#define MAILWHY_PARSE_EXIM_TEXT_H

#include "base/buf.h"
#include "parse/delivery.h"

/*
 * Fills text, form and stage of *delivery, and the relay where it has none and
 * the text names one, as Exim did until 4.82. What has to be put together comes
 * into `buf`, which must have room for the text.
 */
void exim_text_read(struct slice text, struct buf *buf,
		    struct delivery *delivery);

/* `text` with its lines joined and its bytes as they were. Borrowed from it, or
 * from `buf` if something was to be undone. */
struct slice exim_text_plain(struct slice text, struct buf *buf);

/* The value of C="...", which has a backslash more before quotes and
 * backslashes. */
struct slice exim_text_confirmation(struct slice text, struct buf *buf);

#endif
