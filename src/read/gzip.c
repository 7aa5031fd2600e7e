/* SPDX-License-Identifier: Apache-2.0 */
/* zlib's pointer to the input is to const bytes. */
#define ZLIB_CONST
#include "read/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"

/* zlib's "32 KiB window, and gzip only". */
enum { GZIP_WINDOW = 15 + 16, PLAIN_SIZE = 128 * 1024 };

struct gunzip {
	struct packed *packed;
	z_stream stream;
	unsigned char plain[PLAIN_SIZE];
};

/* Makes sure that there is input: 1; 0: no more; -1 with errno. */
static int refill(struct gunzip *gunzip)
{
	struct slice bytes;
	int got;

	if (gunzip->stream.avail_in)
		return 1;
	got = packed_next(gunzip->packed, &bytes);
	if (got == 1) {
		gunzip->stream.next_in = (const unsigned char *)bytes.at;
		gunzip->stream.avail_in = (unsigned)bytes.len;
	}
	return got;
}

static int failed(struct fault *fault)
{
	return fault_set(fault, "%s", strerror(errno));
}

/* One member, behind which the input then stands. */
static int unpack_member(struct gunzip *gunzip, struct fault *fault)
{
	z_stream *stream = &gunzip->stream;
	int status = Z_OK;

	while (status == Z_OK) {
		int got = refill(gunzip);

		if (got < 0)
			return failed(fault);
		if (got == 0)
			return fault_set(fault, "the gzip data end too early");
		stream->next_out = gunzip->plain;
		stream->avail_out = PLAIN_SIZE;
		status = inflate(stream, Z_NO_FLUSH);
		/* More input is needed, and there may be some. */
		if (status == Z_BUF_ERROR)
			status = Z_OK;
		if (packed_put(gunzip->packed, gunzip->plain,
			       PLAIN_SIZE - stream->avail_out) < 0)
			return failed(fault);
	}
	if (status == Z_STREAM_END)
		return 0;
	return fault_set(fault, "damaged gzip data (%s)",
			 stream->msg ? stream->msg : "no more is known");
}

/* Whether another member follows: 1; 0: the end; -1. Zeros only fill a block
 * of a tape. */
static int find_member(struct gunzip *gunzip, struct fault *fault)
{
	z_stream *stream = &gunzip->stream;
	int got;

	while ((got = refill(gunzip)) == 1 && !stream->next_in[0]) {
		stream->next_in++;
		stream->avail_in--;
	}
	if (got < 0)
		return failed(fault);
	if (got == 1 && stream->next_in[0] != 0x1f)
		return fault_set(fault, "something else follows the gzip data");
	return got;
}

int gzip_unpack(struct packed *packed, struct fault *fault)
{
	struct gunzip *gunzip = memory_new(1, sizeof(*gunzip));
	int result;

	gunzip->packed = packed;
	if (inflateInit2(&gunzip->stream, GZIP_WINDOW) != Z_OK) {
		free(gunzip);
		return fault_set(fault, "gzip data: out of memory");
	}
	do {
		result = unpack_member(gunzip, fault);
		if (result == 0)
			result = find_member(gunzip, fault);
	} while (result == 1 && inflateReset(&gunzip->stream) == Z_OK);
	(void)inflateEnd(&gunzip->stream);
	free(gunzip);
	return result;
}
