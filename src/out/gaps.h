/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the catalogue does not cover, for who extends it: how many failures and
 * rejects were explained by what, and the replies that only a code explains,
 * most frequent first. In English, as all that `check` says.
 */
#ifndef MAILWHY_OUT_GAPS_H
#define MAILWHY_OUT_GAPS_H

#include "base/buf.h"
#include "count/account.h"
#include "out/layout.h"

/* Both for an account that has a coverage. The text has the first 50. */
void gaps_write_text(const struct account *account,
		     const struct layout *layout);
void gaps_write_json(const struct account *account, struct buf *buf);

#endif
