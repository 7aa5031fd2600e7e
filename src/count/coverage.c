/* SPDX-License-Identifier: Apache-2.0 */
#include "count/coverage.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"
#include "base/memory.h"

enum { CODE_DIGITS = 3 };

struct coverage {
	size_t limit;
	uint64_t bases[BASIS_COUNT];
	uint64_t other;
	struct intern *replies; /* the code as three digits, then the text */
	uint64_t *counts;       /* by number of the reply */
	size_t size;
	struct buf key; /* scratch */
};

struct coverage *coverage_new(size_t limit)
{
	struct coverage *coverage = memory_new(1, sizeof(*coverage));

	coverage->limit = limit;
	coverage->replies = intern_new();
	return coverage;
}

void coverage_free(struct coverage *coverage)
{
	if (!coverage)
		return;
	intern_free(coverage->replies);
	free(coverage->counts);
	buf_clear(&coverage->key);
	free(coverage);
}

void coverage_reset(struct coverage *coverage)
{
	memset(coverage->bases, 0, sizeof(coverage->bases));
	coverage->other = 0;
	intern_reset(coverage->replies);
}

/* The number of the reply coverage->key; INTERN_NONE if there is no room. */
static uint32_t number_of(struct coverage *coverage)
{
	struct slice key = buf_slice(&coverage->key);
	uint32_t count = intern_count(coverage->replies);
	uint32_t number = intern_find(coverage->replies, key);

	if (number != INTERN_NONE || count == coverage->limit)
		return number;
	if (count == coverage->size) {
		coverage->size += coverage->size / 2 + 64;
		coverage->counts = memory_resize(coverage->counts,
						 coverage->size,
						 sizeof(coverage->counts[0]));
	}
	coverage->counts[count] = 0;
	return intern_add(coverage->replies, key);
}

void coverage_add(struct coverage *coverage, enum basis basis,
		  uint16_t smtp_code, struct slice masked)
{
	uint32_t number;

	coverage->bases[basis]++;
	if (basis != BASIS_CODE && basis != BASIS_CLASS)
		return;
	buf_reset(&coverage->key);
	buf_add_padded(&coverage->key, smtp_code < 1000 ? smtp_code : 0,
		       CODE_DIGITS);
	buf_add(&coverage->key, slice_head(masked, COVERAGE_BYTES));
	number = number_of(coverage);
	if (number == INTERN_NONE)
		coverage->other++;
	else
		coverage->counts[number]++;
}

uint64_t coverage_basis(const struct coverage *coverage, enum basis basis)
{
	return coverage->bases[basis];
}

uint64_t coverage_other(const struct coverage *coverage)
{
	return coverage->other;
}

size_t coverage_count(const struct coverage *coverage)
{
	return intern_count(coverage->replies);
}

static int compare_replies(const void *a, const void *b)
{
	const struct coverage_reply *x = a;
	const struct coverage_reply *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	/* None, which is 0, comes last. */
	if (x->smtp_code != y->smtp_code)
		return (uint16_t)(x->smtp_code - 1) <
				       (uint16_t)(y->smtp_code - 1)
			       ? -1
			       : 1;
	return slice_compare(x->text, y->text);
}

void coverage_each(const struct coverage *coverage,
		   void (*visit)(const struct coverage_reply *reply,
				 void *context),
		   void *context)
{
	size_t count = coverage_count(coverage);
	struct coverage_reply *replies = memory_new(count, sizeof(replies[0]));

	for (size_t i = 0; i < count; i++) {
		struct slice key = intern_text(coverage->replies, (uint32_t)i);
		uint64_t code;

		(void)slice_number(slice_head(key, CODE_DIGITS), &code);
		replies[i] = (struct coverage_reply){
			.smtp_code = (uint16_t)code,
			.count = coverage->counts[i],
			.text = slice_after(key, CODE_DIGITS),
		};
	}
	if (count)
		qsort(replies, count, sizeof(replies[0]), compare_replies);
	for (size_t i = 0; i < count; i++)
		visit(&replies[i], context);
	free(replies);
}
