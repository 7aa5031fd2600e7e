# SPDX-License-Identifier: Apache-2.0
# What the tests with rsyslog share. Every wait is bounded; every process is
# ended by its own number.

srcdir=${srcdir:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
: "${MAILWHY:?names the program under test}"
export LC_ALL=C.UTF-8

# Lines of the numbers from $2 to $3, by kind $1: "failed" makes one event a
# number, "sent" none; "mixed" is both and a line that is no delivery.
numbered_lines() {
	awk -v kind="$1" -v from="$2" -v to="$3" '
	function head(second, number) {
		printf "2026-11-23T10:00:0%d.%06d+01:00 mx1 postfix/", second, \
			number
	}
	function delivery(to, dsn, text) {
		printf "to=<%s@gmx.de>, relay=%s:25, delay=1.2, ", to, relay
		printf "delays=0.1/0/0.9/0.2, dsn=%s, status=%s\n", dsn, text
	}
	BEGIN {
		relay = "mx00.emig.gmx.net[212.227.15.9]"
		for (i = from; i <= to; i++) {
			if (kind == "mixed") {
				head(0, i)
				printf "qmgr[7]: 3F%06d: removed\n", i
			}
			if (kind != "sent") {
				head(1, i)
				printf "smtp[12]: 3F%06d: ", i
				delivery("u" i, "5.1.1", "bounced (host " \
					relay " said: 550 5.1.1 <u" i \
					"@gmx.de>: User unknown (in reply " \
					"to RCPT TO command))")
			}
			if (kind != "failed") {
				head(2, i)
				printf "smtp[12]: 4F%06d: ", i
				delivery("s" i, "2.0.0", "sent (250 Ok)")
			}
		}
	}'
}

failed_line() {
	numbered_lines failed "$1" "$1"
}

sent_line() {
	numbered_lines sent "$1" "$1"
}

# The queue ids of the failures in files, in their order, one line.
failures_of() {
	sed -n 's/.*"event":"failure".*"queue_id":"\([^"]*\)".*/\1/p' "$@" |
		tr '\n' ' ' | sed 's/ $//'
}

# The queue ids of the numbers from $1 to $2.
ids() {
	seq -f '3F%06g' -s ' ' "$1" "$2"
}

# Waits at most $1 seconds for the rest to succeed.
wait_for() {
	local tries=$(($1 * 20))

	shift
	while ! "$@"; do
		tries=$((tries - 1))
		if [ $tries -le 0 ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.05
	done
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

# Ends a process and what it started, a wrapper round the program for one.
kill_tree() {
	local child

	for child in $(cat "/proc/$1/task/"*"/children" 2>/dev/null); do
		kill_tree "$child"
	done
	kill -9 "$1" 2>/dev/null || true
}

# Sets rsyslogd, or skips the test.
find_rsyslogd() {
	local candidate

	rsyslogd=
	for candidate in "${RSYSLOGD:-}" "$(command -v rsyslogd)" \
		/usr/sbin/rsyslogd; do
		[ ! -x "$candidate" ] || rsyslogd=$candidate
		[ -z "$rsyslogd" ] || return 0
	done
	skip 'rsyslogd is not installed'
}

# Writes the configuration from template $TEMPLATE; NAME=VALUE for @NAME@.
configure() {
	local pair
	local edit=(-e "s|@DIR@|$PWD|g" -e "s|@MAILWHY@|$MAILWHY|g"
		-e "s|@RULES@|$srcdir/rules|g")

	for pair in "$@" BATCH=1024 CONFIRM=on TRANSACTIONS=on; do
		edit+=(-e "s|@${pair%%=*}@|${pair#*=}|g")
	done
	sed "${edit[@]}" \
		"$srcdir/tests/rsyslog/${TEMPLATE:-omprog}.conf.in" >rsyslog.conf
}

# Starts it; it is in $daemon and its port in the file "port".
start_daemon() {
	"$rsyslogd" -n -f "$PWD/rsyslog.conf" -i "$PWD/pid" \
		>>rsyslogd.out 2>&1 3>&- &
	daemon=$!
	wait_for 20 test -s port
}

stop_daemon() {
	kill -TERM "$daemon"
	wait_for 30 is_gone "$daemon"
	daemon=
}
