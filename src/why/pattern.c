/* SPDX-License-Identifier: Apache-2.0 */
#include "why/pattern.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/memory.h"
#include "why/pattern_cache.h"

/* Where a match starts is not asked: it would cost more than all the rest. */
enum { REGEX_FLAGS = HS_FLAG_CASELESS };

struct pattern {
	uint32_t number;
	uint32_t width; /* the least it matches; of a regular expression known
			   when it is compiled */
};

/* The texts apart from the patterns: for each match one is looked at. */
struct pattern_list {
	struct pattern *items;
	struct slice *texts;
	size_t count;
	size_t size;
	hs_database_t *database; /* NULL: not compiled, or nothing in it */
};

struct pattern_set {
	struct arena texts;
	struct pattern_list literals;
	struct pattern_list regexes;
	struct buf scratch;
};

struct pattern_scanner {
	const struct pattern_set *set;
	hs_scratch_t *scratch;
};

/* What a call of Hyperscan's back into match_found() needs. */
struct scan {
	const struct pattern_list *list;
	void (*visit)(const struct pattern_match *match, void *context);
	void *context;
};

struct pattern_set *pattern_set_new(void)
{
	return memory_new(1, sizeof(struct pattern_set));
}

static void list_clear(struct pattern_list *list)
{
	free(list->items);
	free(list->texts);
	hs_free_database(list->database);
}

void pattern_set_free(struct pattern_set *set)
{
	if (!set)
		return;
	list_clear(&set->literals);
	list_clear(&set->regexes);
	arena_clear(&set->texts);
	buf_clear(&set->scratch);
	free(set);
}

static void list_add(struct pattern_list *list, struct slice text,
		     uint32_t number)
{
	if (list->count == list->size) {
		list->size = list->size ? list->size * 2 : 256;
		list->items = memory_resize(list->items, list->size,
					    sizeof(list->items[0]));
		list->texts = memory_resize(list->texts, list->size,
					    sizeof(list->texts[0]));
	}
	list->texts[list->count] = text;
	list->items[list->count++] = (struct pattern){ number,
						       (uint32_t)text.len };
}

void pattern_add_literal(struct pattern_set *set, struct slice text,
			 uint32_t number)
{
	pattern_fold(text, &set->scratch);
	list_add(&set->literals,
		 arena_keep(&set->texts, buf_slice(&set->scratch)), number);
}

void pattern_add_regex(struct pattern_set *set, struct slice regex,
		       uint32_t number)
{
	list_add(&set->regexes, arena_keep(&set->texts, regex), number);
}

/* The least that the expression matches. Compiling would refuse one that
 * matches nothing at all, and all others with it. */
static int regex_width(const char *regex, uint32_t *width, struct fault *fault)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;

	*width = 0;
	if (hs_expression_info(regex, REGEX_FLAGS, &info, &error) !=
	    HS_SUCCESS) {
		fault_set(fault, "regular expression \"%s\": %s", regex,
			  error->message);
		hs_free_compile_error(error);
		return -1;
	}
	*width = info->min_width;
	free(info);
	if (*width > 0)
		return 0;
	return fault_set(fault,
			 "regular expression \"%s\": it must not match an "
			 "empty text",
			 regex);
}

int pattern_check_regex(struct slice regex, struct fault *fault)
{
	char *text = memory_string(regex);
	uint32_t width;
	int result = regex_width(text, &width, fault);

	free(text);
	return result;
}

static int measure_regexes(struct pattern_list *list, struct fault *fault)
{
	for (size_t i = 0; i < list->count; i++)
		if (regex_width(list->texts[i].at, &list->items[i].width,
				fault) < 0)
			return -1;
	return 0;
}

static int compile_list(struct pattern_list *list, bool literal,
			struct fault *fault)
{
	size_t count = list->count;
	const char **texts = memory_new(count, sizeof(texts[0]));
	size_t *lens = memory_new(count, sizeof(lens[0]));
	unsigned *flags = memory_new(count, sizeof(flags[0]));
	unsigned *ids = memory_new(count, sizeof(ids[0]));
	hs_compile_error_t *error = NULL;
	hs_error_t result = HS_SUCCESS;

	for (size_t i = 0; i < count; i++) {
		texts[i] = list->texts[i].at;
		lens[i] = list->texts[i].len;
		flags[i] = literal ? 0 : REGEX_FLAGS;
		ids[i] = (unsigned)i;
	}
	if (literal)
		result = hs_compile_lit_multi(texts, flags, ids, lens,
					      (unsigned)count, HS_MODE_BLOCK,
					      NULL, &list->database, &error);
	else
		result = hs_compile_multi(texts, flags, ids, (unsigned)count,
					  HS_MODE_BLOCK, NULL, &list->database,
					  &error);
	if (result != HS_SUCCESS) {
		fault_set(fault, "texts of the catalogue: %s",
			  error ? error->message : "cannot be compiled");
		hs_free_compile_error(error);
	}
	free(texts);
	free(lens);
	free(flags);
	free(ids);
	return result == HS_SUCCESS ? 0 : -1;
}

/* Different for other patterns, another library, another processor. The seed is
 * fixed: the key is a file's name. */
static uint64_t list_key(const struct pattern_list *list, bool literal)
{
	uint64_t key = hash_slice(slice_from(hs_version()), literal ? 3 : 4);
	hs_platform_info_t platform = { 0 };

	(void)hs_populate_platform(&platform);
	key = hash_slice(
		(struct slice){ (const char *)&platform, sizeof(platform) },
		key);
	for (size_t i = 0; i < list->count; i++)
		key = hash_slice(list->texts[i], key);
	return key;
}

/* What is kept: the widths, then the database. */
static bool load_list(struct pattern_list *list, const char *cache,
		      uint64_t key)
{
	size_t head = list->count * sizeof(uint32_t);
	struct buf bytes = { 0 };
	bool loaded = pattern_cache_read(cache, key, &bytes) &&
		      bytes.len > head &&
		      hs_deserialize_database(bytes.at + head, bytes.len - head,
					      &list->database) == HS_SUCCESS;

	for (size_t i = 0; loaded && i < list->count; i++)
		memcpy(&list->items[i].width, bytes.at + i * sizeof(uint32_t),
		       sizeof(uint32_t));
	buf_clear(&bytes);
	return loaded;
}

static void keep_list(const struct pattern_list *list, const char *cache,
		      uint64_t key)
{
	struct buf all = { 0 };
	char *bytes = NULL;
	size_t len = 0;

	if (hs_serialize_database(list->database, &bytes, &len) != HS_SUCCESS)
		return;
	for (size_t i = 0; i < list->count; i++)
		buf_add(&all,
			(struct slice){ (const char *)&list->items[i].width,
					sizeof(uint32_t) });
	buf_add(&all, (struct slice){ bytes, len });
	pattern_cache_write(cache, key, buf_slice(&all));
	buf_clear(&all);
	free(bytes);
}

static int prepare_list(struct pattern_list *list, bool literal,
			const char *cache, struct fault *fault)
{
	uint64_t key = list_key(list, literal);

	if (!list->count || list->database)
		return 0;
	if (cache && load_list(list, cache, key))
		return 0;
	if (!literal && measure_regexes(list, fault) < 0)
		return -1;
	if (compile_list(list, literal, fault) < 0)
		return -1;
	if (cache)
		keep_list(list, cache, key);
	return 0;
}

int pattern_compile(struct pattern_set *set, const char *cache,
		    struct fault *fault)
{
	if (prepare_list(&set->literals, true, cache, fault) < 0)
		return -1;
	return prepare_list(&set->regexes, false, cache, fault);
}

static void need_scratch(const hs_database_t *database, hs_scratch_t **scratch)
{
	if (database && hs_alloc_scratch(database, scratch) != HS_SUCCESS)
		die(1, "out of memory; give the process more of it");
}

struct pattern_scanner *pattern_scanner_new(const struct pattern_set *set)
{
	struct pattern_scanner *scanner = memory_new(1, sizeof(*scanner));

	scanner->set = set;
	need_scratch(set->literals.database, &scanner->scratch);
	need_scratch(set->regexes.database, &scanner->scratch);
	return scanner;
}

void pattern_scanner_free(struct pattern_scanner *scanner)
{
	if (!scanner)
		return;
	hs_free_scratch(scanner->scratch);
	free(scanner);
}

/* The shape of the parameters is Hyperscan's. */
static int match_found(unsigned id, unsigned long long from,
		       unsigned long long to, unsigned flags, void *context)
{
	struct scan *scan = context;
	const struct pattern *pattern = &scan->list->items[id];
	struct pattern_match match = {
		.number = pattern->number,
		.start = to - pattern->width,
		.end = to,
		.weight = pattern->width,
	};

	(void)from;
	(void)flags;
	scan->visit(&match, scan->context);
	return 0;
}

void pattern_scan(struct pattern_scanner *scanner, struct slice folded,
		  void (*visit)(const struct pattern_match *match,
				void *context),
		  void *context)
{
	const struct pattern_set *set = scanner->set;
	struct scan literals = { &set->literals, visit, context };
	struct scan regexes = { &set->regexes, visit, context };

	if (folded.len == 0)
		return;
	if (set->literals.database)
		hs_scan(set->literals.database, folded.at, (unsigned)folded.len,
			0, scanner->scratch, match_found, &literals);
	if (set->regexes.database)
		hs_scan(set->regexes.database, folded.at, (unsigned)folded.len,
			0, scanner->scratch, match_found, &regexes);
}

/* Length of a typographic apostrophe at the start of `text`; 0: none. */
static size_t apostrophe_length(struct slice text)
{
	static const struct slice forms[] = {
		SLICE("\xe2\x80\x98"),
		SLICE("\xe2\x80\x99"),
		SLICE("\xc2\xb4"),
		SLICE("`"),
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (slice_starts(text, forms[i]))
			return forms[i].len;
	return 0;
}

void pattern_fold(struct slice text, struct buf *into)
{
	char *out;
	bool blank = true;

	buf_reset(into);
	buf_reserve(into, text.len + 1);
	out = into->at;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (!blank)
				*out++ = ' ';
			blank = true;
			continue;
		}
		blank = false;
		if (c >= 'A' && c <= 'Z') {
			c |= 0x20;
		} else if (c == '`' || c >= 0xc2) {
			size_t len = apostrophe_length(slice_after(text, i));

			if (len) {
				c = '\'';
				i += len - 1;
			}
		}
		*out++ = (char)c;
	}
	into->len = (size_t)(out - into->at);
	if (into->len && blank)
		into->len--;
}
