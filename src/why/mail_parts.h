/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail taken apart by its MIME structure: what bounce.h looks at, decoded to
 * UTF-8, and the mails that it embeds. Nothing else is opened. The only file
 * that knows GMime. Deep parts and long texts are left out; the bytes must
 * have been bounded by mail_guard_bound().
 */
#ifndef MAILWHY_WHY_MAIL_PARTS_H
#define MAILWHY_WHY_MAIL_PARTS_H

#include "base/buf.h"
#include "base/slice.h"

struct _GMimeMessage;

enum {
	MAIL_PARTS_EMBEDDED = 16,             /* mails taken out of one mail */
	MAIL_PARTS_NOTICE = 1024 * 1024,      /* bytes of text for people */
	MAIL_PARTS_FIELDS = 16 * 1024 * 1024, /* bytes of delivery status */
};

/* What a mail is by its header. */
enum mail_kind {
	MAIL_OTHER,     /* perhaps one that forwards a bounce */
	MAIL_AUTOMATIC, /* a program wrote it: what it embeds is the original */
	MAIL_BOUNCE,    /* and it tells of failure */
};

/* All but the two bufs is borrowed from the message. */
struct mail_parts {
	struct buf notice; /* text for people, HTML as text */
	struct buf fields; /* delivery status */
	struct _GMimeMessage *embedded[MAIL_PARTS_EMBEDDED];
	size_t embedded_count;
	bool broken; /* MIME finds no part in it */
	enum mail_kind kind;
	struct slice failed; /* X-Failed-Recipients, decoded */
	struct slice to;     /* To, decoded */
};

/* NULL if GMime sees no mail in it. Keeps pointers into `mail`. */
struct _GMimeMessage *mail_parts_parse(struct slice mail);
void mail_parts_release(struct _GMimeMessage *message);

/* Fills *parts, which is zeroed; mail_parts_clear() frees what is in it. */
void mail_parts_gather(struct _GMimeMessage *message, struct mail_parts *parts);
void mail_parts_clear(struct mail_parts *parts);

/* Adds UTF-8 without NUL: what is no UTF-8 is taken as ISO 8859-1. */
void mail_parts_add_text(struct buf *buf, struct slice text);

/* Adds `text` with its encoded words (RFC 2047) decoded, any bytes else. */
void mail_parts_add_decoded(struct buf *buf, struct slice text);

#endif
