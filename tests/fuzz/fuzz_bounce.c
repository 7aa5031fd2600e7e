/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail, read as if its first bytes had been read before; the first byte
 * chooses how many of them. Whatever the bytes are: all texts are one line of
 * valid UTF-8 within their limits, all numbers are what their types promise,
 * and a recipient is never empty.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "why/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_line(struct slice line)
{
	check(line.len <= BOUNCE_TEXT_LIMIT);
	check(line.len == 0 || line.at[line.len] == '\0');
	while (line.len) {
		size_t len = utf8_sequence(line);
		unsigned char first = (unsigned char)line.at[0];

		check(len > 0 && first >= 0x20 && first != 0x7f);
		check(first != 0xc2 || (unsigned char)line.at[1] >= 0xa0);
		line = slice_after(line, len);
	}
}

static void check_delivery(const struct delivery *delivery)
{
	check(delivery->recipient.len > 0);
	check(delivery->status == STATUS_BOUNCED ||
	      delivery->status == STATUS_DEFERRED ||
	      delivery->status == STATUS_SENT);
	check(delivery->dsn.subject < 1000 && delivery->dsn.detail < 1000);
	check(delivery->dsn.class != 0 ||
	      (delivery->dsn.subject == 0 && delivery->dsn.detail == 0));
	check_line(delivery->recipient);
	check_line(delivery->orig_to);
	check_line(delivery->relay_host);
	check_line(delivery->relay_ip);
	check_line(delivery->host);
	check_line(delivery->text);
}

/* A descriptor from which the bytes can be read. */
static int open_bytes(struct slice bytes)
{
	int fd = memfd_create("mail", MFD_CLOEXEC);

	check(fd >= 0);
	check(write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	check(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice mail = { (const char *)data + 1, size ? size - 1 : 0 };
	struct bounce *bounce = NULL;
	struct fault fault;
	struct slice head;
	int fd;

	if (size < 2)
		return 0;
	head = slice_head(mail, (size_t)data[0] * 16);
	fd = open_bytes(
		(struct slice){ mail.at + head.len, mail.len - head.len });
	check(bounce_read(fd, head, "mail", &bounce, &fault) == 0);
	check(bounce_count(bounce) <= BOUNCE_LIMIT);
	for (size_t i = 0; i < bounce_count(bounce); i++)
		check_delivery(bounce_delivery(bounce, i));
	bounce_free(bounce);
	(void)bounce_is_mail(head);
	(void)close(fd);
	return 0;
}
