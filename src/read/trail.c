/* SPDX-License-Identifier: Apache-2.0 */
#include "read/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

/* As many links as the kernel follows. */
enum { LINK_LIMIT = 40 };

/* One part of the name, and the folder it is looked up in. */
struct trail_step {
	int folder;   /* id of the watch */
	bool entered; /* the folder's first step: the watch is to be removed */
	char name[NAME_MAX + 1];
};

struct walk {
	struct trail *trail;
	struct watch *watch;
	struct buf rest; /* of the name, not walked yet */
	unsigned links;
	int folder; /* id; where the next part is looked up */
	int file;   /* what was opened at the end; -1: not there yet */
};

/* -1 with that errno. */
static int fail(int number)
{
	errno = number;
	return -1;
}

static struct trail_step *add_step(struct walk *walk)
{
	struct trail *trail = walk->trail;
	struct trail_step *step;

	trail->steps = memory_resize(trail->steps, trail->count + 1,
				     sizeof(*trail->steps));
	step = &trail->steps[trail->count++];
	*step = (struct trail_step){ .folder = walk->folder };
	return step;
}

/* Goes on in the folder that `fd` is open on. */
static int enter(struct walk *walk, int fd)
{
	if (fd < 0)
		return -1;
	walk->folder = watch_folder(walk->watch, fd);
	add_step(walk)->entered = true;
	return 0;
}

static int open_folder(int place, const char *name, int how)
{
	return openat(place, name, O_PATH | O_DIRECTORY | O_CLOEXEC | how);
}

/* What is left of the name begins in the root or where one is. */
static int begin(struct walk *walk)
{
	if (walk->rest.len && walk->rest.at[0] == '/')
		return enter(walk, open_folder(AT_FDCWD, "/", 0));
	return walk->trail->count ? 0
				  : enter(walk, open_folder(AT_FDCWD, ".", 0));
}

/* Takes the next part out of the rest, and the slashes round it. */
static int take_part(struct walk *walk, char name[NAME_MAX + 1])
{
	struct slice rest = buf_slice(&walk->rest);
	size_t from = 0;
	size_t to;

	while (from < rest.len && rest.at[from] == '/')
		from++;
	to = from;
	while (to < rest.len && rest.at[to] != '/')
		to++;
	if (to - from > NAME_MAX)
		return fail(ENAMETOOLONG);
	memcpy(name, rest.at + from, to - from);
	name[to - from] = '\0';
	memmove(walk->rest.at, rest.at + to, rest.len - to);
	walk->rest.len -= to;
	return 0;
}

/* The target of the link takes its place in the rest of the name. */
static int follow_link(struct walk *walk, int place, const char *name)
{
	char target[PATH_MAX];
	struct buf rest = walk->rest;
	ssize_t len = readlinkat(place, name, target, sizeof(target));

	if (len < 0)
		return -1;
	if (++walk->links > LINK_LIMIT)
		return fail(ELOOP);
	if ((size_t)len == sizeof(target) || rest.len > PATH_MAX)
		return fail(ENAMETOOLONG);
	walk->rest = (struct buf){ 0 };
	buf_add(&walk->rest, (struct slice){ target, (size_t)len });
	buf_add(&walk->rest, buf_slice(&rest));
	buf_clear(&rest);
	return begin(walk);
}

/* Not blocked by a pipe that takes the file's place just now. */
static int open_end(struct walk *walk, int place, const char *name)
{
	struct stat status;

	walk->file = openat(place, name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				    O_CLOEXEC);
	if (walk->file < 0)
		return -1;
	if (fstat(walk->file, &status) == 0 && S_ISREG(status.st_mode))
		return 0;
	(void)close(walk->file);
	walk->file = -1;
	return fail(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
}

/* A link's target is looked up in the folder of the link. */
static void note_part(struct walk *walk, const char name[NAME_MAX + 1])
{
	struct trail_step *last = &walk->trail->steps[walk->trail->count - 1];

	if (last->name[0])
		last = add_step(walk);
	memcpy(last->name, name, sizeof(last->name));
}

static int take_step(struct walk *walk)
{
	int place = watch_place(walk->watch, walk->folder);
	struct stat status;
	char name[NAME_MAX + 1] = "";

	if (take_part(walk, name) < 0)
		return -1;
	if (!name[0])
		return fail(EISDIR);
	if (!strcmp(name, "."))
		return 0;
	note_part(walk, name);
	if (fstatat(place, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (S_ISLNK(status.st_mode))
		return follow_link(walk, place, name);
	if (walk->rest.len)
		return enter(walk, open_folder(place, name, O_NOFOLLOW));
	if (S_ISDIR(status.st_mode))
		return fail(EISDIR);
	if (!S_ISREG(status.st_mode))
		return fail(EINVAL);
	return open_end(walk, place, name);
}

int trail_walk(struct trail *trail, struct watch *watch, const char *path)
{
	/* Kept until the new ones are there: the folders are mostly the same.
	 */
	struct trail old = *trail;
	struct walk walk = { .trail = trail, .watch = watch, .file = -1 };
	int number = 0;

	*trail = (struct trail){ 0 };
	buf_add(&walk.rest, slice_from(path));
	if (!path[0])
		number = ENOENT;
	else if (begin(&walk) < 0)
		number = errno;
	while (!number && walk.file < 0)
		if (take_step(&walk) < 0)
			number = errno;
	buf_clear(&walk.rest);
	trail_clear(&old, watch);
	errno = number;
	return walk.file;
}

static bool is_at(const struct trail_step *step,
		  const struct watch_event *event)
{
	return step->folder == event->id && !strcmp(step->name, event->name);
}

bool trail_meets(const struct trail *trail, const struct watch_event *event)
{
	for (size_t i = 0; i < trail->count; i++)
		if (is_at(&trail->steps[i], event) ||
		    (trail->steps[i].folder == event->id && !event->name[0]))
			return true;
	return false;
}

bool trail_ends_at(const struct trail *trail, const struct watch_event *event)
{
	return trail->count && is_at(&trail->steps[trail->count - 1], event);
}

void trail_clear(struct trail *trail, struct watch *watch)
{
	for (size_t i = 0; i < trail->count; i++)
		if (trail->steps[i].entered)
			watch_remove(watch, trail->steps[i].folder);
	free(trail->steps);
	*trail = (struct trail){ 0 };
}
