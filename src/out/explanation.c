/* SPDX-License-Identifier: Apache-2.0 */
#include "out/explanation.h"

#include "base/utf8.h"

/* Whether one before it says the same, in the same words of the server. */
static bool is_repeated(const struct event *events, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (events[i].verdict &&
		    events[i].verdict->entry == events[at].verdict->entry &&
		    slice_equal(events[i].reply->text, events[at].reply->text))
			return true;
	return false;
}

/* Honest where nothing but the code is known, or not even that. */
static void add_doubt(const struct catalogue *catalogue,
		      const struct event *event, const struct layout *layout)
{
	bool has_code = event->reply->code || event->reply->enhanced.class ||
			event->delivery->dsn.class;
	struct slice key;

	switch (event->verdict->basis) {
	case BASIS_CLASS:
		key = has_code ? SLICE("only_class") : SLICE("unknown");
		break;
	case BASIS_CODE:
	case BASIS_ENHANCED:
		key = SLICE("only_code");
		break;
	default:
		return;
	}
	layout_paragraph(layout, 2, (struct slice){ 0 },
			 catalogue_label(catalogue, key));
}

static void add_line(const struct layout *layout, enum style style,
		     struct slice text)
{
	if (!text.len)
		return;
	layout_add(layout, style, text);
	buf_add_char(layout->buf, '\n');
}

static void add_recipient(const struct catalogue *catalogue,
			  const struct event *event,
			  const struct layout *layout)
{
	struct slice recipient = event->delivery->recipient;
	struct slice status = status_word(event->delivery->status);

	if (!recipient.len)
		return;
	layout_add(layout, STYLE_BOLD, recipient);
	if (status.len) {
		buf_add(layout->buf,
			catalogue_label(catalogue, SLICE("colon")));
		buf_add_char(layout->buf, ' ');
		buf_add(layout->buf, catalogue_label(catalogue, status));
	}
	buf_add_char(layout->buf, '\n');
}

static bool has_letters(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.at[i] | 0x20) >= 'a')
			return true;
	return false;
}

void explanation_write(const struct catalogue *catalogue,
		       const struct event *events, size_t count,
		       enum audience audience, const struct layout *layout)
{
	for (size_t i = 0; i < count; i++) {
		const struct event *event = &events[i];

		if (i)
			buf_add_char(layout->buf, '\n');
		add_recipient(catalogue, event, layout);
		if (!event->verdict)
			continue;
		add_line(layout, STYLE_FAINT, event->reply->text);
		add_line(layout, STYLE_BOLD, event->verdict->entry->text.title);
		if (is_repeated(events, i)) {
			layout_paragraph(
				layout, 2, (struct slice){ 0 },
				catalogue_label(catalogue, SLICE("as_above")));
			continue;
		}
		text_write_entry(catalogue, event->verdict->entry, audience,
				 layout);
		if (has_letters(event->reply->text) || !event->reply->code)
			add_doubt(catalogue, event, layout);
	}
}
