/* SPDX-License-Identifier: Apache-2.0 */
#include "read/cursor_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"

/* A cursor has some 130 bytes. */
enum { CURSOR_LIMIT = 1024, PATH_LIMIT = 4096, FILE_MODE = 0640 };

int cursor_file_load(const char *path, struct buf *cursor, struct fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	buf_reset(cursor);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fault_set(fault, "%s: %s", path, strerror(errno));
	buf_reserve(cursor, CURSOR_LIMIT);
	do
		got = fd_read(fd, cursor->at, CURSOR_LIMIT);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		(void)fault_set(fault, "%s: %s", path, strerror(errno));
	(void)close(fd);
	if (got < 0)
		return -1;
	cursor->len = (size_t)got;
	if (slice_ends(buf_slice(cursor), SLICE("\n")))
		cursor->len--;
	if (cursor->len && memchr(cursor->at, '\0', cursor->len))
		return fault_set(fault, "%s: is no cursor file", path);
	return 0;
}

/* The new file, on the disk before it takes the old one's place. */
static int write_new(const char *path, struct slice cursor)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      FILE_MODE);
	bool written;

	if (fd < 0)
		return -1;
	written = fd_write(fd, cursor.at, cursor.len) == 0 &&
		  fd_write(fd, "\n", 1) == 0 && fdatasync(fd) == 0;
	return close(fd) == 0 && written ? 0 : -1;
}

int cursor_file_save(const char *path, struct slice cursor, struct fault *fault)
{
	char scratch[PATH_LIMIT];
	int len = snprintf(scratch, sizeof(scratch), "%s.new", path);

	if (len >= PATH_LIMIT)
		return fault_set(fault, "%.200s...: the name is too long",
				 path);
	if (write_new(scratch, cursor) == 0 && rename(scratch, path) == 0)
		return 0;
	(void)fault_set(fault, "%s: %s", path, strerror(errno));
	(void)unlink(scratch);
	return -1;
}
