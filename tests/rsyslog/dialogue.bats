#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The dialogue of omprog, spoken by a peer that does what rsyslog 8.2302 was
# seen to do when something fails, but when the test wants it.

bats_require_minimum_version 1.5.0
load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	MW_PID=
	options=()
	limit=()
}

teardown() {
	[ -z "$MW_PID" ] || kill_tree "$MW_PID"
}

# The program, ready.
start() {
	coproc MW { exec "${limit[@]}" "$MAILWHY" --omprog -o out.jsonl \
		--lang en "${options[@]}" 2>>stderr 3>&-; }
	# As the shell forgets them when the program ends:
	mw_pid=$MW_PID
	mw_in=${MW[1]}
	mw_out=${MW[0]}
	expect OK
}

# An answer as the pattern $1 has it.
expect() {
	local answer=

	IFS= read -r -t 20 -u "$mw_out" answer || true
	# shellcheck disable=SC2053
	[[ $answer == $1 ]] || {
		echo "answer: '$answer', expected: '$1'"
		return 1
	}
}

# Says one line $1 and expects the answer $2.
say() {
	printf '%s\n' "$1" >&"$mw_in"
	expect "$2"
}

# A batch of the failures from $1 to $2, without COMMIT.
begin() {
	local i

	say 'BEGIN TRANSACTION' OK
	for ((i = $1; i <= $2; i++)); do
		say "$(failed_line "$i")" DEFER_COMMIT
	done
}

# Each number in a transaction of its own, as after a COMMIT that failed.
resend() {
	local i

	for i; do
		begin "$i" "$i"
		say 'COMMIT TRANSACTION' OK
	done
}

crash() {
	kill_tree "$mw_pid"
	wait "$mw_pid" 2>/dev/null || true
	exec {mw_in}>&- {mw_out}<&-
}

# End of input: the exit status must be 0.
finish() {
	local status=0

	exec {mw_in}>&-
	wait_for 20 is_gone "$mw_pid"
	wait "$mw_pid" || status=$?
	exec {mw_out}<&-
	MW_PID=
	[ "$status" -eq 0 ]
}

# What the summary says: totals NAME...
totals() {
	tail -n 1 out.jsonl | jq -c "[.$1, .$2, .$3]"
}

@test "a transaction: OK, DEFER_COMMIT to each line, OK; then the tally" {
	start
	begin 1 3
	say "$(sent_line 1)" DEFER_COMMIT
	say 'this is no line of mail' DEFER_COMMIT
	[ "$(failures_of out.jsonl)" = '' ]
	say 'COMMIT TRANSACTION' OK
	[ "$(failures_of out.jsonl)" = "$(ids 1 3)" ]
	finish
	[ "$(totals lines failures sent)" = '[5,3,1]' ]
	[ ! -s stderr ]
}

@test "without transactions each line is stored before its OK" {
	start
	for i in 1 2 3; do
		say "$(failed_line $i)" OK
		[ "$(failures_of out.jsonl)" = "$(ids 1 $i)" ]
	done
	say "$(sent_line 1)" OK
	finish
	[ "$(totals lines failures sent)" = '[4,3,1]' ]
}

@test "marks are only marks when they are exactly that" {
	start
	say ' BEGIN TRANSACTION' OK
	say 'BEGIN TRANSACTION ' OK
	say 'BEGIN TRANSACTION' OK
	say 'COMMIT TRANSACTIONS' DEFER_COMMIT
	say 'x COMMIT TRANSACTION' DEFER_COMMIT
	say '' DEFER_COMMIT
	say 'COMMIT TRANSACTION' OK
	say 'COMMIT TRANSACTION' OK
	finish
	[ "$(totals lines failures sent)" = '[5,0,0]' ]
}

@test "killed within a batch: the lines are kept, the unanswered one comes again" {
	start
	begin 1 3
	crash
	start
	begin 3 5
	say 'COMMIT TRANSACTION' OK
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 5)" ]
	[ "$(totals lines failures sent)" = '[5,5,0]' ]
}

@test "killed within a batch before it read the line: only new lines come" {
	start
	begin 1 3
	crash
	start
	begin 4 5
	crash
	start
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 5)" ]
	# The run before had counted 1 to 3, and was killed.
	[ "$(totals lines failures sent)" = '[2,2,0]' ]
}

@test "killed at COMMIT: the batch comes again, line by line" {
	start
	begin 1 4
	crash
	start
	resend 1 2
	crash
	start
	resend 2 3
	crash
	start
	resend 4 5
	begin 6 7
	say 'COMMIT TRANSACTION' OK
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 7)" ]
}

@test "killed after COMMIT was done, before its OK was read" {
	start
	begin 1 4
	say 'COMMIT TRANSACTION' OK
	crash
	start
	resend 1 2 3 4 5
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 5)" ]
}

@test "a repeated line is known again when its transaction fails too" {
	start
	begin 1 3
	crash
	start
	begin 3 5
	crash
	start
	resend 3 4 5 6
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 6)" ]
}

@test "equal lines of one batch are all kept, and all known again" {
	start
	begin 1 1
	say "$(failed_line 1)" DEFER_COMMIT
	say "$(failed_line 2)" DEFER_COMMIT
	say "$(failed_line 1)" DEFER_COMMIT
	crash
	start
	resend 1 1 2 1 3
	finish
	[ "$(failures_of out.jsonl)" = \
		'3F000001 3F000001 3F000002 3F000001 3F000003' ]
}

@test "equal lines in batches that did not fail are no repetition" {
	start
	for i in 1 2; do
		begin 1 2
		say 'COMMIT TRANSACTION' OK
	done
	finish
	start
	begin 1 2
	say 'COMMIT TRANSACTION' OK
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 2) $(ids 1 2) $(ids 1 2)" ]
}

@test "killed without transactions: the unanswered line comes again" {
	start
	say "$(failed_line 1)" OK
	say "$(failed_line 2)" OK
	crash
	start
	say "$(failed_line 2)" OK
	say "$(failed_line 3)" OK
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 3)" ]
}

@test "end of input within a batch: what came is stored and counted" {
	start
	begin 1 3
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 3)" ]
	[ "$(totals lines failures sent)" = '[3,3,0]' ]
	# A disk queue may have kept them.
	start
	resend 1 2 3 4
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 4)" ]
}

@test "SIGTERM is like end of input" {
	start
	begin 1 3
	kill -TERM "$mw_pid"
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 3)" ]
	[ "$(totals lines failures sent)" = '[3,3,0]' ]
}

@test "nobody reads the answers: like end of input" {
	start
	say 'BEGIN TRANSACTION' OK
	exec {mw_out}<&-
	failed_line 1 >&"$mw_in"
	wait_for 20 is_gone "$mw_pid"
	wait "$mw_pid"
	[ "$(failures_of out.jsonl)" = "$(ids 1 1)" ]
}

@test "SIGHUP: events of the next batch go to the new file" {
	start
	begin 1 2
	say 'COMMIT TRANSACTION' OK
	begin 3 3
	mv out.jsonl old.jsonl
	kill -HUP "$mw_pid"
	say "$(failed_line 4)" DEFER_COMMIT
	say 'COMMIT TRANSACTION' OK
	wait_for 20 test -e out.jsonl
	begin 5 6
	say 'COMMIT TRANSACTION' OK
	finish
	[ "$(failures_of old.jsonl)" = "$(ids 1 4)" ]
	[ "$(failures_of out.jsonl)" = "$(ids 5 6)" ]
}

@test "a full disk: refused at COMMIT, then at BEGIN, nothing lost" {
	# No file may grow past 200 kB; the output has 199 of them.
	trap '' XFSZ
	limit=(prlimit --fsize=200000:unlimited)
	head -c 199000 /dev/zero | tr '\0' '#' >out.jsonl
	echo >>out.jsonl
	start
	begin 1 5
	say 'COMMIT TRANSACTION' \
		'cannot store: out.jsonl: File too large'
	say 'BEGIN TRANSACTION' 'cannot store: *'
	say 'BEGIN TRANSACTION' 'cannot store: *'
	say "$(failed_line 1)" 'cannot store: *'
	[ "$(stat -c %s out.jsonl)" -eq 199001 ]
	prlimit --pid "$(pgrep -f "omprog -o out.jsonl" -P "$mw_pid" ||
		echo "$mw_pid")" --fsize=unlimited:unlimited
	resend 1 2 3 4 5 6
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 6)" ]
	[ "$(totals lines failures sent)" = '[6,6,0]' ]
	[ "$(cat stderr)" = "mailwhy: out.jsonl: File too large; kept for the next try
mailwhy: out.jsonl: can be written again" ]
}

@test "a full disk and a crash: the lines are in the journal" {
	trap '' XFSZ
	limit=(prlimit --fsize=200000:unlimited)
	head -c 199000 /dev/zero | tr '\0' '#' >out.jsonl
	echo >>out.jsonl
	start
	begin 1 5
	crash
	start
	say 'BEGIN TRANSACTION' 'cannot store: *'
	crash
	limit=()
	start
	resend 1 2 3 4 5 6
	finish
	[ "$(failures_of out.jsonl)" = "$(ids 1 6)" ]
	[ "$(head -c 199000 out.jsonl | tr -d '#' | wc -c)" -eq 0 ]
}

@test "without confirmations nothing is answered, marks are no lines" {
	{
		for b in 0 5; do
			echo 'BEGIN TRANSACTION'
			for i in 1 2 3 4 5; do
				failed_line $((b + i))
			done
			echo 'COMMIT TRANSACTION'
		done
	} >input
	run --separate-stderr bash -c \
		'"$MAILWHY" --omprog -o out.jsonl <input >answers'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ ! -s answers ]
	[ "$(failures_of out.jsonl)" = "$(ids 1 10)" ]
	[ "$(totals lines failures sent)" = '[10,10,0]' ]
}

@test "without confirmations a full disk stops the reading, nothing is lost" {
	trap '' XFSZ
	head -c 199000 /dev/zero | tr '\0' '#' >out.jsonl
	echo >>out.jsonl
	mkfifo in
	prlimit --fsize=200000:unlimited "$MAILWHY" --omprog -o out.jsonl \
		--lang en <in >/dev/null 2>stderr 3>&- &
	MW_PID=$!
	exec {mw_in}>in
	for i in 1 2 3 4 5; do failed_line $i >&"$mw_in"; done
	wait_for 20 grep -q 'File too large' stderr
	[ "$(stat -c %s out.jsonl)" -eq 199001 ]
	prlimit --pid "$(pgrep -f "omprog -o out.jsonl" -P "$MW_PID" ||
		echo "$MW_PID")" --fsize=unlimited:unlimited
	wait_for 20 grep -q 'can be written again' stderr
	exec {mw_in}>&-
	wait "$MW_PID"
	MW_PID=
	[ "$(failures_of out.jsonl)" = "$(ids 1 5)" ]
}

@test "a second program on the same file is told who has it" {
	start
	run --separate-stderr bash -c \
		'"$MAILWHY" --omprog -o out.jsonl </dev/null | cat;
		exit ${PIPESTATUS[0]}'
	[ "$status" -eq 1 ]
	[[ $stderr == "mailwhy: out.jsonl.journal: in use by process "* ]]
	[ -z "$output" ]
	finish
}

@test "a file that is no journal is left alone" {
	echo 'my own notes, precious' >out.jsonl.journal
	run --separate-stderr bash -c \
		'"$MAILWHY" --omprog -o out.jsonl </dev/null | cat;
		exit ${PIPESTATUS[0]}'
	[ "$status" -eq 1 ]
	[ "$stderr" = "mailwhy: out.jsonl.journal: is no journal of this version; move it away" ]
	[ "$(cat out.jsonl.journal)" = 'my own notes, precious' ]
}

@test "wrong usage" {
	run -2 --separate-stderr "$MAILWHY" --omprog </dev/null
	[ "$stderr" = "mailwhy: --omprog needs --output FILE: standard output is for the answers to rsyslog; see 'mailwhy --help'" ]
	run -2 --separate-stderr "$MAILWHY" --omprog -o out.jsonl mail.log
	[ "$stderr" = "mailwhy: --omprog reads standard input, not 'mail.log'; see 'mailwhy --help'" ]
	[ ! -e out.jsonl ]
}
