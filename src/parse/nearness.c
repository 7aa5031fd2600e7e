/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/nearness.h"

/* "172.16." to "172.31." */
static bool is_172(struct slice ip)
{
	struct slice second;
	uint64_t number;

	return slice_skip(&ip, SLICE("172.")) && slice_cut(&ip, '.', &second) &&
	       slice_number(second, &number) && number >= 16 && number <= 31;
}

enum nearness nearness_of(struct slice ip)
{
	static const struct {
		struct slice start;
		enum nearness nearness;
	} table[] = {
		{ SLICE("127."), NEAR_SELF },
		{ SLICE("10."), NEAR_INSIDE },
		{ SLICE("192.168."), NEAR_INSIDE },
		{ SLICE("169.254."), NEAR_INSIDE },
		{ SLICE("fe80:"), NEAR_INSIDE },
		{ SLICE("fc"), NEAR_INSIDE },
		{ SLICE("fd"), NEAR_INSIDE },
	};

	if (slice_equal(ip, SLICE("::1")))
		return NEAR_SELF;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (slice_starts_nocase(ip, table[i].start))
			return table[i].nearness;
	if (is_172(ip))
		return NEAR_INSIDE;
	if (ip.len &&
	    (memchr(ip.at, '.', ip.len) || memchr(ip.at, ':', ip.len)))
		return NEAR_OUTSIDE;
	return NEAR_UNKNOWN;
}
