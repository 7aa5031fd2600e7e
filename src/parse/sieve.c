/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sieve.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const struct slice status_mark = SLICE("status=");
static const struct slice reject_mark = SLICE("reject");

/* Both marks are found by a pair that is rare in other lines: "s=" at the end
 * of the one, "ej" in the other. `at` is where the pair begins. */
static bool is_mark(struct slice block, size_t at)
{
	if (block.at[at] == 's')
		return at >= 5 &&
		       slice_starts(slice_after(block, at - 5), status_mark);
	return at >= 1 && slice_starts(slice_after(block, at - 1), reject_mark);
}

static size_t find_plainly(struct slice block, size_t from)
{
	for (size_t at = from; at + 1 < block.len; at++) {
		char a = block.at[at];
		char b = block.at[at + 1];

		if (((a == 's' && b == '=') || (a == 'e' && b == 'j')) &&
		    is_mark(block, at))
			return at;
	}
	return SIZE_MAX;
}

#ifdef __SSE2__
/* 16 pairs at once: a block is searched in one pass, for both marks. */
static size_t find_mark(struct slice block, size_t from)
{
	const __m128i s = _mm_set1_epi8('s');
	const __m128i equals = _mm_set1_epi8('=');
	const __m128i e = _mm_set1_epi8('e');
	const __m128i j = _mm_set1_epi8('j');
	size_t at = from;

	for (; at + 17 <= block.len; at += 16) {
		const char *here = block.at + at;
		__m128i a = _mm_loadu_si128((const __m128i_u *)here);
		__m128i b = _mm_loadu_si128((const __m128i_u *)(here + 1));
		__m128i hit = _mm_or_si128(
			_mm_and_si128(_mm_cmpeq_epi8(a, s),
				      _mm_cmpeq_epi8(b, equals)),
			_mm_and_si128(_mm_cmpeq_epi8(a, e),
				      _mm_cmpeq_epi8(b, j)));
		unsigned bits = (unsigned)_mm_movemask_epi8(hit);

		for (; bits; bits &= bits - 1) {
			size_t pair = at + (size_t)__builtin_ctz(bits);

			if (is_mark(block, pair))
				return pair;
		}
	}
	return find_plainly(block, at);
}
#else
static size_t find_mark(struct slice block, size_t from)
{
	return find_plainly(block, from);
}
#endif

bool sieve_next(struct slice *rest, struct slice *line)
{
	size_t hit = find_mark(*rest, 0);
	const char *start;
	const char *end;

	*line = (struct slice){ 0 };
	if (hit == SIZE_MAX) {
		*rest = (struct slice){ 0 };
		return false;
	}
	start = memrchr(rest->at, '\n', hit);
	start = start ? start + 1 : rest->at;
	end = memchr(rest->at + hit, '\n', rest->len - hit);
	if (!end)
		end = rest->at + rest->len;
	*line = (struct slice){ start, (size_t)(end - start) };
	*rest = slice_after(*rest, (size_t)(end - rest->at) + 1);
	return true;
}

static size_t count_plainly(struct slice block, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < block.len; i++)
		count += block.at[i] == '\n';
	return count;
}

#ifdef __SSE2__
/* A comparison gives 0 or -1 a byte; 255 of them are summed up in bytes before
 * they could overflow. */
size_t sieve_count_lines(struct slice block)
{
	const __m128i newline = _mm_set1_epi8('\n');
	const __m128i zero = _mm_setzero_si128();
	size_t count = 0;
	size_t at = 0;

	while (block.len - at >= 16) {
		size_t steps = (block.len - at) / 16;
		__m128i bytes = zero;
		__m128i sums;

		if (steps > 255)
			steps = 255;
		for (size_t i = 0; i < steps; i++, at += 16) {
			const char *here = block.at + at;
			__m128i hit = _mm_cmpeq_epi8(
				_mm_loadu_si128((const __m128i_u *)here),
				newline);

			bytes = _mm_sub_epi8(bytes, hit);
		}
		sums = _mm_sad_epu8(bytes, zero);
		count += (size_t)_mm_cvtsi128_si64(sums) +
			 (size_t)_mm_cvtsi128_si64(
				 _mm_unpackhi_epi64(sums, sums));
	}
	return count + count_plainly(block, at);
}
#else
size_t sieve_count_lines(struct slice block)
{
	return count_plainly(block, 0);
}
#endif
