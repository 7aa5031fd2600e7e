/* SPDX-License-Identifier: Apache-2.0 */
#include "rsyslog/omprog.h"

#include <stddef.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fd.h"

/* rsyslog's defaults of beginTransactionMark and commitTransactionMark. Both
 * end alike, so that one search finds them. */
static const struct slice begin_mark = SLICE("BEGIN TRANSACTION\n");
static const struct slice commit_mark = SLICE("COMMIT TRANSACTION\n");
static const struct slice marks_end = SLICE(" TRANSACTION\n");

void omprog_init(struct omprog *omprog, int fd)
{
	struct stat status;

	*omprog = (struct omprog){ .fd = fd };
	omprog->confirms = fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* The first line of a text, with its LF. */
static struct slice first_line(struct slice text)
{
	const char *lf = memchr(text.at, '\n', text.len);

	return lf ? slice_head(text, (size_t)(lf - text.at) + 1) : text;
}

static enum omprog_kind kind_of(struct slice line)
{
	if (slice_equal(line, begin_mark))
		return OMPROG_BEGIN;
	if (slice_equal(line, commit_mark))
		return OMPROG_COMMIT;
	return OMPROG_LINES;
}

/* How many bytes of lines there are before the next mark. */
static size_t before_mark(struct slice text)
{
	size_t from = 0;

	for (;;) {
		struct slice rest = slice_after(text, from);
		size_t hit = slice_find(rest, marks_end);
		const char *before;
		size_t start;

		if (hit == SIZE_MAX)
			return text.len;
		before = hit ? memrchr(rest.at, '\n', hit) : NULL;
		start = from + (before ? (size_t)(before - rest.at) + 1 : 0);
		from += hit + marks_end.len;
		rest = (struct slice){ text.at + start, from - start };
		if (kind_of(rest) != OMPROG_LINES)
			return start;
	}
}

enum omprog_kind omprog_next(const struct omprog *omprog, struct slice *rest,
			     struct slice *piece)
{
	enum omprog_kind kind;

	*piece = first_line(*rest);
	kind = kind_of(*piece);
	if (kind == OMPROG_LINES && !omprog->confirms)
		*piece = slice_head(*rest, before_mark(*rest));
	*rest = slice_after(*rest, piece->len);
	return kind;
}

static void answer(struct omprog *omprog, struct slice text)
{
	if (omprog->confirms && !omprog->gone &&
	    fd_write(omprog->fd, text.at, text.len) < 0)
		omprog->gone = true;
}

void omprog_ready(struct omprog *omprog)
{
	answer(omprog, SLICE("OK\n"));
}

void omprog_accept(struct omprog *omprog, enum omprog_kind kind)
{
	if (kind == OMPROG_BEGIN)
		omprog->inside = true;
	if (kind == OMPROG_COMMIT)
		omprog->inside = false;
	answer(omprog, kind == OMPROG_LINES && omprog->inside
			       ? SLICE("DEFER_COMMIT\n")
			       : SLICE("OK\n"));
}

void omprog_refuse(struct omprog *omprog, const char *reason)
{
	struct buf text = { 0 };

	/* The words before it keep a reason from being taken for an answer. */
	buf_add(&text, SLICE("cannot store: "));
	for (; *reason; reason++)
		buf_add_char(&text,
			     (unsigned char)*reason < ' ' ? '?' : *reason);
	buf_add_char(&text, '\n');
	omprog->inside = false;
	answer(omprog, buf_slice(&text));
	buf_clear(&text);
}
