/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/recall.h"
#include "parse/format.h"
#include "parse/qmail_words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Deliveries under way. One qmail-send has at most some hundreds, but a log may
 * be of many servers, or hostile. */
enum { STARTS = 8192 };

struct memory {
	struct recall *starts; /* recipient; channel, blank, queue id */
};

static void *memory_make(void)
{
	struct memory *memory = memory_new(1, sizeof(*memory));

	memory->starts = recall_new(STARTS);
	return memory;
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	recall_free(memory->starts);
	free(memory);
}

/* What qmail-send logs holds no blank. indimail, which has several of them,
 * says behind one which it was: " queue5". */
static struct slice take_queue(struct slice *text)
{
	struct slice queue = *text;
	struct slice before = { 0 };

	if (!slice_cut(&queue, ' ', &before) ||
	    !slice_starts(queue, SLICE("queue")))
		return (struct slice){ 0 };
	*text = before;
	return queue;
}

/* Delivery numbers are each server's own. */
static uint64_t key_of(const struct reading *reading,
		       const struct memory *memory, struct slice queue)
{
	const struct slice parts[] = {
		reading->header->host,
		reading->header->program,
		queue,
		reading->fields->values[FIELD_SESSION],
	};

	return recall_key(memory->starts, parts, COUNT(parts));
}

static bool is_number(struct slice text)
{
	uint64_t number;

	return slice_number(text, &number);
}

/* "starting delivery D: msg M to CHANNEL RECIPIENT". */
static void note(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct slice recipient = values[FIELD_RECIPIENT];
	struct slice queue = take_queue(&recipient);
	size_t start = reading->buf->len;

	if (!is_number(values[FIELD_SESSION]))
		return;
	buf_add(reading->buf, values[FIELD_CHANNEL]);
	buf_add_char(reading->buf, ' ');
	buf_add(reading->buf, values[FIELD_QUEUE_ID]);
	recall_put(
		memory->starts, key_of(reading, memory, queue),
		&(struct recalled){
			.first = recipient,
			.second = slice_after(buf_slice(reading->buf), start),
		});
}

/* What the first line of the attempt told. */
static void add_start(const struct reading *reading, struct slice queue,
		      struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct recalled start;
	struct slice rest;

	if (!recall_take(memory->starts, key_of(reading, memory, queue),
			 &start))
		return;
	rest = start.second;
	delivery->recipient = start.first;
	(void)slice_cut(&rest, ' ', &delivery->service);
	delivery->queue_id = rest;
}

static enum status status_of(struct slice word)
{
	static const struct {
		struct slice word;
		enum status status;
	} table[] = {
		{ SLICE("success"), STATUS_SENT },
		{ SLICE("failure"), STATUS_BOUNCED },
		{ SLICE("deferral"), STATUS_DEFERRED },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_equal(word, table[i].word))
			return table[i].status;
	return STATUS_NONE;
}

struct step {
	struct slice words;
	enum stage stage;
};

/* What qmail-remote says before the server's answer. */
static const struct step answered[] = {
	{ SLICE("_does_not_like_recipient."), STAGE_RCPT },
	{ SLICE("_accepted_message."), STAGE_EOM },
	{ SLICE("_but_greeting_failed."), STAGE_BANNER },
	{ SLICE("_but_my_name_was_rejected."), STAGE_EHLO },
	{ SLICE("_but_sender_was_rejected."), STAGE_MAIL },
	{ SLICE("_but_authentication_"), STAGE_AUTH },
	{ SLICE("_failed_on_DATA_command."), STAGE_DATA },
	{ SLICE("_failed_after_I_sent_the_message."), STAGE_EOM },
};

/* What it says by itself. */
static const struct step unanswered[] = {
	{ SLICE("_establish_an_SMTP_connection"), STAGE_CONNECT },
	{ SLICE("_find_any_host_"), STAGE_CONNECT },
	{ SLICE("CNAME_lookup_failed"), STAGE_CONNECT },
	{ SLICE("TLS_connect_failed"), STAGE_STARTTLS },
};

static enum stage stage_of(const struct step *steps, size_t count,
			   struct slice words)
{
	for (size_t i = 0; i < count; i++)
		if (slice_find(words, steps[i].words) != SIZE_MAX)
			return steps[i].stage;
	return STAGE_NONE;
}

/* "Connected_to_IP_but_..." and "IP_does_not_like_recipient." */
static struct slice ip_in(struct slice words)
{
	struct slice ip;
	struct slice before;
	bool colons = false;

	if (slice_cut_at(&words, SLICE("Connected_to_"), &before)) {
		if (!slice_cut(&words, '_', &ip))
			return (struct slice){ 0 };
	} else {
		size_t end = words.len;

		for (size_t i = 0; i < COUNT(answered); i++) {
			size_t at = slice_find(words, answered[i].words);

			end = at < end ? at : end;
		}
		ip = slice_head(words, end == words.len ? 0 : end);
		/* "<b@d.example>_192.0.2.1_accepted_message." */
		while (slice_cut(&ip, '_', &before))
			;
	}
	for (size_t i = 0; i < ip.len; i++) {
		if (!isxdigit((unsigned char)ip.at[i]) && ip.at[i] != '.' &&
		    ip.at[i] != ':')
			return (struct slice){ 0 };
		colons = colons || ip.at[i] == '.' || ip.at[i] == ':';
	}
	return colons ? ip : (struct slice){ 0 };
}

/* The last of `mark` and all behind it, off the end. */
static bool drop_from_last(struct slice *text, struct slice mark)
{
	size_t found = SIZE_MAX;
	size_t from = 0;

	for (;;) {
		size_t at = slice_find(slice_after(*text, from), mark);

		if (at == SIZE_MAX)
			break;
		found = from + at;
		from = found + mark.len;
	}
	if (found == SIZE_MAX)
		return false;
	text->len = found;
	return true;
}

/* "(#4.4.1)", the last one. */
static struct enhanced own_code(struct slice words)
{
	struct enhanced code = { 0 };
	struct slice before;

	while (slice_cut_at(&words, SLICE("(#"), &before)) {
		struct slice digits = words;

		if (slice_cut(&digits, ')', &before))
			enhanced_parse(before, &code);
	}
	return code;
}

static void read_answer(struct slice words, struct slice answer,
			struct buf *buf, struct delivery *delivery)
{
	/* A server that writes these words itself has written them before. */
	(void)drop_from_last(&answer, SLICE("/Giving_up_on_"));
	(void)drop_from_last(&answer, SLICE("/STARTTLS_proto="));
	delivery->form = TEXT_ANSWER;
	delivery->stage = stage_of(answered, COUNT(answered), words);
	delivery->text = qmail_words_add(answer, delivery->recipient, buf);
}

static void read_own(struct slice words, struct buf *buf,
		     struct delivery *delivery)
{
	delivery->form = TEXT_OWN;
	delivery->dsn = own_code(words);
	delivery->stage = slice_equal(delivery->service, SLICE("local"))
				  ? STAGE_LOCAL
				  : stage_of(unanswered, COUNT(unanswered),
					     words);
	delivery->text = qmail_words_add(words, delivery->recipient, buf);
}

/* qmail-send itself adds it to the last of many deferrals, and says failure. */
static bool take_expiry(struct slice *words)
{
	return slice_ends(*words, SLICE("_in_the_queue_too_long.")) &&
	       drop_from_last(words, SLICE("I'm_not_going_to_try_again;"));
}

static void read_report(struct slice words, struct buf *buf,
			struct delivery *delivery)
{
	struct slice mark = SLICE("/Remote_host_said:_");
	struct slice answer;
	struct slice before;

	if (slice_ends(words, SLICE("/")))
		words.len--;
	if (delivery->status == STATUS_BOUNCED && take_expiry(&words)) {
		delivery->status = STATUS_EXPIRED;
		if (slice_ends(words, SLICE("/")))
			words.len--;
	}
	answer = words;
	if (!slice_cut_at(&answer, mark, &before)) {
		delivery->relay_ip = ip_in(words);
		read_own(words, buf, delivery);
		return;
	}
	delivery->relay_ip = ip_in(before);
	read_answer(before, answer, buf, delivery);
}

/* "new msg M", "end msg M", and between them "info msg M: ...". The number is
 * an inode's, which the next message gets. */
static bool read_message(const struct slice values[FIELD_COUNT],
			 struct delivery *delivery)
{
	delivery->queue_id = values[FIELD_QUEUE_ID];
	(void)take_queue(&delivery->queue_id);
	if (slice_equal(values[FIELD_STATUS], SLICE("new"))) {
		delivery->step = MESSAGE_BEGUN;
	} else if (slice_equal(values[FIELD_STATUS], SLICE("end"))) {
		delivery->step = MESSAGE_ENDED;
	} else {
		delivery->sender = values[FIELD_SENDER];
		delivery->null_sender = !delivery->sender.len;
		delivery->size = values[FIELD_SIZE];
	}
	return is_number(delivery->queue_id);
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice text = values[FIELD_TEXT];

	if (reading->fields->kind == LINE_MESSAGE)
		return read_message(values, delivery);
	if (!is_number(values[FIELD_SESSION]))
		return false;
	add_start(reading, take_queue(&text), delivery);
	if (!values[FIELD_STATUS].len) {
		delivery->status = STATUS_DEFERRED;
		delivery->form = TEXT_OWN;
		delivery->text = SLICE("report mangled, will defer");
		return slice_equal(text, SLICE("mangled, will defer"));
	}
	delivery->status = status_of(values[FIELD_STATUS]);
	read_report(text, reading->buf, delivery);
	return delivery->status != STATUS_NONE;
}

static bool suspects(struct slice message)
{
	static const struct slice marks[] = {
		SLICE(": success:"),
		SLICE(": failure:"),
		SLICE(": deferral:"),
	};
	size_t at = slice_find(message, SLICE("delivery "));

	if (at == SIZE_MAX)
		return false;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (slice_find(slice_after(message, at), marks[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format qmail_format = {
	.read = read,
	.suspects = suspects,
	.memory_new = memory_make,
	.memory_free = memory_drop,
	.note = note,
};
