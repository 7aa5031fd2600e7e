/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The syslog header of a line: RFC 3164 ("Nov 23 10:11:12 mx1 tag[pid]: "),
 * RFC 3339 stamps as rsyslog's RSYSLOG_FileFormat writes them, RFC 5424; each
 * with or without "<PRI>"; and what journalctl writes, all its short forms that
 * tell a time. All slices are borrowed from the line.
 */
#ifndef MAILWHY_PARSE_HEADER_H
#define MAILWHY_PARSE_HEADER_H

#include "base/slice.h"
#include "base/stamp.h"

struct header {
	struct stamp time;
	struct slice host;    /* empty: none, or "-" */
	struct slice program; /* the tag without the pid: "postfix/smtp" */
	struct slice pid;     /* digits; empty if there is none */
	struct slice message; /* without one leading blank and RFC 5424's BOM */
};

/*
 * Takes the header off `line`. False, and a zeroed *header, if it begins with
 * no stamp of these forms or has no tag. What stands in the brackets of a tag
 * is a pid, or it is no tag; RFC 5424's PROCID may be anything, and is no pid
 * unless all digits.
 */
bool header_parse(struct slice line, struct calendar *calendar,
		  struct header *header);

/* Fills program and pid from a tag alone: "postfix/smtp[12]:", "postfix:",
 * "postfix/smtp[12]". False, and nothing touched, if it is none. */
bool header_parse_tag(struct slice tag, struct header *header);

#endif
