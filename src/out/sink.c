/* SPDX-License-Identifier: Apache-2.0 */
#include "out/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { FLUSH_AT = 64 * 1024, FILE_MODE = 0640 };

static int open_file(const char *path, int how, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, FILE_MODE);

	if (fd < 0)
		fault_set(fault, "%s: %s", path, strerror(errno));
	return fd;
}

static int open_sink(struct sink *sink, const char *path, int how,
		     struct fault *fault)
{
	*sink = (struct sink){ .path = path, .fd = STDOUT_FILENO };
	if (path)
		sink->fd = open_file(path, how, fault);
	return sink->fd < 0 ? -1 : 0;
}

int sink_open(struct sink *sink, const char *path, struct fault *fault)
{
	return open_sink(sink, path, O_APPEND, fault);
}

int sink_open_empty(struct sink *sink, const char *path, struct fault *fault)
{
	return open_sink(sink, path, O_TRUNC, fault);
}

int sink_reopen(struct sink *sink, struct fault *fault)
{
	int fd;

	if (!sink->path)
		return 0;
	if (!sink->held && sink_flush(sink, fault) < 0)
		return -1;
	fd = open_file(sink->path, O_APPEND, fault);
	if (fd < 0)
		return -1;
	(void)close(sink->fd);
	sink->fd = fd;
	sink->failed = false;
	return 0;
}

static const char *shown_name(const struct sink *sink)
{
	return sink->path ? sink->path : "standard output";
}

bool sink_place(const struct sink *sink, struct sink_place *place)
{
	struct stat status;

	*place = (struct sink_place){ 0 };
	if (fstat(sink->fd, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	place->device = status.st_dev;
	place->inode = status.st_ino;
	place->size = (uint64_t)status.st_size;
	return true;
}

int sink_cut(struct sink *sink, uint64_t size, struct fault *fault)
{
	if (ftruncate(sink->fd, (off_t)size) < 0)
		return fault_set(fault, "%s: %s", shown_name(sink),
				 strerror(errno));
	return 0;
}

/* Pipes and the like cannot be synchronised, which is no error. */
static int sync_file(int fd)
{
	if (fdatasync(fd) == 0 || errno == EINVAL || errno == EROFS)
		return 0;
	return -1;
}

int sink_store(struct sink *sink, bool durably, struct fault *fault)
{
	struct sink_place before;
	bool regular;

	if (!sink->pending.len)
		return 0;
	regular = sink_place(sink, &before);
	if (fd_write(sink->fd, sink->pending.at, sink->pending.len) < 0 ||
	    (durably && sync_file(sink->fd) < 0)) {
		fault_set(fault, "%s: %s", shown_name(sink), strerror(errno));
		if (regular && ftruncate(sink->fd, (off_t)before.size) < 0)
			fault_set(fault, "%s: cannot be cut back: %s",
				  shown_name(sink), strerror(errno));
		return -1;
	}
	buf_reset(&sink->pending);
	return 0;
}

int sink_flush(struct sink *sink, struct fault *fault)
{
	int result = 0;

	if (sink->held)
		return sink_store(sink, false, fault);
	if (!sink->gone && !sink->failed && sink->pending.len)
		result = fd_write(sink->fd, sink->pending.at,
				  sink->pending.len);
	buf_reset(&sink->pending);
	if (result == 0)
		return 0;
	if (errno == EPIPE) {
		sink->gone = true;
		return 0;
	}
	sink->failed = true;
	return fault_set(fault, "%s: %s", shown_name(sink), strerror(errno));
}

int sink_added(struct sink *sink, struct fault *fault)
{
	if (sink->held || sink->pending.len < FLUSH_AT)
		return 0;
	return sink_flush(sink, fault);
}

bool sink_is_gone(const struct sink *sink)
{
	return sink->gone;
}

int sink_close(struct sink *sink, struct fault *fault)
{
	int result = sink->held ? 0 : sink_flush(sink, fault);

	if (close(sink->fd) < 0 && result == 0 && !sink->gone && !sink->failed)
		result = fault_set(fault, "%s: %s", shown_name(sink),
				   strerror(errno));
	buf_clear(&sink->pending);
	sink->fd = -1;
	return result;
}
