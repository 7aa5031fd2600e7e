/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the JSON files of the catalogue: which file is in hand, at which
 * place of it, and how a fault is told. Loading for use stops at the first
 * fault; checking tells each and goes on. For why/ alone.
 */
#ifndef MAILWHY_WHY_LOADING_H
#define MAILWHY_WHY_LOADING_H

#include <libfastjson/json.h>

#include "base/fault.h"
#include "why/catalogue.h"
#include "why/json_place.h"

enum { LOADING_DEPTH = 8 };

struct loading {
	struct catalogue *catalogue;
	struct slice lang; /* whose texts are wanted */
	const char *path;  /* the file in hand */
	struct json_step steps[LOADING_DEPTH];
	size_t depth;
	struct slice entry; /* id of the entry in hand; else empty */
	size_t before;      /* so many entries are of stronger files */
	bool shipped;       /* the file is one that comes with mailwhy */
	struct fault *fault;
	/* Told of each fault, if not NULL; else the first one ends it. */
	fault_visit *visit;
	void *context;
	size_t fault_count;
};

/* One member of an object, in a loop. */
struct member {
	const char *name;
	struct fjson_object *value;
};

/* One step down into the value in hand, and back up. */
void loading_enter(struct loading *loading, const char *name);
void loading_enter_index(struct loading *loading, size_t index);
void loading_leave(struct loading *loading);

/*
 * A fault at the place in hand: file, line, the entry's id if there is one,
 * the offending key, the reason. Returns -1 if loading ends here, 0 if the
 * fault was told and loading goes on.
 */
int loading_refuse(struct loading *loading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for a member `name` of the value in hand. */
int loading_refuse_member(struct loading *loading, const char *name,
			  const char *reason);

/* A string; empty if it is none. Borrowed from the value. */
struct slice loading_string(struct fjson_object *value);
struct slice loading_member(struct fjson_object *object, const char *name);

/* A value or a list of values: their number, and one of them. So that
 * conditions may be written either way. */
size_t loading_count(struct fjson_object *value);
struct fjson_object *loading_at(struct fjson_object *value, size_t at);

/* Calls `visit` for each member, entered, until one returns -1. */
int loading_each(struct loading *loading, struct fjson_object *object,
		 int (*visit)(struct loading *loading,
			      const struct member *member, void *context),
		 void *context);

#endif
