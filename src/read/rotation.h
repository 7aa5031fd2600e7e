/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of rotated files, as logrotate, savelog and newsyslog make them: which
 * ones are of one log. "mail.log", "mail.log.1", "mail.log.2.gz",
 * "mail.log-20261123.xz", "mail-20261123.log", "mail.1.log", "mail.log.old"
 * are; "mail-1.log" is another log.
 */
#ifndef MAILWHY_READ_ROTATION_H
#define MAILWHY_READ_ROTATION_H

#include "base/slice.h"

/* What the names of one rotation have in common; borrowed from the name. */
struct rotation {
	struct slice stem;   /* with the folder: "/var/log/mail" */
	struct slice ending; /* ".log", or empty */
};

struct rotation rotation_of(struct slice name);

/* As slice_compare(): 0 if both are of one rotation. */
int rotation_compare(struct rotation a, struct rotation b);

#endif
