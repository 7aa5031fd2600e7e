/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/address.h"

/* Length of the quoted string at the start of `text`, quotes included; 0 if
 * there is none or it does not end. */
static size_t quoted_length(struct slice text)
{
	if (text.len == 0 || text.at[0] != '"')
		return 0;
	for (size_t i = 1; i < text.len; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == '"')
			return i + 1;
	}
	return 0;
}

struct slice address_domain(struct slice address, struct buf *scratch)
{
	struct slice rest = slice_after(address, quoted_length(address));
	const char *at = rest.len ? memrchr(rest.at, '@', rest.len) : NULL;

	buf_reset(scratch);
	if (!at)
		return (struct slice){ 0 };
	rest = slice_after(rest, (size_t)(at - rest.at) + 1);
	if (slice_ends(rest, SLICE(".")))
		rest.len--;
	buf_reserve(scratch, rest.len);
	for (size_t i = 0; i < rest.len; i++) {
		char c = rest.at[i];

		scratch->at[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	scratch->len = rest.len;
	return buf_slice(scratch);
}
