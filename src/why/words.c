/* SPDX-License-Identifier: Apache-2.0 */
#include "why/words.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"
#include "base/memory.h"

/* More words of one reply say nothing new. */
enum { KNOWN_LIMIT = 192 };

/* A word speaks by two stems: the long one tells words apart, the short one
 * takes in their other forms, which may never have been seen. */
enum { LONG_STEM = 7, SHORT_STEM = 5 };

struct words {
	struct intern *features;
	float (*weights)[REASON_COUNT]; /* by feature */
	size_t size;
};

struct words *words_new(void)
{
	struct words *words = memory_new(1, sizeof(*words));

	words->features = intern_new();
	return words;
}

void words_free(struct words *words)
{
	if (!words)
		return;
	intern_free(words->features);
	free(words->weights);
	free(words);
}

void words_add(struct words *words, struct slice feature, enum reason reason,
	       int weight)
{
	uint32_t number = intern_add(words->features, feature);

	if (number >= words->size) {
		size_t old = words->size;

		words->size = old ? old * 2 : 1024;
		words->weights = memory_resize(words->weights, words->size,
					       sizeof(words->weights[0]));
		memset(words->weights + old, 0,
		       (words->size - old) * sizeof(words->weights[0]));
	}
	words->weights[number][reason] = (float)weight / 100;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The first bytes of a word, whole characters only. */
static struct slice stem(struct slice word, size_t limit)
{
	size_t len = word.len < limit ? word.len : limit;

	while (len > 0 && len < word.len &&
	       ((unsigned char)word.at[len] & 0xc0) == 0x80)
		len--;
	return slice_head(word, len);
}

static void each_stem(struct slice word,
		      void (*visit)(struct slice feature, void *context),
		      void *context)
{
	char bytes[1 + SHORT_STEM];
	struct buf buf = { bytes, 0, sizeof(bytes) };

	visit(stem(word, LONG_STEM), context);
	if (word.len <= SHORT_STEM)
		return;
	buf_add_char(&buf, '~');
	buf_add(&buf, stem(word, SHORT_STEM));
	visit(buf_slice(&buf), context);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The words of a piece between two blanks; none of an address or a link, and
 * no letters next to digits, which are parts of some number or name. */
static void each_word(struct slice piece,
		      void (*visit)(struct slice feature, void *context),
		      void *context)
{
	size_t at = 0;

	if (memchr(piece.at, '@', piece.len)) {
		visit(SLICE("@"), context);
		return;
	}
	if (slice_find(piece, SLICE("://")) != SIZE_MAX)
		return;
	while (at < piece.len) {
		size_t start = at;

		while (at < piece.len && is_letter(piece.at[at]))
			at++;
		if (at == start) {
			at++;
			continue;
		}
		if ((start == 0 || !is_digit(piece.at[start - 1])) &&
		    (at == piece.len || !is_digit(piece.at[at])))
			each_stem(
				(struct slice){ piece.at + start, at - start },
				visit, context);
	}
}

static void each_code(const struct wording *wording,
		      void (*visit)(struct slice feature, void *context),
		      void *context)
{
	char bytes[16];
	struct buf buf = { bytes, 0, sizeof(bytes) };
	struct enhanced enhanced = wording->enhanced;

	if (wording->code) {
		buf_add_char(&buf, '=');
		buf_add_number(&buf, wording->code);
		visit(buf_slice(&buf), context);
		visit(slice_head(buf_slice(&buf), 2), context);
	}
	if (enhanced.class && (enhanced.subject || enhanced.detail)) {
		buf_reset(&buf);
		buf_add_char(&buf, '=');
		enhanced_write(&buf, enhanced);
		visit(buf_slice(&buf), context);
		buf.at[1] = '=';
		visit(slice_after(buf_slice(&buf), 1), context);
	}
	if (wording->local)
		visit(SLICE("=local"), context);
}

void words_each(const struct wording *wording,
		void (*visit)(struct slice feature, void *context),
		void *context)
{
	struct slice rest = wording->folded;
	bool whole = rest.len && rest.at[rest.len - 1] == '"';
	bool quoted = false;

	while (rest.len) {
		struct slice piece = rest;

		if (!slice_cut(&rest, ' ', &piece))
			rest = (struct slice){ 0 };
		if (!quoted || whole)
			each_word(piece, visit, context);
		for (size_t i = 0; i < piece.len; i++)
			quoted ^= piece.at[i] == '"';
	}
	each_code(wording, visit, context);
}

/* The known features of a reply, each once. */
struct known {
	const struct words *words;
	uint32_t numbers[KNOWN_LIMIT];
	size_t count;
	size_t word_count; /* that are no codes */
};

static void note_known(struct slice feature, void *context)
{
	struct known *known = context;
	uint32_t number = intern_find(known->words->features, feature);

	if (number == INTERN_NONE || known->count == KNOWN_LIMIT)
		return;
	for (size_t i = 0; i < known->count; i++)
		if (known->numbers[i] == number)
			return;
	known->numbers[known->count++] = number;
	known->word_count += feature.at[0] != '=' && feature.at[0] != '@';
}

enum reason words_judge(const struct words *words,
			const struct wording *wording, double *share)
{
	struct known known = { .words = words };
	float sums[REASON_COUNT] = { 0 };
	enum reason best = REASON_OTHER;
	float all = 0;

	*share = 0;
	words_each(wording, note_known, &known);
	if (!known.word_count)
		return REASON_OTHER;
	for (size_t i = 0; i < known.count; i++)
		for (size_t k = 0; k < REASON_COUNT; k++)
			sums[k] += words->weights[known.numbers[i]][k];
	for (enum reason k = 0; k < REASON_COUNT; k++)
		if (sums[k] > sums[best])
			best = k;
	for (size_t k = 0; k < REASON_COUNT; k++)
		all += expf(sums[k] - sums[best]);
	*share = 1 / (double)all;
	return best;
}
