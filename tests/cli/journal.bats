#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# systemd's journal: its export format as any input, and read by libsystemd
# from files that systemd-journal-remote writes; no journald is needed.

load lib.bash

teardown() {
	[ -z "${child-}" ] || kill -KILL "$child" 2>/dev/null || true
}

forms=tests/cases/envelope

# Events without the catalogue's texts, as the expected files of cases have it.
texts_left_out() {
	jq -c 'del(.title, .explanation, .advice, .admin, .links)'
}

# $output is what the plain form of the same log gives.
is_as_plain() {
	same "$(texts_left_out <<<"$output")" \
		"$(<"$srcdir/$forms/postfix.expected.jsonl")"
}

# The messages of $output's failures, by what stands behind "line ".
failed_lines() {
	jq -r 'select(.reply) | .reply | capture("line (?<n>[^:]*)").n' \
		<<<"$output" | tr '\n' ' '
}

# A record in the export format: number $1, of program $2, facility $3, unit $4.
record() {
	printf '%s\n' "__REALTIME_TIMESTAMP=$((1795428001000000 + $1))" \
		_BOOT_ID=a1b2c3d4e5f60718293a4b5c6d7e8f90 _HOSTNAME=mx1 \
		"SYSLOG_IDENTIFIER=${2-postfix/smtp}" SYSLOG_PID=7 \
		"SYSLOG_FACILITY=${3-2}" "_SYSTEMD_UNIT=${4-postfix@-.service}" \
		"MESSAGE=$(bounce_line a@a.example "550 5.1.1 line $1" |
			sed 's/^.*smtp.101.: //')" ''
}

# Adds what comes on standard input to the journal "journal/x.journal".
add_to_journal() {
	local writer=/lib/systemd/systemd-journal-remote

	[ -x "$writer" ] || writer=/usr/lib/systemd/systemd-journal-remote
	[ -x "$writer" ] || skip "no systemd-journal-remote to write a journal"
	! "$mailwhy" --journal /nowhere 2>&1 |
		grep -q 'built without libsystemd' ||
		skip "built without libsystemd"
	mkdir -p journal
	"$writer" -o journal/x.journal - 2>writer.err || cat writer.err >&2
}

@test "the export format gives what the plain log gives" {
	for name in postfix.export postfix-binary.export; do
		mw --format json "${fixed[@]}" "$srcdir/$forms/$name"
		same "$status $stderr" "0 "
		is_as_plain
		mw --format json "${fixed[@]}" < <(cat "$srcdir/$forms/$name")
		same "$status $stderr" "0 "
		is_as_plain
	done
}

@test "damaged records cost no others, and are told" {
	{
		printf '__CURSOR=x\n'
		record 1
		printf 'MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff status=\n\n'
		record 2
		printf 'no name\n\n'
		record 3
	} >damaged
	mw --format json "${fixed[@]}" damaged
	same "$status" 1
	same "$stderr" "mailwhy: damaged: records that break the journal's export format: 2; they were left out"
	same "$(failed_lines)" "1 2 3 "
	same "$(tail -n 1 <<<"$output" |
		jq -c '[.lines, .failures, .dropped]')" "[5,3,2]"
}

@test "the journal is read from a directory and from files" {
	add_to_journal <"$srcdir/$forms/postfix.export"
	for place in journal journal/x.journal; do
		mw --journal --format json "${fixed[@]}" "$place"
		same "$status $stderr" "0 "
		is_as_plain
	done
	mw report --journal --format json "${fixed[@]}" journal
	same "$(jq -c '[.lines, .failures, .rejects]' <<<"$output")" "[7,3,1]"
}

@test "mail servers' records are read, or those of units" {
	{
		record 1
		record 2 sshd 4 ssh.service
		record 3 exim 3 exim4.service
		record 4 postfix/smtp 3 docker.service
		record 5 mail 3 postfix.service
	} | add_to_journal
	lines() {
		mw --journal --format json "${fixed[@]}" "$@" journal
		same "$status $stderr" "0 "
		tail -n 1 <<<"$output" | jq .lines
	}
	same "$(lines)" 2
	same "$(lines --unit docker)" 1
	same "$(lines --unit docker.service --unit postfix@-)" 2
	same "$(lines --unit postfix)" 1
	same "$(lines --unit nothing)" 0
}

@test "with a cursor file each record is read once" {
	local once=(--journal --format json "${fixed[@]}" --cursor-file cursor)
	local i

	for i in 1 2 3; do record $i; done | add_to_journal
	mw "${once[@]}" journal
	same "$status $stderr $(failed_lines)" "0  1 2 3 "
	mw "${once[@]}" journal
	same "$status $stderr $(failed_lines)" "0  "
	for i in 4 5; do record $i; done | add_to_journal
	mw "${once[@]}" journal
	same "$status $stderr $(failed_lines)" "0  4 5 "
	same "$(wc -l <cursor) $(echo cursor*)" "1 cursor"
}

@test "what could not be written is read again" {
	record 1 | add_to_journal
	mw --journal --cursor-file cursor -o /dev/full journal
	same "$status" 1
	same "${stderr%%$'\n'*}" \
		"mailwhy: /dev/full: No space left on device"
	[ ! -e cursor ]
	mw --journal --cursor-file cursor "${fixed[@]}" journal
	same "$status $stderr $(failed_lines)" "0  1 "
	[ -s cursor ]
}

@test "a cursor file that is none is said, and left as it is" {
	record 1 | add_to_journal
	echo "no cursor" >cursor
	mw --journal --cursor-file cursor "${fixed[@]}" journal
	same "$status" 1
	same "$stderr" 'mailwhy: "no cursor" is no place in a journal; remove the cursor file to begin with the oldest record'
	same "$(<cursor)" "no cursor"
	mw --journal --cursor-file missing/cursor "${fixed[@]}" journal
	same "$status $stderr" \
		"1 mailwhy: missing/cursor: No such file or directory"
	mw --journal --cursor-file . "${fixed[@]}" journal
	same "$status $stderr" "1 mailwhy: .: Is a directory"
}

@test "what is no journal is said" {
	record 1 | add_to_journal
	mkdir empty
	while IFS='|' read -r operands message; do
		# shellcheck disable=SC2086 # several words are meant
		mw --journal "${fixed[@]}" $operands
		same "$status" 1
		same "$stderr" "mailwhy: $message"
	done <<TABLE
missing|missing: cannot be read as a journal: No such file or directory
empty|empty: holds no journal that may be read
journal journal|journal: --journal takes one directory, or files
$sample|$sample: cannot be read as a journal: Bad message
TABLE
}

@test "options of the journal without it are wrong usage" {
	mw --unit postfix
	refused_with 2 "--unit needs --journal; see 'mailwhy --help'"
	mw report --unit postfix
	refused_with 2 "--unit needs --journal; see 'mailwhy --help'"
	mw --cursor-file x
	refused_with 2 "--cursor-file needs --journal; see 'mailwhy --help'"
	mw --journal --omprog -o x
	refused_with 2 "--omprog reads what rsyslog sends, not --journal; see 'mailwhy --help'"
	# shellcheck disable=SC2046 # several words are meant
	mw --journal $(printf -- '--unit x%.0s ' {1..33})
	refused_with 2 "--unit may be given 32 times; see 'mailwhy --help'"
}

@test "of the journal only a period" {
	for i in 1 2 3 4; do record $i; done | add_to_journal
	mw --journal --format json "${fixed[@]}" --since 2026-11-23T10:00:01.000002Z \
		--until 2026-11-23T10:00:01.000004Z journal
	same "$status $stderr $(failed_lines)" "0  2 3 "
	mw report --journal --format json "${fixed[@]}" --since 2026-11-24 journal
	same "$(jq .lines <<<"$output")" 0
}

@test "the journal is followed, in a directory and in a file" {
	came() {
		output=$(<out)
		[ "$(failed_lines)" = "$*" ]
	}
	for place in journal journal/x.journal; do
		rm -rf journal
		record 1 | add_to_journal
		: >out
		"$mailwhy" --journal --follow "${fixed[@]}" --cursor-file "cursor.${place//\//}" "$place" \
			>out 2>err &
		child=$!
		wait_for came "1 "
		record 2 | add_to_journal
		wait_for came "1 2 "
		kill -TERM "$child"
		wait "$child"
		child=
		same "$(<err)" ""
		same "$(tail -n 1 out | jq .lines)" 2
	done
}
