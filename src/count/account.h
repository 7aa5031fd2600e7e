/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is counted of a run or of a window: the totals, the tally, the time
 * it covers, samples of what was not understood, and, if somebody sets it, the
 * coverage of the catalogue and the fates of messages. Owns all of it.
 */
#ifndef MAILWHY_COUNT_ACCOUNT_H
#define MAILWHY_COUNT_ACCOUNT_H

#include "count/coverage.h"
#include "count/fates.h"
#include "count/samples.h"
#include "count/tally.h"
#include "count/totals.h"
#include "count/window.h"

struct account {
	struct totals totals;
	struct tally *tally;
	struct window window;
	struct samples samples;
	struct coverage *coverage; /* NULL: nobody asks */
	struct fates fates;
	bool has_fates; /* else nobody asks for them */
};

/* `seconds` as window_init() takes it. Free with account_clear(). */
void account_init(struct account *account, size_t max_domains, int64_t seconds);
void account_clear(struct account *account);

/* Back to nothing counted; the window is the caller's to open. */
void account_reset(struct account *account);

#endif
