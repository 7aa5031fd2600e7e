/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One hash for all tables: 64 bits, seeded once a process by the kernel's
 * random bytes, because hostile servers choose what is hashed.
 */
#ifndef MAILWHY_BASE_HASH_H
#define MAILWHY_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

/* A seed for a table; different in every process. */
uint64_t hash_seed(void);

/* The hash of `text`: multiply and fold 8 bytes at a time. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The last 1 to 8 bytes of a text of `len` bytes that ends at `end`. A text of
 * 8 and more lends bytes that were mixed already: reading a fixed number costs
 * a quarter of a memcpy() of any number. */
static inline uint64_t hash_tail(const char *end, size_t len)
{
	uint32_t low = 0;
	uint32_t high = 0;
	uint64_t word = 0;

	if (len >= 8) {
		memcpy(&word, end - 8, 8);
		return word;
	}
	if (len >= 4) {
		memcpy(&low, end - len, 4);
		memcpy(&high, end - 4, 4);
		return (uint64_t)high << 32 | low;
	}
	low = (unsigned char)end[-(ptrdiff_t)len];
	high = (unsigned char)end[-(ptrdiff_t)((len + 1) / 2)];
	return low | high << 8 | (uint32_t)(unsigned char)end[-1] << 16;
}

static inline uint64_t hash_slice(struct slice text, uint64_t seed)
{
	uint64_t hash = seed ^ (text.len * 0x9e3779b97f4a7c15u);
	size_t at = 0;
	uint64_t word;

	if (text.len == 0)
		return hash_mix(hash, 0xe7037ed1a0b428dbu);
	for (; text.len - at > 8; at += 8) {
		memcpy(&word, text.at + at, 8);
		hash = hash_mix(hash ^ word, 0xd6e8feb86659fd93u);
	}
	word = hash_tail(text.at + text.len, text.len);
	hash = hash_mix(hash ^ word, 0xa0761d6478bd642fu);
	return hash_mix(hash ^ seed, 0xe7037ed1a0b428dbu);
}

#endif
