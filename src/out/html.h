/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML written straight into a buf: the only escaper of pages. What comes from
 * outside is shown without control characters and as valid UTF-8.
 */
#ifndef MAILWHY_OUT_HTML_H
#define MAILWHY_OUT_HTML_H

#include "base/buf.h"
#include "base/slice.h"

/* Text, for content and for values of attributes in quotes. */
void html_text(struct buf *buf, struct slice text);

/* `open`, the text, `close`: the two are markup of ours, taken as it is. */
void html_element(struct buf *buf, struct slice open, struct slice text,
		  struct slice close);

#endif
