/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accounts of a run or of a window:
 *   lines + shared = dropped + deliveries + rejects + unparsed
 *   deliveries = sent + failures + probes
 */
#ifndef MAILWHY_COUNT_TOTALS_H
#define MAILWHY_COUNT_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

struct totals {
	uint64_t lines;
	uint64_t dropped;  /* by the sieve, or known to be no attempt */
	uint64_t sent;     /* delivered */
	uint64_t failures; /* one attempt for one recipient that failed */
	uint64_t probes;   /* address probes that succeeded */
	uint64_t rejects;  /* refused by this server */
	uint64_t unparsed; /* looked like an attempt, matched no rule */
	uint64_t shared;   /* attempts whose line was counted before */
	uint64_t cut;      /* lines longer than the limit; counted above too */
};

static inline uint64_t totals_deliveries(const struct totals *totals)
{
	return totals->sent + totals->failures + totals->probes;
}

void totals_add(struct totals *into, const struct totals *from);

/* Whether the identity above holds. */
bool totals_balance(const struct totals *totals);

#endif
