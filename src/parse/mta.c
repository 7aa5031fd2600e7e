/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/mta.h"

static const struct slice words[MTA_COUNT] = {
	[MTA_POSTFIX] = SLICE("postfix"),
	[MTA_EXIM] = SLICE("exim"),
	[MTA_SENDMAIL] = SLICE("sendmail"),
	[MTA_OPENSMTPD] = SLICE("opensmtpd"),
	[MTA_QMAIL] = SLICE("qmail"),
	[MTA_DOVECOT] = SLICE("dovecot"),
	[MTA_EXCHANGE] = SLICE("exchange"),
	[MTA_HARAKA] = SLICE("haraka"),
	[MTA_STALWART] = SLICE("stalwart"),
};

static const struct {
	struct slice program;
	enum mta mta;
} programs[] = {
	{ SLICE("smtpd"), MTA_OPENSMTPD },
	{ SLICE("opensmtpd"), MTA_OPENSMTPD },
	{ SLICE("sendmail"), MTA_SENDMAIL },
	{ SLICE("sm-mta"), MTA_SENDMAIL },
	{ SLICE("sm-msp-queue"), MTA_SENDMAIL },
	{ SLICE("sm-que"), MTA_SENDMAIL },
	{ SLICE("sm-acceptingconnections"), MTA_SENDMAIL },
	{ SLICE("qmail"), MTA_QMAIL },
	{ SLICE("qmail-send"), MTA_QMAIL },
	{ SLICE("exchange"), MTA_EXCHANGE },
	{ SLICE("haraka"), MTA_HARAKA },
	{ SLICE("Haraka"), MTA_HARAKA },
	{ SLICE("stalwart"), MTA_STALWART },
	{ SLICE("stalwart-mail"), MTA_STALWART },
};

struct slice mta_word(enum mta mta)
{
	return words[mta];
}

enum mta mta_from_word(struct slice word)
{
	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++)
		if (slice_equal(word, words[mta]))
			return mta;
	return MTA_NONE;
}

enum mta mta_of(const struct header *header)
{
	struct slice program = header->program;

	if (program.len && memchr(program.at, '/', program.len))
		return MTA_POSTFIX;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (slice_equal(program, programs[i].program))
			return programs[i].mta;
	/* "exim", "exim4", "exim-mainlog": often a file that is sent on. */
	if (slice_starts(program, SLICE("exim")))
		return MTA_EXIM;
	return slice_starts(program, SLICE("postfix")) ? MTA_POSTFIX : MTA_NONE;
}
