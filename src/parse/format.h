/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a mail server's log needs besides its rulebase: each has a file of its
 * own (parse/postfix.c, parse/opensmtpd.c ...) that holds one of these.
 */
#ifndef MAILWHY_PARSE_FORMAT_H
#define MAILWHY_PARSE_FORMAT_H

#include "base/buf.h"
#include "parse/delivery.h"
#include "parse/fields.h"
#include "parse/header.h"

/* A message that the rulebase has taken apart. */
struct reading {
	const struct header *header;
	const struct fields *fields;
	/* For what has to be put together: it has room for the message twice
	 * and must not grow, so that slices into it stay. */
	struct buf *buf;
	void *memory; /* what format->memory_new() made */
};

struct format {
	/*
	 * Fills what is the format's own in *delivery (status, text, service,
	 * recipient ...), which holds time, host, mta and pid already. False if
	 * the message is no delivery or reject after all; true and
	 * STATUS_NONE: it is known to be none. Of a line that tells of a
	 * message: its queue id and what parse/delivery.h has "of the
	 * message"; false if it is to be passed over.
	 */
	bool (*read)(const struct reading *reading, struct delivery *delivery);

	/* Whether a message that no rule knows should have been known: it has
	 * the marks of an attempt or of a reject. */
	bool (*suspects)(struct slice message);

	/*
	 * Before the rulebase reads the message: masks in `copy`, which holds
	 * it and a NUL, what the rules cannot read (the escapes of quoted local
	 * parts), and may shorten it; puts the raw local parts of recipient and
	 * original recipient into `locals`, empty if there is nothing to mask.
	 * NULL: not needed.
	 */
	void (*mask)(struct slice message, struct buf *copy,
		     struct slice locals[2]);

	/*
	 * Before all else: where a server tells a message in several lines or
	 * puts something before it, the whole message takes the line's place
	 * in *header. False: the line is a part, and nothing more is to be
	 * done with it now. NULL: not needed.
	 */
	bool (*gather)(void *memory, struct header *header);

	/* The next message that waits for parts which will not come, or with
	 * `all`, for any; false if there is none. NULL: none ever waits. */
	bool (*left)(void *memory, bool all, struct header *header);

	/* What is kept from line to line, of bounded size. NULL: nothing, the
	 * lines of a log may be read in any order. A line that is no attempt
	 * may still be needed by a later one: note() keeps what there is to
	 * keep. */
	void *(*memory_new)(void);
	void (*memory_free)(void *memory);
	void (*note)(const struct reading *reading);

	/* What is kept serves lines that tell of messages alone. */
	bool any_order;
};

extern const struct format postfix_format;
extern const struct format exim_format;
extern const struct format opensmtpd_format;
extern const struct format qmail_format;
extern const struct format sendmail_format;
extern const struct format dovecot_format;
extern const struct format exchange_format;
extern const struct format haraka_format;
extern const struct format stalwart_format;

#endif
