/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a catalogue comes to be: the loader and the tests add its parts, then
 * finish it. All slices are copied.
 */
#ifndef MAILWHY_WHY_CATALOGUE_BUILD_H
#define MAILWHY_WHY_CATALOGUE_BUILD_H

#include "why/catalogue.h"

/* Never NULL. */
struct catalogue *catalogue_new(void);

/*
 * Adds a copy of `entry`, its arrays included; its phrases are good (see
 * phrase_check()), what people read (entry->text) comes later. False if an
 * entry of that id is there.
 */
bool catalogue_add(struct catalogue *catalogue, const struct entry *entry);

/* Texts by entry id or by reason; a field left empty stays as it is. What was
 * said of the same before is replaced. */
void catalogue_set_text(struct catalogue *catalogue, struct slice id,
			const struct text *text);
void catalogue_set_reason_text(struct catalogue *catalogue, enum reason reason,
			       const struct text *text);
void catalogue_set_lang(struct catalogue *catalogue, struct slice lang,
			struct slice name);
void catalogue_set_label(struct catalogue *catalogue, struct slice key,
			 struct slice text);

/* Words by which a provider is known when its server is not. */
void catalogue_add_mark(struct catalogue *catalogue, struct slice mark,
			struct slice provider);

struct words *catalogue_own_words(struct catalogue *catalogue);
struct providers *catalogue_own_providers(struct catalogue *catalogue);

/*
 * Builds the indexes, gives each entry its reason's texts where it has none.
 * -1 and a fault if the catalogue is not complete: a text is missing, or the
 * entries for the classes 4 and 5 and for anything.
 */
int catalogue_finish(struct catalogue *catalogue, struct fault *fault);

#endif
