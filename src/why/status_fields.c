/* SPDX-License-Identifier: Apache-2.0 */
#include "why/status_fields.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A field is not read further than this. */
enum { VALUE_LIMIT = 64 * 1024 };

enum field {
	FIELD_REPORTING,
	FIELD_FINAL,
	FIELD_ORIGINAL,
	FIELD_ACTION,
	FIELD_STATUS,
	FIELD_REMOTE,
	FIELD_DIAGNOSTIC,
	FIELD_OTHER, /* also: none */
};

static const struct {
	struct slice name;
	enum field field;
} names[] = {
	{ SLICE("Reporting-MTA"), FIELD_REPORTING },
	{ SLICE("Final-Recipient"), FIELD_FINAL },
	{ SLICE("Original-Recipient"), FIELD_ORIGINAL },
	{ SLICE("Action"), FIELD_ACTION },
	{ SLICE("Status"), FIELD_STATUS },
	{ SLICE("Remote-MTA"), FIELD_REMOTE },
	{ SLICE("Diagnostic-Code"), FIELD_DIAGNOSTIC },
};

static const struct {
	struct slice word;
	enum status status;
} actions[] = {
	{ SLICE("failed"), STATUS_BOUNCED },
	{ SLICE("delayed"), STATUS_DEFERRED },
	{ SLICE("delivered"), STATUS_SENT },
	{ SLICE("relayed"), STATUS_SENT },
	{ SLICE("expanded"), STATUS_SENT },
};

/* One group in the making; FIELD_REPORTING lasts for all groups. */
struct group {
	struct buf values[FIELD_OTHER];
	struct buf scratch[2]; /* decoded recipient and orig_to */
	enum field open;       /* that a fold continues */
	size_t indent;         /* of its first line, quote marks included */
};

struct slice status_fields_unquote(struct slice line)
{
	if (slice_ends(line, SLICE("\r")))
		line.len--;
	line = slice_trim(line);
	while (line.len && (line.at[0] == '>' || line.at[0] == '|'))
		line = slice_trim(slice_after(line, 1));
	return line;
}

/* "dns; mx.example": the type and its semicolon off the front. */
static struct slice without_type(struct slice value)
{
	struct slice rest = value;
	struct slice type;

	if (!slice_cut(&rest, ';', &type))
		return value;
	type = slice_trim(type);
	for (size_t i = 0; i < type.len; i++)
		if (!isalnum((unsigned char)type.at[i]) && type.at[i] != '-')
			return value;
	return slice_trim(rest);
}

/* The address without its type, brackets, comments. */
static struct slice bare_address(struct slice value)
{
	struct slice address = without_type(value);
	struct slice head;

	if (slice_skip(&address, SLICE("<")) && slice_cut(&address, '>', &head))
		address = head;
	(void)slice_skip(&address, SLICE("mailto:"));
	if (!slice_starts(address, SLICE("\"")) &&
	    slice_cut(&address, ' ', &head))
		address = head;
	return address;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/*
 * "+2B" (RFC 3461, 4). Servers also write addresses there as they are, so
 * "bob+20@example.com" has to stay: only codes with a letter are taken, of
 * characters that had to be encoded, and no control characters.
 */
static bool take_plus(struct slice *rest, struct buf *buf)
{
	int high = rest->len > 2 ? hex_digit(rest->at[1]) : -1;
	int low = high < 0 ? -1 : hex_digit(rest->at[2]);
	int byte = high * 16 + low;

	if (rest->at[0] != '+' || low < 10 || byte < 0x20 || byte > 0x7e ||
	    isalnum(byte))
		return false;
	buf_add_char(buf, (char)byte);
	*rest = slice_after(*rest, 3);
	return true;
}

/* "\x{F6}" (RFC 6533, 3). */
static bool take_braced(struct slice *rest, struct buf *buf)
{
	struct slice copy = *rest;
	struct slice digits;
	uint32_t number = 0;

	if (!slice_skip(&copy, SLICE("\\x{")) ||
	    !slice_cut(&copy, '}', &digits) || digits.len == 0 ||
	    digits.len > 6)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		int digit = hex_digit(digits.at[i]);

		if (digit < 0)
			return false;
		number = number * 16 + (uint32_t)digit;
	}
	utf8_add_character(buf, number);
	*rest = copy;
	return true;
}

static struct slice decoded_address(const struct buf *value, struct buf *into)
{
	struct slice rest = bare_address(buf_slice(value));

	buf_reset(into);
	while (rest.len) {
		if (take_plus(&rest, into) || take_braced(&rest, into))
			continue;
		buf_add_char(into, rest.at[0]);
		rest = slice_after(rest, 1);
	}
	return buf_slice(into);
}

/* "dns; mx.example. (192.0.2.1, the server for ...)", "[192.0.2.1]". */
static void read_host(const struct buf *value, struct slice *host,
		      struct slice *ip)
{
	struct slice rest = without_type(buf_slice(value));
	size_t len = 0;

	while (len < rest.len && !strchr(" ([", rest.at[len]))
		len++;
	*host = slice_head(rest, len);
	if (slice_ends(*host, SLICE(".")))
		host->len--;
	rest = slice_after(rest, len);
	while (rest.len && strchr(" ([", rest.at[0]))
		rest = slice_after(rest, 1);
	len = 0;
	while (len < rest.len && (isxdigit((unsigned char)rest.at[len]) ||
				  rest.at[len] == '.' || rest.at[len] == ':'))
		len++;
	*ip = (struct slice){ 0 };
	if (len > 6 && len < rest.len && strchr(")],", rest.at[len]))
		*ip = slice_head(rest, len);
}

static enum status read_action(struct slice value)
{
	for (size_t i = 0; i < COUNT(actions); i++)
		if (slice_starts_nocase(value, actions[i].word))
			return actions[i].status;
	return STATUS_NONE;
}

/* Without an action the class of the status says it. */
static enum status status_of(const struct group *group, struct enhanced dsn)
{
	enum status status = read_action(
		buf_slice(&group->values[FIELD_ACTION]));

	if (status != STATUS_NONE)
		return status;
	return dsn.class == 2   ? STATUS_SENT
	       : dsn.class == 4 ? STATUS_DEFERRED
				: STATUS_BOUNCED;
}

static void make_delivery(struct group *group, struct delivery *delivery)
{
	const struct buf *values = group->values;
	struct slice unused;

	*delivery = (struct delivery){
		.recipient = decoded_address(&values[FIELD_FINAL],
					     &group->scratch[0]),
		.orig_to = decoded_address(&values[FIELD_ORIGINAL],
					   &group->scratch[1]),
		.text = without_type(buf_slice(&values[FIELD_DIAGNOSTIC])),
	};
	if (!delivery->recipient.len)
		delivery->recipient = delivery->orig_to;
	if (slice_equal_nocase(delivery->recipient, delivery->orig_to))
		delivery->orig_to = (struct slice){ 0 };
	read_host(&values[FIELD_REPORTING], &delivery->host, &unused);
	read_host(&values[FIELD_REMOTE], &delivery->relay_host,
		  &delivery->relay_ip);
	(void)enhanced_parse(buf_slice(&values[FIELD_STATUS]), &delivery->dsn);
	delivery->status = status_of(group, delivery->dsn);
}

/* Whether the group says anything of a recipient. */
static bool is_full(const struct group *group)
{
	const struct buf *values = group->values;

	return (values[FIELD_FINAL].len || values[FIELD_ORIGINAL].len) &&
	       (values[FIELD_ACTION].len || values[FIELD_STATUS].len ||
		values[FIELD_DIAGNOSTIC].len);
}

/* Hands the group over, if it is one, and begins the next. */
static bool end_group(struct group *group, status_fields_take *take,
		      void *context)
{
	bool more = true;

	if (is_full(group)) {
		struct delivery delivery;

		make_delivery(group, &delivery);
		if (delivery.recipient.len)
			more = take(context, &delivery);
	}
	for (size_t i = FIELD_FINAL; i < FIELD_OTHER; i++)
		buf_reset(&group->values[i]);
	group->open = FIELD_OTHER;
	return more;
}

/* Takes "Name:" off the front of *line; false if it does not begin so. */
static bool take_name(struct slice *line, enum field *field)
{
	struct slice rest = *line;
	struct slice name;

	*field = FIELD_OTHER;
	if (!slice_cut(&rest, ':', &name) || !name.len)
		return false;
	name = slice_trim(name);
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.at[i]) && name.at[i] != '-')
			return false;
	for (size_t i = 0; i < COUNT(names); i++)
		if (slice_equal_nocase(name, names[i].name))
			*field = names[i].field;
	/* "http://", "smtp:25" are none. */
	if (*field == FIELD_OTHER && rest.len && rest.at[0] != ' ')
		return false;
	*line = slice_trim(rest);
	return true;
}

static void add_value(struct group *group, enum field field, struct slice value)
{
	struct buf *into = &group->values[field];

	if (into->len + value.len + 1 > VALUE_LIMIT)
		value = slice_head(value, into->len + 1 < VALUE_LIMIT
						  ? VALUE_LIMIT - into->len - 1
						  : 0);
	if (into->len && value.len)
		buf_add_char(into, ' ');
	buf_add(into, value);
}

/* True: `line` begins a group while one is open, without a blank line. */
static bool begins_next(const struct group *group, enum field field)
{
	return field == FIELD_FINAL && group->values[FIELD_FINAL].len > 0;
}

static bool take_line(struct group *group, struct slice raw,
		      status_fields_take *take, void *context)
{
	struct slice line = status_fields_unquote(raw);
	enum field field;
	size_t indent;

	if (!line.len)
		return end_group(group, take, context);
	indent = (size_t)(line.at - raw.at);
	if (indent > group->indent && group->open == FIELD_DIAGNOSTIC) {
		add_value(group, group->open, line);
		return true;
	}
	if (!take_name(&line, &field)) {
		if (group->open != FIELD_OTHER)
			add_value(group, group->open, line);
		return true;
	}
	group->open = field;
	group->indent = indent;
	if (field == FIELD_OTHER)
		return true;
	if (begins_next(group, field) && !end_group(group, take, context))
		return false;
	group->open = field;
	buf_reset(&group->values[field]);
	add_value(group, field, line);
	return true;
}

void status_fields_each(struct slice text, status_fields_take *take,
			void *context)
{
	struct group group = { .open = FIELD_OTHER };
	struct slice line;
	bool more = true;

	while (more && slice_cut(&text, '\n', &line))
		more = take_line(&group, line, take, context);
	if (more)
		more = take_line(&group, text, take, context);
	if (more)
		(void)end_group(&group, take, context);
	for (size_t i = 0; i < FIELD_OTHER; i++)
		buf_clear(&group.values[i]);
	for (size_t i = 0; i < COUNT(group.scratch); i++)
		buf_clear(&group.scratch[i]);
}
