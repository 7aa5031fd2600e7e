/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was answered, taken out of the reason text of a delivery: who spoke, at
 * which stage, with which basic code (RFC 5321, 4.2) and enhanced code (RFC
 * 3463), in which words. Postfix's wrappers ("delivery temporarily suspended:
 * X") are taken off first, so that X is what is explained. Replies of several
 * lines, which Postfix joins by a blank and which repeat their code, are made
 * one text.
 */
#ifndef MAILWHY_PARSE_REPLY_H
#define MAILWHY_PARSE_REPLY_H

#include "base/buf.h"
#include "base/slice.h"
#include "parse/delivery.h"
#include "parse/enhanced.h"

struct reply {
	struct slice host; /* the remote server, if the text names one */
	struct slice ip;
	enum stage stage;
	uint16_t code;            /* 0: no server answered with a code */
	struct enhanced enhanced; /* zeroed: the server sent none */
	/* What caused it, if that is somebody else's failure told inside a
	 * reject: its codes and whether no server spoke. Else the same. */
	uint16_t cause_code;
	struct enhanced cause_enhanced;
	bool local; /* the own mail system speaks */
	/* The whole answer for people and for the event: with its code, the
	 * codes of continuation lines removed; without a code: what the own
	 * mail system says. */
	struct slice text;
};

/*
 * Reads the reason text of `delivery`. The text may be put together in
 * `scratch`, which the caller owns and which is reset; the slices of *reply
 * are borrowed from the delivery and from it.
 */
void reply_parse(const struct delivery *delivery, struct buf *scratch,
		 struct reply *reply);

/*
 * Reads a bare reply as a person types or pastes it, or as a bounce tells it:
 * "554 5.7.1 no", "5.7.1", "550-5.1.1 a 550 5.1.1 b", "551: moved", with a code
 * or without, perhaps with the words of a mail system that passes it on. As
 * reply_parse() else.
 */
void reply_parse_bare(struct slice text, struct buf *scratch,
		      struct reply *reply);

#endif
