/* SPDX-License-Identifier: Apache-2.0 */
#include "why/phrase.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"
#include "why/pattern.h"

/* More words in one reply say nothing new. */
enum { NOTE_LIMIT = 256 };

/* Where a word is used: in that part of that phrase. */
struct use {
	uint32_t phrase;
	uint32_t next; /* in the list of the word; 0: none */
	uint8_t part;
	uint8_t gap; /* bytes that may lie before it */
	bool open_start;
	bool open_end;
};

struct phrase {
	uint32_t number;
	uint8_t part_count;
};

struct phrase_set {
	struct intern *words;
	uint32_t *first_use; /* by word; 0: none */
	size_t first_size;
	struct use *uses; /* the first one is none */
	size_t use_count;
	size_t use_size;
	struct phrase *phrases;
	size_t count;
	size_t size;
	struct buf scratch;
};

struct note {
	uint32_t word;
	uint32_t start;
	uint32_t end;
	bool bounded_start; /* no letter or digit stands before */
	bool bounded_end;
};

/* How far a phrase has come: where each of its parts was found last. */
struct progress {
	uint32_t round; /* of the finder, when it was last touched */
	uint8_t found;  /* bit 1 << part */
	struct {
		uint32_t start; /* of the first part */
		uint32_t end;
		uint32_t weight;
	} parts[PHRASE_PARTS];
};

/* A use as the finder reads it: those of a word lie side by side. */
struct place {
	uint32_t phrase;
	uint32_t number; /* the phrase's, its owner's */
	uint8_t part;
	uint8_t gap;
	bool is_last; /* the phrase is complete with this part */
	bool open_start;
	bool open_end;
};

/* A word as the finder reads it. */
struct word {
	uint32_t first_place; /* up to that of the next word */
	bool open_start;      /* in one of its places */
	bool open_end;
};

struct phrase_finder {
	struct place *places;
	struct word *words; /* and one behind the last */
	struct note notes[NOTE_LIMIT];
	size_t note_count;
	struct progress *progress; /* by phrase */
	uint32_t round;
};

struct phrase_set *phrase_set_new(void)
{
	struct phrase_set *set = memory_new(1, sizeof(*set));

	set->words = intern_new();
	set->use_count = 1;
	return set;
}

void phrase_set_free(struct phrase_set *set)
{
	if (!set)
		return;
	intern_free(set->words);
	free(set->first_use);
	free(set->uses);
	free(set->phrases);
	buf_clear(&set->scratch);
	free(set);
}

/* The next part of a phrase, and the gap that may lie behind it; false behind
 * the last. */
static bool next_part(struct slice *rest, struct slice *part, uint8_t *gap)
{
	if (!rest->at)
		return false;
	if (!slice_cut_at(rest, SLICE(".."), part)) {
		*part = *rest;
		*rest = (struct slice){ 0 };
	}
	*part = slice_trim(*part);
	*gap = slice_skip(rest, SLICE(".")) ? PHRASE_WIDE_GAP
					    : PHRASE_NARROW_GAP;
	return true;
}

/* The next word of a part, and whether its ends are open. */
static bool next_word(struct slice *rest, struct use *use, struct slice *word)
{
	if (!rest->at)
		return false;
	if (!slice_cut(rest, '|', word)) {
		*word = *rest;
		*rest = (struct slice){ 0 };
	}
	*word = slice_trim(*word);
	use->open_start = slice_skip(word, SLICE("*"));
	use->open_end = slice_ends(*word, SLICE("*"));
	if (use->open_end)
		word->len--;
	return true;
}

static int check_part(struct slice part, struct fault *fault)
{
	struct slice word;
	struct use use;

	while (next_word(&part, &use, &word)) {
		if (slice_trim(word).len < 2)
			return fault_set(fault, "a word of less than 2 bytes");
		if (memchr(word.at, '*', word.len))
			return fault_set(fault,
					 "\"%.*s\": \"*\" stands only at an "
					 "end of a word",
					 (int)word.len, word.at);
	}
	return 0;
}

int phrase_check(struct slice text, struct fault *fault)
{
	struct slice rest = text;
	struct slice part;
	size_t parts = 0;
	uint8_t gap;

	while (next_part(&rest, &part, &gap)) {
		if (++parts > PHRASE_PARTS)
			return fault_set(
				fault,
				"more than %d parts, which dots separate",
				PHRASE_PARTS);
		if (check_part(part, fault) < 0)
			return -1;
	}
	return parts ? 0 : fault_set(fault, "an empty phrase");
}

static void add_use(struct phrase_set *set, struct slice word, struct use use)
{
	uint32_t number;

	pattern_fold(word, &set->scratch);
	number = intern_add(set->words, buf_slice(&set->scratch));
	if (number >= set->first_size) {
		size_t old = set->first_size;

		set->first_size = old ? old * 2 : 256;
		set->first_use = memory_resize(set->first_use, set->first_size,
					       sizeof(set->first_use[0]));
		memset(set->first_use + old, 0,
		       (set->first_size - old) * sizeof(set->first_use[0]));
	}
	if (set->use_count >= set->use_size) {
		set->use_size = set->use_size ? set->use_size * 2 : 512;
		set->uses = memory_resize(set->uses, set->use_size,
					  sizeof(set->uses[0]));
	}
	use.next = set->first_use[number];
	set->first_use[number] = (uint32_t)set->use_count;
	set->uses[set->use_count++] = use;
}

void phrase_add(struct phrase_set *set, struct slice text, uint32_t number)
{
	struct phrase phrase = { .number = number };
	struct slice rest = text;
	struct slice part;
	uint8_t before = 0;
	uint8_t behind;

	while (next_part(&rest, &part, &behind)) {
		struct use use = { .phrase = (uint32_t)set->count,
				   .part = phrase.part_count++,
				   .gap = before };
		struct slice word;

		before = behind;
		while (next_word(&part, &use, &word))
			add_use(set, word, use);
	}
	if (set->count == set->size) {
		set->size = set->size ? set->size * 2 : 128;
		set->phrases = memory_resize(set->phrases, set->size,
					     sizeof(set->phrases[0]));
	}
	set->phrases[set->count++] = phrase;
}

size_t phrase_word_count(const struct phrase_set *set)
{
	return intern_count(set->words);
}

struct slice phrase_word(const struct phrase_set *set, size_t word)
{
	return intern_text(set->words, (uint32_t)word);
}

static struct place place_of(const struct phrase_set *set,
			     const struct use *use)
{
	const struct phrase *phrase = &set->phrases[use->phrase];

	return (struct place){
		.phrase = use->phrase,
		.number = phrase->number,
		.part = use->part,
		.gap = use->gap,
		.is_last = use->part + 1u == phrase->part_count,
		.open_start = use->open_start,
		.open_end = use->open_end,
	};
}

struct phrase_finder *phrase_finder_new(const struct phrase_set *set)
{
	struct phrase_finder *finder = memory_new(1, sizeof(*finder));
	size_t words = phrase_word_count(set);
	uint32_t count = 0;

	finder->places = memory_new(set->use_count, sizeof(finder->places[0]));
	finder->words = memory_new(words + 1, sizeof(finder->words[0]));
	for (size_t i = 0; i < words; i++) {
		struct word *word = &finder->words[i];

		word->first_place = count;
		for (uint32_t at = set->first_use[i]; at;
		     at = set->uses[at].next) {
			word->open_start |= set->uses[at].open_start;
			word->open_end |= set->uses[at].open_end;
			finder->places[count++] = place_of(set, &set->uses[at]);
		}
	}
	finder->words[words].first_place = count;
	finder->progress = memory_new(set->count, sizeof(finder->progress[0]));
	return finder;
}

void phrase_finder_free(struct phrase_finder *finder)
{
	if (!finder)
		return;
	free(finder->places);
	free(finder->words);
	free(finder->progress);
	free(finder);
}

/* Letters and digits, and the bytes of letters beyond ASCII. */
static bool is_word_byte(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       byte >= 0x80;
}

void phrase_note(struct phrase_finder *finder, struct slice folded,
		 uint32_t word, size_t start, size_t end)
{
	bool bounded_start = start == 0 ||
			     !is_word_byte(folded.at[start - 1]) ||
			     !is_word_byte(folded.at[start]);
	bool bounded_end = end == folded.len || !is_word_byte(folded.at[end]) ||
			   !is_word_byte(folded.at[end - 1]);

	if (!(bounded_start || finder->words[word].open_start) ||
	    !(bounded_end || finder->words[word].open_end) ||
	    finder->note_count == NOTE_LIMIT)
		return;
	finder->notes[finder->note_count++] = (struct note){
		.word = word,
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.bounded_start = bounded_start,
		.bounded_end = bounded_end,
	};
}

static bool is_before(const struct note *a, const struct note *b)
{
	return a->start < b->start || (a->start == b->start && a->end < b->end);
}

/* By insertion: they are few, and come in the order of their ends. */
static void sort_notes(struct note *notes, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct note note = notes[i];
		size_t at = i;

		while (at > 0 && is_before(&note, &notes[at - 1])) {
			notes[at] = notes[at - 1];
			at--;
		}
		notes[at] = note;
	}
}

/* Takes a part of a phrase of several as found; *match has what was found of it
 * so far. False if the parts before it are not where they must be. */
static bool take_part(struct phrase_finder *finder, const struct place *place,
		      struct phrase_match *match)
{
	struct progress *progress = &finder->progress[place->phrase];
	size_t part = place->part;

	if (progress->round != finder->round) {
		if (part > 0)
			return false;
		progress->round = finder->round;
		progress->found = 0;
	}
	if (part > 0) {
		uint32_t before = progress->parts[part - 1].end;

		if (!(progress->found & 1u << (part - 1)) ||
		    before > match->start || match->start - before > place->gap)
			return false;
		match->start = progress->parts[part - 1].start;
		match->weight += progress->parts[part - 1].weight;
	}
	progress->found |= (uint8_t)(1u << part);
	progress->parts[part].start = (uint32_t)match->start;
	progress->parts[part].end = (uint32_t)match->end;
	progress->parts[part].weight = (uint32_t)match->weight;
	return true;
}

static void follow_word(struct phrase_finder *finder, const struct note *note,
			void (*visit)(const struct phrase_match *match,
				      void *context),
			void *context)
{
	const struct place *place =
		&finder->places[finder->words[note->word].first_place];
	const struct place *end =
		&finder->places[finder->words[note->word + 1].first_place];

	for (; place < end; place++) {
		struct phrase_match match = {
			.number = place->number,
			.start = note->start,
			.end = note->end,
			.weight = note->end - note->start,
		};

		if (!(note->bounded_start || place->open_start) ||
		    !(note->bounded_end || place->open_end))
			continue;
		if (!(place->part == 0 && place->is_last) &&
		    !take_part(finder, place, &match))
			continue;
		if (place->is_last)
			visit(&match, context);
	}
}

void phrase_find(struct phrase_finder *finder,
		 void (*visit)(const struct phrase_match *match, void *context),
		 void *context)
{
	finder->round++;
	sort_notes(finder->notes, finder->note_count);
	for (size_t i = 0; i < finder->note_count; i++)
		follow_word(finder, &finder->notes[i], visit, context);
	finder->note_count = 0;
}
