/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cells of one domain that share an SMTP code, added up: what tally events
 * and reports show in a row.
 */
#ifndef MAILWHY_COUNT_CODE_GROUP_H
#define MAILWHY_COUNT_CODE_GROUP_H

#include "count/tally.h"
#include "why/reason.h"

struct code_group {
	uint16_t smtp_code; /* 0: none */
	uint64_t permanent;
	uint64_t temporary;
	uint64_t reasons[REASON_COUNT];
	struct slice entry; /* id of the most frequent one */
};

static inline uint64_t code_group_count(const struct code_group *group)
{
	return group->permanent + group->temporary;
}

/*
 * Adds up the cells from `at` on that have the same code; returns the position
 * behind them. Cells come in the order that tally.h says, so the first one has
 * the most frequent entry.
 */
size_t code_group_take(const struct tally_domain *domain, size_t at,
		       struct code_group *group);

/*
 * Takes the most frequent reason out of `left`: its count is returned in
 * *count and set to 0. False if all are 0. Of equal ones the first.
 */
bool code_group_next_reason(uint64_t left[REASON_COUNT], enum reason *reason,
			    uint64_t *count);

#endif
