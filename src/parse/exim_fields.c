/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_fields.h"

#include <stddef.h>

#include "parse/address.h"

/* What a field's value looks like. */
enum shape {
	SHAPE_WORD,    /* up to a blank or the colon before the text */
	SHAPE_PATH,    /* <address> */
	SHAPE_ESCAPED, /* "..." with backslashes before quotes */
	SHAPE_NAME, /* "...", a certificate's, whose quotes are not escaped */
	SHAPE_HOST, /* NAME [IP]:PORT* */
};

enum { UNWANTED = -1 };

static const struct {
	struct slice name;
	enum shape shape;
	int at; /* into struct exim_fields */
} names[] = {
	{ SLICE("R="), SHAPE_WORD, UNWANTED },
	{ SLICE("T="), SHAPE_WORD, offsetof(struct exim_fields, transport) },
	{ SLICE("H="), SHAPE_HOST, offsetof(struct exim_fields, host) },
	{ SLICE("C="), SHAPE_ESCAPED,
	  offsetof(struct exim_fields, confirmation) },
	{ SLICE("QT="), SHAPE_WORD, offsetof(struct exim_fields, queue_time) },
	{ SLICE("DT="), SHAPE_WORD,
	  offsetof(struct exim_fields, delivery_time) },
	{ SLICE("F="), SHAPE_PATH, UNWANTED },
	{ SLICE("P="), SHAPE_PATH, UNWANTED },
	{ SLICE("SRS="), SHAPE_PATH, UNWANTED },
	{ SLICE("DN="), SHAPE_NAME, UNWANTED },
};

/* Whether the list ends here: at the colon before the text, or at the end. */
static bool is_end(struct slice rest)
{
	return rest.len == 0 ||
	       (rest.at[0] == ':' && (rest.len == 1 || rest.at[1] == ' '));
}

/* Up to a blank or to where the list ends. */
static struct slice take_word(struct slice *rest)
{
	size_t len = 0;
	struct slice word;

	while (len < rest->len && rest->at[len] != ' ' &&
	       !is_end(slice_after(*rest, len)))
		len++;
	word = slice_head(*rest, len);
	*rest = slice_after(*rest, len);
	return word;
}

/* Behind the opening quote: up to one that ends a field. */
static struct slice take_name(struct slice *rest)
{
	struct slice whole = *rest;
	struct slice before;
	size_t len = 0;

	while (slice_cut(rest, '"', &before)) {
		len = (size_t)(before.at + before.len - whole.at);
		if (is_end(*rest) || slice_starts(*rest, SLICE(" ")))
			return slice_head(whole, len);
	}
	*rest = (struct slice){ 0 };
	return whole;
}

static struct slice take_escaped(struct slice *rest)
{
	size_t len = address_quoted_length(*rest);
	struct slice value = slice_after(*rest, 1);

	/* The line was cut. */
	if (!len) {
		*rest = (struct slice){ 0 };
		return value;
	}
	*rest = slice_after(*rest, len);
	return slice_head(value, len - 2);
}

/* "[192.0.2.1]:25*" behind the name; DNSSEC puts " DS" between. */
static void take_ip(struct slice *rest, struct exim_fields *fields)
{
	struct slice copy = *rest;
	size_t len = 0;

	(void)slice_skip(&copy, SLICE(" DS"));
	if (!slice_skip(&copy, SLICE(" [")) ||
	    !slice_cut(&copy, ']', &fields->ip))
		return;
	if (slice_starts(copy, SLICE(":")) && !is_end(copy)) {
		copy = slice_after(copy, 1);
		while (len < copy.len && copy.at[len] >= '0' &&
		       copy.at[len] <= '9')
			len++;
		fields->port = slice_head(copy, len);
		copy = slice_after(copy, len);
	}
	(void)slice_skip(&copy, SLICE("*"));
	*rest = copy;
}

static struct slice take_value(struct slice *rest, enum shape shape)
{
	struct slice value;

	if (shape == SHAPE_PATH && address_take_path(rest, &value))
		return value;
	if (shape == SHAPE_NAME && slice_skip(rest, SLICE("\"")))
		return take_name(rest);
	if (shape == SHAPE_ESCAPED && slice_starts(*rest, SLICE("\"")))
		return take_escaped(rest);
	return take_word(rest);
}

/* The first of a name counts: a certificate comes behind the relay. */
static bool take_field(struct slice *rest, struct exim_fields *fields)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice value;
		struct slice *place;

		if (!slice_skip(rest, names[i].name))
			continue;
		value = take_value(rest, names[i].shape);
		if (names[i].at == UNWANTED)
			return true;
		place = (struct slice *)((char *)fields + names[i].at);
		if (place->len)
			return true;
		*place = value;
		if (names[i].shape == SHAPE_HOST)
			take_ip(rest, fields);
		return true;
	}
	return false;
}

/* ": Connection timed out" behind a positive number: strerror()'s words, which
 * hold no colon; the list goes on behind them. */
static void take_error_text(struct slice *rest, struct exim_fields *fields)
{
	static const struct slice stops[] = { SLICE(" H="), SLICE(" DT="),
					      SLICE(": ") };
	struct slice words = *rest;
	size_t len;

	if (!slice_skip(&words, SLICE(": ")))
		return;
	len = words.len;
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		size_t at = slice_find(slice_head(words, len), stops[i]);

		if (at != SIZE_MAX)
			len = at;
	}
	fields->error_text = slice_head(words, len);
	*rest = slice_after(words, len);
}

/* "defer (-44)", "defer (111): Connection refused". */
static bool take_deferral(struct slice *rest, struct exim_fields *fields)
{
	struct slice copy = *rest;
	struct slice digits;
	uint64_t number = 0;
	bool negative;

	if (fields->deferred || !slice_skip(&copy, SLICE("defer (")))
		return false;
	negative = slice_skip(&copy, SLICE("-"));
	if (!slice_cut(&copy, ')', &digits) || !slice_number(digits, &number) ||
	    number > INT32_MAX)
		return false;
	fields->deferred = true;
	fields->error = negative ? -(int64_t)number : (int64_t)number;
	*rest = copy;
	if (fields->error > 0)
		take_error_text(rest, fields);
	return true;
}

void exim_fields_parse(struct slice rest, struct exim_fields *fields)
{
	*fields = (struct exim_fields){ 0 };
	while (!is_end(rest)) {
		/* cPanel's ends with " : ". */
		if (slice_skip(&rest, SLICE(" ")))
			continue;
		if (!take_field(&rest, fields) && !take_deferral(&rest, fields))
			(void)take_word(&rest);
	}
	(void)slice_skip(&rest, SLICE(":"));
	fields->text = slice_trim(rest);
}
