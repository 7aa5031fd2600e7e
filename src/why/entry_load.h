/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of the catalogue, out of its JSON object. For why/ alone. */
#ifndef MAILWHY_WHY_ENTRY_LOAD_H
#define MAILWHY_WHY_ENTRY_LOAD_H

#include "why/loading.h"

/*
 * Adds the entry that is in hand to the catalogue. One of the same id among
 * the first `before` entries stays: it came from a stronger file. -1 if
 * loading ends here.
 */
int entry_load(struct loading *loading, struct fjson_object *object,
	       size_t before);

/* What people read, out of {"title": ...}; what is absent stays empty. The
 * slices are borrowed from `object`. -1 if loading ends here. */
int entry_load_text(struct loading *loading, struct fjson_object *object,
		    struct text *text);

#endif
