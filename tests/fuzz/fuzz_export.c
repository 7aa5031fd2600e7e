/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journals in the export format, of any bytes. Whatever they are: what comes
 * out is lines, each one JSON object and not much longer than it may be, and
 * the same however the input is cut into pieces.
 */
#include <stdlib.h>

#include "base/jsonin.h"
#include "read/export.h"
#include "read/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* In pieces of 1 to `most` bytes. */
static void convert(struct slice bytes, unsigned most, struct buf *lines)
{
	struct export *export = export_new();
	unsigned seed = (unsigned)bytes.len;

	while (bytes.len) {
		size_t step = 1 + (size_t)rand_r(&seed) % most;

		export_take(export, slice_head(bytes, step), lines);
		bytes = slice_after(bytes, step);
	}
	export_end(export, lines);
	export_free(export);
}

static void check_line(struct slice line)
{
	struct jsonin at;
	struct slice name;
	struct jsonin_value value;
	enum jsonin_step step;

	check(jsonin_begin(line, &at));
	while ((step = jsonin_member(&at, &name, &value)) == JSONIN_ITEM) {
		check(value.kind == JSONIN_STRING);
		/* Six bytes of an escape stand for one. */
		check(value.text.len <= 6 * LINE_LIMIT);
	}
	check(step == JSONIN_END && at.rest.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };
	struct buf whole = { 0 };
	struct buf pieces = { 0 };
	struct slice rest;
	struct slice line;

	convert(bytes, 1u << 20, &whole);
	convert(bytes, 7, &pieces);
	check(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	rest = buf_slice(&whole);
	while (slice_cut(&rest, '\n', &line))
		check_line(line);
	check(rest.len == 0);
	buf_clear(&whole);
	buf_clear(&pieces);
	return 0;
}
