/* SPDX-License-Identifier: Apache-2.0 */
#include "out/text.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

struct text_writer {
	const struct catalogue *catalogue;
	bool *shown; /* by position of the entry */
};

struct text_writer *text_writer_new(const struct catalogue *catalogue)
{
	struct text_writer *writer = memory_new(1, sizeof(*writer));

	writer->catalogue = catalogue;
	writer->shown = memory_new(catalogue_count(catalogue), sizeof(bool));
	return writer;
}

void text_writer_free(struct text_writer *writer)
{
	if (!writer)
		return;
	free(writer->shown);
	free(writer);
}

static void add_labelled(const struct catalogue *catalogue,
			 const struct layout *layout, struct slice key,
			 struct slice text)
{
	if (text.len)
		layout_paragraph(layout, 2, catalogue_label(catalogue, key),
				 text);
}

void text_write_entry(const struct catalogue *catalogue,
		      const struct entry *entry, enum audience audience,
		      const struct layout *layout)
{
	const struct text *text = &entry->text;

	add_labelled(catalogue, layout, SLICE("what_happened"),
		     text->explanation);
	if (audience != AUDIENCE_ADMIN)
		add_labelled(catalogue, layout, SLICE("what_to_do"),
			     text->advice);
	if (audience != AUDIENCE_SENDER)
		add_labelled(catalogue, layout, SLICE("for_admin"),
			     text->admin);
	for (size_t i = 0; i < entry->link_count; i++)
		layout_paragraph(layout, 2, (struct slice){ 0 },
				 entry->links[i]);
}

static void add_word(const struct layout *layout, struct slice word)
{
	if (!word.len)
		return;
	buf_add(layout->buf, SLICE("  "));
	utf8_add_shown(layout->buf, word);
}

void text_write_time(const struct layout *layout, struct stamp stamp)
{
	size_t start = layout->buf->len;

	stamp.digits = 0;
	stamp_write(layout->buf, stamp);
	if (layout->buf->len > start + 19)
		layout->buf->len = start + 19;
	for (size_t i = start; i < layout->buf->len; i++)
		if (layout->buf->at[i] == 'T')
			layout->buf->at[i] = ' ';
}

static void add_codes(const struct layout *layout, const struct event *event)
{
	struct enhanced enhanced = effective_enhanced(event->delivery,
						      event->reply);

	if (event->reply->code) {
		buf_add(layout->buf, SLICE("  "));
		buf_add_number(layout->buf, event->reply->code);
	}
	if (enhanced.class) {
		buf_add(layout->buf,
			event->reply->code ? SLICE(" ") : SLICE("  "));
		enhanced_write(layout->buf, enhanced);
	}
}

static void add_head(const struct text_writer *writer,
		     const struct event *event, const struct layout *layout)
{
	const struct delivery *delivery = event->delivery;
	struct slice who = delivery->recipient;

	text_write_time(layout, delivery->time);
	add_word(layout, catalogue_label(writer->catalogue,
					 status_word(delivery->status)));
	if (!who.len)
		who = delivery->sender.len ? delivery->sender
					   : delivery->client_ip;
	add_word(layout, who);
	add_codes(layout, event);
}

void text_write(struct text_writer *writer, const struct event *event,
		const struct layout *layout)
{
	const struct entry *entry = event->verdict ? event->verdict->entry
						   : NULL;

	add_head(writer, event, layout);
	if (!entry) {
		buf_add_char(layout->buf, '\n');
		return;
	}
	buf_add(layout->buf, SLICE("  "));
	layout_add(layout,
		   event_is_permanent(event->delivery, event->reply)
			   ? STYLE_ALARM
			   : STYLE_BOLD,
		   entry->text.title);
	add_word(layout, event->verdict->provider);
	buf_add_char(layout->buf, '\n');
	if (writer->shown[entry->position])
		return;
	writer->shown[entry->position] = true;
	text_write_entry(writer->catalogue, entry, AUDIENCE_ALL, layout);
	if (event->reply->text.len)
		layout_paragraph(layout, 2,
				 catalogue_label(writer->catalogue,
						 event->reply->code
							 ? SLICE("server_said")
							 : SLICE("mta_said")),
				 event->reply->text);
	buf_add_char(layout->buf, '\n');
}
