/* SPDX-License-Identifier: Apache-2.0 */
/* The fate of a recipient as an event: one flat JSON object, or a line for
 * people; and the counts of all fates as summaries and reports have them. */
#ifndef MAILWHY_OUT_FATE_EVENT_H
#define MAILWHY_OUT_FATE_EVENT_H

#include "count/trace.h"
#include "out/layout.h"
#include "why/catalogue.h"

/* Adds the event and a newline; `domain` is the recipient's. */
void fate_event_write(const struct fate *fate, struct slice domain,
		      const struct catalogue *catalogue, struct buf *buf);

/* The same as a line of text. */
void fate_event_write_text(const struct fate *fate,
			   const struct catalogue *catalogue,
			   const struct layout *layout);

/* `,"messages":N,"delivered":N,...` */
void fate_event_write_counts(struct buf *buf, const struct fates *fates);

#endif
