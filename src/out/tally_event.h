/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tally of a window as JSON Lines: one event for each domain and code that
 * failed, then one summary.
 */
#ifndef MAILWHY_OUT_TALLY_EVENT_H
#define MAILWHY_OUT_TALLY_EVENT_H

#include "base/buf.h"
#include "count/account.h"
#include "why/catalogue.h"

void tally_event_write(const struct account *account,
		       const struct catalogue *catalogue, struct buf *buf);

/* `,"reasons":{...}`, most frequent first. */
void tally_event_write_reasons(struct buf *buf,
			       const uint64_t counts[REASON_COUNT]);

/* `,"lines":N,"deliveries":N,...`: the totals as events and reports have
 * them. */
void tally_event_write_totals(struct buf *buf, const struct totals *totals);

/* `,"KEY":"stamp"`, or null when nothing was seen. */
void tally_event_write_stamp(struct buf *buf, struct slice key,
			     struct stamp stamp);

#endif
