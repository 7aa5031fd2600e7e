/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_causes.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"

enum {
	SET_COUNT = 256,
	SET_SIZE = 8, /* causes whose keys have the same place */
	CAUSE_COUNT = SET_COUNT * SET_SIZE, /* of at most some 2 KiB each */
	WORD_LIMIT = 256,
	TEXT_LIMIT = 1024,
	WORD_COUNT = 4
};

/* What was remembered; `bytes` holds the key, the words, the text. */
struct cause {
	uint64_t number; /* the least of a set is the oldest; 0: none */
	enum text_form form;
	enum stage stage;
	size_t key_len;
	size_t word_lens[WORD_COUNT];
	struct buf bytes;
};

struct exim_causes {
	uint64_t seed;
	uint64_t count;
	struct buf key; /* of the delivery in hand */
	struct cause causes[CAUSE_COUNT];
};

struct exim_causes *exim_causes_new(void)
{
	struct exim_causes *causes = memory_new(1, sizeof(*causes));

	causes->seed = hash_seed();
	return causes;
}

void exim_causes_free(struct exim_causes *causes)
{
	if (!causes)
		return;
	for (size_t i = 0; i < CAUSE_COUNT; i++)
		buf_clear(&causes->causes[i].bytes);
	buf_clear(&causes->key);
	free(causes);
}

/* The key of the delivery's message and recipient, whose case differs between
 * the two kinds of lines. */
static void make_key(struct buf *key, const struct delivery *delivery)
{
	struct slice recipient = slice_head(delivery->recipient, WORD_LIMIT);

	buf_reset(key);
	buf_add(key, slice_head(delivery->queue_id, WORD_LIMIT));
	buf_add_char(key, ' ');
	for (size_t i = 0; i < recipient.len; i++) {
		char c = recipient.at[i];

		buf_add_char(key, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
}

/* Where the delivery's cause is; else where it would take the place of the
 * oldest of its set. */
static struct cause *place_of(struct exim_causes *causes,
			      const struct delivery *delivery, bool *known)
{
	struct cause *set;
	struct cause *place;
	uint64_t hash;

	make_key(&causes->key, delivery);
	hash = hash_slice(buf_slice(&causes->key), causes->seed);
	set = &causes->causes[hash % SET_COUNT * SET_SIZE];
	place = set;
	*known = true;
	for (size_t i = 0; i < SET_SIZE; i++) {
		struct slice key = slice_head(buf_slice(&set[i].bytes),
					      set[i].key_len);

		if (set[i].number && slice_equal(key, buf_slice(&causes->key)))
			return &set[i];
		if (set[i].number < place->number)
			place = &set[i];
	}
	*known = false;
	return place;
}

void exim_causes_add(struct exim_causes *causes,
		     const struct delivery *delivery)
{
	const struct slice words[WORD_COUNT] = {
		delivery->service,
		delivery->relay_host,
		delivery->relay_ip,
		delivery->relay_port,
	};
	bool known;
	struct cause *cause = place_of(causes, delivery, &known);

	cause->number = ++causes->count;
	cause->form = delivery->form;
	cause->stage = delivery->stage;
	cause->key_len = causes->key.len;
	buf_reset(&cause->bytes);
	buf_add(&cause->bytes, buf_slice(&causes->key));
	for (size_t i = 0; i < WORD_COUNT; i++) {
		struct slice word = slice_head(words[i], WORD_LIMIT);

		buf_add(&cause->bytes, word);
		cause->word_lens[i] = word.len;
	}
	buf_add(&cause->bytes, slice_head(delivery->text, TEXT_LIMIT));
}

bool exim_causes_find(struct exim_causes *causes, struct delivery *delivery)
{
	struct slice *const words[WORD_COUNT] = {
		&delivery->service,
		&delivery->relay_host,
		&delivery->relay_ip,
		&delivery->relay_port,
	};
	bool known;
	const struct cause *cause = place_of(causes, delivery, &known);
	struct slice rest = buf_slice(&cause->bytes);

	if (!known)
		return false;
	rest = slice_after(rest, cause->key_len);
	for (size_t i = 0; i < WORD_COUNT; i++) {
		*words[i] = slice_head(rest, cause->word_lens[i]);
		rest = slice_after(rest, cause->word_lens[i]);
	}
	delivery->form = cause->form;
	delivery->stage = cause->stage;
	delivery->text = rest;
	return true;
}
