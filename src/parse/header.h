/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The syslog header of a line: RFC 3164 ("Nov 23 10:11:12 mx1 tag[pid]: "),
 * RFC 3339 stamps as rsyslog's RSYSLOG_FileFormat writes them, RFC 5424; each
 * with or without "<PRI>"; and what journalctl writes, all its short forms that
 * tell a time. All slices are borrowed from the line. What qmail
 * logs without syslog has a stamp alone, in TAI64N or seconds; its program is
 * "qmail" then. Exim begins the lines of its own log with "2026-11-23
 * 10:11:12.345 +0100 [4711] ", the last three if it is told to. In Exchange's
 * message tracking logs a comma follows the stamp, and 18 more at least; a line
 * "#Fields: date-time," is one of them, without a stamp. Haraka's lines begin
 * with its level, a UUID and a plugin, with or without a stamp; Stalwart's with
 * a level, a description and the name of an event.
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
	bool own_log; /* not of syslog: `program` is known by the form */
};

/*
 * Takes the header off `line`. False, and a zeroed *header, if it begins with
 * no stamp of these forms or has no tag, and is none of Haraka's or Stalwart's
 * own. What stands in the brackets of a tag is a pid, or it is no tag; RFC
 * 5424's PROCID may be anything, and is no pid unless all digits.
 */
bool header_parse(struct slice line, struct calendar *calendar,
		  struct header *header);

/* The stamp that a line begins with, as header_parse() reads it; the rest of
 * the line need not be a header. Not known: none. */
struct stamp header_stamp(struct slice line, struct calendar *calendar);

/* Fills program and pid from a tag alone: "postfix/smtp[12]:", "postfix:",
 * "postfix/smtp[12]". False, and nothing touched, if it is none. */
bool header_parse_tag(struct slice tag, struct header *header);

#endif
