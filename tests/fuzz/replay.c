/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzzer's target over the files named on the command line, without a
 * fuzzer, so that every input that is kept stays a test: TAP, one test a file.
 * An input that the target does not take ends the program. Without a file, or
 * with one that cannot be read, it fails.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_file(const char *path, struct buf *bytes)
{
	FILE *file = fopen(path, "rb");
	bool good;

	if (!file)
		return false;
	buf_reset(bytes);
	do {
		buf_reserve(bytes, 4096);
		bytes->len += fread(bytes->at + bytes->len, 1, 4096, file);
	} while (!feof(file) && !ferror(file));
	good = !ferror(file);
	(void)fclose(file);
	return good;
}

int main(int count, char **paths)
{
	struct buf bytes = { 0 };
	int result = count > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

	(void)printf("1..%d\n", count - 1);
	for (int i = 1; i < count; i++) {
		bool good = read_file(paths[i], &bytes);

		/* Said before, so that a crash is told from the next file's. */
		(void)printf("# %s\n", paths[i]);
		(void)fflush(stdout);
		if (good)
			LLVMFuzzerTestOneInput((const uint8_t *)bytes.at,
					       bytes.len);
		else
			result = EXIT_FAILURE;
		(void)printf("%s %d - %s\n", good ? "ok" : "not ok", i,
			     paths[i]);
	}
	buf_clear(&bytes);
	return result;
}
