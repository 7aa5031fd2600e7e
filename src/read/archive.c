/* SPDX-License-Identifier: Apache-2.0 */
#include "read/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

static const struct {
	const char *name;
	int filter;
} filters[] = {
	[PACKING_BZIP2] = { "bzip2", ARCHIVE_FILTER_BZIP2 },
	[PACKING_XZ] = { "xz", ARCHIVE_FILTER_XZ },
	[PACKING_ZSTD] = { "zstd", ARCHIVE_FILTER_ZSTD },
	[PACKING_LZ4] = { "lz4", ARCHIVE_FILTER_LZ4 },
};

static la_ssize_t give(struct archive *archive, void *context,
		       const void **bytes)
{
	struct packed *packed = context;
	struct slice next;

	if (packed_next(packed, &next) < 0) {
		archive_set_error(archive, errno, "%s", strerror(errno));
		return -1;
	}
	*bytes = next.at;
	return (la_ssize_t)next.len;
}

static int damaged(struct archive *archive, const struct packed *packed,
		   struct fault *fault)
{
	const char *words = archive_error_string(archive);

	return fault_set(fault, "damaged or incomplete %s data (%s)",
			 filters[packed->packing].name,
			 words ? words : "no more is known");
}

/*
 * With one filter named, none is looked for: what is packed twice is unpacked
 * once. Format "raw" takes anything but an empty text, which "empty" takes;
 * the latter also takes a stream whose first block is damaged, and then only
 * the words tell.
 */
static int open_stream(struct archive *archive, struct packed *packed)
{
	struct archive_entry *entry;

	if (archive_read_append_filter(
		    archive, filters[packed->packing].filter) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_support_format_empty(archive) != ARCHIVE_OK ||
	    archive_read_open(archive, packed, NULL, give, NULL) !=
		    ARCHIVE_OK ||
	    archive_error_string(archive))
		return ARCHIVE_FATAL;
	return archive_read_next_header(archive, &entry);
}

/* bzip2 and lz4 end at the first byte that is none of theirs. */
static bool is_all_taken(struct archive *archive, struct packed *packed)
{
	uint64_t used = (uint64_t)archive_filter_bytes(archive, -1);
	struct slice more;

	return packed->taken <= used && packed_next(packed, &more) == 0;
}

int archive_unpack(struct packed *packed, struct fault *fault)
{
	struct archive *archive = archive_read_new();
	int status = open_stream(archive, packed);
	int result = 0;

	while (status == ARCHIVE_OK) {
		const void *bytes;
		size_t size;
		la_int64_t offset;

		status = archive_read_data_block(archive, &bytes, &size,
						 &offset);
		if (status == ARCHIVE_OK &&
		    packed_put(packed, bytes, size) < 0) {
			result = fault_set(fault, "%s", strerror(errno));
			break;
		}
	}
	if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
		result = damaged(archive, packed, fault);
	else if (status == ARCHIVE_EOF && !is_all_taken(archive, packed))
		result = fault_set(fault, "something else follows the %s data",
				   filters[packed->packing].name);
	(void)archive_read_free(archive);
	return result;
}
