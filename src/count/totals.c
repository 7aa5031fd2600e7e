/* SPDX-License-Identifier: Apache-2.0 */
#include "count/totals.h"

void totals_add(struct totals *into, const struct totals *from)
{
	into->lines += from->lines;
	into->dropped += from->dropped;
	into->sent += from->sent;
	into->failures += from->failures;
	into->probes += from->probes;
	into->rejects += from->rejects;
	into->unparsed += from->unparsed;
	into->shared += from->shared;
	into->cut += from->cut;
}

bool totals_balance(const struct totals *totals)
{
	return totals->lines + totals->shared ==
	       totals->dropped + totals_deliveries(totals) + totals->rejects +
		       totals->unparsed;
}
