/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of one batch of lines, so that none is lost and none is counted
 * twice when the program is killed. rsyslog does not send deferred lines again
 * when the program dies within a transaction; so each line is written to the
 * journal before it is answered. When the program dies at COMMIT, or refuses
 * it, all lines of the transaction come again; so the journal also recognises
 * what it holds.
 *
 * A batch is what came since journal_begin(), usually a transaction. It is
 *   open:    lines are coming, the output file has none of their events;
 *   storing: the file is about to grow, from a recorded place by a recorded
 *            number of bytes: what of it is there after a crash is cut away;
 *   stored:  all events are in the file; it is kept for recognition until
 *            the next batch begins with a new line;
 *   closed:  nothing of it can come again.
 *
 * After a start any line may come: one that is in the journal is taken for a
 * repetition, and those after it as long as they follow in the journal's
 * order; the first that does not ends that. While several places fit (equal
 * lines), all are followed. A new line that equals the last one of a killed
 * program byte by byte, its stamp included, cannot be told from a repetition.
 *
 * One process a journal: it is locked. The file is overwritten in place, so
 * that its length seldom changes and syncing is cheap; numbers and checks tell
 * what belongs to the batch in hand from what older ones left behind it.
 */
#ifndef MAILWHY_RSYSLOG_JOURNAL_H
#define MAILWHY_RSYSLOG_JOURNAL_H

#include "base/fault.h"
#include "base/slice.h"
#include "out/sink.h"

struct journal;

/* What an earlier run left in its journal, not stored. */
struct journal_rest {
	struct slice lines; /* whole lines; empty: nothing */
	size_t count;
	struct sink_place place; /* of the output before it grew */
	uint64_t growth;         /* by how much at most; 0: it did not */
};

/*
 * Opens or makes the journal and locks it; waits a few seconds for a process
 * that is about to end. -1 and a fault if it cannot be used. Free with
 * journal_close().
 */
int journal_open(const char *path, struct journal **opened,
		 struct fault *fault);
void journal_close(struct journal *journal); /* NULL is allowed */

/* What was left, valid until the batch is stored. That batch is in hand. */
const struct journal_rest *journal_rest(const struct journal *journal);

/* A batch begins; the one before must be stored. */
void journal_begin(struct journal *journal);

/*
 * Takes a line. True: it is new, and in the journal unless that could not be
 * written, which journal_save() tries again. False: it is a repetition.
 */
bool journal_take(struct journal *journal, struct slice line);

/*
 * Makes sure that all lines are in the journal, durably: on the disk, and that
 * the output is about to grow from `place` by `growth` bytes. -1 and a fault.
 */
int journal_save(struct journal *journal, const struct sink_place *place,
		 uint64_t growth, bool durably, struct fault *fault);

/* The batch is stored. */
int journal_mark_stored(struct journal *journal, struct fault *fault);
bool journal_is_stored(const struct journal *journal);

/* The batch was refused: its lines come again, from the first. */
void journal_expect_again(struct journal *journal);

/* The batch was broken off: any of its lines may come again. */
void journal_expect_any(struct journal *journal);

/* The batch is stored and accepted: its lines do not come again, not even
 * after a start. Does nothing while a repetition was begun or is awaited. */
int journal_mark_closed(struct journal *journal, struct fault *fault);

/* Opens the file of that path anew, if it was renamed or removed. Only while
 * all is stored. On failure the old one is kept. */
int journal_reopen(struct journal *journal, struct fault *fault);

#endif
