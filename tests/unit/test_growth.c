/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/stamp.h"
#include "read/growth.h"

static char folder[] = "/tmp/test_growth.XXXXXX";

/* What happens to files, in a language of one verb and two words. */
enum verb {
	END,
	FOLLOW, /* the name a */
	APPEND, /* to a: b; made if missing, closed again */
	HOLD,   /* a is open for writing until CLOSE */
	PUT,    /* a, into the file that is held */
	CLOSE,
	MOVE,   /* a to b */
	REMOVE, /* a */
	CUT,    /* a is empty now */
	MAKE,   /* the folder a */
	LINK,   /* b means a now, all at once */
	READ,   /* these lines come now, and no others */
	REST,   /* these are left at the end */
};

struct step {
	enum verb verb;
	const char *a;
	const char *b;
};

struct story {
	const char *title;
	bool inotify; /* cannot be known by polling */
	struct step steps[24];
};

static const struct story stories[] = {
	{ "a file that grows",
	  false,
	  { { APPEND, "log", "one\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { APPEND, "log", "two\n" },
	    { READ, "two\n", 0 },
	    { READ, "", 0 } } },
	{ "files in the order of their names, then as they grow",
	  false,
	  { { APPEND, "b", "b1\n" },
	    { APPEND, "a", "a1\na2\n" },
	    { FOLLOW, "b", 0 },
	    { FOLLOW, "a", 0 },
	    { READ, "b1\na1\na2\n", 0 },
	    { APPEND, "a", "a3\n" },
	    { READ, "a3\n", 0 },
	    { APPEND, "b", "b2\n" },
	    { READ, "b2\n", 0 } } },
	{ "a line that is written in pieces",
	  false,
	  { { APPEND, "log", "o" },
	    { FOLLOW, "log", 0 },
	    { READ, "", 0 },
	    { APPEND, "log", "n" },
	    { READ, "", 0 },
	    { APPEND, "log", "e\ntw" },
	    { READ, "one\n", 0 },
	    { REST, "tw", 0 } } },
	{ "rotation by rename, the writer is slow to notice",
	  false,
	  { { HOLD, "log", 0 },           { FOLLOW, "log", 0 },
	    { PUT, "one\n", 0 },          { READ, "one\n", 0 },
	    { PUT, "two\n", 0 },          { MOVE, "log", "log.1" },
	    { PUT, "three\n", 0 },        { READ, "two\nthree\n", 0 },
	    { APPEND, "log", "" },        { READ, "", 0 },
	    { PUT, "four\n", 0 },         { READ, "four\n", 0 },
	    { APPEND, "log", "six\n" },   { PUT, "five\n", 0 },
	    { READ, "five\nsix\n", 0 },   { PUT, "late\n", 0 },
	    { READ, "late\n", 0 },        { CLOSE, 0, 0 },
	    { APPEND, "log", "seven\n" }, { READ, "seven\n", 0 } } },
	{ "a line begun before a rotation and ended after it",
	  false,
	  { { HOLD, "log", 0 },
	    { FOLLOW, "log", 0 },
	    { PUT, "on", 0 },
	    { READ, "", 0 },
	    { MOVE, "log", "log.1" },
	    { APPEND, "log", "tw" },
	    { READ, "", 0 },
	    { PUT, "e\n", 0 },
	    { READ, "one\n", 0 },
	    { APPEND, "log", "o\n" },
	    { READ, "two\n", 0 },
	    { CLOSE, 0, 0 } } },
	{ "several rotations before anybody looks",
	  true,
	  { { APPEND, "log", "one\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { APPEND, "log", "two\n" },
	    { MOVE, "log", "log.1" },
	    { APPEND, "log", "three\n" },
	    { MOVE, "log.1", "log.2" },
	    { MOVE, "log", "log.1" },
	    { APPEND, "log", "four\n" },
	    { MOVE, "log.2", "log.3" },
	    { MOVE, "log.1", "log.2" },
	    { MOVE, "log", "log.1" },
	    { APPEND, "log", "five\n" },
	    { READ, "two\nthree\nfour\nfive\n", 0 },
	    { APPEND, "log.1", "late\n" },
	    { READ, "late\n", 0 } } },
	{ "more rotations before anybody looks than files are kept",
	  true,
	  { { APPEND, "log", "0\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "0\n", 0 },
	    { MOVE, "log", "a" },
	    { APPEND, "log", "1\n" },
	    { MOVE, "log", "b" },
	    { APPEND, "log", "2\n" },
	    { MOVE, "log", "c" },
	    { APPEND, "log", "3\n" },
	    { MOVE, "log", "d" },
	    { APPEND, "log", "4\n" },
	    { MOVE, "log", "e" },
	    { APPEND, "log", "5" },
	    { MOVE, "log", "f" },
	    { APPEND, "log", "6\n" },
	    { READ, "1\n2\n3\n4\n6\n", 0 },
	    { APPEND, "f", "\n" },
	    { READ, "5\n", 0 } } },
	{ "the unfinished line of a file that is let go",
	  false,
	  { { APPEND, "log", "half" },
	    { FOLLOW, "log", 0 },
	    { READ, "", 0 },
	    { MOVE, "log", "a" },
	    { APPEND, "log", "1\n" },
	    { READ, "1\n", 0 },
	    { MOVE, "log", "b" },
	    { APPEND, "log", "2\n" },
	    { READ, "2\n", 0 },
	    { MOVE, "log", "c" },
	    { APPEND, "log", "3\n" },
	    { READ, "3\n", 0 },
	    { MOVE, "log", "d" },
	    { APPEND, "log", "4\n" },
	    { READ, "half4\n", 0 } } },
	{ "copytruncate",
	  false,
	  { { HOLD, "log", 0 },
	    { PUT, "one\n", 0 },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { CUT, "log", 0 },
	    { READ, "", 0 },
	    { PUT, "two\n", 0 },
	    { READ, "two\n", 0 },
	    { CUT, "log", 0 },
	    { PUT, "three, longer than what was there\n", 0 },
	    { READ, "three, longer than what was there\n", 0 },
	    { CLOSE, 0, 0 } } },
	{ "a smaller file in its place",
	  false,
	  { { APPEND, "log", "one\ntwo\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\ntwo\n", 0 },
	    { APPEND, "new", "3\n" },
	    { MOVE, "new", "log" },
	    { READ, "3\n", 0 } } },
	{ "a larger file in its place",
	  false,
	  { { APPEND, "log", "one\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { APPEND, "new", "two\nthree\n" },
	    { MOVE, "new", "log" },
	    { READ, "two\nthree\n", 0 } } },
	{ "a file that appears later",
	  false,
	  { { FOLLOW, "log", 0 },
	    { READ, "", 0 },
	    { APPEND, "log", "one\n" },
	    { READ, "one\n", 0 } } },
	{ "folders that appear later",
	  false,
	  { { FOLLOW, "mail/today/log", 0 },
	    { READ, "", 0 },
	    { MAKE, "mail", 0 },
	    { READ, "", 0 },
	    { MAKE, "mail/today", 0 },
	    { APPEND, "mail/today/log", "one\n" },
	    { READ, "one\n", 0 },
	    { MOVE, "mail", "mail.old" },
	    { READ, "", 0 },
	    { MAKE, "mail", 0 },
	    { MAKE, "mail/today", 0 },
	    { APPEND, "mail/today/log", "two\n" },
	    { READ, "two\n", 0 },
	    { APPEND, "mail.old/today/log", "late\n" },
	    { READ, "late\n", 0 } } },
	{ "a file that vanishes and comes again",
	  false,
	  { { APPEND, "log", "one\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { REMOVE, "log", 0 },
	    { READ, "", 0 },
	    { APPEND, "log", "two\n" },
	    { READ, "two\n", 0 } } },
	{ "a file that is deleted while it is written",
	  true,
	  { { HOLD, "log", 0 },
	    { FOLLOW, "log", 0 },
	    { READ, "", 0 },
	    { PUT, "one\n", 0 },
	    { REMOVE, "log", 0 },
	    { READ, "one\n", 0 },
	    { PUT, "two\nha", 0 },
	    { READ, "two\n", 0 },
	    { PUT, "lf", 0 },
	    { CLOSE, 0, 0 },
	    { READ, "half", 0 } } },
	{ "a link that is switched",
	  false,
	  { { APPEND, "a", "a1\n" },
	    { APPEND, "b", "b1\n" },
	    { LINK, "a", "log" },
	    { FOLLOW, "log", 0 },
	    { READ, "a1\n", 0 },
	    { LINK, "b", "log" },
	    { APPEND, "a", "a2\n" },
	    { READ, "a2\nb1\n", 0 },
	    { APPEND, "b", "b2\n" },
	    { READ, "b2\n", 0 },
	    { LINK, "a", "log" }, /* back: nothing is read twice */
	    { APPEND, "a", "a3\n" },
	    { READ, "a3\n", 0 } } },
	{ "a link to a folder that is switched, and a file behind a link",
	  false,
	  { { MAKE, "x", 0 },
	    { MAKE, "y", 0 },
	    { APPEND, "x/log", "x1\n" },
	    { APPEND, "y/log", "y1\n" },
	    { LINK, "x", "way" },
	    { FOLLOW, "way/log", 0 },
	    { READ, "x1\n", 0 },
	    { LINK, "y", "way" },
	    { READ, "y1\n", 0 },
	    { MOVE, "y/log", "y/log.1" },
	    { APPEND, "y/log", "y2\n" },
	    { READ, "y2\n", 0 } } },
	{ "two names of one file, and the name it is rotated to",
	  false,
	  { { APPEND, "log.1", "old\n" },
	    { APPEND, "log", "one\n" },
	    { LINK, "log", "link" },
	    { FOLLOW, "log.1", 0 },
	    { FOLLOW, "log", 0 },
	    { FOLLOW, "link", 0 },
	    { FOLLOW, "log", 0 },
	    { READ, "old\none\n", 0 },
	    { APPEND, "log", "two\n" },
	    { MOVE, "log", "log.1" },
	    { APPEND, "log", "three\n" },
	    { READ, "two\nthree\n", 0 },
	    { APPEND, "log.1", "late\n" },
	    { READ, "late\n", 0 } } },
	{ "a folder in the place of the file",
	  false,
	  { { APPEND, "log", "one\n" },
	    { FOLLOW, "log", 0 },
	    { READ, "one\n", 0 },
	    { REMOVE, "log", 0 },
	    { MAKE, "log", 0 },
	    { READ, "", 0 },
	    { MOVE, "log", "folder" },
	    { APPEND, "log", "two\n" },
	    { READ, "two\n", 0 } } },
};

struct scene {
	struct growth *growth;
	int held;
	struct buf out;
};

static void append(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write(fd, text, strlen(text)), 0);
	close(fd);
}

static void link_to(const char *target, const char *name)
{
	assert_int_equal(symlink(target, "link~"), 0);
	assert_int_equal(rename("link~", name), 0);
}

static void collect(struct scene *scene)
{
	struct growth_item item;

	do {
		growth_next(scene->growth, &item);
		buf_add(&scene->out, item.lines);
		assert_int_not_equal(item.kind, GROWTH_FAILED);
	} while (item.kind != GROWTH_QUIET);
}

/* With inotify all is told at once; else it takes a few looks. */
static void read_lines(struct scene *scene, const char *wanted)
{
	const int64_t deadline_us = stamp_monotonic_us() + 5000000;

	collect(scene);
	for (int looks = 0; growth_timeout_ms(scene->growth) >= 0 &&
			    stamp_monotonic_us() < deadline_us &&
			    (looks < 3 || scene->out.len < strlen(wanted));
	     looks++) {
		(void)poll(NULL, 0, growth_timeout_ms(scene->growth));
		collect(scene);
	}
	buf_add_char(&scene->out, '\0');
	assert_string_equal(scene->out.at, wanted);
	buf_reset(&scene->out);
}

static void read_rest(struct scene *scene, const char *wanted)
{
	struct growth_item item;

	growth_rest(scene->growth, &item);
	assert_true(slice_equal(item.lines, slice_from(wanted)));
	growth_rest(scene->growth, &item);
	assert_int_equal(item.kind, GROWTH_QUIET);
}

static void play(struct scene *scene, const struct step *step)
{
	switch (step->verb) {
	case END:
		break;
	case FOLLOW:
		growth_add(scene->growth, step->a);
		break;
	case APPEND:
		append(step->a, step->b);
		break;
	case HOLD:
		append(step->a, "");
		scene->held = open(step->a, O_WRONLY | O_APPEND | O_CLOEXEC);
		assert_true(scene->held >= 0);
		break;
	case PUT:
		assert_int_equal(
			fd_write(scene->held, step->a, strlen(step->a)), 0);
		break;
	case CLOSE:
		assert_int_equal(close(scene->held), 0);
		break;
	case MOVE:
		assert_int_equal(rename(step->a, step->b), 0);
		break;
	case REMOVE:
		assert_int_equal(unlink(step->a), 0);
		break;
	case CUT:
		assert_int_equal(truncate(step->a, 0), 0);
		break;
	case MAKE:
		assert_int_equal(mkdir(step->a, 0700), 0);
		break;
	case LINK:
		link_to(step->a, step->b);
		break;
	case READ:
		read_lines(scene, step->a);
		break;
	case REST:
		read_rest(scene, step->a);
		break;
	}
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	(void)status;
	(void)type;
	return place->level ? remove(path) : 0;
}

static int clean(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	return chdir("/") == 0 && clean(state) == 0 ? rmdir(folder) : -1;
}

static void play_all(int poll_ms)
{
	for (size_t i = 0; i < COUNT(stories); i++) {
		struct scene scene = { .growth = NULL };

		if (poll_ms && stories[i].inotify)
			continue;
		print_message("# story: %s\n", stories[i].title);
		scene.growth = growth_new(poll_ms);
		for (const struct step *step = stories[i].steps;
		     step->verb != END; step++)
			play(&scene, step);
		growth_free(scene.growth);
		buf_clear(&scene.out);
		assert_int_equal(clean(NULL), 0);
	}
}

static void each_line_comes_once_by_inotify(void **state)
{
	(void)state;
	play_all(0);
}

static void each_line_comes_once_by_polling(void **state)
{
	(void)state;
	play_all(2);
}

static void says_why_a_name_means_no_file(void **state)
{
	struct growth *growth = growth_new(0);
	struct growth_item item;

	(void)state;
	growth_add(growth, "log");
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_ABSENT);
	assert_int_equal(item.error, ENOENT);
	assert_string_equal(item.name, "log");
	assert_true(item.first);
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_QUIET);
	/* Once a reason. */
	assert_int_equal(mkdir("log", 0700), 0);
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_ABSENT);
	assert_int_equal(item.error, EISDIR);
	assert_int_equal(rmdir("log"), 0);
	append("log", "one\n");
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_LINES);
	assert_true(item.begins);
	assert_int_equal(rename("log", "log.1"), 0);
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_ABSENT);
	assert_false(item.first);
	append("log", "two\n");
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_REPLACED);
	growth_free(growth);
	assert_int_equal(clean(NULL), 0);
}

static void expect_lines(struct growth *growth, struct slice lines)
{
	struct growth_item item;

	do
		growth_next(growth, &item);
	while (item.kind == GROWTH_REPLACED ||
	       (item.kind == GROWTH_LINES && !item.lines.len));
	assert_int_equal(item.kind, GROWTH_LINES);
	assert_true(slice_equal(item.lines, lines));
}

/* Also if it is the new one's turn just now. */
static void the_file_before_is_read_first(void **state)
{
	struct growth *growth = growth_new(0);

	(void)state;
	append("log", "1\n");
	growth_add(growth, "log");
	expect_lines(growth, SLICE("1\n"));
	assert_int_equal(rename("log", "log.1"), 0);
	append("log", "2\n");
	expect_lines(growth, SLICE("2\n"));
	append("log", "4\n");
	append("log.1", "3\n");
	expect_lines(growth, SLICE("3\n"));
	expect_lines(growth, SLICE("4\n"));
	/* One that has nothing to give does not hold up the other. */
	append("log", "5\n");
	assert_int_equal(chmod("log.1", 0400), 0);
	expect_lines(growth, SLICE("5\n"));
	growth_free(growth);
	assert_int_equal(clean(NULL), 0);
}

/* A busy file must not keep others from being read. */
static void files_that_grow_take_turns(void **state)
{
	struct growth *growth = growth_new(0);
	struct growth_item item;
	bool others = false;

	(void)state;
	append("busy", "");
	append("other", "");
	growth_add(growth, "busy");
	growth_add(growth, "other");
	growth_next(growth, &item);
	assert_int_equal(item.kind, GROWTH_QUIET);
	append("other", "one\n");
	for (int i = 0; i < 100; i++) {
		append("busy", "more\n");
		growth_next(growth, &item);
		assert_int_equal(item.kind, GROWTH_LINES);
		others |= slice_equal(item.lines, SLICE("one\n"));
	}
	assert_true(others);
	growth_free(growth);
	assert_int_equal(clean(NULL), 0);
}

/* Its space on the disk is kept no longer than its writer keeps it. */
static void a_deleted_file_is_let_go_when_it_is_closed(void **state)
{
	struct growth *growth = growth_new(0);
	struct scene scene = { .growth = growth };
	struct growth_item item;

	(void)state;
	append("log", "one\n");
	growth_add(growth, "log");
	collect(&scene);
	for (int i = 0; i < 10; i++) {
		append("log", "one\n");
		assert_int_equal(unlink("log"), 0);
		collect(&scene);
		collect(&scene);
		append("log", "two\n");
		/* Numbers of files that were let go are used again. */
		do
			growth_next(growth, &item);
		while (item.kind != GROWTH_LINES);
		assert_int_equal(item.file, 0);
		assert_true(item.begins);
	}
	buf_clear(&scene.out);
	growth_free(growth);
	assert_int_equal(clean(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_comes_once_by_inotify),
		cmocka_unit_test(each_line_comes_once_by_polling),
		cmocka_unit_test(says_why_a_name_means_no_file),
		cmocka_unit_test(the_file_before_is_read_first),
		cmocka_unit_test(files_that_grow_take_turns),
		cmocka_unit_test(a_deleted_file_is_let_go_when_it_is_closed),
	};

	return cmocka_run_group_tests_name("growth", tests, make_folder,
					   remove_folder);
}
