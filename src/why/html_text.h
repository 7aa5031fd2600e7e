/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of an HTML page as a person reads it: tags taken out, blocks on
 * lines of their own, character references decoded. No tree, no style, nothing
 * executed, nothing fetched; broken HTML gives some text, in linear time.
 */
#ifndef MAILWHY_WHY_HTML_TEXT_H
#define MAILWHY_WHY_HTML_TEXT_H

#include "base/buf.h"
#include "base/slice.h"

/* Adds the text of `html`, which is UTF-8; bytes that are not pass as they
 * are. What is added is not longer than `html` and one newline. */
void html_text_add(struct buf *buf, struct slice html);

#endif
