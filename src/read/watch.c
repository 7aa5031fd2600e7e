/* SPDX-License-Identifier: Apache-2.0 */
#include "read/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/memory.h"
#include "base/stamp.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	/* Where there is no inotify: soon enough for people, and a handful of
	 * system calls. */
	POLL_MS = 250,
	FILE_MASK = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB,
	FOLDER_MASK = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
		      IN_ATTRIB | IN_ONLYDIR,
};

struct entry {
	int wd;     /* -1: none, polled */
	int folder; /* its descriptor; -1: a file */
	unsigned users;
};

struct watch {
	int fd; /* of inotify; -1: there is none */
	int poll_ms;
	int64_t due_us; /* when to look next, if something is polled */
	size_t polled;
	struct entry *entries;
	size_t count;
	size_t at; /* the next event in `bytes` */
	size_t end;
	_Alignas(struct inotify_event) char bytes[16 * 1024];
};

struct watch *watch_new(int poll_ms)
{
	struct watch *watch = memory_new(1, sizeof(*watch));

	watch->poll_ms = poll_ms ? poll_ms : POLL_MS;
	watch->fd = poll_ms ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->count; i++)
		if (watch->entries[i].users && watch->entries[i].folder >= 0)
			(void)close(watch->entries[i].folder);
	if (watch->fd >= 0)
		(void)close(watch->fd);
	free(watch->entries);
	free(watch);
}

/* File systems that others write to without this kernel knowing of it
 * (statfs(2), linux/magic.h). */
static bool is_remote(int fd)
{
	static const uint32_t magics[] = {
		0x00006969, /* NFS */
		0x0000517b, /* SMB */
		0xfe534d42, /* SMB2, SMB3 */
		0xff534d42, /* CIFS */
		0x5346414f, /* AFS */
		0x6b414653, /* kAFS */
		0x73757245, /* Coda */
		0x01021997, /* 9P */
		0x00c36400, /* Ceph */
		0x0bd00bd0, /* Lustre */
		0x01161970, /* GFS2 */
		0x7461636f, /* OCFS2 */
		0x47504653, /* GPFS */
		0x19830326, /* BeeGFS */
		0x65735546, /* FUSE: sshfs, GlusterFS */
		0x786f4256, /* VirtualBox's shared folders */
		0xbacbacbc, /* VMware's */
	};
	struct statfs status;

	if (fstatfs(fd, &status) < 0)
		return true;
	for (size_t i = 0; i < COUNT(magics); i++)
		if ((uint32_t)status.f_type == magics[i])
			return true;
	return false;
}

/* By the descriptor: a name could mean another file by now. */
static int start(const struct watch *watch, int fd, uint32_t mask)
{
	char path[64];

	if (watch->fd < 0 || is_remote(fd))
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return inotify_add_watch(watch->fd, path, mask);
}

static struct entry *find_entry(const struct watch *watch, int wd)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->entries[i].users && watch->entries[i].wd == wd)
			return &watch->entries[i];
	return NULL;
}

/* A folder that is polled already. The kernel knows those that are not. */
static struct entry *find_folder(const struct watch *watch, int fd)
{
	struct stat wanted;
	struct stat status;

	if (fstat(fd, &wanted) < 0)
		return NULL;
	for (size_t i = 0; i < watch->count; i++) {
		struct entry *entry = &watch->entries[i];

		if (entry->users && entry->wd < 0 && entry->folder >= 0 &&
		    fstat(entry->folder, &status) == 0 &&
		    status.st_ino == wanted.st_ino &&
		    status.st_dev == wanted.st_dev)
			return entry;
	}
	return NULL;
}

static struct entry *new_entry(struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		if (!watch->entries[i].users)
			return &watch->entries[i];
	watch->entries = memory_resize(watch->entries, watch->count + 1,
				       sizeof(*watch->entries));
	return &watch->entries[watch->count++];
}

static void count_polled(struct watch *watch)
{
	if (watch->polled++ == 0)
		watch->due_us = stamp_monotonic_us() + watch->poll_ms * 1000;
}

/* `folder` is the descriptor to keep, -1 for a file. */
static int add(struct watch *watch, int wd, int folder)
{
	struct entry *entry = NULL;

	if (wd >= 0)
		entry = find_entry(watch, wd);
	else if (folder >= 0)
		entry = find_folder(watch, folder);
	if (entry) {
		entry->users++;
		if (folder >= 0)
			(void)close(folder);
	} else {
		entry = new_entry(watch);
		*entry = (struct entry){ wd, folder, 1 };
		if (wd < 0)
			count_polled(watch);
	}
	return (int)(entry - watch->entries);
}

int watch_file(struct watch *watch, int fd)
{
	return add(watch, start(watch, fd, FILE_MASK), -1);
}

int watch_folder(struct watch *watch, int fd)
{
	return add(watch, start(watch, fd, FOLDER_MASK), fd);
}

int watch_place(const struct watch *watch, int id)
{
	return watch->entries[id].folder;
}

bool watch_is_polled(const struct watch *watch, int id)
{
	return watch->entries[id].wd < 0;
}

void watch_remove(struct watch *watch, int id)
{
	struct entry *entry = &watch->entries[id];

	if (--entry->users)
		return;
	if (entry->wd < 0)
		watch->polled--;
	else
		(void)inotify_rm_watch(watch->fd, entry->wd);
	if (entry->folder >= 0)
		(void)close(entry->folder);
}

/* Takes one event out of what was read. False if it is for nobody. */
static bool take_event(struct watch *watch, struct watch_event *event)
{
	static const struct {
		uint32_t mask;
		enum watch_kind file;
		enum watch_kind folder;
	} kinds[] = {
		{ IN_MODIFY, WATCH_WRITTEN, WATCH_ENTRY },
		{ IN_CLOSE_WRITE, WATCH_CLOSED, WATCH_ENTRY },
		{ IN_MOVED_FROM, WATCH_LOOK, WATCH_GONE },
		{ IN_MOVED_TO, WATCH_LOOK, WATCH_COME },
		{ IN_ATTRIB, WATCH_DELETED, WATCH_ENTRY },
		{ IN_CREATE | IN_DELETE, WATCH_LOOK, WATCH_ENTRY },
	};
	const struct inotify_event *raw = (const void *)(watch->bytes +
							 watch->at);
	const struct entry *entry = find_entry(watch, raw->wd);

	watch->at += sizeof(*raw) + raw->len;
	*event = (struct watch_event){ .kind = WATCH_LOOK,
				       .name = raw->len ? raw->name : "",
				       .cookie = raw->cookie };
	if (raw->mask & IN_Q_OVERFLOW)
		return true;
	if (!entry)
		return false;
	event->id = (int)(entry - watch->entries);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!(raw->mask & kinds[i].mask))
			continue;
		event->kind = entry->folder >= 0 ? kinds[i].folder
						 : kinds[i].file;
		return true;
	}
	/* Unmounted, or the kernel gave up the watch: look what is left. */
	return true;
}

static bool is_due(struct watch *watch)
{
	int64_t now_us;

	if (!watch->polled)
		return false;
	now_us = stamp_monotonic_us();
	if (now_us < watch->due_us)
		return false;
	watch->due_us = now_us + watch->poll_ms * 1000;
	return true;
}

bool watch_next(struct watch *watch, struct watch_event *event)
{
	ssize_t got;

	*event = (struct watch_event){ .kind = WATCH_LOOK, .name = "" };
	for (;;) {
		while (watch->at < watch->end)
			if (take_event(watch, event))
				return true;
		if (watch->fd < 0)
			break;
		got = fd_read(watch->fd, watch->bytes, sizeof(watch->bytes));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		watch->at = 0;
		watch->end = (size_t)got;
	}
	return is_due(watch);
}

int watch_descriptor(const struct watch *watch)
{
	return watch->fd;
}

int watch_timeout_ms(const struct watch *watch)
{
	int64_t left_us;

	if (!watch->polled)
		return -1;
	left_us = watch->due_us - stamp_monotonic_us();
	if (left_us <= 0)
		return 0;
	/* Rounded up: to wake before it is due would be to wake twice. */
	return (int)((left_us + 999) / 1000);
}
