/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slice is a run of bytes that somebody else owns: most often a part of the
 * line in hand. Two words, passed by value, never freed, not NUL-terminated,
 * any byte allowed. It lives as long as its owner says; the line reader says
 * "until the next line". Whoever keeps one longer copies it: arena_keep().
 */
#ifndef MAILWHY_BASE_SLICE_H
#define MAILWHY_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *at; /* NULL only if len is 0 */
	size_t len;     /* in bytes */
};

#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })

static inline struct slice slice_from(const char *string)
{
	return (struct slice){ string, strlen(string) };
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

static inline bool slice_starts(struct slice text, struct slice head)
{
	return text.len >= head.len &&
	       (head.len == 0 || !memcmp(text.at, head.at, head.len));
}

static inline bool slice_ends(struct slice text, struct slice tail)
{
	return text.len >= tail.len &&
	       (tail.len == 0 ||
		!memcmp(text.at + text.len - tail.len, tail.at, tail.len));
}

/* The rest after the first `count` bytes; empty if there are no more. */
static inline struct slice slice_after(struct slice text, size_t count)
{
	if (count >= text.len)
		return (struct slice){ 0 };
	return (struct slice){ text.at + count, text.len - count };
}

/* The first `count` bytes, or all if there are fewer. */
static inline struct slice slice_head(struct slice text, size_t count)
{
	return (struct slice){ text.at, count < text.len ? count : text.len };
}

/* Byte order, shorter first where one begins the other: as memcmp(). */
int slice_compare(struct slice a, struct slice b);

/* As slice_equal(), ASCII letters equal in either case. */
bool slice_equal_nocase(struct slice a, struct slice b);

/*
 * Moves everything before the first `stop` from *rest to *head, and the stop
 * itself away. Without a stop: false, and neither is touched.
 */
static inline bool slice_cut(struct slice *rest, char stop, struct slice *head)
{
	const char *hit = rest->len ? memchr(rest->at, stop, rest->len) : NULL;

	if (!hit)
		return false;
	*head = (struct slice){ rest->at, (size_t)(hit - rest->at) };
	rest->at = hit + 1;
	rest->len -= head->len + 1;
	return true;
}

/* As slice_cut(), but the stop is a text. */
bool slice_cut_at(struct slice *rest, struct slice stop, struct slice *head);

/* Takes `head` off the front of *rest; false, and untouched, if absent. */
static inline bool slice_skip(struct slice *rest, struct slice head)
{
	if (!slice_starts(*rest, head))
		return false;
	if (head.len == 0)
		return true;
	rest->at += head.len;
	rest->len -= head.len;
	return true;
}

/* Position of the first `needle` in `text`; SIZE_MAX if there is none. */
size_t slice_find(struct slice text, struct slice needle);

/* As slice_find(), ASCII letters equal in either case; `needle` is in lower
 * case and not empty. */
size_t slice_find_nocase(struct slice text, struct slice needle);

/* As slice_starts(), ASCII letters equal in either case. */
bool slice_starts_nocase(struct slice text, struct slice head);

/* Without the blanks and tabs at both ends. */
struct slice slice_trim(struct slice text);

/* Whether it holds nothing but blanks, tabs and line breaks. */
bool slice_is_blank(struct slice text);

/*
 * Reads decimal digits, all of `text`, into *number. False, and *number 0, if
 * it is empty, holds anything else, or does not fit.
 */
bool slice_number(struct slice text, uint64_t *number);

#endif
