/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "read/watch.h"

static char folder[] = "/tmp/test_watch.XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

static int open_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int watch_here(struct watch *watch)
{
	int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return watch_folder(watch, fd);
}

static void expect(struct watch *watch, enum watch_kind kind, int id,
		   const char *name)
{
	struct watch_event event;

	assert_true(watch_next(watch, &event));
	assert_int_equal(event.kind, kind);
	assert_int_equal(event.id, id);
	assert_string_equal(event.name, name);
}

static void tells_what_happens_to_a_file(void **state)
{
	struct watch *watch = watch_new(0);
	struct watch_event event;
	int fd = open_file("log");
	int id = watch_file(watch, fd);

	(void)state;
	assert_false(watch_is_polled(watch, id));
	assert_int_equal(watch_timeout_ms(watch), -1);
	assert_false(watch_next(watch, &event));
	assert_int_equal(fd_write(fd, "one\n", 4), 0);
	expect(watch, WATCH_WRITTEN, id, "");
	/* It is the file that is watched, not its name. */
	assert_int_equal(rename("log", "log.1"), 0);
	assert_false(watch_next(watch, &event));
	assert_int_equal(ftruncate(fd, 0), 0);
	expect(watch, WATCH_WRITTEN, id, "");
	assert_int_equal(unlink("log.1"), 0);
	expect(watch, WATCH_DELETED, id, "");
	close(fd);
	expect(watch, WATCH_CLOSED, id, "");
	watch_free(watch);
}

static void tells_what_happens_in_a_folder(void **state)
{
	struct watch *watch = watch_new(0);
	struct watch_event event;
	int id = watch_here(watch);
	uint32_t cookie;

	(void)state;
	close(open_file("log"));
	expect(watch, WATCH_ENTRY, id, "log");
	assert_int_equal(rename("log", "log.1"), 0);
	assert_true(watch_next(watch, &event));
	assert_int_equal(event.kind, WATCH_GONE);
	assert_string_equal(event.name, "log");
	cookie = event.cookie;
	assert_true(watch_next(watch, &event));
	assert_int_equal(event.kind, WATCH_COME);
	assert_string_equal(event.name, "log.1");
	assert_int_equal(event.cookie, cookie);
	assert_int_equal(chmod("log.1", 0400), 0);
	expect(watch, WATCH_ENTRY, id, "log.1");
	assert_int_equal(unlink("log.1"), 0);
	expect(watch, WATCH_ENTRY, id, "log.1");
	/* Its descriptor opens what is in it. */
	close(open_file("other"));
	assert_int_equal(unlinkat(watch_place(watch, id), "other", 0), 0);
	watch_free(watch);
}

static void the_same_file_has_one_id_until_it_is_removed_twice(void **state)
{
	struct watch *watch = watch_new(0);
	struct watch_event event;
	int fd = open_file("log");
	int id = watch_file(watch, fd);

	(void)state;
	assert_int_equal(watch_file(watch, fd), id);
	watch_remove(watch, id);
	assert_int_equal(fd_write(fd, "one\n", 4), 0);
	expect(watch, WATCH_WRITTEN, id, "");
	assert_int_equal(fd_write(fd, "two\n", 4), 0);
	watch_remove(watch, id);
	/* What the kernel had in hand is for nobody now. */
	assert_false(watch_next(watch, &event));
	close(fd);
	assert_int_equal(unlink("log"), 0);
	watch_free(watch);
}

static void says_to_look_when_events_were_lost(void **state)
{
	enum { MORE_THAN_A_QUEUE = 40000 };
	struct watch *watch = watch_new(0);
	struct watch_event event = { .kind = WATCH_WRITTEN };
	int a = open_file("a");
	int b = open_file("b");
	bool told = false;

	(void)state;
	(void)watch_file(watch, a);
	(void)watch_file(watch, b);
	for (int i = 0; i < MORE_THAN_A_QUEUE; i++)
		assert_int_equal(fd_write(i % 2 ? a : b, "\n", 1), 0);
	while (watch_next(watch, &event))
		told |= event.kind == WATCH_LOOK;
	assert_true(told);
	close(a);
	close(b);
	assert_int_equal(unlink("a") | unlink("b"), 0);
	watch_free(watch);
}

static void polls_at_its_pace_and_only_while_something_is_watched(void **state)
{
	struct watch *watch = watch_new(20);
	struct watch_event event;
	int id = watch_here(watch);

	(void)state;
	assert_true(watch_is_polled(watch, id));
	assert_int_equal(watch_descriptor(watch), -1);
	for (int i = 0; i < 3; i++) {
		int timeout_ms = watch_timeout_ms(watch);

		assert_in_range(timeout_ms, 0, 20);
		assert_int_equal(poll(NULL, 0, timeout_ms), 0);
		expect(watch, WATCH_LOOK, 0, "");
	}
	watch_remove(watch, id);
	assert_int_equal(watch_timeout_ms(watch), -1);
	assert_false(watch_next(watch, &event));
	watch_free(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_happens_to_a_file),
		cmocka_unit_test(tells_what_happens_in_a_folder),
		cmocka_unit_test(
			the_same_file_has_one_id_until_it_is_removed_twice),
		cmocka_unit_test(says_to_look_when_events_were_lost),
		cmocka_unit_test(
			polls_at_its_pace_and_only_while_something_is_watched),
	};

	return cmocka_run_group_tests_name("watch", tests, make_folder,
					   remove_folder);
}
