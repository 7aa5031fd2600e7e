/* SPDX-License-Identifier: Apache-2.0 */
#include "out/fate_event.h"

#include "base/jsonout.h"
#include "base/utf8.h"
#include "out/event.h"
#include "out/tally_event.h"
#include "out/text.h"

#define SECOND_US INT64_C(1000000)

/* Seconds, with as many digits of the fraction as the stamps have. */
static void write_waited(struct buf *buf, const struct fate *fate)
{
	uint64_t us = (uint64_t)fate->waited_us;
	uint64_t fraction = us % SECOND_US;
	unsigned digits = fate->delivery->time.digits;

	jsonout_key(buf, SLICE("waited"));
	buf_add_number(buf, us / SECOND_US);
	if (!fraction || !digits)
		return;
	for (unsigned i = digits; i < 6; i++)
		fraction /= 10;
	buf_add_char(buf, '.');
	buf_add_padded(buf, fraction, digits);
}

/* Of a recipient that was never refused there is nothing to say. */
static void write_last(const struct fate *fate,
		       const struct catalogue *catalogue, struct buf *buf)
{
	const struct entry *entry;

	if (!fate->last.entry.len)
		return;
	event_write_code(buf, fate->last.code);
	event_write_enhanced(buf, fate->last.enhanced);
	jsonout_member(buf, SLICE("reason"),
		       reason_word((enum reason)fate->last.reason));
	jsonout_member(buf, SLICE("entry"), fate->last.entry);
	entry = catalogue_find(catalogue, fate->last.entry);
	if (entry)
		jsonout_member(buf, SLICE("title"), entry->text.title);
	jsonout_member(buf, SLICE("lang"), catalogue_lang(catalogue));
}

void fate_event_write(const struct fate *fate, struct slice domain,
		      const struct catalogue *catalogue, struct buf *buf)
{
	const struct delivery *delivery = fate->delivery;
	size_t start = buf->len;

	tally_event_write_stamp(buf, SLICE("@timestamp"), delivery->time);
	buf->at[start] = '{';
	jsonout_member(buf, SLICE("event"), SLICE("fate"));
	if (delivery->host.len)
		jsonout_member(buf, SLICE("host"), delivery->host);
	jsonout_member(buf, SLICE("mta"), delivery->mta);
	jsonout_member(buf, SLICE("queue_id"), delivery->queue_id);
	event_write_message(buf, delivery);
	jsonout_member(buf, SLICE("recipient"), delivery->recipient);
	jsonout_member(buf, SLICE("domain"), domain);
	jsonout_member(buf, SLICE("status"), fate_word(fate->kind));
	jsonout_count(buf, SLICE("attempts"), fate->attempts);
	jsonout_count(buf, SLICE("deferrals"), fate->deferrals);
	tally_event_write_stamp(buf, SLICE("first"), fate->first);
	write_waited(buf, fate);
	write_last(fate, catalogue, buf);
	buf_add(buf, SLICE("}\n"));
}

/* "1:05:00": hours, minutes, seconds. */
static void add_duration(struct buf *buf, int64_t us)
{
	uint64_t seconds = (uint64_t)us / SECOND_US;

	buf_add_number(buf, seconds / 3600);
	buf_add_char(buf, ':');
	buf_add_padded(buf, seconds / 60 % 60, 2);
	buf_add_char(buf, ':');
	buf_add_padded(buf, seconds % 60, 2);
}

static struct slice label(const struct catalogue *catalogue, struct slice key)
{
	return catalogue_label(catalogue, key);
}

void fate_event_write_text(const struct fate *fate,
			   const struct catalogue *catalogue,
			   const struct layout *layout)
{
	static const struct slice labels[] = {
		[FATE_NONE] = SLICE(""),
		[FATE_DELIVERED] = SLICE("fate_delivered"),
		[FATE_BOUNCED] = SLICE("fate_bounced"),
		[FATE_EXPIRED] = SLICE("fate_expired"),
	};
	struct buf *buf = layout->buf;

	text_write_time(layout, fate->delivery->time);
	buf_add(buf, SLICE("  "));
	layout_add(layout, STYLE_BOLD, label(catalogue, labels[fate->kind]));
	buf_add(buf, SLICE("  "));
	utf8_add_shown(buf, fate->delivery->recipient);
	buf_add(buf, SLICE("  ("));
	buf_add(buf, label(catalogue, SLICE("fate_attempts")));
	buf_add_char(buf, ' ');
	buf_add_number(buf, fate->attempts);
	buf_add(buf, SLICE(", "));
	add_duration(buf, fate->waited_us);
	buf_add(buf, SLICE(")\n"));
}

void fate_event_write_counts(struct buf *buf, const struct fates *fates)
{
	jsonout_count(buf, SLICE("messages"), fates->messages);
	jsonout_count(buf, SLICE("delivered"), fates->delivered);
	jsonout_count(buf, SLICE("bounced"), fates->bounced);
	jsonout_count(buf, SLICE("expired"), fates->expired);
	jsonout_count(buf, SLICE("removed"), fates->removed);
	jsonout_count(buf, SLICE("waiting"), fates->waiting);
	jsonout_count(buf, SLICE("evicted"), fates->evicted);
	jsonout_count(buf, SLICE("aged"), fates->aged);
	jsonout_count(buf, SLICE("message_ids_evicted"), fates->message_ids);
}
