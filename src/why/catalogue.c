/* SPDX-License-Identifier: Apache-2.0 */
#include "why/catalogue.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/intern.h"
#include "base/memory.h"
#include "why/catalogue_build.h"

/* Where an entry is found: sorted by key, then by position. */
struct index_pair {
	uint32_t key;
	uint32_t position;
};

struct index {
	struct index_pair *pairs;
	size_t count;
	size_t size;
};

struct catalogue {
	struct arena texts;
	struct intern *ids;     /* number of an id = position of its entry */
	struct entry **entries; /* each allocated, so that they stay put */
	size_t count;
	size_t size;
	struct intern *text_ids; /* ids that have own texts, before finish */
	struct text *own_texts;
	size_t own_size;
	struct text reasons[REASON_COUNT];
	struct index by_code;
	struct index by_enhanced;
	const struct entry *classes[6]; /* by class; 0: anything */
	struct providers *providers;
	struct pattern_set *patterns; /* of marks; of all when asked for */
	bool has_all_patterns;
	struct phrase_set *phrases;
	struct words *words;
	const struct entry *general[REASON_COUNT];
	struct slice lang;
	struct slice lang_name;
	struct label *labels;
	size_t label_count;
};

struct catalogue *catalogue_new(void)
{
	struct catalogue *catalogue = memory_new(1, sizeof(*catalogue));

	catalogue->ids = intern_new();
	catalogue->text_ids = intern_new();
	catalogue->providers = providers_new();
	catalogue->patterns = pattern_set_new();
	catalogue->phrases = phrase_set_new();
	catalogue->words = words_new();
	return catalogue;
}

void catalogue_free(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	for (size_t i = 0; i < catalogue->count; i++) {
		union {
			const void *borrowed;
			void *owned;
		} arrays[] = { { catalogue->entries[i]->links },
			       { catalogue->entries[i]->texts },
			       { catalogue->entries[i]->phrases },
			       { catalogue->entries[i]->regexes },
			       { catalogue->entries[i]->codes },
			       { catalogue->entries[i]->enhanced } };

		for (size_t k = 0; k < 6; k++)
			free(arrays[k].owned);
		free(catalogue->entries[i]);
	}
	free(catalogue->entries);
	free(catalogue->own_texts);
	free(catalogue->by_code.pairs);
	free(catalogue->by_enhanced.pairs);
	free(catalogue->labels);
	intern_free(catalogue->ids);
	intern_free(catalogue->text_ids);
	providers_free(catalogue->providers);
	pattern_set_free(catalogue->patterns);
	phrase_set_free(catalogue->phrases);
	words_free(catalogue->words);
	arena_clear(&catalogue->texts);
	free(catalogue);
}

static void *copy_array(const void *from, size_t count, size_t size)
{
	void *copy = memory_new(count, size);

	if (count)
		memcpy(copy, from, count * size);
	return copy;
}

static struct slice *copy_slices(struct arena *keep, const struct slice *from,
				 size_t count)
{
	struct slice *copy = memory_new(count, sizeof(copy[0]));

	for (size_t i = 0; i < count; i++)
		copy[i] = arena_keep(keep, from[i]);
	return copy;
}

static void add_patterns(struct catalogue *catalogue, const struct entry *entry)
{
	uint32_t number = (uint32_t)entry->position;

	for (size_t i = 0; i < entry->text_count; i++)
		pattern_add_literal(catalogue->patterns, entry->texts[i],
				    number);
	for (size_t i = 0; i < entry->regex_count; i++)
		pattern_add_regex(catalogue->patterns, entry->regexes[i],
				  number);
	for (size_t i = 0; i < entry->phrase_count; i++)
		phrase_add(catalogue->phrases, entry->phrases[i], number);
}

bool catalogue_add(struct catalogue *catalogue, const struct entry *entry)
{
	struct arena *texts = &catalogue->texts;
	struct entry *copy;

	if (intern_find(catalogue->ids, entry->id) != INTERN_NONE)
		return false;
	(void)intern_add(catalogue->ids, entry->id);
	if (catalogue->count == catalogue->size) {
		catalogue->size = catalogue->size ? catalogue->size * 2 : 256;
		catalogue->entries = memory_resize(catalogue->entries,
						   catalogue->size,
						   sizeof(struct entry *));
	}
	copy = memory_new(1, sizeof(*copy));
	*copy = *entry;
	copy->position = catalogue->count;
	copy->id = arena_keep(texts, entry->id);
	copy->detail = arena_keep(texts, entry->detail);
	copy->source = arena_keep(texts, entry->source);
	copy->provider = arena_keep(texts, entry->provider);
	copy->links = copy_slices(texts, entry->links, entry->link_count);
	copy->texts = copy_slices(texts, entry->texts, entry->text_count);
	copy->phrases = copy_slices(texts, entry->phrases, entry->phrase_count);
	copy->regexes = copy_slices(texts, entry->regexes, entry->regex_count);
	copy->codes = copy_array(entry->codes, entry->code_count,
				 sizeof(entry->codes[0]));
	copy->enhanced = copy_array(entry->enhanced, entry->enhanced_count,
				    sizeof(entry->enhanced[0]));
	copy->text = (struct text){ 0 };
	copy->has_patterns = copy->text_count || copy->regex_count ||
			     copy->phrase_count;
	catalogue->entries[catalogue->count++] = copy;
	return true;
}

/* The four fields of a text, for code that treats them alike. */
static struct slice *const *text_fields(struct text *text,
					struct slice *fields[4])
{
	fields[0] = &text->title;
	fields[1] = &text->explanation;
	fields[2] = &text->advice;
	fields[3] = &text->admin;
	return fields;
}

/* Copies the fields of `from` that are not empty; with `only_missing` only
 * where `into` has none. */
static void take_text(struct arena *keep, struct text *into,
		      const struct text *from, bool only_missing)
{
	struct text source = *from;
	struct slice *into_fields[4];
	struct slice *from_fields[4];

	(void)text_fields(into, into_fields);
	(void)text_fields(&source, from_fields);
	for (size_t i = 0; i < 4; i++) {
		if (!from_fields[i]->len)
			continue;
		if (only_missing && into_fields[i]->len)
			continue;
		*into_fields[i] = keep ? arena_keep(keep, *from_fields[i])
				       : *from_fields[i];
	}
}

void catalogue_set_text(struct catalogue *catalogue, struct slice id,
			const struct text *text)
{
	uint32_t number = intern_add(catalogue->text_ids, id);

	if (number >= catalogue->own_size) {
		size_t old = catalogue->own_size;

		catalogue->own_size = old ? old * 2 : 256;
		catalogue->own_texts = memory_resize(catalogue->own_texts,
						     catalogue->own_size,
						     sizeof(struct text));
		memset(catalogue->own_texts + old, 0,
		       (catalogue->own_size - old) * sizeof(struct text));
	}
	take_text(&catalogue->texts, &catalogue->own_texts[number], text,
		  false);
}

void catalogue_set_reason_text(struct catalogue *catalogue, enum reason reason,
			       const struct text *text)
{
	take_text(&catalogue->texts, &catalogue->reasons[reason], text, false);
}

void catalogue_set_lang(struct catalogue *catalogue, struct slice lang,
			struct slice name)
{
	catalogue->lang = arena_keep(&catalogue->texts, lang);
	catalogue->lang_name = arena_keep(&catalogue->texts, name);
}

void catalogue_set_label(struct catalogue *catalogue, struct slice key,
			 struct slice text)
{
	struct label label = { arena_keep(&catalogue->texts, key),
			       arena_keep(&catalogue->texts, text) };

	for (size_t i = 0; i < catalogue->label_count; i++) {
		if (slice_equal(catalogue->labels[i].key, key)) {
			catalogue->labels[i] = label;
			return;
		}
	}
	catalogue->labels = memory_resize(
		catalogue->labels, catalogue->label_count + 1, sizeof(label));
	catalogue->labels[catalogue->label_count++] = label;
}

void catalogue_add_mark(struct catalogue *catalogue, struct slice mark,
			struct slice provider)
{
	uint32_t number = providers_number(catalogue->providers, provider);

	pattern_add_literal(catalogue->patterns, mark,
			    CATALOGUE_MARKS + number);
}

struct words *catalogue_own_words(struct catalogue *catalogue)
{
	return catalogue->words;
}

struct providers *catalogue_own_providers(struct catalogue *catalogue)
{
	return catalogue->providers;
}

static void index_add(struct index *index, uint32_t key, size_t position)
{
	if (index->count == index->size) {
		index->size = index->size ? index->size * 2 : 512;
		index->pairs = memory_resize(index->pairs, index->size,
					     sizeof(index->pairs[0]));
	}
	index->pairs[index->count++] =
		(struct index_pair){ key, (uint32_t)position };
}

static int compare_pairs(const void *a, const void *b)
{
	const struct index_pair *x = a;
	const struct index_pair *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

static uint32_t enhanced_key(uint16_t subject, uint16_t detail)
{
	return (uint32_t)subject << 16 | detail;
}

static void index_enhanced(struct catalogue *catalogue,
			   const struct enhanced_range *range, size_t position)
{
	for (uint32_t detail = range->first_detail;
	     detail <= range->last_detail; detail++)
		index_add(&catalogue->by_enhanced,
			  enhanced_key(range->subject, (uint16_t)detail),
			  position);
}

static void index_entry(struct catalogue *catalogue, size_t position)
{
	const struct entry *entry = catalogue->entries[position];

	if (entry->general && !catalogue->general[entry->reason])
		catalogue->general[entry->reason] = entry;
	if (entry->has_patterns)
		return;
	for (size_t i = 0; i < entry->code_count; i++)
		index_add(&catalogue->by_code, entry->codes[i], position);
	if (entry->code_count)
		return;
	for (size_t i = 0; i < entry->enhanced_count; i++)
		index_enhanced(catalogue, &entry->enhanced[i], position);
	if (!entry->enhanced_count && !entry->provider.len && !entry->stages &&
	    !catalogue->classes[entry->class])
		catalogue->classes[entry->class] = entry;
}

static void sort_index(struct index *index)
{
	if (index->count)
		qsort(index->pairs, index->count, sizeof(index->pairs[0]),
		      compare_pairs);
}

/* What the entry has of its own; nothing if it has none. */
static struct text own_text(const struct catalogue *catalogue, struct slice id)
{
	uint32_t own = intern_find(catalogue->text_ids, id);

	return own == INTERN_NONE ? (struct text){ 0 }
				  : catalogue->own_texts[own];
}

static void give_texts(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		struct entry *entry = catalogue->entries[i];

		entry->text = own_text(catalogue, entry->id);
		take_text(NULL, &entry->text,
			  &catalogue->reasons[entry->reason], true);
	}
}

static const char *const field_names[] = { "title", "explanation", "advice",
					   "admin" };

static int check_texts(const struct catalogue *catalogue, struct fault *fault)
{
	for (enum reason i = 0; i < REASON_COUNT; i++) {
		struct text text = catalogue->reasons[i];
		struct slice *fields[4];

		(void)text_fields(&text, fields);
		for (size_t k = 0; k < 4; k++)
			if (!fields[k]->len)
				return fault_set(
					fault, "reason \"%s\" has no %s",
					reason_word(i).at, field_names[k]);
	}
	for (uint32_t i = 0; i < intern_count(catalogue->text_ids); i++) {
		struct slice id = intern_text(catalogue->text_ids, i);

		if (intern_find(catalogue->ids, id) == INTERN_NONE)
			return fault_set(fault,
					 "texts for the entry \"%.*s\", which "
					 "is not in the catalogue",
					 (int)id.len, id.at);
	}
	return 0;
}

int catalogue_finish(struct catalogue *catalogue, struct fault *fault)
{
	for (size_t i = 0; i < catalogue->count; i++)
		index_entry(catalogue, i);
	sort_index(&catalogue->by_code);
	sort_index(&catalogue->by_enhanced);
	if (!catalogue->classes[0] || !catalogue->classes[4] ||
	    !catalogue->classes[5])
		return fault_set(fault, "the entries of the last resort are "
					"missing: class 4, class 5, and one "
					"without conditions");
	if (check_texts(catalogue, fault) < 0)
		return -1;
	give_texts(catalogue);
	return 0;
}

size_t catalogue_count(const struct catalogue *catalogue)
{
	return catalogue->count;
}

const struct entry *catalogue_entry(const struct catalogue *catalogue,
				    size_t position)
{
	return catalogue->entries[position];
}

const struct entry *catalogue_find(const struct catalogue *catalogue,
				   struct slice id)
{
	uint32_t position = intern_find(catalogue->ids, id);

	return position == INTERN_NONE ? NULL : catalogue->entries[position];
}

const char *catalogue_lacks(const struct catalogue *catalogue,
			    const struct catalogue *than, struct slice id)
{
	struct text here = own_text(catalogue, id);
	struct text there = own_text(than, id);
	struct slice *here_fields[4];
	struct slice *there_fields[4];

	(void)text_fields(&here, here_fields);
	(void)text_fields(&there, there_fields);
	for (size_t i = 0; i < 4; i++)
		if (there_fields[i]->len && !here_fields[i]->len)
			return field_names[i];
	return NULL;
}

const struct text *catalogue_reason_text(const struct catalogue *catalogue,
					 enum reason reason)
{
	return &catalogue->reasons[reason];
}

struct slice catalogue_lang(const struct catalogue *catalogue)
{
	return catalogue->lang;
}

struct slice catalogue_lang_name(const struct catalogue *catalogue)
{
	return catalogue->lang_name;
}

struct slice catalogue_label(const struct catalogue *catalogue,
			     struct slice key)
{
	for (size_t i = 0; i < catalogue->label_count; i++)
		if (slice_equal(catalogue->labels[i].key, key))
			return catalogue->labels[i].text;
	return key;
}

const struct providers *catalogue_providers(const struct catalogue *catalogue)
{
	return catalogue->providers;
}

struct pattern_set *catalogue_patterns(struct catalogue *catalogue)
{
	if (catalogue->has_all_patterns)
		return catalogue->patterns;
	catalogue->has_all_patterns = true;
	for (size_t i = 0; i < catalogue->count; i++)
		add_patterns(catalogue, catalogue->entries[i]);
	for (size_t i = 0; i < phrase_word_count(catalogue->phrases); i++)
		pattern_add_literal(catalogue->patterns,
				    phrase_word(catalogue->phrases, i),
				    CATALOGUE_WORDS + (uint32_t)i);
	return catalogue->patterns;
}

const struct phrase_set *catalogue_phrases(const struct catalogue *catalogue)
{
	return catalogue->phrases;
}

const struct words *catalogue_words(const struct catalogue *catalogue)
{
	return catalogue->words;
}

const struct entry *catalogue_general(const struct catalogue *catalogue,
				      enum reason reason)
{
	return catalogue->general[reason];
}

/* The first pair of `key` behind `previous`. */
static const struct entry *index_next(const struct catalogue *catalogue,
				      const struct index *index, uint32_t key,
				      const struct entry *previous)
{
	struct index_pair wanted = { key, 0 };
	size_t low = 0;
	size_t high = index->count;

	if (previous)
		wanted.position = (uint32_t)previous->position + 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_pairs(&index->pairs[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == index->count || index->pairs[low].key != key)
		return NULL;
	return catalogue->entries[index->pairs[low].position];
}

const struct entry *catalogue_next_code(const struct catalogue *catalogue,
					uint16_t code,
					const struct entry *previous)
{
	return index_next(catalogue, &catalogue->by_code, code, previous);
}

const struct entry *catalogue_next_enhanced(const struct catalogue *catalogue,
					    struct enhanced code,
					    const struct entry *previous)
{
	return index_next(catalogue, &catalogue->by_enhanced,
			  enhanced_key(code.subject, code.detail), previous);
}

const struct entry *catalogue_class(const struct catalogue *catalogue,
				    unsigned class)
{
	return catalogue->classes[class == 4 || class == 5 ? class : 0];
}

static bool fits_code(const struct entry *entry, uint16_t code)
{
	for (size_t i = 0; i < entry->code_count; i++)
		if (entry->codes[i] == code)
			return true;
	return entry->code_count == 0;
}

static bool fits_enhanced(const struct entry *entry, struct enhanced code)
{
	for (size_t i = 0; i < entry->enhanced_count; i++) {
		const struct enhanced_range *range = &entry->enhanced[i];

		if (code.class &&
		    (!range->class || range->class == code.class) &&
		    range->subject == code.subject &&
		    range->first_detail <= code.detail &&
		    range->last_detail >= code.detail)
			return true;
	}
	return entry->enhanced_count == 0;
}

bool entry_fits(const struct entry *entry, const struct question *question)
{
	if (entry->provider.len &&
	    !slice_equal(entry->provider, question->provider))
		return false;
	if ((entry->local && !question->local) ||
	    (entry->bare && !question->bare))
		return false;
	if (entry->stages && !(entry->stages & 1u << question->stage))
		return false;
	return fits_code(entry, question->code) &&
	       fits_enhanced(entry, question->enhanced);
}
