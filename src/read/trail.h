/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way that a file's name leads: from folder to folder and over symbolic
 * links, down to the file. Each folder that a part of the name is looked up in
 * is watched, before it is looked up: whatever makes the name mean another
 * file (a renamed or switched file, link or folder, one that appears) is an
 * event for one of these folders. A zeroed struct is a way that nobody walked.
 */
#ifndef MAILWHY_READ_TRAIL_H
#define MAILWHY_READ_TRAIL_H

#include <stddef.h>

#include "read/watch.h"

struct trail_step;

struct trail {
	struct trail_step *steps;
	size_t count;
};

/*
 * Walks `path` anew, as far as it leads. Returns the regular file at its end,
 * opened for reading; -1 with errno if there is none: EISDIR if it is a folder,
 * EINVAL if it is a pipe or the like.
 */
int trail_walk(struct trail *trail, struct watch *watch, const char *path);

/* Whether the event concerns a part of the way, which then has to be walked
 * again. */
bool trail_meets(const struct trail *trail, const struct watch_event *event);

/* Whether the event concerns the last part, the file itself. */
bool trail_ends_at(const struct trail *trail, const struct watch_event *event);

/* Ends the watching. The trail is as nobody walked it. */
void trail_clear(struct trail *trail, struct watch *watch);

#endif
