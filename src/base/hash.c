/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <sys/random.h>
#include <time.h>

uint64_t hash_seed(void)
{
	uint64_t seed = 0;

	/* Early at boot there may be no random bytes yet: the clock then. */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(seed)) {
		struct timespec now = { 0 };

		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		seed = hash_mix((uint64_t)now.tv_nsec, 0x9e3779b97f4a7c15u);
	}
	return seed | 1;
}
