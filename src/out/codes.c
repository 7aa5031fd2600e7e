/* SPDX-License-Identifier: Apache-2.0 */
#include "out/codes.h"

#include "base/jsonout.h"
#include "out/event.h"
#include "out/text.h"

static void add_range(const struct enhanced_range *range, struct buf *buf)
{
	if (range->class)
		buf_add_number(buf, range->class);
	else
		buf_add_char(buf, 'X');
	buf_add_char(buf, '.');
	buf_add_number(buf, range->subject);
	buf_add_char(buf, '.');
	buf_add_number(buf, range->first_detail);
	if (range->last_detail == range->first_detail)
		return;
	buf_add_char(buf, '-');
	buf_add_number(buf, range->last_detail);
}

void codes_write_name(const struct entry *entry, struct buf *buf)
{
	for (size_t i = 0; i < entry->code_count; i++) {
		if (i)
			buf_add(buf, SLICE(", "));
		buf_add_number(buf, entry->codes[i]);
	}
	if (entry->code_count && entry->enhanced_count)
		buf_add_char(buf, ' ');
	for (size_t i = 0; i < entry->enhanced_count; i++) {
		if (i)
			buf_add(buf, SLICE(", "));
		add_range(&entry->enhanced[i], buf);
	}
	if (!entry->code_count && !entry->enhanced_count && entry->class) {
		buf_add_number(buf, entry->class);
		buf_add(buf, SLICE("xx"));
	}
}

/* What the entry is found by. */
static void add_signs(const struct layout *layout, const struct slice *signs,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		layout_paragraph(layout, 2, SLICE("~"), signs[i]);
}

void codes_write_text(const struct catalogue *catalogue,
		      const struct layout *layout)
{
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct entry *entry = catalogue_entry(catalogue, i);
		size_t start = layout->buf->len;

		codes_write_name(entry, layout->buf);
		if (layout->buf->len > start)
			buf_add(layout->buf, SLICE("  "));
		layout_add(layout, STYLE_BOLD, entry->text.title);
		buf_add(layout->buf, SLICE(" ["));
		buf_add(layout->buf, entry->id);
		buf_add(layout->buf, SLICE("]\n"));
		add_signs(layout, entry->texts, entry->text_count);
		add_signs(layout, entry->phrases, entry->phrase_count);
		add_signs(layout, entry->regexes, entry->regex_count);
		text_write_entry(catalogue, entry, AUDIENCE_ALL, layout);
		buf_add_char(layout->buf, '\n');
	}
}

static void write_strings(struct buf *buf, struct slice key,
			  const struct slice *strings, size_t count)
{
	jsonout_key(buf, key);
	buf_add_char(buf, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(buf, ',');
		jsonout_string(buf, strings[i]);
	}
	buf_add_char(buf, ']');
}

static void write_conditions(const struct entry *entry, struct buf *buf)
{
	jsonout_key(buf, SLICE("smtp_codes"));
	buf_add_char(buf, '[');
	for (size_t i = 0; i < entry->code_count; i++) {
		if (i)
			buf_add_char(buf, ',');
		buf_add_number(buf, entry->codes[i]);
	}
	buf_add(buf, SLICE("],\"enhanced_codes\":["));
	for (size_t i = 0; i < entry->enhanced_count; i++) {
		buf_add(buf, i ? SLICE(",\"") : SLICE("\""));
		add_range(&entry->enhanced[i], buf);
		buf_add_char(buf, '"');
	}
	buf_add_char(buf, ']');
	if (entry->provider.len)
		jsonout_member(buf, SLICE("provider"), entry->provider);
	write_strings(buf, SLICE("texts"), entry->texts, entry->text_count);
	write_strings(buf, SLICE("phrases"), entry->phrases,
		      entry->phrase_count);
	write_strings(buf, SLICE("regexes"), entry->regexes,
		      entry->regex_count);
}

static void write_entry_json(const struct entry *entry, struct buf *buf)
{
	jsonout_first_key(buf, SLICE("entry"));
	jsonout_string(buf, entry->id);
	write_conditions(entry, buf);
	jsonout_member(buf, SLICE("reason"), reason_word(entry->reason));
	if (entry->detail.len)
		jsonout_member(buf, SLICE("detail"), entry->detail);
	jsonout_member(buf, SLICE("actor"), reason_actor(entry->reason));
	jsonout_member(buf, SLICE("retry"), reason_retry(entry->reason));
	event_write_texts(buf, &entry->text);
	jsonout_member(buf, SLICE("admin"), entry->text.admin);
	write_strings(buf, SLICE("links"), entry->links, entry->link_count);
	jsonout_member(buf, SLICE("source"), entry->source);
	buf_add_char(buf, '}');
}

void codes_write_json(const struct catalogue *catalogue, struct buf *buf)
{
	jsonout_first_key(buf, SLICE("lang"));
	jsonout_string(buf, catalogue_lang(catalogue));
	jsonout_key(buf, SLICE("entries"));
	buf_add_char(buf, '[');
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		buf_add(buf, i ? SLICE(",\n") : SLICE("\n"));
		write_entry_json(catalogue_entry(catalogue, i), buf);
	}
	buf_add(buf, SLICE("\n]}\n"));
}
