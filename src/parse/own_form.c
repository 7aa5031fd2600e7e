/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/own_form.h"

/* "[NOTICE] ": how Haraka calls its levels. */
static bool skip_haraka_level(struct slice *rest)
{
	static const struct slice levels[] = {
		SLICE("[INFO] "),     SLICE("[NOTICE] "), SLICE("[ERROR] "),
		SLICE("[WARN] "),     SLICE("[DEBUG] "),  SLICE("[CRIT] "),
		SLICE("[PROTOCOL] "), SLICE("[DATA] "),   SLICE("[ALERT] "),
		SLICE("[EMERG] "),
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (slice_skip(rest, levels[i]))
			return true;
	return false;
}

/* "0E174DE1-B730-471F-AA64-4B7D27F814D5.1.1" or "-". */
static bool is_haraka_id(struct slice id)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t len = sizeof(form) - 1;

	if (slice_equal(id, SLICE("-")))
		return true;
	if (id.len < len)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.at[i];
		bool digit = c >= '0' && c <= '9';

		if (i >= len         ? !digit && c != '.'
		    : form[i] == '-' ? c != '-'
				     : !digit && !(c >= 'A' && c <= 'F'))
			return false;
	}
	return true;
}

/* "[NOTICE] [0E174DE1-B730-471F-AA64-4B7D27F814D5.1.1] [outbound] ..." */
static bool is_haraka(struct slice text)
{
	struct slice id;
	struct slice origin;

	return skip_haraka_level(&text) && slice_skip(&text, SLICE("[")) &&
	       slice_cut(&text, ']', &id) && is_haraka_id(id) &&
	       slice_skip(&text, SLICE(" [")) &&
	       slice_cut(&text, ']', &origin) && origin.len &&
	       !memchr(origin.at, ' ', origin.len);
}

/* "INFO Message delivered (delivery.delivered) ..." */
static bool is_stalwart(struct slice text)
{
	static const struct slice levels[] = {
		SLICE("INFO "),  SLICE("WARN "),  SLICE("ERROR "),
		SLICE("DEBUG "), SLICE("TRACE "),
	};
	struct slice id;
	struct slice words;
	bool known = false;

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		known = known || slice_skip(&text, levels[i]);
	if (!known || !slice_cut(&text, '(', &words) || words.len < 2 ||
	    !slice_ends(words, SLICE(" ")) || !slice_cut(&text, ')', &id) ||
	    !memchr(id.at ? id.at : "", '.', id.len))
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!(id.at[i] >= 'a' && id.at[i] <= 'z') && id.at[i] != '-' &&
		    id.at[i] != '.' && !(id.at[i] >= '0' && id.at[i] <= '9'))
			return false;
	return slice_starts(text, SLICE(" ")) || text.len == 0;
}

static const struct {
	struct slice program;
	bool (*is)(struct slice text);
} own_forms[] = {
	{ SLICE("haraka"), is_haraka },
	{ SLICE("stalwart"), is_stalwart },
};

struct slice own_form_program(struct slice text)
{
	for (size_t i = 0; i < sizeof(own_forms) / sizeof(own_forms[0]); i++)
		if (own_forms[i].is(text))
			return own_forms[i].program;
	return (struct slice){ 0 };
}
