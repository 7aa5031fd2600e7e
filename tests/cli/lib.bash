# SPDX-License-Identifier: Apache-2.0
# What all command line tests share. MAILWHY is the program under test, srcdir
# the top of the sources; both have defaults for a run by hand.
# shellcheck shell=bash disable=SC2034,SC2154 # bats and the tests use them

bats_require_minimum_version 1.5.0

setup() {
	srcdir=${srcdir-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	mailwhy=${MAILWHY-$PWD/mailwhy}
	cases=$srcdir/tests/cases
	dir=$BATS_TEST_TMPDIR
	sample=$cases/postfix/statuses.log
	fixed=(--timezone UTC --year 2026 --lang en)
	fixed_words="${fixed[*]}"
	unset LANG LC_MESSAGES NO_COLOR TZ
	export LC_ALL=C.UTF-8
	cd "$dir" || return
}

# A bounced delivery of the log, to $1, answered with $2, at second $3.
bounce_line() {
	printf 'Nov 23 10:00:%02d mx1 postfix/smtp[101]: 4XyZ1k2m3n4z: to=<%s>, relay=mx.a.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.9/0.2, dsn=5.0.0, status=bounced (host mx.a.example[192.0.2.1] said: %s (in reply to RCPT TO command))\n' \
		"${3-0}" "$1" "${2-550 5.1.1 no such user}"
}

sent_line() {
	printf 'Nov 23 10:00:%02d mx1 postfix/smtp[101]: 4XyZ1k2m3n4z: to=<%s>, relay=mx.a.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.9/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n' \
		"${2-0}" "$1"
}

# Compares two texts as a whole, and shows the difference.
same() {
	[ "$1" = "$2" ] && return
	diff -u <(printf '%s\n' "$2") <(printf '%s\n' "$1") >&2
	return 1
}

# Runs mailwhy: $status, $output (standard output) and $stderr.
mw() {
	run --separate-stderr "$mailwhy" "$@"
}

# What must be said: status $1, nothing on standard output, one line $2.
refused_with() {
	same "$status" "$1"
	same "$output" ""
	same "$stderr" "mailwhy: $2"
}

# Waits until the command is true, half a minute at most: a machine may be busy.
wait_for() {
	local end=$((SECONDS + 30))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || {
			echo "did not come true: $*" >&2
			return 1
		}
		sleep 0.02
	done
}

# Whether sizes of memory tell nothing: a sanitizer has some of its own, and
# keeps what was freed.
is_sanitized() {
	nm -D "$mailwhy" 2>/dev/null | grep -q __asan_init
}
