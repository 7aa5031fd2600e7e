/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One delivery attempt for one recipient, or one inbound reject, as the log
 * tells it. All slices are borrowed from the line in hand and from the
 * normaliser that read it; they are valid until the next line. What the log
 * does not say is an empty slice or zero.
 */
#ifndef MAILWHY_PARSE_DELIVERY_H
#define MAILWHY_PARSE_DELIVERY_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/stamp.h"
#include "parse/enhanced.h"
#include "parse/nearness.h"

enum status {
	STATUS_NONE,
	STATUS_SENT,
	STATUS_BOUNCED,
	STATUS_DEFERRED,
	STATUS_EXPIRED,
	STATUS_UNDELIVERABLE, /* a probe that failed */
	STATUS_DELIVERABLE,   /* a probe that succeeded */
	STATUS_REJECTED,      /* inbound, by this server */
	STATUS_COUNT
};

/* Where in the dialogue (RFC 5321, 3) an attempt failed. */
enum stage {
	STAGE_NONE,
	STAGE_CONNECT,
	STAGE_BANNER,
	STAGE_EHLO,
	STAGE_STARTTLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_EOM,
	STAGE_LOCAL,
	STAGE_COUNT
};

/* Who speaks in the text of a delivery that failed. */
enum text_form {
	TEXT_POSTFIX, /* in Postfix's words: "host H[IP] said: 550 ..." */
	TEXT_ANSWER,  /* the remote server: its answer as it sent it, the lines
			 joined by blanks, each with its code */
	TEXT_OWN,     /* the own mail system: no server has answered */
};

/* What a line that tells of a message means for it. */
enum message_step {
	MESSAGE_GOES_ON,
	MESSAGE_BEGUN,    /* another one that had its queue id is no more */
	MESSAGE_REQUEUED, /* it had another queue id, which is no more */
	MESSAGE_EXPIRED,  /* it is given up for the recipients that are left */
	MESSAGE_ENDED,    /* it is in the queue no more */
};

/* What one of several recipients of a line was told. */
struct share {
	struct slice recipient;
	struct slice text;
	enum text_form form;
	enum stage stage;
	enum status status;
	struct enhanced dsn;
	struct slice relay_host;
	struct slice relay_ip;
};

/*
 * A line that only tells of a message (LINE_MESSAGE: who sent it, how large it
 * is ...) comes as one, too, with what it tells and no status.
 */
struct delivery {
	struct stamp time;
	struct slice host;    /* that wrote the log */
	struct slice mta;     /* "postfix" */
	struct slice service; /* "smtp", "lmtp", "smtpd" ... */
	struct slice pid;
	struct slice queue_id;
	struct slice message; /* by what lines of one message are known, where
				 each recipient has a queue id of its own */
	struct slice recipient;
	struct slice orig_to;
	struct slice relay_host;
	struct slice relay_ip;
	struct slice relay_port;
	struct slice delay;  /* seconds, as logged */
	struct slice delays; /* "0.1/0/0.4/0.5" */
	struct enhanced dsn; /* the MTA's own, not the server's; of a reject
				only where its text lacks the code */
	enum status status;
	struct slice text; /* the reason; a reject's whole reply */
	enum text_form form;
	bool untried;     /* given up after attempts that the log has told */
	enum stage stage; /* of rejects, and where `form` is not Postfix's */
	/* Further recipients of the same attempt, with commas between, as
	 * Sendmail logs them; see delivery_next(). */
	struct slice others;
	/* Further recipients of the line, each with what it was told: the bytes
	 * of struct share, one behind the other, in no alignment. */
	struct slice shares;
	/* Where the log counts recipients and does not name them, as Haraka's:
	 * how many further ones there are; their domain, which may be known
	 * without a recipient. */
	uint32_t unnamed;
	struct slice domain;
	/* Of the message, as far as the line tells: rejects do, deliveries do
	 * not; what they lack is taken from other lines by count/trace.h. */
	struct slice client_host; /* that brought it */
	struct slice client_ip;
	struct slice sender;
	struct slice sasl_username;
	struct slice message_id; /* without brackets */
	struct slice size;       /* bytes, as logged */
	struct slice nrcpt;      /* recipients, as logged */
	bool null_sender;        /* the sender is known: it is "<>" */
	enum message_step step;
	/* Of the host that connected to bring it; local users are INSIDE. */
	enum nearness nearness;
	/* Queue ids of this host under which the same mail goes on, and under
	 * which it was before; only if the own mail system or a filter inside
	 * says so. */
	struct slice handed_to;
	struct slice handed_from;
	struct slice bounced_as; /* the queue id of the bounce it got */
	/* Rejects only. */
	struct slice helo;
	bool permanent;    /* refused for good, where no code tells it */
	bool sender_words; /* the text is the sender's: it proves nothing */
};

/* Makes it the attempt for the next of the others, or of the shares; false if
 * there is none. */
bool delivery_next(struct delivery *delivery);

/* Makes it the attempt for that recipient. */
void delivery_take(struct delivery *delivery, const struct share *share);

/* Copies all texts into the arena, so that the delivery outlives its line. */
void delivery_keep(struct delivery *delivery, struct arena *arena);

/* The word of the event's field: "bounced", "rcpt"; empty for _NONE. */
struct slice status_word(enum status status);
struct slice stage_word(enum stage stage);

/* The stage named `word`; STAGE_NONE if there is none of that name. */
enum stage stage_from_word(struct slice word);

/*
 * The status Postfix writes after "status=". Its SOFTBOUNCE is a deferral (the
 * mail stays queued), "undeliverable-but-not-cached" a probe that failed.
 * STATUS_NONE for other words.
 */
enum status status_from_postfix(struct slice word);

#endif
