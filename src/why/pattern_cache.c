/* SPDX-License-Identifier: Apache-2.0 */
#include "why/pattern_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { PATH_SIZE = 4096, SIZE_LIMIT = 64 * 1024 * 1024 };

static void path_of(const char *dir, uint64_t key, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/patterns-%016llx", dir,
		       (unsigned long long)key);
}

/* Somebody else's file could hold anything. */
static bool is_own(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       !(status->st_mode & (S_IWGRP | S_IWOTH)) &&
	       status->st_size > 0 && status->st_size < SIZE_LIMIT;
}

static bool read_whole(int fd, size_t size, struct buf *bytes)
{
	buf_reserve(bytes, size);
	while (bytes->len < size) {
		ssize_t got = fd_read(fd, bytes->at + bytes->len,
				      size - bytes->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes->len += (size_t)got;
	}
	return true;
}

bool pattern_cache_read(const char *dir, uint64_t key, struct buf *bytes)
{
	char path[PATH_SIZE];
	struct stat status;
	bool whole = false;
	int fd;

	buf_reset(bytes);
	path_of(dir, key, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && is_own(&status))
		whole = read_whole(fd, (size_t)status.st_size, bytes);
	(void)close(fd);
	return whole;
}

/* With the one above it, which a fresh home may lack. A failure shows when the
 * file cannot be made. */
static void make_directory(const char *dir)
{
	char above[PATH_SIZE];
	char *slash;

	(void)snprintf(above, sizeof(above), "%s", dir);
	slash = strrchr(above, '/');
	if (slash && slash != above) {
		*slash = '\0';
		(void)mkdir(above, 0700);
	}
	(void)mkdir(dir, 0700);
}

void pattern_cache_write(const char *dir, uint64_t key, struct slice bytes)
{
	char path[PATH_SIZE];
	char scratch[PATH_SIZE + 8];
	int fd;
	bool written;

	make_directory(dir);
	path_of(dir, key, path);
	(void)snprintf(scratch, sizeof(scratch), "%s.XXXXXX", path);
	fd = mkostemp(scratch, O_CLOEXEC);
	if (fd < 0)
		return;
	written = fd_write(fd, bytes.at, bytes.len) == 0;
	if (close(fd) < 0 || !written || rename(scratch, path) < 0)
		(void)unlink(scratch);
}
