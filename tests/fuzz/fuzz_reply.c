/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reason text of a delivery, or what a person types. The first byte
 * chooses which: bits 0 to 2 the status, bit 3 that it is typed, bits 4 and 5
 * the agent; the second byte is the stage of a reject. Whatever the bytes are:
 * all that is found lies inside the text or the scratch buffer, and all numbers
 * are what their types promise.
 */
#include <stdlib.h>

#include "parse/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool lies_in(struct slice part, struct slice whole)
{
	return part.len == 0 ||
	       (part.at >= whole.at && part.at <= whole.at + whole.len &&
		part.len <= (size_t)(whole.at + whole.len - part.at));
}

static void check_enhanced(struct enhanced code)
{
	if (code.class == 0)
		check(code.subject == 0 && code.detail == 0);
	else
		check(code.class == 2 || code.class == 4 || code.class == 5);
	check(code.subject < 1000 && code.detail < 1000);
}

static void check_reply(const struct reply *reply, struct slice text,
			const struct buf *scratch)
{
	struct slice made = buf_slice(scratch);

	check(lies_in(reply->host, text));
	check(lies_in(reply->ip, text));
	check(lies_in(reply->text, text) || lies_in(reply->text, made));
	check(reply->host.len == 0 ||
	      !memchr(reply->host.at, ' ', reply->host.len));
	check(reply->code == 0 || (reply->code >= 100 && reply->code <= 999));
	check((unsigned)reply->stage < STAGE_COUNT);
	check_enhanced(reply->enhanced);
	/* Joining takes away; only the codes are written anew. */
	check(reply->text.len <= text.len + sizeof("599 5.999.999 "));
}

static void read_logged(struct slice text, unsigned first, unsigned second,
			struct buf *scratch)
{
	static const struct slice services[] = { SLICE("smtp"), SLICE("lmtp"),
						 SLICE("local"),
						 SLICE("error") };
	struct delivery delivery = {
		.service = services[first >> 4 & 3],
		.status = (enum status)(first & 7),
		.text = text,
	};
	struct reply reply;

	if (delivery.status == STATUS_REJECTED)
		delivery.stage = (enum stage)(second % STAGE_COUNT);
	memset(&reply, 0xff, sizeof(reply));
	reply_parse(&delivery, scratch, &reply);
	check_reply(&reply, text, scratch);
	if (delivery.status == STATUS_REJECTED)
		check(reply.stage == delivery.stage);
}

static void read_typed(struct slice text, struct buf *scratch)
{
	struct reply reply;

	memset(&reply, 0xff, sizeof(reply));
	reply_parse_bare(text, scratch, &reply);
	check_reply(&reply, text, scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf scratch = { 0 };
	size_t len = size < 2 ? 0 : size - 2;
	char *copy;
	struct slice text;

	if (size < 2)
		return 0;
	/* Alone in memory: reading past its end is seen. */
	copy = malloc(len ? len : 1);
	check(copy != NULL);
	memcpy(copy, data + 2, len);
	text = (struct slice){ copy, len };
	buf_add(&scratch, SLICE("what an earlier line left"));
	if (data[0] & 8)
		read_typed(text, &scratch);
	else
		read_logged(text, data[0], data[1], &scratch);
	buf_clear(&scratch);
	free(copy);
	return 0;
}
