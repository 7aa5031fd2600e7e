/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/trail.h"

static char folder[] = "/tmp/test_trail.XXXXXX";

/* What is there: folders, then links, then files. */
static const char *const folders[] = { "real", "real/deep", "other" };
static const struct {
	const char *target;
	const char *name;
} links[] = { { "real", "way" },         { "deep/log", "real/link" },
	      { "loop", "loop" },        { "nowhere", "dangling" },
	      { "../log", "other/up" },  { "/", "root" },
	      { "./real//deep/", "dot" } };
static const char *const files[] = { "log", "real/deep/log" };

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) < 0 || mkfifo("pipe", 0600) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(folders); i++)
		if (mkdir(folders[i], 0700) < 0)
			return -1;
	for (size_t i = 0; i < COUNT(links); i++)
		if (symlink(links[i].target, links[i].name) < 0)
			return -1;
	for (size_t i = 0; i < COUNT(files); i++)
		if (close(open(files[i], O_WRONLY | O_CREAT, 0600)) < 0)
			return -1;
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(links); i++)
		(void)unlink(links[i].name);
	for (size_t i = 0; i < COUNT(files); i++)
		(void)unlink(files[i]);
	(void)unlink("pipe");
	for (size_t i = COUNT(folders); i-- > 0;)
		(void)rmdir(folders[i]);
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

static const struct {
	const char *path;
	const char *same; /* the file it means; NULL: none */
	int error;
} ways[] = {
	{ "log", "log", 0 },
	{ "./log", "log", 0 },
	{ ".//.//log", "log", 0 },
	{ "real/../log", "log", 0 },
	{ "way/deep/log", "real/deep/log", 0 },
	{ "way/link", "real/deep/log", 0 },
	{ "dot/log", "real/deep/log", 0 },
	{ "other/up", "log", 0 },
	{ "root/etc/passwd", "/etc/passwd", 0 },
	{ "/etc/passwd", "/etc/passwd", 0 },
	{ "", NULL, ENOENT },
	{ "nothing", NULL, ENOENT },
	{ "nothing/log", NULL, ENOENT },
	{ "dangling", NULL, ENOENT },
	{ "loop", NULL, ELOOP },
	{ "log/", NULL, ENOTDIR },
	{ "log/log", NULL, ENOTDIR },
	{ "real", NULL, EISDIR },
	{ "real/", NULL, EISDIR },
	{ "way", NULL, EISDIR },
	{ ".", NULL, EISDIR },
	{ "/", NULL, EISDIR },
	{ "pipe", NULL, EINVAL }, /* and does not wait for a writer */
	{ "real/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  NULL, ENAMETOOLONG },
};

static void leads_where_the_kernel_goes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ways); i++) {
		struct watch *watch = watch_new(0);
		struct trail trail = { 0 };
		struct stat found;
		struct stat wanted;
		int fd;

		print_message("# case: %s\n", ways[i].path);
		errno = 0;
		fd = trail_walk(&trail, watch, ways[i].path);
		assert_int_equal(fd < 0 ? errno : 0, ways[i].error);
		assert_int_equal(fd >= 0, ways[i].same != NULL);
		if (fd >= 0) {
			assert_int_equal(fstat(fd, &found), 0);
			assert_int_equal(stat(ways[i].same, &wanted), 0);
			assert_int_equal(found.st_ino, wanted.st_ino);
			close(fd);
		}
		trail_clear(&trail, watch);
		watch_free(watch);
	}
}

/* What is renamed, there and back, and what it has to do with "way/link",
 * which is way -> real, real/link -> real/deep/log. */
static const struct {
	const char *name;
	bool meets;
	bool ends;
} moves[] = {
	{ "way", true, false },          { "real", true, false },
	{ "real/link", true, false },    { "real/deep", true, false },
	{ "real/deep/log", true, true }, { "log", false, false },
	{ "other/up", false, false },    { "loop", false, false },
};

static void meets_whatever_makes_the_name_mean_another_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(moves); i++) {
		struct watch *watch = watch_new(0);
		struct trail trail = { 0 };
		struct watch_event event;
		char aside[64];
		bool meets = false;
		bool ends = false;

		print_message("# case: %s\n", moves[i].name);
		close(trail_walk(&trail, watch, "way/link"));
		(void)snprintf(aside, sizeof(aside), "%s~", moves[i].name);
		assert_int_equal(rename(moves[i].name, aside), 0);
		while (watch_next(watch, &event)) {
			meets |= trail_meets(&trail, &event);
			ends |= trail_ends_at(&trail, &event);
		}
		assert_int_equal(meets, moves[i].meets);
		assert_int_equal(ends, moves[i].ends);
		assert_int_equal(rename(aside, moves[i].name), 0);
		trail_clear(&trail, watch);
		watch_free(watch);
	}
}

static void meets_what_is_still_to_come(void **state)
{
	struct watch *watch = watch_new(0);
	struct trail trail = { 0 };
	struct watch_event event;
	bool meets = false;

	(void)state;
	assert_int_equal(trail_walk(&trail, watch, "new/deep/log"), -1);
	assert_int_equal(mkdir("elsewhere", 0700), 0);
	while (watch_next(watch, &event))
		assert_false(trail_meets(&trail, &event));
	assert_int_equal(rename("elsewhere", "new"), 0);
	while (watch_next(watch, &event))
		meets |= trail_meets(&trail, &event);
	assert_true(meets);
	/* Walked again it leads further, and nothing is watched twice. */
	assert_int_equal(trail_walk(&trail, watch, "new/deep/log"), -1);
	assert_int_equal(trail.count, 2);
	assert_int_equal(mkdir("new/deep", 0700), 0);
	assert_true(watch_next(watch, &event));
	assert_true(trail_meets(&trail, &event));
	assert_int_equal(rmdir("new/deep") | rmdir("new"), 0);
	trail_clear(&trail, watch);
	watch_free(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leads_where_the_kernel_goes),
		cmocka_unit_test(
			meets_whatever_makes_the_name_mean_another_file),
		cmocka_unit_test(meets_what_is_still_to_come),
	};

	return cmocka_run_group_tests_name("trail", tests, make_folder,
					   remove_folder);
}
