#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --follow: files that grow and are rotated. What the modules do with each kind
# of rotation is in tests/unit/test_growth.c; here is the program as it runs.
# Nothing waits for a time to pass, only for what has to come.

load lib.bash

teardown() {
	[ -z "${child-}" ] || kill -KILL "$child" 2>/dev/null || true
}

# Runs mailwhy with --follow in the background, into the files out and err.
follow() {
	"$mailwhy" "${fixed[@]}" --follow "$@" >out 2>err &
	child=$!
}

# The recipients so far, without their domain.
recipients() {
	jq -r 'select(.event == "failure").recipient' out | cut -d @ -f 1 |
		tr '\n' ' '
}

came() {
	[ "$(recipients)" = "$*${1:+ }" ]
}

# Ends it in order: $output is what it wrote, $stderr what it said.
finish() {
	local status=0
	kill "-${1-TERM}" "$child"
	wait "$child" || status=$?
	child=
	output=$(<out)
	stderr=$(<err)
	same "$status" 0
}

summary() {
	tail -n 1 <<<"$output" | jq -c "[$1]"
}

# A line to each of the recipients.
lines() {
	for who in "$@"; do
		bounce_line "$who@a.example"
	done
}

@test "follow: what is there, in order, then what is appended, at once" {
	lines a b >one
	lines c >two
	follow one two
	wait_for came a b c
	lines d >>two
	wait_for came a b c d
	lines e >>one
	wait_for came a b c d e
	finish
	same "$stderr" ""
	same "$(summary .lines,.failures)" "[5,5]"
}

@test "follow: SIGINT and SIGTERM write the tally, unfinished lines are counted" {
	for signal in INT TERM; do
		lines a >log
		lines b | tr -d '\n' >>log
		# A shell's background jobs ignore SIGINT; env does not.
		env --default-signal=INT "$mailwhy" "${fixed[@]}" -f log >out \
			2>err &
		child=$!
		wait_for came a
		finish "$signal"
		same "$stderr" ""
		same "$(summary .lines,.failures)" "[2,2]"
		came a b
	done
}

@test "follow: a line that is completed later is one line" {
	line=$(lines b)
	lines a >log
	printf '%s' "${line:0:60}" >>log
	follow log
	wait_for came a
	printf '%s\n' "${line:60}" >>log
	wait_for came a b
	finish
	same "$stderr" ""
	same "$(summary .lines,.failures)" "[2,2]"
}

@test "follow: rotation by rename, by copytruncate, by replacing; -v says so" {
	lines a >log
	follow -v log
	wait_for came a
	mv log log.1
	lines b >>log.1
	lines c >log
	wait_for came a b c
	cp log log.2
	lines d >log # truncated first
	wait_for came a b c d
	lines e >new
	mv new log
	wait_for came a b c d e
	finish
	same "$(grep -v -e 'deliveries' -e 'No such file' err)" \
		"mailwhy: log: another file has this name now
mailwhy: log: was cut short, is read from its start
mailwhy: log: another file has this name now"
	same "$(summary .lines,.failures)" "[5,5]"
}

@test "follow: a file or a folder that appears later is waited for" {
	lines a >log
	follow log mail/today/log
	wait_for came a
	mkdir mail
	mkdir mail/today
	lines b >mail/today/log
	wait_for came a b
	rm log
	lines c >log
	wait_for came a b c
	finish
	same "$stderr" "mailwhy: mail/today/log: No such file or directory; waiting for it"
	same "$(summary .lines,.failures)" "[3,3]"
}

@test "follow: a link that is switched to another file" {
	lines a >monday
	lines b >tuesday
	ln -s monday log
	follow log
	wait_for came a
	ln -sfn tuesday log
	wait_for came a b
	lines c >>tuesday
	wait_for came a b c
	finish
	same "$stderr" ""
}

@test "follow: a folder is refused, what else there is is followed" {
	mkdir folder
	lines a >log
	follow folder log
	wait_for came a
	kill -TERM "$child"
	status=0
	wait "$child" || status=$?
	child=
	same "$status $(<err)" \
		"1 mailwhy: folder: is a directory; name the files in it"
}

@test "follow: standard input and pipes are read to their end, in their turn" {
	lines a b >log
	"$mailwhy" "${fixed[@]}" log >expected
	mw "${fixed[@]}" --follow <log
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
	mw "${fixed[@]}" --follow - <log
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
	mkfifo pipe
	cat log >pipe &
	mw "${fixed[@]}" --follow pipe
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
	lines c >other
	lines d | {
		follow other - log
		wait_for came c d a b
		lines e >>other
		wait_for came c d a b e
		finish
	}
}

@test "follow: only the filter has it, and not with --omprog" {
	mw report --follow log
	refused_with 2 "'mailwhy report' has no option --follow; see 'mailwhy --help'"
	mw --omprog -o events --follow log
	refused_with 2 "--omprog reads standard input, which --follow cannot; use one of them; see 'mailwhy --help'"
}

@test "follow: since and until, in each file for itself" {
	{
		bounce_line before@a.example x 1
		bounce_line in@a.example x 30
	} >log
	{
		bounce_line other@a.example x 31
		bounce_line late@a.example x 50
	} >more
	follow --since 2026-11-23T10:00:20Z --until 2026-11-23T10:00:40Z log more
	wait_for came in other
	bounce_line early@a.example x 2 >>log
	bounce_line next@a.example x 32 >>log
	wait_for came in other next
	finish
	same "$(summary .lines,.failures)" "[3,3]"
}

@test "follow: SIGHUP opens the output anew and reloads the catalogue" {
	lines a >log
	follow -o events log
	wait_for grep -q '"a@a.example"' events
	mv events events.1
	kill -HUP "$child"
	wait_for test -e events
	lines b >>log
	wait_for grep -q '"b@a.example"' events
	finish
	same "$stderr$output" ""
	same "$(jq -r '.recipient|values' events.1 events | tr '\n' ' ')" \
		"a@a.example b@a.example "
}

@test "follow: ends when nobody reads the output, also without a line" {
	lines a >log
	# shellcheck disable=SC2016 # expanded by the inner shell
	run timeout 20 bash -c '"$@" | head -n 1 | jq -r .recipient' - \
		"$mailwhy" "${fixed[@]}" --follow --tally none log
	same "$status $output" "0 a@a.example"
}

@test "follow: each file has its own years" {
	stamped() { lines "$1" | sed "s/^.\{15\}/$2/"; }
	stamped a "Dec 31 23:00:00" >one
	touch -d '2024-01-01 00:30:00 UTC' one
	stamped b "May  1 10:00:00" >two
	touch -d '2021-06-01 00:30:00 UTC' two
	"$mailwhy" --timezone UTC --follow --tally none one two >out 2>err &
	child=$!
	wait_for came a b
	stamped c "Jan  1 10:00:00" >>one
	wait_for came a b c
	stamped d "May  2 10:00:00" >>two
	wait_for came a b c d
	stamped e "Jan  2 10:00:00" >>one
	wait_for came a b c d e
	finish
	same "$stderr" ""
	same "$(jq -r '.["@timestamp"][:10]' out | tr '\n' ' ')" \
		"2023-12-31 2021-05-01 2024-01-01 2021-05-02 2024-01-02 "
}

@test "follow: a window of --tally is closed when its time has passed" {
	windows() {
		[ "$(jq -c 'select(.event == "summary") |
			[.window_start[11:19],.window_end[11:19],.failures]' \
			out | tr '\n' ' ')" = "$1" ]
	}
	# Lines that are no deliveries do not keep it open.
	windows_in_noise() {
		echo "Nov 23 10:00:00 mx1 postfix/smtpd[1]: connect" >>log
		windows "$1"
	}
	lines a >log
	follow --tally 1 log
	wait_for windows_in_noise '["10:00:00","10:00:01",1] '
	# Late: the window is closed, so it is of the next one.
	lines b >>log
	wait_for windows \
		'["10:00:00","10:00:01",1] ["10:00:01","10:00:02",1] '
	finish
	same "$stderr" ""
	# No delivery came since: no more windows.
	windows '["10:00:00","10:00:01",1] ["10:00:01","10:00:02",1] '
}

@test "follow: a quiet log wakes nobody" {
	[ -r /proc/self/status ] || skip "no /proc"
	switches() { grep ctxt_switches "/proc/$child/status"; }
	# Longer than what polling would wait; it may have to come to rest first.
	rests() {
		local before
		before=$(switches)
		sleep 0.4
		[ "$(switches)" = "$before" ]
	}
	lines a >log
	follow log
	wait_for came a
	wait_for rests
	finish
}

# Writes and rotates by $1 while it is followed: each line comes once.
follow_writer() {
	line=$(bounce_line %d@a.example)
	: >log
	follow --tally none log
	run bash "$srcdir/tests/cli/rotating-writer.bash" "$1" "$line"
	same "$status" 0
	count=$output
	[ "$count" -gt 2000 ]
	finish
	same "$stderr" ""
	same "$(jq -r .recipient out | cut -d @ -f 1 | sort -n)" \
		"$(seq "$count")"
}

@test "follow: 200 rotations by rename under load, each line once" {
	follow_writer rename
}

@test "follow: 200 rotations by copytruncate under load, each line once" {
	follow_writer copytruncate
}
