/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What messages.c and messages_room.c share: the table itself. Nobody else
 * looks into it.
 */
#ifndef MAILWHY_COUNT_MESSAGES_TABLE_H
#define MAILWHY_COUNT_MESSAGES_TABLE_H

#include "base/intern.h"
#include "count/messages.h"

#define SECOND_US INT64_C(1000000)

/* 40 bytes, of which there may be millions. */
struct message {
	uint64_t key;        /* 0: a gap */
	uint32_t last_s;     /* when a line told of it last */
	uint32_t sender;     /* text; INTERN_NONE: not known, as below */
	uint32_t origin;     /* text: client's name, NUL, address, NUL, user */
	uint32_t message_id; /* text of `ids` */
	uint32_t size;       /* 0: not known, as below */
	uint32_t nrcpt;
	uint32_t recipients; /* head of the list */
	uint8_t nearness;
	bool tried;
	uint16_t decided; /* recipients of whom it is known what became */
};

struct messages {
	struct message *at; /* in the order in which they were opened */
	uint32_t count;     /* with the gaps */
	uint32_t size;
	uint32_t live;
	struct slots slots;
	struct recipients recipients;
	struct intern *texts;
	struct intern *ids;
	uint32_t *id_owners; /* by number: who had it first */
	uint32_t id_size;
	uint64_t seed;
	size_t limit;
	size_t next_tidy; /* bytes */
	size_t freed;     /* messages and recipients since memory was moved */
	int64_t stamp_us; /* of the line before */
	int64_t now_us;
	int64_t swept_us;
	uint64_t lines_since_sweep;
	struct messages_lost lost;
	struct buf scratch;
};

/* A time as messages keep it: seconds since 1970, within 32 bits. */
uint32_t messages_seconds(int64_t us);

#endif
