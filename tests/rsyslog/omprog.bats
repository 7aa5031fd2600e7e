#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The real rsyslogd, on a configuration, a work directory and sockets of its
# own, feeds the program.

bats_require_minimum_version 1.5.0
load common

setup() {
	find_rsyslogd
	cd "$BATS_TEST_TMPDIR" || return
	mkdir work
	daemon=
}

teardown() {
	[ -z "$daemon" ] || kill_tree "$daemon"
	[ -n "$BATS_TEST_COMPLETED" ] || head -n 20 stderr rsyslogd.log
}

# So many failures, each with what surrounds it.
make_lines() { # FROM TO
	numbered_lines mixed "$1" "$2"
}

# What a sender puts on the wire: a priority before each line.
send_lines() {
	local port

	port=$(cat port)
	sed 's/^/<22>/' "$@" >"/dev/tcp/127.0.0.1/$port"
}

has_failures() {
	local count

	count=$(grep -c '"event":"failure"' out.jsonl 2>/dev/null) || true
	[ "${count:-0}" -ge "$1" ]
}

program_of() {
	cat "/proc/$1/task/$1/children" /proc/"$1"/task/*/children 2>/dev/null |
		tr ' ' '\n' | grep -m 1 .
}

@test "transactions and confirmations: each event once, then the tally" {
	configure
	start_daemon
	make_lines 1 40 >lines
	send_lines lines
	wait_for 20 has_failures 40
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 40)" ]
	[ "$(jq -c 'select(.event == "tally") | [.domain, .smtp_code, .count,
		.permanent, .sent]' out.jsonl)" = '["gmx.de",550,40,40,40]' ]
	[ "$(jq -c 'select(.event == "summary") | [.lines, .deliveries, .sent,
		.failures, .rejects, .unparsed, .dropped]' out.jsonl)" = \
		'[120,80,40,40,0,0,40]' ]
	[ ! -s stderr ]
}

@test "lines of the public record: as many events as without rsyslog" {
	: "${srcdir:?}"
	cat "$srcdir"/tests/cases/postfix/public-*.log >all 2>/dev/null || true
	[ -s all ] || skip 'no case logs in the source tree'
	# rsyslog writes headers anew; here are those that it leaves alone.
	sed -E 's/^[A-Z][a-z]{2} [ 0-9]{2} ([0-9:]{8}) /2026-11-23T\1+01:00 /' \
		all | LC_ALL=C grep -av '[[:cntrl:]]' | grep -aE \
		'^2026-11-23T[0-9:]{8}[+]01:00 [a-z][a-z0-9.-]* postfix[^ ]*: ' \
		>lines
	[ "$(wc -l <lines)" -ge 100 ]
	"$MAILWHY" --lang en --format json <lines >direct.jsonl
	configure
	start_daemon
	send_lines lines
	wait_for 20 has_failures \
		"$(grep -c '"event":"failure"' direct.jsonl)"
	stop_daemon
	diff <(grep -v '"event":"summary"' direct.jsonl) \
		<(grep -v '"event":"summary"' out.jsonl)
}

@test "without transactions" {
	configure TRANSACTIONS=off
	start_daemon
	make_lines 1 40 >lines
	send_lines lines
	wait_for 20 has_failures 40
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 40)" ]
	[ "$(jq -c 'select(.event == "summary") | [.lines, .deliveries, .sent,
		.failures]' out.jsonl)" = '[120,80,40,40]' ]
}

@test "without confirmations" {
	configure CONFIRM=off
	start_daemon
	make_lines 1 40 >lines
	send_lines lines
	wait_for 20 has_failures 40
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 40)" ]
	[ "$(jq -c 'select(.event == "summary") | [.lines, .deliveries, .sent,
		.failures]' out.jsonl)" = '[120,80,40,40]' ]
}

@test "killed in mid-stream, again and again: each event once" {
	local kills=0 from victim

	configure BATCH=16
	start_daemon
	for from in 1 301 601 901; do
		make_lines "$from" $((from + 299)) >"lines$from"
	done
	for from in 1 301 601 901; do
		send_lines "lines$from"
		wait_for 20 has_failures $((from + 20))
		victim=$(program_of "$daemon") || continue
		kill_tree "$victim"
		kills=$((kills + 1))
	done
	[ "$kills" -ge 3 ]
	wait_for 30 has_failures 1200
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 1200)" ]
}

@test "killed in mid-stream without transactions: each event once" {
	configure TRANSACTIONS=off
	start_daemon
	for from in 1 301 601; do
		make_lines "$from" $((from + 299)) >"lines$from"
	done
	for from in 1 301 601; do
		send_lines "lines$from"
		wait_for 20 has_failures $((from + 20))
		kill_tree "$(program_of "$daemon")"
	done
	wait_for 30 has_failures 900
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 900)" ]
}

@test "a full disk: rsyslog is told, keeps the lines, and sends them again" {
	cat >wrapper <<-EOF
		#!/bin/sh
		trap '' XFSZ
		echo \$\$ >$PWD/program
		exec prlimit --fsize=200000:unlimited "$MAILWHY" "\$@"
	EOF
	chmod +x wrapper
	MAILWHY=$PWD/wrapper configure
	head -c 199000 /dev/zero | tr '\0' '#' >out.jsonl
	echo >>out.jsonl
	start_daemon
	make_lines 1 8 >lines
	send_lines lines
	wait_for 20 grep -qs 'File too large; kept' stderr
	wait_for 20 grep -qs 'cannot store: .*: File too large' rsyslogd.log
	[ "$(stat -c %s out.jsonl)" -eq 199001 ]
	for pid in $(cat program) $(cat /proc/"$(cat program)"/task/*/children); do
		prlimit --pid "$pid" --fsize=unlimited:unlimited
	done
	wait_for 20 has_failures 8
	make_lines 9 10 >lines
	send_lines lines
	wait_for 20 has_failures 10
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 10)" ]
	[ "$(tail -n 1 out.jsonl | jq -c '[.lines, .sent, .failures]')" = \
		'[30,10,10]' ]
}

@test "SIGHUP after a rotation: events go to the new file" {
	configure
	start_daemon
	make_lines 1 5 >lines
	send_lines lines
	wait_for 20 has_failures 5
	mv out.jsonl old.jsonl
	kill -HUP "$daemon"
	wait_for 20 test -e out.jsonl
	make_lines 6 9 >lines
	send_lines lines
	wait_for 20 has_failures 4
	stop_daemon
	[ "$(failures_of old.jsonl)" = "$(ids 1 5)" ]
	[ "$(failures_of out.jsonl)" = "$(ids 6 9)" ]
}

@test "a socket like /dev/log" {
	configure
	start_daemon
	wait_for 20 test -S log.sock
	for i in 1 2 3; do
		failed_line $i
	done | sed 's/.* postfix[^ ]* //' >messages
	logger -u "$PWD/log.sock" -d -p mail.info \
		-t 'postfix/smtp[12]' -f messages
	wait_for 20 has_failures 3
	stop_daemon
	[ "$(failures_of out.jsonl)" = "$(ids 1 3)" ]
	[ "$(jq -r 'select(.event == "failure") | .service' out.jsonl |
		sort -u)" = smtp ]
}
