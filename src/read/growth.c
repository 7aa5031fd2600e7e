/* SPDX-License-Identifier: Apache-2.0 */
#include "read/growth.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "read/tail.h"
#include "read/trail.h"
#include "read/watch.h"

/* So many files that have lost a name are still read, in case a writer has not
 * noticed it. Each costs a descriptor and a line reader's buffer. */
enum { LEFT_LIMIT = 3 };

/* Moves whose second half has not been told yet, and may never be. */
enum { UNDER_WAY_LIMIT = 16 };

/* Blocks of one file before it is another's turn, once all was read that had
 * been there at the start. */
enum { TURN_BLOCKS = 16 };

struct name {
	const char *path;
	struct trail trail;
	struct file *file; /* NULL: none now */
	bool met;          /* it has meant a file */
	bool look;         /* it may mean another file */
	int said;          /* the errno that was told last */
};

/* A file that is open: one inode, which nobody can reuse meanwhile. */
struct file {
	struct tail *tail;
	dev_t device;
	ino_t inode;
	int id;      /* of the watch */
	size_t name; /* the first that meant it */
	size_t number;
	uint64_t cut;      /* as told so far */
	uint64_t restarts; /* as told so far */
	bool begun;        /* its number was told to begin */
	bool dirty;        /* there may be something to read */
	bool caught;       /* was read to its end once */
	bool closed;       /* its writer has closed it since it wrote */
	bool expelled;     /* to be read to its end and let go */
	bool failed;       /* cannot be read on */
	bool done;         /* let go with the next call */
};

/* A file that was moved away from a name, perhaps before it was opened. */
struct moved {
	int folder;
	char name[NAME_MAX + 1];
	size_t origin;
	uint32_t cookie; /* it is on its way; 0: it has arrived */
	bool missed;     /* was not there when it was to be opened */
};

struct growth {
	struct watch *watch;
	struct name *names;
	size_t name_count;
	struct file **files; /* in the order of their names and coming */
	size_t file_count;
	size_t turn;   /* the file that is read */
	size_t blocks; /* of it, in this turn */
	struct moved *moved;
	size_t moved_count;
};

struct growth *growth_new(int poll_ms)
{
	struct growth *growth = memory_new(1, sizeof(*growth));

	growth->watch = watch_new(poll_ms);
	return growth;
}

static void free_file(struct growth *growth, struct file *file)
{
	watch_remove(growth->watch, file->id);
	tail_free(file->tail);
	free(file);
}

void growth_free(struct growth *growth)
{
	for (size_t i = 0; i < growth->file_count; i++)
		free_file(growth, growth->files[i]);
	for (size_t i = 0; i < growth->name_count; i++)
		trail_clear(&growth->names[i].trail, growth->watch);
	watch_free(growth->watch);
	free(growth->files);
	free(growth->names);
	free(growth->moved);
	free(growth);
}

int growth_descriptor(const struct growth *growth)
{
	return watch_descriptor(growth->watch);
}

int growth_timeout_ms(const struct growth *growth)
{
	return watch_timeout_ms(growth->watch);
}

/* No name means the file any more. */
static bool is_left(const struct growth *growth, const struct file *file)
{
	for (size_t i = 0; i < growth->name_count; i++)
		if (growth->names[i].file == file)
			return false;
	return true;
}

static struct file *find_file(const struct growth *growth,
			      const struct stat *status)
{
	for (size_t i = 0; i < growth->file_count; i++)
		if (growth->files[i]->inode == status->st_ino &&
		    growth->files[i]->device == status->st_dev)
			return growth->files[i];
	return NULL;
}

static bool has_number(const struct growth *growth, size_t number)
{
	for (size_t i = 0; i < growth->file_count; i++)
		if (growth->files[i]->number == number)
			return true;
	return false;
}

/* The file that `fd` is open on; `fd` is used up. */
static struct file *take_file(struct growth *growth, int fd, size_t name)
{
	struct stat status = { 0 };
	struct file *file;
	size_t number = 0;

	(void)fstat(fd, &status);
	file = find_file(growth, &status);
	if (file) {
		(void)close(fd);
		return file;
	}
	while (has_number(growth, number))
		number++;
	file = memory_new(1, sizeof(*file));
	*file = (struct file){ .tail = tail_new(fd),
			       .device = status.st_dev,
			       .inode = status.st_ino,
			       .id = watch_file(growth->watch, fd),
			       .name = name,
			       .number = number,
			       .dirty = true };
	growth->files = memory_resize(growth->files, growth->file_count + 1,
				      sizeof(struct file *));
	growth->files[growth->file_count++] = file;
	return file;
}

/* Of the files that had the name, the last ones are kept. */
static void expel_old(struct growth *growth, size_t name)
{
	size_t kept = 0;

	for (size_t i = growth->file_count; i-- > 0;) {
		struct file *file = growth->files[i];

		if (file->name != name || !is_left(growth, file))
			continue;
		file->dirty = true;
		file->expelled = ++kept > LEFT_LIMIT;
	}
}

/* Sees what the name means now. */
static void look_at_name(struct growth *growth, size_t index,
			 struct growth_item *item)
{
	struct name *name = &growth->names[index];
	struct file *before = name->file;
	int fd = trail_walk(&name->trail, growth->watch, name->path);
	int error = fd < 0 ? errno : 0;

	name->look = false;
	name->file = fd < 0 ? NULL : take_file(growth, fd, index);
	expel_old(growth, index);
	*item = (struct growth_item){ .name = name->path,
				      .error = error,
				      .first = !name->met };
	if (error && error != name->said)
		item->kind = GROWTH_ABSENT;
	else if (!error && name->met && name->file != before)
		item->kind = GROWTH_REPLACED;
	name->said = error;
	name->met |= !error;
}

void growth_add(struct growth *growth, const char *name)
{
	growth->names = memory_resize(growth->names, growth->name_count + 1,
				      sizeof(struct name));
	growth->names[growth->name_count++] = (struct name){ .path = name,
							     .look = true };
}

static void look_everywhere(struct growth *growth)
{
	for (size_t i = 0; i < growth->name_count; i++)
		growth->names[i].look = true;
	for (size_t i = 0; i < growth->file_count; i++)
		growth->files[i]->dirty = true;
}

static void note_file(struct growth *growth, const struct watch_event *event)
{
	for (size_t i = 0; i < growth->file_count; i++) {
		struct file *file = growth->files[i];

		if (file->id != event->id)
			continue;
		if (event->kind != WATCH_DELETED)
			file->closed = event->kind == WATCH_CLOSED;
		/* A writer that opens the file for each line would else have
		 * each line looked for twice. */
		if (event->kind != WATCH_CLOSED || is_left(growth, file))
			file->dirty = true;
	}
}

static void note_entry(struct growth *growth, const struct watch_event *event)
{
	for (size_t i = 0; i < growth->name_count; i++)
		if (trail_meets(&growth->names[i].trail, event))
			growth->names[i].look = true;
}

static void note_gone(struct growth *growth, const struct watch_event *event)
{
	for (size_t i = 0; i < growth->moved_count; i++) {
		struct moved *moved = &growth->moved[i];

		if (!moved->cookie && moved->folder == event->id &&
		    !strcmp(moved->name, event->name)) {
			moved->cookie = event->cookie;
			return;
		}
	}
	for (size_t i = 0; i < growth->name_count; i++) {
		if (!trail_ends_at(&growth->names[i].trail, event))
			continue;
		growth->moved = memory_resize(growth->moved,
					      growth->moved_count + 1,
					      sizeof(struct moved));
		growth->moved[growth->moved_count++] =
			(struct moved){ .origin = i, .cookie = event->cookie };
		return;
	}
}

static void note_come(struct growth *growth, const struct watch_event *event)
{
	for (size_t i = 0; i < growth->moved_count; i++) {
		struct moved *moved = &growth->moved[i];

		if (moved->cookie != event->cookie)
			continue;
		moved->folder = event->id;
		moved->cookie = 0;
		moved->missed = false;
		(void)stpcpy(moved->name, event->name);
	}
}

static void take_event(struct growth *growth, const struct watch_event *event)
{
	switch (event->kind) {
	case WATCH_LOOK:
		look_everywhere(growth);
		break;
	case WATCH_WRITTEN:
	case WATCH_CLOSED:
	case WATCH_DELETED:
		note_file(growth, event);
		break;
	case WATCH_GONE:
		note_gone(growth, event);
		note_entry(growth, event);
		break;
	case WATCH_COME:
		note_come(growth, event);
		note_entry(growth, event);
		break;
	case WATCH_ENTRY:
		note_entry(growth, event);
		break;
	}
}

/* Opens the files that were moved away and are not known. True if one was not
 * where it should be: there must be an event that says where it is. */
static bool open_moved(struct growth *growth)
{
	bool missed = false;

	for (size_t i = 0; i < growth->moved_count; i++) {
		struct moved *moved = &growth->moved[i];
		struct stat status;
		int place;
		int fd;

		if (moved->cookie || moved->missed)
			continue;
		place = watch_place(growth->watch, moved->folder);
		if (fstatat(place, moved->name, &status, AT_SYMLINK_NOFOLLOW) <
			    0 ||
		    !S_ISREG(status.st_mode)) {
			moved->missed = missed = true;
			continue;
		}
		if (find_file(growth, &status))
			continue;
		fd = openat(place, moved->name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				    O_CLOEXEC);
		if (fd >= 0)
			(void)take_file(growth, fd, moved->origin);
		else
			moved->missed = missed = true;
	}
	return missed;
}

/* A rename is told in two events; the second one may be still to come. */
static void keep_under_way(struct growth *growth)
{
	size_t kept = 0;

	for (size_t i = 0; i < growth->moved_count; i++)
		if (growth->moved[i].cookie &&
		    growth->moved_count - i <= UNDER_WAY_LIMIT)
			growth->moved[kept++] = growth->moved[i];
	growth->moved_count = kept;
}

static void take_events(struct growth *growth)
{
	struct watch_event event;

	do
		while (watch_next(growth->watch, &event))
			take_event(growth, &event);
	while (open_moved(growth));
	keep_under_way(growth);
}

/* Whether nothing more can come of a file that is read to its end. */
static bool is_over(const struct growth *growth, const struct file *file)
{
	struct stat status;

	if (!is_left(growth, file))
		return false;
	if (file->expelled || file->failed)
		return true;
	return (file->closed || watch_is_polled(growth->watch, file->id)) &&
	       fstat(tail_place(file->tail), &status) == 0 &&
	       status.st_nlink == 0;
}

static void give_lines(struct file *file, struct slice lines,
		       struct growth_item *item)
{
	uint64_t cut = tail_cut(file->tail);

	item->kind = GROWTH_LINES;
	item->lines = lines;
	item->cut = cut - file->cut;
	item->file = file->number;
	item->begins = !file->begun;
	item->written_us = tail_written_us(file->tail);
	file->cut = cut;
	file->begun = true;
}

/* One block of the file, or something to tell of it; nothing at its end. */
static void read_file(struct growth *growth, struct file *file,
		      struct growth_item *item)
{
	struct slice lines = { 0 };
	int got = file->failed ? 0 : tail_next(file->tail, &lines);

	item->name = growth->names[file->name].path;
	if (got < 0 && errno == EINTR)
		got = 1;
	if (got < 0) {
		file->failed = true;
		/* A file that was deleted on its server is only gone. */
		if (errno != ESTALE) {
			item->kind = GROWTH_FAILED;
			item->error = errno;
		}
	}
	file->dirty = got != 0;
	file->caught |= got == 0;
	if (got == 0 && is_over(growth, file)) {
		file->done = true;
		lines = tail_rest(file->tail);
	}
	if (got > 0 || lines.len)
		give_lines(file, lines, item);
}

/* A file is read after the one that had its name before. */
static bool has_to_wait(const struct growth *growth, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (growth->files[i]->dirty &&
		    growth->files[i]->name == growth->files[index]->name)
			return true;
	return false;
}

static void free_done(struct growth *growth)
{
	size_t kept = 0;

	for (size_t i = 0; i < growth->file_count; i++) {
		if (!growth->files[i]->done) {
			growth->files[kept++] = growth->files[i];
			continue;
		}
		free_file(growth, growth->files[i]);
		growth->turn = growth->blocks = 0;
	}
	growth->file_count = kept;
}

/* What the file whose turn it is has to give. */
static void take_turn(struct growth *growth, struct growth_item *item)
{
	struct file *file = growth->files[growth->turn];

	if (tail_restarts(file->tail) != file->restarts) {
		file->restarts = tail_restarts(file->tail);
		item->kind = GROWTH_CUT;
		item->name = growth->names[file->name].path;
		return;
	}
	if (file->dirty && !has_to_wait(growth, growth->turn))
		read_file(growth, file, item);
	if (item->kind != GROWTH_QUIET &&
	    (!file->caught || ++growth->blocks < TURN_BLOCKS))
		return;
	growth->turn = (growth->turn + 1) % growth->file_count;
	growth->blocks = 0;
}

/* Anything from one of the files. When there is nothing, the first one is the
 * next: in the order of the names. Those that had to wait come in the second
 * round, in which they stand behind the ones they waited for. */
static void read_files(struct growth *growth, struct growth_item *item)
{
	for (size_t i = 0; i < 2 * growth->file_count; i++) {
		take_turn(growth, item);
		if (item->kind != GROWTH_QUIET)
			return;
	}
	growth->turn = 0;
}

void growth_next(struct growth *growth, struct growth_item *item)
{
	*item = (struct growth_item){ 0 };
	free_done(growth);
	take_events(growth);
	for (size_t i = 0; i < growth->name_count; i++) {
		if (growth->names[i].look)
			look_at_name(growth, i, item);
		if (item->kind != GROWTH_QUIET)
			return;
	}
	read_files(growth, item);
}

void growth_rest(struct growth *growth, struct growth_item *item)
{
	*item = (struct growth_item){ 0 };
	for (size_t i = 0; i < growth->file_count; i++) {
		struct file *file = growth->files[i];
		struct slice lines;

		if (file->dirty || file->done)
			continue;
		file->done = true;
		lines = tail_rest(file->tail);
		if (lines.len) {
			give_lines(file, lines, item);
			return;
		}
	}
}
