/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells when files and folders change, by inotify(7). Where that does not tell
 * all (network file systems, a folder that may not be read, no watches left)
 * the caller is told several times a second to look for himself. Knows nothing
 * of what is in them.
 *
 * What is watched is what a descriptor is open on, whatever its name is now.
 * The same file watched twice has the same id, and is to be removed twice.
 */
#ifndef MAILWHY_READ_WATCH_H
#define MAILWHY_READ_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch;

enum watch_kind {
	WATCH_LOOK,    /* anything may have changed; has no id */
	WATCH_WRITTEN, /* a file was written to, or made shorter */
	WATCH_CLOSED,  /* one who could write to the file has closed it */
	WATCH_DELETED, /* the file lost a name; or its rights changed */
	WATCH_ENTRY,   /* in the folder `name` was made, deleted or changed */
	WATCH_GONE,    /* `name` was moved away from the folder */
	WATCH_COME,    /* `name` was moved to the folder, from where the event
			* WATCH_GONE with the same cookie says */
};

struct watch_event {
	enum watch_kind kind;
	int id;
	const char *name; /* until the next call; "": the folder itself */
	uint32_t cookie;
};

/*
 * With `poll_ms` 0 what can be is watched by inotify. Else all is polled at
 * that pace, as on a network file system. Free with watch_free().
 */
struct watch *watch_new(int poll_ms);
void watch_free(struct watch *watch); /* NULL is allowed */

/* Watches what `fd` is open on, which stays the caller's. Returns the id. */
int watch_file(struct watch *watch, int fd);

/* The same of a folder; `fd` (O_PATH is enough) is the watch's from now on. */
int watch_folder(struct watch *watch, int fd);

/* The descriptor of a watched folder, for openat() and the like. */
int watch_place(const struct watch *watch, int id);

/* Whether what has this id has to be polled. */
bool watch_is_polled(const struct watch *watch, int id);

void watch_remove(struct watch *watch, int id);

/* The next event that is there already; false if there is none. */
bool watch_next(struct watch *watch, struct watch_event *event);

/* For poll(): what becomes readable with the next event (-1: nothing), and how
 * long to wait at most (-1: for ever). */
int watch_descriptor(const struct watch *watch);
int watch_timeout_ms(const struct watch *watch);

#endif
