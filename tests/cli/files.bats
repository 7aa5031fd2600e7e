#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# How files are read: packed ones, rotated ones, a period of them, and what is
# shown of the progress.

load lib.bash

packers=(gzip bzip2 xz zstd lz4)

# The line of a failure with stamp $1, to $2.
line_at() {
	bounce_line "$2" | sed "s/^.\{15\}/$1/"
}

# A log with so many failures to u1@..., one a second.
make_log() {
	awk -v count="$1" 'BEGIN { for (i = 1; i <= count; i++)
		printf "Nov 23 %02d:%02d:%02d mx1 postfix/smtp[101]: 4XyZ1k2m3n4z: to=<u%d@a.example>, relay=mx.a.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.9/0.2, dsn=5.0.0, status=bounced (host mx.a.example[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))\n",
			i / 3600, i / 60 % 60, i % 60, i }'
}

# A log without deliveries, 8 MB of them for 30000 lines, which is several
# blocks of each packing.
make_noise() {
	awk -v count="$1" 'BEGIN { srand(1); for (i = 1; i <= count; i++)
		printf "Nov 23 10:00:00 mx1 postfix/smtpd[101]: disconnect from unknown[%s%s%s] ehlo=1 auth=0/1 commands=1/2 %200d\n",
			rand(), rand(), rand(), i }'
}

# The same packed, for all tests that damage it: packing takes its time.
setup_file() {
	local noise=$BATS_FILE_TMPDIR/noise packer
	make_noise 30000 >"$noise"
	for packer in gzip bzip2 xz; do
		$packer -1 -c <"$noise" >"$noise.$packer"
	done
	zstd -q --check -c <"$noise" >"$noise.zstd"
	# Blocks of 4 MiB would be lost whole.
	lz4 -q -B4 -c <"$noise" >"$noise.lz4"
}

recipients() {
	jq -r 'select(.recipient).recipient' <<<"$output" | tr '\n' ' '
}

counts() {
	tail -n 1 <<<"$output" | jq -c '[.lines,.failures,.dropped]'
}

lines_read() {
	tail -n 1 <<<"$output" | jq .lines
}

# What the report says, compared with what it says of the plain log.
same_report() {
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
}

@test "packed logs are read as they are, whatever they are called" {
	make_log 3000 >log
	"$mailwhy" report "${fixed[@]}" log >once
	cat log log log >thrice
	"$mailwhy" report "${fixed[@]}" thrice >expected
	for packer in "${packers[@]}"; do
		$packer -c <log >packed.txt
		mw report "${fixed[@]}" packed.txt <(cat packed.txt) - \
			< <(cat packed.txt)
		same_report
		mw report "${fixed[@]}" <packed.txt
		same "$status $stderr" "0 "
		same "$output" "$(<once)"
	done
	mv thrice log.gz
	mw report "${fixed[@]}" log.gz
	same_report
}

@test "packed streams one behind the other are read to the end" {
	make_log 3000 >log
	"$mailwhy" report "${fixed[@]}" log >expected
	for packer in "${packers[@]}"; do
		{
			head -n 1000 log | $packer -c
			# libarchive 3.6 takes an empty frame for the end.
			[ $packer = lz4 ] || : | $packer -c
			tail -n +1001 log | $packer -c
		} >packed
		mw report "${fixed[@]}" packed
		same_report
	done
}

@test "a large packed log gives the same with one thread and with many" {
	make_log 60000 >log
	"$mailwhy" -j1 --tally none "${fixed[@]}" log >expected
	for packer in gzip zstd; do
		$packer -1 -c <log >packed
		for jobs in 1 3; do
			"$mailwhy" -j$jobs --tally none "${fixed[@]}" \
				packed >out
			cmp out expected
		done
	done
}

@test "an empty log stays empty when packed" {
	for packer in "${packers[@]}"; do
		: | $packer -c >"empty-$packer"
	done
	mw "${fixed[@]}" --events none empty-*
	same "$status $stderr" "0 "
	same "$(counts)" "[0,0,0]"
}

# Status 1, one line that names the file and says so; what was unpacked is
# counted, and is at least $1 lines.
damaged() {
	same "$status" 1
	same "$(grep -c . <<<"$stderr")" 1
	[[ $stderr == "mailwhy: packed: "*" data"*"; what was unpacked before is counted" ]] || {
		echo "$stderr" >&2
		return 1
	}
	[ "$(lines_read)" -ge "$1" ] || {
		counts >&2
		return 1
	}
}

@test "of a truncated packed log all that can be unpacked is counted" {
	for packer in "${packers[@]}"; do
		whole=$BATS_FILE_TMPDIR/noise.$packer
		size=$(stat -c %s "$whole")
		for part in 20 $((size / 2)) $((size - 1)); do
			head -c "$part" "$whole" >packed
			mw "${fixed[@]}" --events none packed
			# Half of it, and less what a block holds.
			damaged $((part < 100 ? 0 : part == size - 1 ? 12000 : 200))
		done
	done
	# Of gzip each byte that gzip itself unpacks.
	head -c 5000 "$BATS_FILE_TMPDIR/noise.gzip" >packed
	mw "${fixed[@]}" --events none packed
	lines=$(gzip -dc packed 2>/dev/null | grep -c '')
	damaged "$lines"
	same "$(lines_read)" "$lines"
}

@test "damage is found, in the middle and in the checksum" {
	for packer in "${packers[@]}"; do
		whole=$BATS_FILE_TMPDIR/noise.$packer
		size=$(stat -c %s "$whole")
		for place in $((size / 2)) $((size - 6)); do
			cp "$whole" packed
			printf 'XYZ' | dd of=packed bs=1 seek="$place" \
				conv=notrunc status=none
			mw "${fixed[@]}" --events none packed
			damaged 0
		done
		{ cat "$whole"; echo something else; } >packed
		mw "${fixed[@]}" --events none packed
		damaged 15000
	done
}

@test "zeros behind gzip data fill a block and are no damage" {
	make_log 3 | gzip -c >packed
	head -c 1000 /dev/zero >>packed
	mw "${fixed[@]}" --events none packed
	same "$status $stderr" "0 "
	same "$(counts)" "[3,3,0]"
}

@test "after a damaged log the next ones are read" {
	make_log 3 >a
	make_log 3 | gzip -c | head -c 40 >b
	make_log 3 >c
	mw "${fixed[@]}" --events none a b c
	same "$status" 1
	[ "$(lines_read)" -ge 6 ]
}

@test "what only begins like a packed log is a log" {
	count=0
	for head in B BZ BZh BZh9 BZh91AY '\x1f' '\x1f\x8b' '\xfd7zXZ' \
		'\x28\xb5' '\x04"M' P; do
		# shellcheck disable=SC2059 # escapes are meant
		printf "$head" >"$((++count))-begins"
	done
	same "$count" 11
	mw "${fixed[@]}" --events none ./*-begins
	same "$status $stderr $(counts)" "0  [11,0,11]"
	mw "${fixed[@]}" --events none <(cat 1-begins) <(cat 2-begins) \
		<(cat 3-begins) <(cat 4-begins) <(cat 5-begins) <(cat 6-begins) \
		<(cat 7-begins) <(cat 8-begins) <(cat 9-begins) \
		<(cat 10-begins) <(cat 11-begins)
	same "$status $stderr $(counts)" "0  [11,0,11]"
	for file in ./*-begins; do
		{ echo; bounce_line a@a.example; } >>"$file"
	done
	mw "${fixed[@]}" --events none ./*-begins
	same "$status $stderr $(counts)" "0  [22,11,11]"
}

@test "a pipe that gives packed bytes one by one" {
	make_log 20 >log
	for packer in "${packers[@]}"; do
		$packer -c <log >packed
		mw "${fixed[@]}" --events none < <(dd if=packed bs=1 status=none)
		same "$status $stderr $(counts)" "0  [20,20,0]"
	done
}

@test "SIGTERM ends the wait for more of a packed pipe" {
	mkfifo pipe
	"$mailwhy" "${fixed[@]}" --events none <pipe >out 2>err &
	pid=$!
	exec 7>pipe
	make_log 2000 | gzip -c | head -c 3000 >&7
	# Its thread waits for the rest.
	wait_for waits_in_poll $pid
	kill -TERM $pid
	wait $pid
	exec 7>&-
	same "$(<err)" ""
	same "$(tail -n 1 out | jq .event)" '"summary"'
}

# Whether all threads of process $1 sleep, the one that unpacks among them.
waits_in_poll() {
	[ "$(ls "/proc/$1/task" | wc -l)" -ge 2 ] &&
		! grep -qs '^State:.R' /proc/"$1"/task/*/status
}

@test "when nobody reads the events any more, unpacking ends too" {
	make_log 60000 | gzip -1 -c >packed
	run bash -c "'$mailwhy' ${fixed_words} packed | head -n 1 | wc -l; echo \${PIPESTATUS[0]}"
	same "${lines[*]}" "1 0"
}

@test "rotated logs are read in the order of time" {
	line_at "Nov 23 10:00:00" d@a.example >mail.log
	line_at "Nov 22 10:00:00" c@a.example >mail.log.1
	line_at "Nov 21 10:00:00" b@a.example | gzip -c >mail.log.2.gz
	line_at "Nov 20 10:00:00" a@a.example | xz -c >mail.log.10.xz
	expected="a@a.example b@a.example c@a.example d@a.example "
	mw "${fixed[@]}" --tally none mail.log*
	same "$status $stderr" "0 "
	same "$(recipients)" "$expected"
	mw "${fixed[@]}" --tally none mail.log.2.gz mail.log mail.log.1 \
		mail.log.10.xz
	same "$(recipients)" "$expected"
}

@test "dates in names, as dateext makes them" {
	line_at "Nov 23 10:00:00" d@a.example >maillog
	line_at "Nov 22 10:00:00" c@a.example >maillog-20261123
	line_at "Nov 21 10:00:00" b@a.example | zstd -q -c >maillog-20261122.zst
	mw "${fixed[@]}" --tally none maillog*
	same "$(recipients)" "b@a.example c@a.example d@a.example "
}

@test "the turn of the year does not turn the order" {
	line_at "Jan  2 10:00:00" c@a.example >mail.log
	line_at "Dec 30 10:00:00" b@a.example >mail.log.1
	line_at "Dec 24 10:00:00" a@a.example | gzip -c >mail.log.2.gz
	touch -d 2027-01-02T11:00:00Z mail.log
	touch -d 2027-01-01T00:10:00Z mail.log.1
	touch -d 2026-12-27T00:10:00Z mail.log.2.gz
	mw --timezone UTC --tally none mail.log*
	same "$(jq -r '.["@timestamp"][:10]' <<<"$output" | tr '\n' ' ')" \
		"2026-12-24 2026-12-30 2027-01-02 "
}

@test "files that are not of one rotation stay in their order" {
	line_at "Nov 23 10:00:00" c@a.example >b.log
	line_at "Nov 22 10:00:00" b@a.example >a.log
	line_at "Nov 21 10:00:00" a@a.example >b-1.log
	line_at "Nov 20 10:00:00" d@a.example >b.log.1
	mkdir sub
	line_at "Nov 19 10:00:00" e@a.example >sub/b.log.1
	mw "${fixed[@]}" --tally none b.log a.log b-1.log b.log.1 sub/b.log.1
	same "$status $stderr" "0 "
	# The two of b.log change their places.
	same "$(recipients)" \
		"d@a.example b@a.example a@a.example c@a.example e@a.example "
}

@test "a rotated file without a stamp has its place by its time" {
	line_at "Nov 23 10:00:00" c@a.example >log
	echo "no stamp" >log.1
	: >log.2
	touch -d 2026-11-22T00:00:00Z log.1
	mw "${fixed[@]}" log log.1 log.2 log.3
	same "$status" 1
	same "$stderr" "mailwhy: log.3: No such file or directory"
	same "$(counts)" "[2,1,1]"
}

@test "a file that is named twice is read once, and that is said" {
	bounce_line a@a.example >log
	ln log hard
	ln -s log soft
	mw "${fixed[@]}" --tally none log ./log hard soft
	same "$status" 0
	same "$(recipients)" "a@a.example "
	same "$stderr" "mailwhy: ./log: is the same file as log; read once
mailwhy: hard: is the same file as log; read once
mailwhy: soft: is the same file as log; read once"
	mw -q "${fixed[@]}" --tally none log log
	same "$status $stderr $(recipients)" "0  a@a.example "
}

@test "a copy before the log is truncated is counted once" {
	make_log 1000 >log
	cp log log.1
	mw "${fixed[@]}" --events none log log.1
	same "$status" 0
	same "$stderr" "mailwhy: log.1: log begins with the same bytes; counted once"
	same "$(counts)" "[1000,1000,0]"
	# The log has grown.
	bounce_line a@a.example >>log
	mw "${fixed[@]}" --events none log*
	same "$stderr" "mailwhy: log.1: log begins with the same bytes; counted once"
	same "$(counts)" "[1001,1001,0]"
	# The copy is not finished, and ends within a line.
	head -c 100000 log >log.1
	mw "${fixed[@]}" --events none log.1 log
	same "$stderr" "mailwhy: log.1: log begins with the same bytes; counted once"
	same "$(counts)" "[1001,1001,0]"
	mw -q "${fixed[@]}" --events none log.1 log
	same "$stderr $(counts)" " [1001,1001,0]"
}

@test "a log that is being packed is counted once" {
	make_log 1000 >log.1
	bounce_line a@a.example >log
	for packer in "${packers[@]}"; do
		$packer -c <log.1 >log.1.gz
		mw "${fixed[@]}" --events none log*
		same "$status" 0
		same "$stderr" "mailwhy: log.1.gz: log.1 begins with the same bytes; counted once"
		same "$(counts)" "[1001,1001,0]"
	done
	# Not yet finished: what is missing might be more than log.1 has.
	gzip -c <log.1 | head -c 4000 >log.1.gz
	mw "${fixed[@]}" --events none log*
	same "$status" 1
	same "$stderr" "mailwhy: log.1.gz: the gzip data end too early; what comes before that is also in log.1, and counted once"
	same "$(counts)" "[1001,1001,0]"
}

@test "a chain of copies is counted once" {
	make_log 500 >log
	head -n 300 log >log.1
	head -n 100 log >log.2
	head -n 100 log | gzip -c >log.3
	mw -q "${fixed[@]}" --events none log*
	same "$status $stderr $(counts)" "0  [500,500,0]"
}

@test "what is not provably a copy is counted" {
	make_log 1000 >log
	# Its last byte differs.
	head -n 500 log | sed '$s/)$/]/' >log.1
	mw "${fixed[@]}" --events none log log.1
	same "$status $stderr $(counts)" "0  [1500,1500,0]"
	# It is no rotation: somebody has asked for both.
	head -n 500 log >other
	mw "${fixed[@]}" --events none log other
	same "$status $stderr $(counts)" "0  [1500,1500,0]"
}

# A failure each hour from 08:00 to 12:00, and lines that go on.
hours() {
	echo "from before any stamp"
	for hour in 08 09 10 11 12; do
		line_at "$1${hour}:00:00$2" "u$hour@a.example"
		echo "  goes on"
	done
}

@test "since and until: the beginning belongs to it, the end does not" {
	hours 2026-11-23T Z >log
	gzip -c log >packed
	while IFS='|' read -r since until wanted counted; do
		arguments=(--lang en --timezone UTC)
		[ -z "$since" ] || arguments+=(--since "$since")
		[ -z "$until" ] || arguments+=(--until "$until")
		# Each of the three tells the same.
		mw "${arguments[@]}" log packed - < <(cat log)
		same "$status $stderr" "0 "
		same "$(recipients | sed 's/@a\.example//g')" \
			"$wanted$wanted$wanted"
		same "$(counts)" "$counted"
	done <<'TABLE'
||u08 u09 u10 u11 u12 |[33,15,18]
2026-11-23T10:00:00Z||u10 u11 u12 |[18,9,9]
2026-11-23T10:00:00.000001Z||u11 u12 |[12,6,6]
2026-11-23T11:00:00+01:00|2026-11-23 11:00|u10 |[6,3,3]
|2026-11-23T10:00|u08 u09 |[15,6,9]
|Nov 23 10:00:00|u08 u09 |[15,6,9]
2026-11-23|2026-11-24|u08 u09 u10 u11 u12 |[30,15,15]
2026-11-24|||[0,0,0]
|2026-11-23||[3,0,3]
TABLE
}

@test "times without a year, before and after its turn" {
	{
		hours "Dec 31 " ""
		hours "Jan  1 " ""
	} >log
	touch -d 2027-01-01T12:30:00Z log
	gzip -c log >packed
	touch -r log packed
	for input in log packed; do
		mw --timezone UTC --since 2026-12-31T11:00 \
			--until 2027-01-01T09:00 $input
		same "$status $stderr" "0 "
		same "$(jq -r 'select(.recipient)["@timestamp"][:13]' \
			<<<"$output" | tr '\n' ' ')" \
			"2026-12-31T11 2026-12-31T12 2027-01-01T08 "
		same "$(counts)" "[7,3,4]"
	done
	mw --timezone UTC --year 2019 --since 2020-01-01 log
	same "$(counts)" "[10,5,5]"
}

@test "of packed rotated logs those outside of a period are not read" {
	for day in 20 21 22 23; do
		line_at "2026-11-${day}T00:00:00Z" "u$day@a.example"
		line_at "2026-11-${day}T23:59:59Z" "v$day@a.example"
	done >all
	head -n 2 all | gzip -c >log.3.gz
	sed -n 3,4p all | gzip -c >log.2.gz
	sed -n 5,6p all | gzip -c >log.1.gz
	tail -n 2 all >log
	# Reading them to the end would tell.
	truncate -s -4 log.2.gz log.3.gz
	mw --timezone UTC --tally none --since 2026-11-22T00:10 log*
	same "$status $stderr" "0 "
	same "$(recipients)" "v22@a.example u23@a.example v23@a.example "
	mw --timezone UTC --tally none --since 2026-11-21T23:00 log*
	same "$status" 1
	same "$stderr" "mailwhy: log.2.gz: the gzip data end too early; what was unpacked before is counted"
	same "$(recipients)" \
		"v21@a.example u22@a.example v22@a.example u23@a.example v23@a.example "
	gzip -c <log >log.0.gz
	: >log
	truncate -s -4 log.0.gz
	mw --timezone UTC --tally none --until 2026-11-22T23:00 \
		--since 2026-11-22 log log.0.gz log.1.gz
	same "$status $stderr" "0 "
	same "$(recipients)" "u22@a.example "
}

@test "words of time" {
	now=$(date +%s)
	for ago in 7200 1200 60; do
		line_at "$(date -u -d @$((now - ago)) +%Y-%m-%dT%H:%M:%SZ)" \
			"u$ago@a.example"
	done >log
	for since in "1 hour ago" "30 min ago" "1h ago"; do
		mw --events none --since "$since" log
		same "$status $stderr $(counts)" "0  [2,2,0]"
	done
	mw --events none --since "3 days ago" --until now log
	same "$(counts)" "[3,3,0]"
	mw --events none --until yesterday log
	same "$(counts)" "[0,0,0]"
}

# A log of more than 4 MiB, in whose middle part a search is worth while.
make_large() {
	awk -v order="$1" 'BEGIN { for (i = 0; i < 30000; i++) {
		t = order == "sorted" ? i : order == "twice" ? i * 2 % 30000 : 30000 - i
		printf "2026-11-23T%02d:%02d:%02dZ mx1 postfix/smtp[101]: 4XyZ1k2m3n4z: to=<u%d@a.example>, relay=mx.a.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.9/0.2, dsn=5.0.0, status=bounced (host mx.a.example[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))\n  goes on\n",
			t / 3600, t / 60 % 60, t % 60, t } }'
}

@test "in large files, in order or not, the same lines are found" {
	for order in sorted twice reverse; do
		make_large $order >log
		for period in "03:00:00 03:00:10" "00:00:00 00:00:01" \
			"08:19:50 23:00:00" "05:00:00 06:00:00"; do
			read -r since until <<<"$period"
			arguments=(--timezone UTC --lang en
				--since "2026-11-23 $since"
				--until "2026-11-23 $until")
			awk -v since="2026-11-23T${since}Z" \
				-v until="2026-11-23T${until}Z" \
				'/^2/ { inside = $1 >= since && $1 < until }
				inside' log >part
			"$mailwhy" --timezone UTC --lang en part >expected
			for jobs in 1 2; do
				"$mailwhy" -j$jobs "${arguments[@]}" log >out
				cmp out expected
			done
		done
	done
}

# How many bytes a run of mailwhy with these arguments reads.
bytes_read() {
	bash -c '"$@" >/dev/null; while read -r key value; do
		[ "$key" != rchar: ] || echo "$value"
	done </proc/self/io' bash "$mailwhy" "$@"
}

@test "a large file in order is not read where nothing can be" {
	[ -r /proc/self/io ] || skip "bytes are not counted here"
	make_large sorted >log
	: >empty
	period=(--timezone UTC --since 2026-11-23T08:00 --until 2026-11-23T08:01)
	base=$(bytes_read report "${period[@]}" empty)
	[ $(($(bytes_read report "${period[@]}" log) - base)) -lt \
		$(($(stat -c %s log) * 2 / 3)) ]
	make_large reverse >log
	[ $(($(bytes_read report "${period[@]}" log) - base)) -ge \
		"$(stat -c %s log)" ]
}

@test "lines that are too long, inside and outside of a period" {
	for hour in 08 09 10; do
		line_at "2026-11-23T$hour:00:00Z" a@a.example | tr -d '\n'
		head -c 70000 /dev/zero | tr '\0' x
		echo
	done >log
	mw --timezone UTC --since 2026-11-23T09:00 --until 2026-11-23T10:00 log
	same "$(tail -n 1 <<<"$output" | jq -c '[.lines,.cut]')" "[1,1]"
}

@test "report and check --coverage take a period too" {
	hours 2026-11-23T Z >log
	mw report --format json --timezone UTC --since 2026-11-23T11:00 log
	same "$status $stderr" "0 "
	same "$(jq -c '[.lines,.failures,.dropped,.from,.to]' <<<"$output")" \
		'[4,2,2,"2026-11-23T11:00:00+00:00","2026-11-23T12:00:00+00:00"]'
	TZ=UTC mw check --coverage --since 2026-11-23T11:00 log
	same "$status $stderr" "0 "
	[[ ${lines[0]} == "2 failures, "* ]]
}

@test "times that are none are refused" {
	words="a time such as 2026-11-23T10:00, 10:00, yesterday or '2 hours ago'"
	while IFS='|' read -r command option value message; do
		mw $command $option "$value" </dev/null
		refused_with 2 "$message; see 'mailwhy --help'"
	done <<TABLE
|--since|whenever|--since takes $words, not 'whenever'
report|--until||--until takes $words, not ''
check --coverage|--since|2026-02-30|--since takes $words, not '2026-02-30'
check|--since|now|check takes --since and --until only with --coverage
--omprog -o out|--since|now|--omprog takes all that comes, without --since and --until
explain|--since|now|'mailwhy explain' has no option --since
--until 2026-11-23|--since|2026-11-23|nothing lies between --since 2026-11-23 and --until 2026-11-23
TABLE
}

# Runs the command on a terminal; what came there is in `terminal`.
on_terminal() {
	command -v script >/dev/null || skip "script is not there"
	script -qec "$1" /dev/null </dev/null >terminal
}

# Gives a log again and again until progress is shown; for 20 seconds at most.
until_shown='for i in $(seq 100); do
	cat log; sleep 0.2; ! grep -q "B/s" terminal || break
done'

# Gives a log twice, more than a second apart.
slowly="(sleep 0.3; cat log; sleep 1.2; cat log)"

@test "a long run shows its progress on a terminal, and takes it away" {
	make_log 100 >log
	on_terminal "$until_shown | '$mailwhy' report ${fixed_words} >out"
	grep -qE $'\rmailwhy: [0-9.]+ [kM]B, [0-9.]+ [kM]B/s' terminal
	# Blanks over it, and nothing behind.
	grep -qE $'\r +\r$' terminal
	same "$(wc -l <terminal)" 0
	grep -qE 'lines read  +[0-9 ]*00$' out
	# The report itself comes after it.
	on_terminal "$until_shown | '$mailwhy' report ${fixed_words}"
	grep -qE $'\rmailwhy: [0-9.]+ [kM]B, [0-9.]+ [kM]B/s' terminal
	grep -qE $'\r +\r.*Delivery report' terminal
}

@test "no progress where it would be in the way" {
	make_log 100 >log
	# Asked to be quiet.
	on_terminal "$slowly | '$mailwhy' report -q ${fixed_words} >out"
	same "$(<terminal)" ""
	# Events on the terminal, or in a pipe to somewhere.
	on_terminal "$slowly | '$mailwhy' ${fixed_words} --format json"
	same "$(grep -c 'kB/s' terminal)" 0
	on_terminal "$slowly | '$mailwhy' ${fixed_words} | cat"
	same "$(grep -c 'kB/s' terminal)" 0
	# Standard error is no terminal.
	on_terminal "$slowly | '$mailwhy' report ${fixed_words} 2>err >out"
	same "$(<terminal)$(<err)" ""
	# A short run.
	on_terminal "'$mailwhy' report ${fixed_words} log >out"
	same "$(<terminal)" ""
}
