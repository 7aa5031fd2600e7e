/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/operands.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/stamp.h"
#include "cmd/signals.h"
#include "parse/envelope.h"
#include "read/rotation.h"
#include "read/source.h"

enum {
	HEAD_SIZE = 4096,
	/* A stamp that comes later than that is not looked for. */
	STAMP_WITHIN = 1024 * 1024,
};

/* An operand while the order is found. */
struct place {
	struct operand operand;
	struct rotation rotation;
	size_t given;     /* its number on the command line */
	int64_t first_us; /* the time of its first stamp; */
	bool stamped;     /* or else of the file */
	struct buf head;  /* of the plain bytes; only of rotated files */
	bool packed;
};

struct operands {
	struct place *places;
	struct place **order;
	size_t count;
};

/* An input that is read for its bytes alone. */
struct bytes {
	int fd;
	struct source *source;
	struct slice block; /* what is left of the last one */
};

static bool bytes_open(struct bytes *bytes, const char *name)
{
	bytes->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bytes->source = bytes->fd < 0 ? NULL : source_new(bytes->fd);
	bytes->block = (struct slice){ 0 };
	return bytes->source != NULL;
}

static void bytes_close(struct bytes *bytes)
{
	source_free(bytes->source);
	if (bytes->fd >= 0)
		(void)close(bytes->fd);
}

/* Makes sure that there is something in the block. 1; 0: the end; -1. */
static int bytes_fill(struct bytes *bytes, struct fault *fault)
{
	int got = 1;

	while (!bytes->block.len && got == 1)
		got = source_next(bytes->source, &bytes->block, fault);
	return got;
}

/* The first stamp of a block. */
static struct stamp first_stamp(struct envelope *envelope, struct slice block,
				struct calendar *calendar)
{
	struct stamp stamp = { 0 };
	struct slice line;

	while (block.len && !stamp.known) {
		if (!slice_cut(&block, '\n', &line)) {
			line = block;
			block = (struct slice){ 0 };
		}
		stamp = envelope_stamp(envelope, line, calendar);
	}
	return stamp;
}

/* Reads the beginning of a file of a rotation. Without a stamp its place is by
 * the time it was written. */
static void look_into(struct place *place, int year)
{
	int64_t written_us = place->operand.status.st_mtime * INT64_C(1000000);
	struct stamp stamp = { 0 };
	struct envelope *envelope;
	struct calendar calendar;
	struct bytes bytes;
	struct fault ignored;
	size_t read = 0;

	place->first_us = written_us;
	if (!bytes_open(&bytes, place->operand.name))
		return;
	envelope = envelope_new();
	calendar_init(&calendar, written_us, year);
	while (read < STAMP_WITHIN && !stamp.known &&
	       bytes_fill(&bytes, &ignored) == 1) {
		if (!read)
			buf_add(&place->head,
				slice_head(bytes.block, HEAD_SIZE));
		stamp = first_stamp(envelope, bytes.block, &calendar);
		read += bytes.block.len;
		bytes.block = (struct slice){ 0 };
	}
	place->stamped = stamp.known;
	if (stamp.known)
		place->first_us = stamp.us;
	place->packed = source_is_packed(bytes.source);
	envelope_free(envelope);
	bytes_close(&bytes);
}

/* How the bytes of two files compare. */
enum likeness { LIKE_NOT, LIKE_FIRST_WITHIN, LIKE_SECOND_WITHIN, LIKE_SAME };

/* Reads both until they differ or one ends. A damaged one ends there, and
 * fault->text tells. */
static enum likeness compare_bytes(struct bytes both[2], struct fault faults[2])
{
	while (!signals_ended()) {
		int first = bytes_fill(&both[0], &faults[0]);
		int second = bytes_fill(&both[1], &faults[1]);
		size_t len;

		if (first != 1 && second != 1)
			return LIKE_SAME;
		if (first != 1)
			return LIKE_FIRST_WITHIN;
		if (second != 1)
			return LIKE_SECOND_WITHIN;
		len = both[0].block.len < both[1].block.len ? both[0].block.len
							    : both[1].block.len;
		if (memcmp(both[0].block.at, both[1].block.at, len) != 0)
			return LIKE_NOT;
		for (size_t i = 0; i < 2; i++)
			both[i].block = slice_after(both[i].block, len);
	}
	return LIKE_NOT;
}

/* Of two files with the same bytes the one that stays is not damaged; is
 * plain; has the shorter name, as the log itself does. */
static bool first_goes(const struct place *a, const struct place *b,
		       const struct fault faults[2])
{
	if (!faults[0].text[0] != !faults[1].text[0])
		return faults[0].text[0] != '\0';
	if (a->packed != b->packed)
		return a->packed;
	return strlen(a->operand.name) > strlen(b->operand.name);
}

static void leave_out(struct place *gone, const struct place *stays,
		      const struct fault *fault)
{
	gone->operand.within = &stays->operand;
	gone->operand.damaged = fault->text[0] != '\0';
	gone->operand.fault = *fault;
}

static void compare_places(struct place *a, struct place *b)
{
	struct bytes both[2] = { { .fd = -1 }, { .fd = -1 } };
	struct fault faults[2] = { 0 };
	enum likeness likeness = LIKE_NOT;

	if (bytes_open(&both[0], a->operand.name) &&
	    bytes_open(&both[1], b->operand.name))
		likeness = compare_bytes(both, faults);
	if (likeness == LIKE_SAME)
		likeness = first_goes(a, b, faults) ? LIKE_FIRST_WITHIN
						    : LIKE_SECOND_WITHIN;
	if (likeness == LIKE_FIRST_WITHIN)
		leave_out(a, b, &faults[0]);
	if (likeness == LIKE_SECOND_WITHIN)
		leave_out(b, a, &faults[1]);
	bytes_close(&both[0]);
	bytes_close(&both[1]);
}

static bool heads_are_alike(const struct place *a, const struct place *b)
{
	struct slice one = buf_slice(&a->head);
	struct slice other = buf_slice(&b->head);

	return one.len && other.len &&
	       (slice_starts(one, other) || slice_starts(other, one));
}

static int by_number(const struct place *a, const struct place *b)
{
	return a->given < b->given ? -1 : a->given > b->given;
}

static int by_file(const void *a, const void *b)
{
	const struct place *one = *(struct place *const *)a;
	const struct place *other = *(struct place *const *)b;
	const struct stat *left = &one->operand.status;
	const struct stat *right = &other->operand.status;

	if (left->st_dev != right->st_dev)
		return left->st_dev < right->st_dev ? -1 : 1;
	if (left->st_ino != right->st_ino)
		return left->st_ino < right->st_ino ? -1 : 1;
	return by_number(one, other);
}

static int by_rotation(const void *a, const void *b)
{
	const struct place *one = *(struct place *const *)a;
	const struct place *other = *(struct place *const *)b;
	int order = rotation_compare(one->rotation, other->rotation);

	return order ? order : by_number(one, other);
}

static int by_time(const void *a, const void *b)
{
	const struct place *one = *(struct place *const *)a;
	const struct place *other = *(struct place *const *)b;
	int64_t left = one->operand.status.st_mtime;
	int64_t right = other->operand.status.st_mtime;

	if (one->first_us != other->first_us)
		return one->first_us < other->first_us ? -1 : 1;
	if (left != right)
		return left < right ? -1 : 1;
	return by_number(one, other);
}

/* Whether no line of a packed file can be of the period: it begins after it,
 * or the file behind it begins before it. Plain ones are quick to search. */
static bool is_outside(const struct place *place, const struct place *next,
		       const struct period *period)
{
	struct stamp since = period->since;
	struct stamp until = period->until;

	if (!place->packed || !place->stamped)
		return false;
	if (until.known &&
	    place->first_us >= until.us + period_slack_us(until.us))
		return true;
	return since.known && next && next->stamped &&
	       next->first_us < since.us - period_slack_us(since.us);
}

/* Puts the `count` places of one rotation, in the order of the command line,
 * into the order of time. */
static void order_rotation(struct operands *operands, struct place **places,
			   size_t count, const struct options *options)
{
	size_t *numbers;

	if (count < 2)
		return;
	numbers = memory_new(count, sizeof(numbers[0]));
	for (size_t i = 0; i < count; i++) {
		numbers[i] = places[i]->given;
		look_into(places[i], options->year);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			if (!places[i]->operand.within &&
			    !places[k]->operand.within &&
			    heads_are_alike(places[i], places[k]))
				compare_places(places[i], places[k]);
	qsort(places, count, sizeof(struct place *), by_time);
	for (size_t i = 0; i < count; i++) {
		const struct place *next = i + 1 < count ? places[i + 1] : NULL;

		operands->order[numbers[i]] = places[i];
		places[i]->operand.outside = is_outside(places[i], next,
							&options->period);
	}
	free(numbers);
}

/* Each run of equals in `places`, which are sorted. */
static void order_rotations(struct operands *operands, struct place **places,
			    size_t count, const struct options *options)
{
	size_t from = 0;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && rotation_compare(places[from]->rotation,
						  places[i]->rotation) == 0)
			continue;
		order_rotation(operands, places + from, i - from, options);
		from = i;
	}
}

/* Sorts the files: first to find those named twice, then the rotations. */
static void order_files(struct operands *operands, struct place **files,
			size_t count, const struct options *options)
{
	size_t kept = 0;

	qsort(files, count, sizeof(struct place *), by_file);
	for (size_t i = 0; i < count; i++) {
		const struct operand *last = kept ? &files[kept - 1]->operand
						  : NULL;
		struct operand *next = &files[i]->operand;

		if (last && last->status.st_dev == next->status.st_dev &&
		    last->status.st_ino == next->status.st_ino)
			next->again = last;
		else
			files[kept++] = files[i];
	}
	qsort(files, kept, sizeof(struct place *), by_rotation);
	order_rotations(operands, files, kept, options);
}

/* Whether it is a file with a name, as those that can be of a rotation are. */
static bool look_at(struct place *place, const char *name)
{
	struct operand *operand = &place->operand;
	bool named = strcmp(name, "-") != 0;

	operand->name = name;
	place->rotation = rotation_of(slice_from(name));
	/* What is not there has no size, and is told when it is opened. */
	if ((named ? stat(name, &operand->status)
		   : fstat(STDIN_FILENO, &operand->status)) < 0)
		return false;
	operand->is_stream = !S_ISREG(operand->status.st_mode);
	return named && !operand->is_stream;
}

struct operands *operands_new(const struct options *options)
{
	static char standard_input[] = "-";
	static char *const no_operand[] = { standard_input };
	struct operands *operands = memory_new(1, sizeof(*operands));
	size_t given = options->operand_count;
	char *const *names = given ? options->operands : no_operand;
	size_t count = given ? given : 1;
	struct place **files = memory_new(count, sizeof(struct place *));
	size_t file_count = 0;

	operands->count = count;
	operands->places = memory_new(count, sizeof(struct place));
	operands->order = memory_new(count, sizeof(struct place *));
	for (size_t i = 0; i < count; i++) {
		struct place *place = &operands->places[i];

		operands->order[i] = place;
		place->given = i;
		if (look_at(place, names[i]))
			files[file_count++] = place;
	}
	order_files(operands, files, file_count, options);
	free(files);
	return operands;
}

void operands_free(struct operands *operands)
{
	for (size_t i = 0; i < operands->count; i++)
		buf_clear(&operands->places[i].head);
	free(operands->places);
	free(operands->order);
	free(operands);
}

size_t operands_count(const struct operands *operands)
{
	return operands->count;
}

const struct operand *operands_at(const struct operands *operands,
				  size_t number)
{
	return &operands->order[number]->operand;
}

uint64_t operands_size(const struct operands *operands)
{
	uint64_t size = 0;

	for (size_t i = 0; i < operands->count; i++) {
		const struct operand *operand = &operands->places[i].operand;

		if (operand->is_stream)
			return 0;
		if (!operand->again && !operand->within && !operand->outside)
			size += (uint64_t)operand->status.st_size;
	}
	return size;
}

bool operand_is_covered(const struct operand *operand)
{
	const struct operand *other = operand->within;
	struct stat now;

	return other && stat(other->name, &now) == 0 &&
	       now.st_dev == other->status.st_dev &&
	       now.st_ino == other->status.st_ino &&
	       now.st_size >= other->status.st_size;
}
