/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sieve.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What hides marks inside of JSON: "=" and ">" are \u003d and \u003e to some
 * writers, a message may be a list of bytes to journald. */
#define HIDDEN "\\u003", "MESSAGE\":[", "MESSAGE\" : ["

/* What each mail server's attempts and refusals hold, in the order of mta.h;
 * "reject" is in all of them. */
static const char *const marks[] = {
	/* Postfix */
	"status=",
	"reject",
	/* Exim */
	" => ",
	" -> ",
	" >> ",
	" ** ",
	" == ",
	" *> ",
	"authenticator failed",
	/* Exim: the end of what was cut for syslog */
	" [2/",
	" [3/",
	" [4/",
	" [5/",
	" [6/",
	" [7/",
	" [8/",
	" [9/",
	" [10/",
	" [2\\",
	" [3\\",
	" [4\\",
	/* Sendmail, OpenSMTPD */
	" stat=",
	/* Sendmail */
	">... ",
	/* Dovecot */
	"save failed to ",
	"saved mail to ",
	" store into mailbox ",
	"stored mail into mailbox ",
	"left message in mailbox ",
	/* OpenSMTPD: its attempts, its sessions */
	"result=",
	"connected address=",
	"connecting address=",
	"error reason=",
	/* qmail: starts and ends of attempts */
	"elivery ",
	/* Exchange */
	",SEND,",
	",SENDEXTERNAL,",
	",DELIVER,",
	",FAIL,",
	",DEFER,",
	"#Fields: date-time,",
	/* Haraka: attempts and why they failed; sessions and their end */
	"] [outbound] ",
	"] [core] recipient <",
	"] [core] sender <",
	"] [core] queue code=",
	"] [core] connect ip=",
	"] [core] disconnect ip=",
	" retval=DENY",
	/* Stalwart */
	" (delivery.",
	" (queue.rescheduled) ",
	HIDDEN,
};

/* Those of OpenSMTPD, qmail, Haraka and Stalwart; the tag of Exim's lines in
 * syslog, and its deferrals elsewhere; the head of Exchange's files. */
static const char *const order_marks[] = {
	"elivery ",
	"result=",
	"connected address=",
	"connecting address=",
	"error reason=",
	"exim",
	" == ",
	"#Fields: date-time,",
	"] [outbound] ",
	"] [core] ",
	" (delivery.",
	" (queue.rescheduled) ",
	HIDDEN,
};

/* What the lines hold that tell of a message. */
static const char *const message_marks[] = {
	/* Postfix */
	"from=<",
	"client=",
	"message-id=",
	": removed",
	/* Exim */
	" <= ",
	" Completed",
	/* Sendmail */
	": from=",
	": DSN: ",
	": return to sender: ",
	": postmaster notify: ",
	": clone: owner=",
	"AUTH=server, ",
	/* OpenSMTPD */
	"smtp message msgid=",
	"smtp envelope evpid=",
	"smtp event=message ",
	/* qmail */
	"new msg ",
	"info msg ",
	"end msg ",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MOST_MARKS = COUNT(marks) + COUNT(message_marks) };

struct sieve {
	hs_database_t *database;
	hs_scratch_t *scratch;
	struct slice *lines;
	size_t count;
	size_t size;
};

static size_t count_plainly(struct slice block, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < block.len; i++)
		count += block.at[i] == '\n';
	return count;
}

#ifdef __SSE2__
/* A comparison gives 0 or -1 a byte; 255 of them are summed up in bytes before
 * they could overflow. */
size_t sieve_count_lines(struct slice block)
{
	const __m128i newline = _mm_set1_epi8('\n');
	const __m128i zero = _mm_setzero_si128();
	size_t count = 0;
	size_t at = 0;

	while (block.len - at >= 16) {
		size_t steps = (block.len - at) / 16;
		__m128i bytes = zero;
		__m128i sums;

		if (steps > 255)
			steps = 255;
		for (size_t i = 0; i < steps; i++, at += 16) {
			const char *here = block.at + at;
			__m128i hit = _mm_cmpeq_epi8(
				_mm_loadu_si128((const __m128i_u *)here),
				newline);

			bytes = _mm_sub_epi8(bytes, hit);
		}
		sums = _mm_sad_epu8(bytes, zero);
		count += (size_t)_mm_cvtsi128_si64(sums) +
			 (size_t)_mm_cvtsi128_si64(
				 _mm_unpackhi_epi64(sums, sums));
	}
	return count + count_plainly(block, at);
}
#else
size_t sieve_count_lines(struct slice block)
{
	return count_plainly(block, 0);
}
#endif

static struct sieve *sieve_for(const char *const *texts, size_t count)
{
	struct sieve *sieve = memory_new(1, sizeof(*sieve));
	hs_compile_error_t *error = NULL;
	unsigned flags[MOST_MARKS] = { 0 };
	unsigned ids[MOST_MARKS] = { 0 };
	size_t lens[MOST_MARKS];

	for (size_t i = 0; i < count; i++)
		lens[i] = strlen(texts[i]);
	if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)count,
				 HS_MODE_BLOCK, NULL, &sieve->database,
				 &error) != HS_SUCCESS ||
	    hs_alloc_scratch(sieve->database, &sieve->scratch) != HS_SUCCESS)
		die(1, "Hyperscan cannot be used here: %s",
		    error ? error->message : "out of memory");
	return sieve;
}

struct sieve *sieve_new(void)
{
	return sieve_for(marks, COUNT(marks));
}

struct sieve *sieve_new_for_order(void)
{
	return sieve_for(order_marks, COUNT(order_marks));
}

struct sieve *sieve_new_for_messages(void)
{
	const char *texts[MOST_MARKS];

	memcpy(texts, marks, sizeof(marks));
	memcpy(texts + COUNT(marks), message_marks, sizeof(message_marks));
	return sieve_for(texts, MOST_MARKS);
}

void sieve_free(struct sieve *sieve)
{
	if (!sieve)
		return;
	hs_free_scratch(sieve->scratch);
	hs_free_database(sieve->database);
	free(sieve->lines);
	free(sieve);
}

/* What a call of Hyperscan's back into mark_found() needs. */
struct search {
	struct sieve *sieve;
	struct slice block;
	const char *done; /* up to here the lines are known */
};

static void add_line(struct sieve *sieve, struct slice line)
{
	if (sieve->count == sieve->size) {
		sieve->size = sieve->size ? sieve->size * 2 : 1024;
		sieve->lines = memory_resize(sieve->lines, sieve->size,
					     sizeof(sieve->lines[0]));
	}
	sieve->lines[sieve->count++] = line;
}

/* The shape of the parameters is Hyperscan's. Marks come in the order of their
 * ends. */
static int mark_found(unsigned id, unsigned long long from,
		      unsigned long long to, unsigned flags, void *context)
{
	struct search *search = context;
	const char *at = search->block.at + to - 1;
	const char *stop = search->block.at + search->block.len;
	const char *start;
	const char *end;

	(void)id;
	(void)from;
	(void)flags;
	if (at < search->done)
		return 0;
	start = memrchr(search->done, '\n', (size_t)(at - search->done));
	start = start ? start + 1 : search->done;
	end = memchr(at, '\n', (size_t)(stop - at));
	if (!end)
		end = stop;
	add_line(search->sieve, (struct slice){ start, (size_t)(end - start) });
	search->done = end < stop ? end + 1 : stop;
	return 0;
}

static int any_found(unsigned id, unsigned long long from,
		     unsigned long long to, unsigned flags, void *context)
{
	bool *found = context;

	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	*found = true;
	return 1;
}

bool sieve_passes(struct sieve *sieve, struct slice text)
{
	bool found = false;

	if (text.len)
		hs_scan(sieve->database, text.at, (unsigned)text.len, 0,
			sieve->scratch, any_found, &found);
	return found;
}

size_t sieve_block(struct sieve *sieve, struct slice block,
		   const struct slice **lines)
{
	struct search search = { sieve, block, block.at };

	sieve->count = 0;
	if (block.len)
		hs_scan(sieve->database, block.at, (unsigned)block.len, 0,
			sieve->scratch, mark_found, &search);
	*lines = sieve->lines;
	return sieve->count;
}
