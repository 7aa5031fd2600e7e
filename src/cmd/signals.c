/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t ended;
static volatile sig_atomic_t reload;
/* A handler's byte in it ends a poll() that began just after the handler. */
static int wake[2] = { -1, -1 };

static void wake_up(void)
{
	int saved = errno;

	/* A full pipe wakes as well. */
	if (write(wake[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

static void on_end(int number)
{
	(void)number;
	ended = 1;
	wake_up();
}

static void on_reload(int number)
{
	(void)number;
	reload = 1;
	wake_up();
}

static void handle(int number, void (*handler)(int number), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(number, &action, NULL);
}

void signals_init(void)
{
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
		wake[0] = wake[1] = -1;
	handle(SIGTERM, on_end, (int)SA_RESETHAND);
	handle(SIGINT, on_end, (int)SA_RESETHAND);
	handle(SIGHUP, on_reload, 0);
	/* write(2) tells of both. */
	handle(SIGPIPE, SIG_IGN, 0);
	handle(SIGXFSZ, SIG_IGN, 0);
}

bool signals_ended(void)
{
	return ended;
}

bool signals_take_reload(void)
{
	bool asked = reload;

	reload = 0;
	return asked;
}

bool signals_wait(struct pollfd *fds, size_t count, int timeout_ms)
{
	struct pollfd all[1 + SIGNALS_FDS] = { { .fd = wake[0],
						 .events = POLLIN } };
	char byte;

	if (ended || reload)
		return false;
	memcpy(all + 1, fds, count * sizeof(*fds));
	if (poll(all, 1 + count, timeout_ms) < 0)
		return errno != EINTR;
	memcpy(fds, all + 1, count * sizeof(*fds));
	if (!all[0].revents)
		return true;
	while (read(wake[0], &byte, 1) > 0)
		;
	return false;
}

bool signals_wait_readable(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	return signals_wait(&one, 1, -1);
}
