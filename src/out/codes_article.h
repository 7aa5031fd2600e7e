/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry on the page of codes: what the answer looks like, what it means,
 * what to do. An entry that says nothing but its reason is short: it points to
 * the reason, which the page explains once.
 */
#ifndef MAILWHY_OUT_CODES_ARTICLE_H
#define MAILWHY_OUT_CODES_ARTICLE_H

#include "base/buf.h"
#include "out/codes_order.h"

/* The article, its anchor the entry's id. `level` is that of its heading; 0:
 * its title stands above already. */
void codes_article(const struct catalogue *catalogue,
		   const struct codes_place *place, unsigned level,
		   struct buf *buf);

/* The list item that points to the article, without its tags. */
void codes_article_link(const struct entry *entry, struct buf *buf);

/* The definition list of those fields of `text` that differ from `than` (NULL:
 * of all), without its tags. */
void codes_article_text(const struct catalogue *catalogue,
			const struct text *text, const struct text *than,
			struct buf *buf);

#endif
