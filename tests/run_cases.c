/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner of all cases that are data. For each $srcdir/tests/cases/MTA/
 * NAME.log it runs $MAILWHY (./mailwhy) with the default words below, then
 * with those of NAME.args if there is such a file (one word a line; a later
 * option replaces an earlier one), and compares the output with
 * NAME.expected.jsonl byte for byte. Every case runs in several variants, from
 * a file and through pipes, which must all give the same output, exit 0 and
 * nothing on standard error. NAME may be STEM.FORM: forms in which one log is
 * written share STEM.expected.jsonl and STEM.args.
 *
 * The catalogue's texts are left out before comparing and in the expected
 * files (`left_out` below), so that no case breaks when a text is improved;
 * reason and entry stay.
 *
 * run_cases [--accept] [MTA/NAME]...: all cases, or those named; with
 * CASES_BRIEF in the environment each in two of the variants only. --accept
 * writes the output (of the variant "file") into the expected file. Prints
 * TAP. A run that takes longer than TIME_LIMIT seconds is killed and fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { TIME_LIMIT = 30, WORD_LIMIT = 64, PATH_LIMIT = 4096, CHUNK_MAX = 777 };

static const char *const default_words[] = { "--format", "json",       "--lang",
					     "en",       "--timezone", "UTC",
					     "--year",   "2026" };

static const struct slice left_out[] = {
	SLICE("title"), SLICE("explanation"), SLICE("advice"),
	SLICE("admin"), SLICE("links"),
};

/* How a log reaches the program. */
static const struct variant {
	const char *name;
	size_t chunk; /* most bytes a write; 0: as a FILE, not by a pipe */
	bool crlf;
	bool no_last_newline;
} variants[] = {
	{ .name = "file" },
	{ .name = "pipe, random pieces", .chunk = CHUNK_MAX },
	{ .name = "pipe, single bytes", .chunk = 1 },
	{ .name = "CRLF", .chunk = CHUNK_MAX, .crlf = true },
	{ .name = "no last newline",
	  .chunk = CHUNK_MAX,
	  .no_last_newline = true },
};

struct test_case {
	char name[256]; /* "postfix/agents" */
	char log[PATH_LIMIT];
	char expected_path[PATH_LIMIT];
	char args_path[PATH_LIMIT];
	struct buf input;
	struct buf expected;
	struct buf from_file; /* what the variant "file" gave */
	struct buf arguments; /* of NAME.args; newlines become NULs */
	const char *words[WORD_LIMIT];
	size_t word_count;
};

/* What one run gave. */
struct run {
	struct buf out; /* without the texts */
	struct buf err;
	int status; /* as waitpid() has it */
	bool timed_out;
};

/* One child with its three pipes; -1: closed. */
struct child {
	pid_t pid;
	int in;
	int out;
	int err;
};

static void give_up(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static bool read_file(const char *path, struct buf *into)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	do {
		buf_reserve(into, 65536);
		got = fd_read(fd, into->at + into->len, 65536);
		if (got > 0)
			into->len += (size_t)got;
	} while (got > 0);
	(void)close(fd);
	return got == 0;
}

static void write_file(const char *path, struct slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || fd_write(fd, text.at, text.len) < 0 || close(fd) < 0)
		give_up(path);
}

/* Position behind the JSON string that begins at `at`. */
static size_t skip_string(struct slice json, size_t at)
{
	for (at++; at < json.len && json.at[at] != '"'; at++)
		if (json.at[at] == '\\')
			at++;
	return at + 1;
}

/* Position of the "," or the bracket that ends the value at `at`. */
static size_t skip_value(struct slice json, size_t at)
{
	unsigned depth = 0;

	while (at < json.len) {
		char c = json.at[at];

		if (c == '"') {
			at = skip_string(json, at);
			continue;
		}
		if (!depth && (c == ',' || c == '}' || c == ']'))
			return at;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		at++;
	}
	return json.len;
}

static bool is_left_out(struct slice key)
{
	for (size_t i = 0; i < COUNT(left_out); i++)
		if (slice_equal(key, left_out[i]))
			return true;
	return false;
}

/* Adds an event without the texts of the catalogue. Only members of the event
 * itself are looked at, never what stands inside of a value. What is no object
 * is added as it is. */
static void add_without_texts(struct slice line, struct buf *out)
{
	size_t at = 1;
	bool first = true;

	if (!slice_starts(line, SLICE("{\"")) ||
	    !slice_ends(line, SLICE("}"))) {
		buf_add(out, line);
		return;
	}
	buf_add_char(out, '{');
	while (at < line.len && line.at[at] == '"') {
		size_t start = at;
		size_t colon = skip_string(line, at);
		struct slice member = slice_after(line, start);
		struct slice key = slice_head(
			slice_after(line, start + 1),
			colon > start + 2 ? colon - start - 2 : 0);

		at = skip_value(line, colon);
		if (!is_left_out(key)) {
			if (!first)
				buf_add_char(out, ',');
			first = false;
			buf_add(out, slice_head(member, at - start));
		}
		if (at < line.len && line.at[at] == ',')
			at++;
	}
	buf_add(out, slice_after(line, at));
}

static void strip_texts(struct buf *text)
{
	struct buf stripped = { 0 };
	struct slice rest = buf_slice(text);
	struct slice line;

	while (slice_cut(&rest, '\n', &line)) {
		add_without_texts(line, &stripped);
		buf_add_char(&stripped, '\n');
	}
	buf_add(&stripped, rest);
	buf_clear(text);
	*text = stripped;
}

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static const char *program(void)
{
	const char *path = getenv("MAILWHY");

	return path && path[0] ? path : "./mailwhy";
}

/* The words as execve() wants them; they are only read. */
static void set_argv(const struct test_case *test, bool with_file,
		     char *argv[WORD_LIMIT + 3])
{
	size_t count = 0;
	union {
		const char *borrowed;
		char *word;
	} word;

	word.borrowed = program();
	argv[count++] = word.word;
	for (size_t i = 0; i < test->word_count; i++) {
		word.borrowed = test->words[i];
		argv[count++] = word.word;
	}
	if (with_file) {
		word.borrowed = test->log;
		argv[count++] = word.word;
	}
	argv[count] = NULL;
}

static void make_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		give_up("pipe");
}

static struct child start(char *const argv[])
{
	int in[2];
	int out[2];
	int err[2];
	posix_spawn_file_actions_t actions;
	struct child child = { 0 };

	make_pipe(in);
	make_pipe(out);
	make_pipe(err);
	if (posix_spawn_file_actions_init(&actions) ||
	    posix_spawn_file_actions_adddup2(&actions, in[0], 0) ||
	    posix_spawn_file_actions_adddup2(&actions, out[1], 1) ||
	    posix_spawn_file_actions_adddup2(&actions, err[1], 2))
		give_up("posix_spawn_file_actions");
	errno = posix_spawnp(&child.pid, argv[0], &actions, NULL, argv,
			     environ);
	if (errno)
		give_up(argv[0]);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(in[0]);
	(void)close(out[1]);
	(void)close(err[1]);
	child.in = in[1];
	child.out = out[0];
	child.err = err[0];
	(void)fcntl(child.in, F_SETFL, O_NONBLOCK);
	(void)fcntl(child.in, F_SETPIPE_SZ, 1);
	return child;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Writes the next piece, but not before the last one has been taken out of the
 * pipe: only so does each read(2) of the program get one piece. The pipe has
 * one page, so poll() tells of room when it is empty; where it has more, this
 * has to ask again and again. */
static void feed(struct child *child, const struct variant *variant,
		 struct slice *rest, unsigned *seed)
{
	size_t size = 1 + (size_t)rand_r(seed) %
				  (variant->chunk ? variant->chunk : 1);
	int waiting = 0;
	ssize_t done;

	if (rest->len == 0) {
		close_end(&child->in);
		return;
	}
	if (ioctl(child->in, FIONREAD, &waiting) == 0 && waiting > 0) {
		(void)sched_yield();
		return;
	}
	done = write(child->in, rest->at, slice_head(*rest, size).len);
	if (done > 0)
		*rest = slice_after(*rest, (size_t)done);
	else if (done < 0 && errno != EAGAIN && errno != EINTR)
		close_end(&child->in); /* The program has gone: seen later. */
}

static void drain(int *fd, struct buf *into)
{
	ssize_t got;

	buf_reserve(into, 65536);
	got = fd_read(*fd, into->at + into->len, 65536);
	if (got > 0)
		into->len += (size_t)got;
	else if (got == 0 || errno != EINTR)
		close_end(fd);
}

/* Feeds and drains until the program has closed both of its outputs. */
static void talk(struct child *child, const struct variant *variant,
		 struct slice input, struct run *run)
{
	int64_t end = now_ms() + TIME_LIMIT * INT64_C(1000);
	unsigned seed = (unsigned)(input.len + variant->chunk);

	while (child->out >= 0 || child->err >= 0) {
		struct pollfd fds[3] = {
			{ .fd = child->out, .events = POLLIN },
			{ .fd = child->err, .events = POLLIN },
			{ .fd = child->in, .events = POLLOUT },
		};

		if (now_ms() > end) {
			run->timed_out = true;
			(void)kill(child->pid, SIGKILL);
			break;
		}
		if (poll(fds, 3, 100) <= 0)
			continue;
		if (fds[0].revents)
			drain(&child->out, &run->out);
		if (fds[1].revents)
			drain(&child->err, &run->err);
		if (fds[2].revents)
			feed(child, variant, &input, &seed);
	}
}

/* The bytes that a variant's pipe gets. */
static void vary(const struct variant *variant, struct slice log,
		 struct buf *into)
{
	if (!variant->chunk)
		return;
	if (variant->no_last_newline && slice_ends(log, SLICE("\n")))
		log.len--;
	for (size_t i = 0; i < log.len; i++) {
		if (variant->crlf && log.at[i] == '\n')
			buf_add_char(into, '\r');
		buf_add_char(into, log.at[i]);
	}
}

static void run_variant(const struct test_case *test,
			const struct variant *variant, struct run *run)
{
	char *argv[WORD_LIMIT + 3];
	struct buf input = { 0 };
	struct child child;

	vary(variant, buf_slice(&test->input), &input);
	set_argv(test, variant->chunk == 0, argv);
	child = start(argv);
	talk(&child, variant, buf_slice(&input), run);
	close_end(&child.in);
	close_end(&child.out);
	close_end(&child.err);
	while (waitpid(child.pid, &run->status, 0) < 0 && errno == EINTR)
		;
	buf_clear(&input);
	strip_texts(&run->out);
}

static void print_line(const char *label, struct slice line)
{
	printf("#   %s %.*s\n", label, (int)line.len, line.at);
}

/* The first line that differs, both ways. */
static void show_difference(const struct test_case *test, const struct run *run)
{
	struct slice got = buf_slice(&run->out);
	struct slice want = buf_slice(&test->expected);
	struct slice got_line = { 0 };
	struct slice want_line = { 0 };
	unsigned number = 0;
	bool got_one;
	bool want_one;

	do {
		number++;
		got_line = got;
		want_line = want;
		got_one = slice_cut(&got, '\n', &got_line);
		want_one = slice_cut(&want, '\n', &want_line);
	} while (got_one && want_one && slice_equal(got_line, want_line));
	printf("#   line %u of %s:\n", number, test->expected_path);
	print_line("got: ", got_one ? got_line : SLICE("(the end)"));
	print_line("want:", want_one ? want_line : SLICE("(the end)"));
	printf("#   to accept it: MAILWHY=%s srcdir=%s run_cases --accept %s\n",
	       program(), getenv("srcdir"), test->name);
}

/* Whether the run was as it should be; says what was not. */
static bool judge(const struct test_case *test, const struct run *run)
{
	bool same = slice_equal(buf_slice(&run->out),
				buf_slice(&test->expected));

	if (run->timed_out)
		printf("#   no end after %d seconds\n", TIME_LIMIT);
	else if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != 0)
		printf("#   status of waitpid(): %d, wanted 0\n", run->status);
	if (run->err.len)
		print_line("standard error:", buf_slice(&run->err));
	if (!same && test->from_file.len &&
	    slice_equal(buf_slice(&run->out), buf_slice(&test->from_file)))
		printf("#   the same as from a file, which see\n");
	else if (!same)
		show_difference(test, run);
	return same && !run->timed_out && run->status == 0 && !run->err.len;
}

static void read_words(struct test_case *test, const char *path)
{
	for (size_t i = 0; i < COUNT(default_words); i++)
		test->words[test->word_count++] = default_words[i];
	if (!read_file(path, &test->arguments))
		return;
	for (size_t i = 0, start = 0; i < test->arguments.len; i++) {
		if (test->arguments.at[i] != '\n')
			continue;
		test->arguments.at[i] = '\0';
		if (i > start && test->word_count < WORD_LIMIT)
			test->words[test->word_count++] = test->arguments.at +
							  start;
		start = i + 1;
	}
}

static void name_case(struct test_case *test, const char *log, size_t root_len)
{
	int stem = (int)(strlen(log) - strlen(".log"));
	int shared = (int)(root_len + strcspn(log + root_len, "."));

	*test = (struct test_case){ 0 };
	(void)snprintf(test->log, sizeof(test->log), "%s", log);
	(void)snprintf(test->name, sizeof(test->name), "%.*s",
		       stem - (int)root_len, log + root_len);
	(void)snprintf(test->expected_path, sizeof(test->expected_path),
		       "%.*s.expected.jsonl", shared, log);
	(void)snprintf(test->args_path, sizeof(test->args_path), "%.*s.args",
		       shared, log);
}

static void load(struct test_case *test)
{
	if (!read_file(test->log, &test->input))
		give_up(test->log);
	read_words(test, test->args_path);
	if (!read_file(test->expected_path, &test->expected))
		printf("# %s cannot be read\n", test->expected_path);
}

static void unload(struct test_case *test)
{
	buf_clear(&test->input);
	buf_clear(&test->expected);
	buf_clear(&test->from_file);
	buf_clear(&test->arguments);
}

static bool run_one(struct test_case *test, const struct variant *variant,
		    bool accept)
{
	struct run run = { 0 };
	bool good;

	run_variant(test, variant, &run);
	if (accept && variant == &variants[0] && !run.timed_out) {
		write_file(test->expected_path, buf_slice(&run.out));
		buf_reset(&test->expected);
		buf_add(&test->expected, buf_slice(&run.out));
	}
	good = judge(test, &run);
	if (variant == &variants[0])
		buf_add(&test->from_file, buf_slice(&run.out));
	buf_clear(&run.out);
	buf_clear(&run.err);
	return good;
}

static bool is_named(const char *name, char **names)
{
	if (!names[0])
		return true;
	for (size_t i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* The run does not depend on whose terminal and language it is. */
static void set_environment(void)
{
	static const char *const unwanted[] = { "LANG", "LC_MESSAGES",
						"NO_COLOR", "TZ" };

	for (size_t i = 0; i < COUNT(unwanted); i++)
		(void)unsetenv(unwanted[i]);
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	if (!getenv("srcdir"))
		(void)setenv("srcdir", ".", 1);
	(void)sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN },
			NULL);
	(void)setvbuf(stdout, NULL, _IOFBF, 1 << 20);
}

/*
 * The cases are shared out to processes. What one says of a case is written in
 * one piece: under a lock, of which each has a descriptor of its own.
 */
struct share {
	const glob_t *logs;
	size_t root_len;
	char **names;
	bool accept;
	bool brief; /* two variants of each case, the second by turns */
	size_t first;
	size_t step;
};

static bool is_run(const struct share *share, size_t log, size_t variant)
{
	return !share->brief || variant == 0 ||
	       variant == 1 + log % (COUNT(variants) - 1);
}

/* The variants of a case. Returns how many fail. */
static unsigned run_case(const struct share *share, size_t log,
			 unsigned *number)
{
	struct test_case test;
	unsigned failed = 0;

	name_case(&test, share->logs->gl_pathv[log], share->root_len);
	if (!is_named(test.name, share->names))
		return 0;
	load(&test);
	for (size_t v = 0; v < COUNT(variants); v++) {
		bool good;

		if (!is_run(share, log, v))
			continue;
		good = run_one(&test, &variants[v], share->accept);
		failed += !good;
		(*number)++;
		printf("%sok - %s: %s\n", good ? "" : "not ", test.name,
		       variants[v].name);
	}
	unload(&test);
	return failed;
}

static unsigned run_share(const struct share *share, unsigned *number)
{
	int lock = open(getenv("srcdir"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned failed = 0;

	for (size_t i = share->first; i < share->logs->gl_pathc;
	     i += share->step) {
		failed += run_case(share, i, number);
		(void)flock(lock, LOCK_EX);
		(void)fflush(stdout);
		(void)flock(lock, LOCK_UN);
	}
	(void)close(lock);
	return failed;
}

/* Runs a share in a process of its own, which says how many it ran on `fd`. */
static pid_t start_share(const struct share *share, int fd)
{
	pid_t pid = fork();
	unsigned number = 0;
	unsigned failed;

	if (pid != 0)
		return pid;
	failed = run_share(share, &number);
	_exit(write(fd, &number, sizeof(number)) != sizeof(number) ||
	      failed > 0);
}

/* Waits for a share. False if something failed in it. */
static bool finish_share(pid_t pid, int fd, unsigned *number)
{
	unsigned ran = 0;
	bool told = read(fd, &ran, sizeof(ran)) == sizeof(ran);
	int status = 1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*number += ran;
	return told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool run_all(struct share share, unsigned *number)
{
	enum { SHARES = 16 };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t pids[SHARES];
	int fds[SHARES][2];
	bool good = true;

	share.step = share.accept || processors < 1 ? 1
		     : processors > SHARES          ? SHARES
						    : (size_t)processors;
	for (size_t i = 0; i < share.step; i++) {
		share.first = i;
		if (pipe2(fds[i], O_CLOEXEC) < 0 ||
		    (pids[i] = start_share(&share, fds[i][1])) < 0)
			give_up("a process for some of the cases");
		(void)close(fds[i][1]);
	}
	for (size_t i = 0; i < share.step; i++) {
		good = finish_share(pids[i], fds[i][0], number) && good;
		(void)close(fds[i][0]);
	}
	return good;
}

int main(int argc, char **argv)
{
	bool accept = argc > 1 && !strcmp(argv[1], "--accept");
	char pattern[PATH_LIMIT];
	glob_t logs = { 0 };
	struct share share = { .logs = &logs,
			       .names = argv + 1 + accept,
			       .accept = accept,
			       .brief = getenv("CASES_BRIEF") != NULL };
	unsigned number = 0;
	bool good;

	set_environment();
	(void)snprintf(pattern, sizeof(pattern), "%s/tests/cases/",
		       getenv("srcdir"));
	share.root_len = strlen(pattern);
	(void)snprintf(pattern, sizeof(pattern), "%s/tests/cases/*/*.log",
		       getenv("srcdir"));
	if (glob(pattern, 0, NULL, &logs) != 0)
		give_up(pattern);
	good = run_all(share, &number);
	printf("1..%u\n", number);
	globfree(&logs);
	return !good || number == 0;
}
