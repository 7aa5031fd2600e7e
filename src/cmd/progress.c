/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/progress.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/memory.h"

#define SECOND_US INT64_C(1000000)

enum { FIRST_US = 1000000, NEXT_US = 200000, USUAL_WIDTH = 80 };

struct progress {
	struct progress_figures figures;
	uint64_t passed_before; /* by the inputs that have ended */
	uint64_t read_before;
	uint64_t skipped; /* of this input */
	int64_t started_us;
	int64_t drawn_us; /* 0: never */
	size_t shown;     /* columns */
	struct buf line;
};

/* Of a clock that nobody sets. */
static int64_t clock_us(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

struct progress *progress_new(uint64_t total)
{
	struct progress *progress = memory_new(1, sizeof(*progress));

	progress->figures.total = total;
	progress->started_us = clock_us();
	return progress;
}

void progress_free(struct progress *progress)
{
	if (!progress)
		return;
	progress_clear(progress);
	buf_clear(&progress->line);
	free(progress);
}

/* With one decimal below ten: "1.2 GB", "480 MB". */
static void add_bytes(struct buf *buf, double bytes)
{
	static const struct {
		double size;
		struct slice name;
	} units[] = {
		{ 1e12, SLICE(" TB") },
		{ 1e9, SLICE(" GB") },
		{ 1e6, SLICE(" MB") },
		{ 1e3, SLICE(" kB") },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t tenths = (uint64_t)(bytes / units[i].size * 10);

		if (tenths < 10)
			continue;
		buf_add_number(buf, tenths / 10);
		if (tenths < 100) {
			buf_add_char(buf, '.');
			buf_add_number(buf, tenths % 10);
		}
		buf_add(buf, units[i].name);
		return;
	}
	buf_add_number(buf, (uint64_t)bytes);
	buf_add(buf, SLICE(" bytes"));
}

static void add_seconds(struct buf *buf, uint64_t seconds)
{
	static const uint64_t hour = 3600;

	if (seconds < 120) {
		buf_add_number(buf, seconds);
		buf_add(buf, SLICE(" s"));
		return;
	}
	if (seconds >= 2 * hour) {
		buf_add_number(buf, seconds / hour);
		buf_add(buf, SLICE(" h "));
		seconds %= hour;
	}
	buf_add_number(buf, seconds / 60);
	buf_add(buf, SLICE(" min"));
}

void progress_write(struct buf *buf, const struct progress_figures *figures)
{
	double rate = (double)figures->read * SECOND_US /
		      (double)figures->elapsed_us;
	/* A log that grows is longer in the end than it was. */
	bool known = figures->total && figures->passed <= figures->total;
	double left = known ? (double)(figures->total - figures->passed) : 0;

	add_bytes(buf, (double)(known ? figures->passed : figures->read));
	if (known) {
		buf_add(buf, SLICE(" of "));
		add_bytes(buf, (double)figures->total);
		buf_add(buf, SLICE(" ("));
		buf_add_number(buf, (uint64_t)(100 * (double)figures->passed /
					       (double)figures->total));
		buf_add(buf, SLICE(" %)"));
	}
	buf_add(buf, SLICE(", "));
	add_bytes(buf, rate);
	buf_add(buf, SLICE("/s"));
	if (known && rate >= 1) {
		buf_add(buf, SLICE(", "));
		add_seconds(buf, (uint64_t)(left / rate + 0.5));
		buf_add(buf, SLICE(" left"));
	}
}

/* Writes `len` blanks over what is shown, too. */
static void add_blanks(struct buf *buf, size_t len)
{
	while (len-- > 0)
		buf_add_char(buf, ' ');
}

void progress_clear(struct progress *progress)
{
	struct buf *line;

	if (!progress || !progress->shown)
		return;
	line = &progress->line;
	buf_reset(line);
	buf_add_char(line, '\r');
	add_blanks(line, progress->shown);
	buf_add_char(line, '\r');
	(void)fd_write(STDERR_FILENO, line->at, line->len);
	progress->shown = 0;
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		return size.ws_col;
	return USUAL_WIDTH;
}

/* The last column stays free, where terminals would go to the next line. */
static void draw(struct progress *progress)
{
	struct buf *line = &progress->line;
	size_t width = terminal_width() - 1;
	size_t shown;

	if (tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	buf_reset(line);
	buf_add(line, SLICE("\rmailwhy: "));
	progress_write(line, &progress->figures);
	if (line->len - 1 > width)
		line->len = width + 1;
	shown = line->len - 1;
	if (shown < progress->shown)
		add_blanks(line, progress->shown - shown);
	(void)fd_write(STDERR_FILENO, line->at, line->len);
	progress->shown = shown;
}

void progress_begin(struct progress *progress, uint64_t skipped)
{
	if (progress)
		progress->skipped = skipped;
}

void progress_step(struct progress *progress, uint64_t taken)
{
	struct progress_figures *figures;
	int64_t now_us;

	if (!progress)
		return;
	now_us = clock_us();
	if (now_us - progress->started_us < FIRST_US ||
	    now_us - progress->drawn_us < NEXT_US)
		return;
	figures = &progress->figures;
	figures->elapsed_us = now_us - progress->started_us;
	figures->read = progress->read_before + taken;
	figures->passed = progress->passed_before + progress->skipped + taken;
	draw(progress);
	progress->drawn_us = now_us;
}

void progress_end(struct progress *progress, uint64_t taken, uint64_t size)
{
	if (!progress)
		return;
	progress->read_before += taken;
	progress->passed_before += size;
	progress->skipped = 0;
}
