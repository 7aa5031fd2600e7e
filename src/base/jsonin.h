/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) read where it lies, value after value: nothing is built and
 * nothing allocated. It is for lines by the million of which a few members are
 * wanted; what is loaded once is libfastjson's. It is as strict as RFC 8259
 * about structure, and takes any byte inside of a string, as some writers of
 * logs escape neither control characters nor bad UTF-8.
 */
#ifndef MAILWHY_BASE_JSONIN_H
#define MAILWHY_BASE_JSONIN_H

#include "base/buf.h"
#include "base/slice.h"

/* Objects and arrays inside of one another; what is deeper is not read. */
enum { JSONIN_DEPTH = 32 };

enum jsonin_kind {
	JSONIN_STRING,
	JSONIN_NUMBER,
	JSONIN_OBJECT,
	JSONIN_ARRAY,
	JSONIN_WORD, /* true, false, null */
};

struct jsonin_value {
	enum jsonin_kind kind;
	bool escaped; /* a string that holds a backslash */
	/* Borrowed; as it was written, with its brackets, but of a string what
	 * stands between the quotes. */
	struct slice text;
};

/* Where reading an object or an array has come to. */
struct jsonin {
	struct slice rest; /* in the end: what stands behind it */
	unsigned depth;
	char close; /* the bracket that ends it */
	bool begun;
};

enum jsonin_step {
	JSONIN_BROKEN, /* this is no JSON; nothing more to read */
	JSONIN_ITEM,
	JSONIN_END,
};

/* Begins with the object or array at the start of `text`, which may have
 * blanks before it. False if there is none. */
bool jsonin_begin(struct slice text, struct jsonin *at);

/* The next member of an object; its name as it was written, escapes and all. */
enum jsonin_step jsonin_member(struct jsonin *at, struct slice *name,
			       struct jsonin_value *value);

/* The next element of an array. */
enum jsonin_step jsonin_element(struct jsonin *at, struct jsonin_value *value);

/*
 * Adds a string's text with its escapes undone, which is never longer than
 * `text`. Half a surrogate pair becomes U+FFFD; an escape that there is not
 * stays as it is.
 */
void jsonin_unescape(struct buf *buf, struct slice text);

#endif
