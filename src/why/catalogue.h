/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue: what can be said of a failure. An entry has conditions, a
 * reason, links, and texts in the language it was loaded with; where it has no
 * text of its own it has its reason's. The catalogue owns all its texts; it is
 * built once by catalogue_load() and then only read, so that threads can share
 * it. Reloading builds another one.
 */
#ifndef MAILWHY_WHY_CATALOGUE_H
#define MAILWHY_WHY_CATALOGUE_H

#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "parse/enhanced.h"
#include "why/pattern.h"
#include "why/phrase.h"
#include "why/provider.h"
#include "why/reason.h"
#include "why/words.h"

/* What people read. */
struct text {
	struct slice title;       /* at most 60 characters */
	struct slice explanation; /* what happened */
	struct slice advice;      /* what the sender does now */
	struct slice admin; /* what the sending server's administrator does */
};

/* "X.7.606-649": class 0 is any, details from-to inclusive. */
struct enhanced_range {
	uint8_t class;
	uint16_t subject;
	uint16_t first_detail;
	uint16_t last_detail;
};

struct entry {
	size_t position; /* in the catalogue */
	struct slice id;
	enum reason reason;
	struct slice detail; /* finer word within the reason, may be empty */
	struct slice source; /* where the fact is from */
	const struct slice *links;
	size_t link_count;
	struct text text;
	const struct slice *texts; /* literals, one of which must be found */
	size_t text_count;
	const struct slice *phrases; /* or one of these (why/phrase.h) */
	size_t phrase_count;
	const struct slice *regexes; /* or of these */
	size_t regex_count;
	/* Conditions; all that are given must hold. */
	struct slice provider;
	const uint16_t *codes;
	size_t code_count;
	const struct enhanced_range *enhanced;
	size_t enhanced_count;
	uint32_t stages;   /* bit 1 << enum stage; 0: any */
	uint8_t class;     /* 4 or 5: any code of that class; 0: not asked */
	bool has_patterns; /* a text, phrase or regex must be found */
	bool local;        /* only what the own mail system says */
	bool bare;         /* only for codes without words */
	bool weak;         /* generic words: an enhanced code says more */
	bool general;    /* says the reason; of that a closer entry says more */
	uint16_t weight; /* counts as so many bytes; 0: as what was found */
};

struct catalogue;

/* A word of reports and pages in the catalogue's language: key and text. */
struct label {
	struct slice key;
	struct slice text;
};

/* Where a catalogue comes from. */
struct catalogue_source {
	/* The directory of catalogue.json, providers.json, words.tsv,
	 * lang/LL.json. */
	const char *dir;
	/* What is laid over it, weakest first, NULL behind the last: files, or
	 * directories of *.json; those that do not exist are none. NULL: none.
	 */
	const char *const *over;
	const char *lang; /* "de" */
};

/*
 * Loads what `source` says. A file that is laid over has "providers", "entries"
 * (their texts by language in the entry, "texts") and "texts" (by language, as
 * in lang/LL.json); its entries come before the weaker ones and replace those
 * of the same id, its texts replace texts. -1 and a fault that says file, line
 * and key, and what is wrong. The result is freed with catalogue_free().
 */
int catalogue_load(const struct catalogue_source *source,
		   struct catalogue **loaded, struct fault *fault);

/* The same, with a look at each regular expression, and calling `visit` for
 * each fault, not only the first. */
int catalogue_check(const struct catalogue_source *source,
		    struct catalogue **loaded, fault_visit *visit,
		    void *context);
void catalogue_free(struct catalogue *catalogue); /* NULL is allowed */

size_t catalogue_count(const struct catalogue *catalogue);
/* Entries by position, 0 to count - 1, in the order of the file. */
const struct entry *catalogue_entry(const struct catalogue *catalogue,
				    size_t position);
/* NULL if there is none of that id. */
const struct entry *catalogue_find(const struct catalogue *catalogue,
				   struct slice id);
/*
 * The first field ("title" ...) that the entry `id` has a text of its own for
 * in `than` and not in `catalogue`, which is the same in another language;
 * NULL: none.
 */
const char *catalogue_lacks(const struct catalogue *catalogue,
			    const struct catalogue *than, struct slice id);

const struct text *catalogue_reason_text(const struct catalogue *catalogue,
					 enum reason reason);
/* Language code and its own name: "de", "Deutsch". */
struct slice catalogue_lang(const struct catalogue *catalogue);
struct slice catalogue_lang_name(const struct catalogue *catalogue);
/* The label of that key; the key itself if the language lacks it. */
struct slice catalogue_label(const struct catalogue *catalogue,
			     struct slice key);

const struct providers *catalogue_providers(const struct catalogue *catalogue);
/* A pattern's number is its entry's position; from CATALOGUE_MARKS on it is a
 * provider's, known by these words; from CATALOGUE_WORDS on that of a word of
 * the phrases. A phrase's number is its entry's position. The patterns are
 * gathered when they are asked for first, by one thread. */
enum { CATALOGUE_MARKS = 1 << 29, CATALOGUE_WORDS = 1 << 30 };
struct pattern_set *catalogue_patterns(struct catalogue *catalogue);
const struct phrase_set *catalogue_phrases(const struct catalogue *catalogue);
const struct words *catalogue_words(const struct catalogue *catalogue);

/* The general entry of a reason; NULL if it has none. */
const struct entry *catalogue_general(const struct catalogue *catalogue,
				      enum reason reason);

/* Next entry, after `previous` (NULL: the first), without patterns, that asks
 * for this basic code; NULL at the end. */
const struct entry *catalogue_next_code(const struct catalogue *catalogue,
					uint16_t code,
					const struct entry *previous);

/* The same for entries that ask for an enhanced code and no basic code. */
const struct entry *catalogue_next_enhanced(const struct catalogue *catalogue,
					    struct enhanced code,
					    const struct entry *previous);

/* The entries of the class of a code (4 or 5), and for nothing at all (0).
 * Never NULL: loading fails without them. */
const struct entry *catalogue_class(const struct catalogue *catalogue,
				    unsigned class);

/* Whether the conditions but the patterns hold. */
struct question {
	struct slice provider; /* empty: unknown */
	uint16_t code;         /* 0: none */
	struct enhanced enhanced;
	unsigned stage;    /* enum stage */
	bool local;        /* no server answered */
	bool inbound;      /* this server refuses: no provider answers */
	bool bare;         /* nothing but codes was said */
	struct slice text; /* what was said */
};
bool entry_fits(const struct entry *entry, const struct question *question);

#endif
