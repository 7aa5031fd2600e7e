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
enum { FLAGS = HS_FLAG_CASELESS };

struct pattern {
	uint32_t number;
	uint32_t width; /* the least it matches; of a regular expression known
			   when it is compiled */
};

/* Texts and regular expressions in one database: two would be searched one
 * after the other, and each throws what the other needs out of the processor's
 * cache. */
struct pattern_set {
	struct arena texts;
	struct pattern *items;
	struct slice
		*expressions; /* apart: for a match they are not looked at */
	size_t count;
	size_t size;
	hs_database_t *database; /* NULL: not compiled, or nothing in it */
	struct buf scratch;
};

struct pattern_scanner {
	const struct pattern_set *set;
	hs_scratch_t *scratch;
};

/* What a call of Hyperscan's back into match_found() needs. */
struct scan {
	const struct pattern_set *set;
	void (*visit)(const struct pattern_match *match, void *context);
	void *context;
};

struct pattern_set *pattern_set_new(void)
{
	return memory_new(1, sizeof(struct pattern_set));
}

void pattern_set_free(struct pattern_set *set)
{
	if (!set)
		return;
	free(set->items);
	free(set->expressions);
	hs_free_database(set->database);
	arena_clear(&set->texts);
	buf_clear(&set->scratch);
	free(set);
}

static void add(struct pattern_set *set, struct slice expression,
		struct pattern pattern)
{
	if (set->count == set->size) {
		set->size = set->size ? set->size * 2 : 256;
		set->items = memory_resize(set->items, set->size,
					   sizeof(set->items[0]));
		set->expressions = memory_resize(set->expressions, set->size,
						 sizeof(set->expressions[0]));
	}
	set->expressions[set->count] = arena_keep(&set->texts, expression);
	set->items[set->count++] = pattern;
}

/* The expression that matches just this text. */
static void add_escaped(struct buf *into, struct slice text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			buf_add_char(into, text.at[i]);
			continue;
		}
		buf_add(into, SLICE("\\x"));
		buf_add_char(into, digits[c >> 4]);
		buf_add_char(into, digits[c & 15]);
	}
}

void pattern_add_literal(struct pattern_set *set, struct slice text,
			 uint32_t number)
{
	struct buf expression = { 0 };

	pattern_fold(text, &set->scratch);
	add_escaped(&expression, buf_slice(&set->scratch));
	add(set, buf_slice(&expression),
	    (struct pattern){ number, (uint32_t)set->scratch.len });
	buf_clear(&expression);
}

void pattern_add_regex(struct pattern_set *set, struct slice regex,
		       uint32_t number)
{
	add(set, regex, (struct pattern){ .number = number });
}

/* The least that the expression matches. Compiling would refuse one that
 * matches nothing at all, and all others with it. */
static int regex_width(const char *regex, uint32_t *width, struct fault *fault)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;

	*width = 0;
	if (hs_expression_info(regex, FLAGS, &info, &error) != HS_SUCCESS) {
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

static int measure_regexes(struct pattern_set *set, struct fault *fault)
{
	for (size_t i = 0; i < set->count; i++)
		if (!set->items[i].width &&
		    regex_width(set->expressions[i].at, &set->items[i].width,
				fault) < 0)
			return -1;
	return 0;
}

static int compile(struct pattern_set *set, struct fault *fault)
{
	size_t count = set->count;
	const char **texts = memory_new(count, sizeof(texts[0]));
	unsigned *flags = memory_new(count, sizeof(flags[0]));
	unsigned *ids = memory_new(count, sizeof(ids[0]));
	hs_compile_error_t *error = NULL;
	hs_error_t result = HS_SUCCESS;

	for (size_t i = 0; i < count; i++) {
		texts[i] = set->expressions[i].at;
		flags[i] = FLAGS;
		ids[i] = (unsigned)i;
	}
	result = hs_compile_multi(texts, flags, ids, (unsigned)count,
				  HS_MODE_BLOCK, NULL, &set->database, &error);
	if (result != HS_SUCCESS) {
		fault_set(fault, "texts of the catalogue: %s",
			  error ? error->message : "cannot be compiled");
		hs_free_compile_error(error);
	}
	free(texts);
	free(flags);
	free(ids);
	return result == HS_SUCCESS ? 0 : -1;
}

/* Different for other patterns, another library, another processor. The seed is
 * fixed: the key is a file's name. */
static uint64_t set_key(const struct pattern_set *set)
{
	uint64_t key = hash_slice(slice_from(hs_version()), 5);
	hs_platform_info_t platform = { 0 };

	(void)hs_populate_platform(&platform);
	key = hash_slice(
		(struct slice){ (const char *)&platform, sizeof(platform) },
		key);
	for (size_t i = 0; i < set->count; i++)
		key = hash_slice(set->expressions[i], key);
	return key;
}

/* What is kept: the widths, then the database. */
static bool load(struct pattern_set *set, const char *cache, uint64_t key)
{
	size_t head = set->count * sizeof(uint32_t);
	struct buf bytes = { 0 };
	bool loaded = pattern_cache_read(cache, key, &bytes) &&
		      bytes.len > head &&
		      hs_deserialize_database(bytes.at + head, bytes.len - head,
					      &set->database) == HS_SUCCESS;

	for (size_t i = 0; loaded && i < set->count; i++)
		memcpy(&set->items[i].width, bytes.at + i * sizeof(uint32_t),
		       sizeof(uint32_t));
	buf_clear(&bytes);
	return loaded;
}

static void keep(const struct pattern_set *set, const char *cache, uint64_t key)
{
	struct buf all = { 0 };
	char *bytes = NULL;
	size_t len = 0;

	if (hs_serialize_database(set->database, &bytes, &len) != HS_SUCCESS)
		return;
	for (size_t i = 0; i < set->count; i++)
		buf_add(&all,
			(struct slice){ (const char *)&set->items[i].width,
					sizeof(uint32_t) });
	buf_add(&all, (struct slice){ bytes, len });
	pattern_cache_write(cache, key, buf_slice(&all));
	buf_clear(&all);
	free(bytes);
}

int pattern_compile(struct pattern_set *set, const char *cache,
		    struct fault *fault)
{
	uint64_t key = set_key(set);

	if (!set->count || set->database)
		return 0;
	if (cache && load(set, cache, key))
		return 0;
	if (measure_regexes(set, fault) < 0 || compile(set, fault) < 0)
		return -1;
	if (cache)
		keep(set, cache, key);
	return 0;
}

struct pattern_scanner *pattern_scanner_new(const struct pattern_set *set)
{
	struct pattern_scanner *scanner = memory_new(1, sizeof(*scanner));

	scanner->set = set;
	if (set->database &&
	    hs_alloc_scratch(set->database, &scanner->scratch) != HS_SUCCESS)
		die(1, "out of memory; give the process more of it");
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
	const struct pattern *pattern = &scan->set->items[id];
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
	struct scan scan = { scanner->set, visit, context };

	if (folded.len && scanner->set->database)
		hs_scan(scanner->set->database, folded.at, (unsigned)folded.len,
			0, scanner->scratch, match_found, &scan);
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

/* Capitals of two bytes in UTF-8 and how far their small letters are: all from
 * `first` to `last`, or every other one. */
static const struct {
	uint16_t first;
	uint16_t last;
	uint8_t step;
	uint8_t distance;
} capitals[] = {
	{ 0x00c0, 0x00d6, 1, 0x20 }, { 0x00d8, 0x00de, 1, 0x20 },
	{ 0x0100, 0x012e, 2, 1 },    { 0x0132, 0x0136, 2, 1 },
	{ 0x0139, 0x0147, 2, 1 },    { 0x014a, 0x0176, 2, 1 },
	{ 0x0179, 0x017d, 2, 1 },    { 0x0391, 0x03a1, 1, 0x20 },
	{ 0x03a3, 0x03a9, 1, 0x20 }, { 0x0400, 0x040f, 1, 0x50 },
	{ 0x0410, 0x042f, 1, 0x20 },
};

/* Writes the small letter of the capital of two bytes at the start of `text`.
 * False if there is none. */
static bool fold_capital(struct slice text, char *out)
{
	const unsigned char *at = (const unsigned char *)text.at;
	uint16_t point;

	if (text.len < 2 || at[0] < 0xc3 || at[0] > 0xd0 ||
	    (at[1] & 0xc0) != 0x80)
		return false;
	point = (uint16_t)((at[0] & 0x1f) << 6 | (at[1] & 0x3f));
	for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++) {
		if (point < capitals[i].first || point > capitals[i].last ||
		    (point - capitals[i].first) % capitals[i].step != 0)
			continue;
		point = (uint16_t)(point + capitals[i].distance);
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return true;
	}
	return false;
}

/* Whether a byte is folded by itself. */
static bool is_plain(unsigned char c)
{
	return c > ' ' && c != '`' && c < 0xc2;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void pattern_fold(struct slice text, struct buf *into)
{
	char *out;

	buf_reset(into);
	buf_reserve(into, text.len + 1);
	out = into->at;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		size_t len;

		if (is_plain(c)) {
			*out++ = (char)(c | (c >= 'A' && c <= 'Z') << 5);
		} else if (is_blank(c)) {
			if (out > into->at && out[-1] != ' ')
				*out++ = ' ';
		} else if ((len = apostrophe_length(slice_after(text, i)))) {
			*out++ = '\'';
			i += len - 1;
		} else if (fold_capital(slice_after(text, i), out)) {
			out += 2;
			i++;
		} else {
			*out++ = (char)c;
		}
	}
	into->len = (size_t)(out - into->at);
	if (into->len && out[-1] == ' ')
		into->len--;
}
