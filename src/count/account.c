/* SPDX-License-Identifier: Apache-2.0 */
#include "count/account.h"

void account_init(struct account *account, size_t max_domains, int64_t seconds)
{
	*account = (struct account){ .tally = tally_new(max_domains) };
	window_init(&account->window, seconds);
}

void account_clear(struct account *account)
{
	tally_free(account->tally);
	samples_clear(&account->samples);
	coverage_free(account->coverage);
	*account = (struct account){ 0 };
}

void account_reset(struct account *account)
{
	account->totals = (struct totals){ 0 };
	account->fates = (struct fates){ 0 };
	tally_reset(account->tally);
	samples_clear(&account->samples);
	if (account->coverage)
		coverage_reset(account->coverage);
}
