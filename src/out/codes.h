/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue itself for people: the list of SMTP codes with what they mean
 * and what to do, as text, as JSON, and as one HTML page that an IT service
 * can put on its site as it is.
 */
#ifndef MAILWHY_OUT_CODES_H
#define MAILWHY_OUT_CODES_H

#include "base/buf.h"
#include "out/layout.h"
#include "why/catalogue.h"

void codes_write_text(const struct catalogue *catalogue,
		      const struct layout *layout);
void codes_write_json(const struct catalogue *catalogue, struct buf *buf);
void codes_write_html(const struct catalogue *catalogue, struct buf *buf);

/* "554", "554 X.7.1", "X.7.606-649": what an entry's codes look like. */
void codes_write_name(const struct entry *entry, struct buf *buf);

#endif
