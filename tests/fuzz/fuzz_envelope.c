/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of any bytes, and messages of any bytes in an envelope. Whatever they
 * are: true means a stamp and a program, false a zeroed header; a message that
 * comes as JSON, as a string or as a list of bytes, is what went in.
 */
#include <stdlib.h>
#include <time.h>

#include "base/jsonout.h"
#include "base/utf8.h"
#include "parse/envelope.h"

#define REFERENCE_US INT64_C(1795424400000000) /* 2026-11-23T09:00:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool is_utf8(struct slice text)
{
	while (text.len) {
		size_t len = utf8_sequence(text);

		if (!len)
			return false;
		text = slice_after(text, len);
	}
	return true;
}

/* Alone in memory: reading past its end is seen. Its address is *copy. */
static bool open_copy(struct envelope *envelope, struct slice line,
		      struct header *header, char **copy)
{
	static const struct header none;
	struct calendar calendar;
	uint64_t pid;

	*copy = malloc(line.len ? line.len : 1);
	check(*copy != NULL);
	if (line.len)
		memcpy(*copy, line.at, line.len);
	line.at = *copy;
	calendar_init(&calendar, REFERENCE_US, 0);
	memset(header, 0xff, sizeof(*header));
	if (!envelope_open(envelope, line, &calendar, header)) {
		check(!memcmp(header, &none, sizeof(none)));
		return false;
	}
	check(header->time.known && header->program.len > 0);
	check(!header->pid.len || header->pid.len > 19 ||
	      slice_number(header->pid, &pid));
	check(!calendar.witness.known);
	return true;
}

/* What a program has left of the message when it comes out. */
static struct slice as_opened(struct slice message)
{
	if (slice_ends(message, SLICE("\n")))
		message.len--;
	if (slice_ends(message, SLICE("\r")))
		message.len--;
	(void)slice_skip(&message, SLICE(" "));
	return message;
}

static void check_message(struct envelope *envelope, struct slice message,
			  bool as_bytes)
{
	struct buf line = { 0 };
	struct header header;
	char *copy;

	buf_add(&line, SLICE("{\"DATE\":1795424400,\"PROGRAM\":\"other\","
			     "\"MESSAGE\":"));
	if (as_bytes) {
		for (size_t i = 0; i < message.len; i++) {
			buf_add_char(&line, i ? ',' : '[');
			buf_add_number(&line, (unsigned char)message.at[i]);
		}
		buf_add_char(&line, ']');
	} else {
		jsonout_string(&line, message);
	}
	buf_add_char(&line, '}');
	check(open_copy(envelope, buf_slice(&line), &header, &copy));
	check(slice_equal(header.message, as_opened(message)));
	free(copy);
	buf_clear(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = { (const char *)data, size };
	struct envelope *envelope = envelope_new();
	struct header header;
	char *copy;

	check(!setenv("TZ", "UTC", 1));
	tzset();
	(void)open_copy(envelope, line, &header, &copy);
	free(copy);
	if (size) {
		check_message(envelope, line, true);
		if (is_utf8(line))
			check_message(envelope, line, false);
	}
	envelope_free(envelope);
	return 0;
}
