/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phrases: words that stand in a reply one after the other, with little in
 * between. They say what many servers say in as many wordings, where a literal
 * would be too narrow:
 *
 *     mailbox|account|inbox ... full|over quota|exceed*
 *
 * Parts are separated by "...", at most 60 bytes lie between two, or by "..",
 * at most 20. The words of a part are separated by "|"; one of them must be
 * found. They are whole words, unless "*" at an end leaves it open.
 *
 * The words are searched for as literals (why/pattern), each once however many
 * phrases hold it; this module numbers them and puts the phrases together.
 */
#ifndef MAILWHY_WHY_PHRASE_H
#define MAILWHY_WHY_PHRASE_H

#include "base/fault.h"
#include "base/slice.h"

struct phrase_set;
struct phrase_finder;

enum { PHRASE_PARTS = 4, PHRASE_WIDE_GAP = 60, PHRASE_NARROW_GAP = 20 };

/* Never NULL. Free with phrase_set_free(). */
struct phrase_set *phrase_set_new(void);
void phrase_set_free(struct phrase_set *set); /* NULL is allowed */

/* Whether it can be used. -1 and a fault if not. */
int phrase_check(struct slice text, struct fault *fault);

/* Adds a phrase that is good; `number` is its owner's. */
void phrase_add(struct phrase_set *set, struct slice text, uint32_t number);

/* The words, numbered 0 to count - 1: folded, without "*". */
size_t phrase_word_count(const struct phrase_set *set);
struct slice phrase_word(const struct phrase_set *set, size_t word);

/* A phrase that was found, in bytes of the folded text. */
struct phrase_match {
	uint32_t number;
	size_t start;
	size_t end;
	size_t weight; /* length of the words found, without what is between */
};

/* One a thread; the set must outlive it. Never NULL. */
struct phrase_finder *phrase_finder_new(const struct phrase_set *set);
void phrase_finder_free(struct phrase_finder *finder); /* NULL is allowed */

/* A word was found in `folded`. In any order. */
void phrase_note(struct phrase_finder *finder, struct slice folded,
		 uint32_t word, size_t start, size_t end);

/* Calls `visit` for the phrases that the words noted make up, perhaps more than
 * once for the same, and forgets the words. */
void phrase_find(struct phrase_finder *finder,
		 void (*visit)(const struct phrase_match *match, void *context),
		 void *context);

#endif
