/* SPDX-License-Identifier: Apache-2.0 */
/* One report over all that was read, as JSON for programs and as text. */
#ifndef MAILWHY_OUT_REPORT_H
#define MAILWHY_OUT_REPORT_H

#include "base/buf.h"
#include "count/account.h"
#include "out/layout.h"
#include "why/catalogue.h"

void report_write_json(const struct account *account,
		       const struct catalogue *catalogue, struct buf *buf);

void report_write_text(const struct account *account,
		       const struct catalogue *catalogue,
		       const struct layout *layout);

#endif
