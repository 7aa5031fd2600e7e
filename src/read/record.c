/* SPDX-License-Identifier: Apache-2.0 */
#include "read/record.h"

#include "base/jsonout.h"

const char *const record_fields[] = {
	"MESSAGE",
	"_HOSTNAME",
	"SYSLOG_IDENTIFIER",
	"_COMM",
	"SYSLOG_PID",
	"_PID",
	"_SOURCE_REALTIME_TIMESTAMP",
	"__REALTIME_TIMESTAMP",
	"CONTAINER_ID",
	NULL,
};

/* The field's bit; 0 if there is none of that name. */
static unsigned bit_of(struct slice name)
{
	for (unsigned i = 0; record_fields[i]; i++)
		if (slice_equal(name, slice_from(record_fields[i])))
			return 1u << i;
	return 0;
}

void record_begin(struct record *record, struct buf *lines)
{
	*record = (struct record){ .lines = lines };
	buf_add_char(lines, '{');
}

bool record_wants(const struct record *record, struct slice name)
{
	unsigned bit = bit_of(name);

	return bit && !(record->seen & bit);
}

void record_add(struct record *record, struct slice name, struct slice value)
{
	if (!record_wants(record, name))
		return;
	if (record->seen)
		buf_add_char(record->lines, ',');
	record->seen |= bit_of(name);
	jsonout_string(record->lines, name);
	buf_add_char(record->lines, ':');
	jsonout_string(record->lines, value);
}

void record_end(struct record *record)
{
	buf_add(record->lines, SLICE("}\n"));
	*record = (struct record){ 0 };
}
