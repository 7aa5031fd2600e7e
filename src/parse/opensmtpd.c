/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/format.h"

static enum status status_of(struct slice result)
{
	static const struct {
		struct slice result;
		enum status status;
	} table[] = {
		{ SLICE("Ok"), STATUS_SENT },
		{ SLICE("TempFail"), STATUS_DEFERRED },
		{ SLICE("PermFail"), STATUS_BOUNCED },
		{ SLICE("LoopDetected"), STATUS_BOUNCED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (slice_equal(result, table[i].result))
			return table[i].status;
	return STATUS_NONE;
}

/* Whether the text is a server's answer: it begins with a code. */
static bool is_answer(struct slice text)
{
	uint64_t code = 0;

	return text.len >= 3 && slice_number(slice_head(text, 3), &code) &&
	       code >= 200 && code < 600;
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice text = values[FIELD_TEXT];

	if (slice_ends(text, SLICE("\"")))
		text.len--;
	delivery->service = SLICE("mta");
	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->recipient = values[FIELD_RECIPIENT];
	if (!slice_equal(values[FIELD_ORIG_TO], SLICE("-")))
		delivery->orig_to = values[FIELD_ORIG_TO];
	delivery->relay_host = values[FIELD_RELAY_HOST];
	delivery->relay_ip = values[FIELD_RELAY_IP];
	delivery->status = status_of(values[FIELD_STATUS]);
	delivery->text = text;
	delivery->form = is_answer(text) ? TEXT_ANSWER : TEXT_OWN;
	return delivery->status != STATUS_NONE;
}

static bool suspects(struct slice message)
{
	return slice_find(message, SLICE(" delivery evpid=")) != SIZE_MAX;
}

const struct format opensmtpd_format = {
	.read = read,
	.suspects = suspects,
};
