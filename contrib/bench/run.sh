#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures mailwhy beside other programs on the same synthetic log:
#
#	sh contrib/bench/run.sh [--bytes 100M] [--runs 5]
#
# Warm cache, interleaved rounds, output to a file (GNU grep does less when it
# is /dev/null). Prints Markdown: the machine, the versions, what is in the log,
# and a table whose last column shows that the work was done.
# MAILWHY says which mailwhy; else the one built here, else the one in PATH.
set -u

commands='wc grep lognormalizer pflogsumm report_text report_json events'
slow_s=10 # a command that takes longer in its first round gets no second one
root=$(dirname "$0")/../..
export LC_ALL=C.UTF-8

die()
{
	echo "run.sh: $*" >&2
	exit 1
}

usage()
{
	echo 'usage: sh contrib/bench/run.sh [--bytes N[K|M|G]] [--runs N]' >&2
	exit 2
}

find_mailwhy()
{
	if [ -n "${MAILWHY:-}" ]; then
		mailwhy=$(command -v "$MAILWHY") ||
			die "MAILWHY=$MAILWHY is no program"
		return
	fi
	for mailwhy in ./mailwhy "$root/mailwhy"; do
		[ -f "$mailwhy" ] && [ -x "$mailwhy" ] && return
	done
	mailwhy=$(command -v mailwhy) ||
		die "no mailwhy: build it here, or say MAILWHY=/path/to/mailwhy"
}

# What a command needs and lacks, as a sentence; nothing if all is there.
lack()
{
	case $1 in
	lognormalizer)
		if ! command -v lognormalizer >/dev/null; then
			echo 'not installed: Debian package liblognorm-utils'
		elif [ ! -r "$rules" ]; then
			echo 'rules/postfix.rulebase is missing'
		fi
		;;
	pflogsumm)
		command -v pflogsumm >/dev/null ||
			echo 'not installed: Debian package pflogsumm'
		;;
	esac
}

label()
{
	case $1 in
	wc) echo 'wc -l mail.log' ;;
	grep) echo 'grep -c status= mail.log' ;;
	lognormalizer)
		echo 'lognormalizer -r rules/postfix.rulebase -e json'
		;;
	pflogsumm) echo 'pflogsumm mail.log' ;;
	report_text) echo 'mailwhy report mail.log' ;;
	report_json) echo 'mailwhy report --format json mail.log' ;;
	events) echo 'mailwhy --format json mail.log' ;;
	esac
}

prepare()
{
	# CC may hold options, as in make.
	# shellcheck disable=SC2086
	${CC:-cc} -O2 -o "$tmp/generate" "$root/contrib/bench/generate.c" ||
		die "${CC:-cc} cannot build generate.c"
	"$tmp/generate" --bytes "$bytes" --truth \
		>"$log" 2>"$tmp/truth" || die "$(head -n 1 "$tmp/truth")"
	[ -z "$(lack lognormalizer)" ] || return
	# The messages alone of the lines that can be deliveries or rejects.
	grep -E 'status=|NOQUEUE: reject:' "$log" |
		sed 's/^[^]]*]: //' >"$tmp/messages"
	head -n 1 "$tmp/messages" >"$tmp/message"
	start=$(date +%s%N)
	lognormalizer -r "$rules" -e json <"$tmp/message" >/dev/null 2>&1
	load_ns=$(($(date +%s%N) - start))
}

# Runs "$@", and writes its time to KEY.runs: wall (ns), CPU (s), memory (KiB).
measure()
{
	key=$1
	input=$2
	shift 2
	if [ -x /usr/bin/time ]; then
		set -- /usr/bin/time -o "$tmp/time" -f '%U %S %M' "$@"
	else
		echo '- - -' >"$tmp/time"
	fi
	start=$(date +%s%N)
	"$@" <"$input" >"$tmp/$key.out" 2>"$tmp/$key.err"
	code=$?
	end=$(date +%s%N)
	if [ "$code" -ne 0 ]; then
		echo "exit $code: $(head -n 1 "$tmp/$key.err")" \
			>"$tmp/$key.failed"
		return
	fi
	cp "$tmp/$key.out" "$tmp/$key.good"
	echo "$((end - start)) $(tail -n 1 "$tmp/time")" >>"$tmp/$key.runs"
}

run_command()
{
	case $1 in
	wc) measure "$1" /dev/null wc -l "$log" ;;
	grep) measure "$1" /dev/null grep -c status= "$log" ;;
	lognormalizer)
		measure "$1" "$tmp/messages" \
			lognormalizer -r "$rules" -e json
		;;
	pflogsumm) measure "$1" /dev/null pflogsumm "$log" ;;
	report_text) measure "$1" /dev/null "$mailwhy" report "$log" ;;
	report_json)
		measure "$1" /dev/null "$mailwhy" report --format json "$log"
		;;
	events) measure "$1" /dev/null "$mailwhy" --format json "$log" ;;
	esac
}

is_slow()
{
	[ -f "$tmp/$1.runs" ] && awk -v limit="$slow_s" \
		'$1 > limit * 1e9 { slow = 1 } END { exit !slow }' \
		"$tmp/$1.runs"
}

# Column $2 of the runs of $1, its median.
median()
{
	awk -v column="$2" '{ print $column }' "$tmp/$1.runs" | sort -n |
		awk '{ value[NR] = $1 }
		END {
			low = value[int((NR + 1) / 2)]
			high = value[int(NR / 2) + 1]
			printf "%.2f\n", (low + high) / 2
		}'
}

truth()
{
	sed -n "s/.*\\b$1=\\([0-9]*\\).*/\\1/p" "$tmp/truth"
}

# "N WHAT", and what it should have been when it is not that.
judge()
{
	printf '%s %s' "$2" "$1"
	[ "$2" = "$3" ] || printf ' (WRONG: %s)' "$3"
}

# The number at the first "NAME": of a JSON file.
number_of()
{
	grep -o "\"$1\":[ ]*[0-9]*" "$2" | head -n 1 | tr -dc 0-9
}

# The totals on top of the text report, where digits stand in groups of three.
result_text()
{
	head -n 20 "$1" | grep -oE "[0-9]+([ ,.][0-9]{3})*" | tr -d ' ,.' \
		>"$tmp/numbers"
	for name in lines deliveries sent failures rejects; do
		found='?'
		grep -qx "$(truth $name)" "$tmp/numbers" &&
			found=$(truth $name)
		judge "$name" "$found" "$(truth $name)"
		[ $name = rejects ] || printf ', '
	done
}

result_json()
{
	for name in lines deliveries sent failures rejects; do
		judge "$name" "$(number_of $name "$1")" "$(truth $name)"
		printf ', '
	done
	echo "$(number_of unparsed "$1") unparsed"
}

result_events()
{
	judge failures "$(grep -c '"event": *"failure"' "$1")" \
		"$(truth failures)"
	printf ', '
	judge rejects "$(grep -c '"event": *"reject"' "$1")" "$(truth rejects)"
	echo ", $(wc -c <"$1" | awk '{ printf "%.1f", $1 / 1e6 }') MB written"
}

result_lognormalizer()
{
	objects=$(grep -c '^{' "$1")
	judge objects "$objects" $(($(truth deliveries) + $(truth rejects)))
	echo ", $(grep -c '"unparsed-data"' "$1") unparsed; to load the" \
		"rulebase for one message alone:" \
		"$(echo "$load_ns" | awk '{ printf "%.2f", $1 / 1e9 }') s"
}

# pflogsumm shortens big numbers to thousands (k) and millions (m).
result_pflogsumm()
{
	awk '$2 == "delivered" || $2 == "deferred" || $2 == "bounced" ||
	     $2 == "rejected" {
		sub(/ *\([0-9.]+%\)/, "")
		$1 = $1
		text = text (text ? ", " : "") $0
		if (++n == 4)
			exit
	}
	END { print text }' "$1"
}

result()
{
	good=$tmp/$1.good
	case $1 in
	wc) judge lines "$(awk '{ print $1 }' "$good")" "$(truth lines)" ;;
	grep) judge matches "$(cat "$good")" "$(truth deliveries)" ;;
	lognormalizer) result_lognormalizer "$good" ;;
	pflogsumm) result_pflogsumm "$good" ;;
	report_text) result_text "$good" ;;
	report_json) result_json "$good" ;;
	events) result_events "$good" ;;
	esac
}

# Wall seconds, ratio to grep, MB/s, CPU seconds, MiB: the middle of a row.
figures()
{
	input=$log
	[ "$1" = lognormalizer ] && input=$tmp/messages
	base=0
	[ -f "$tmp/grep.runs" ] && base=$(median grep 1)
	echo "$(median "$1" 1) $base $(wc -c <"$input")" \
		"$(median "$1" 2) $(median "$1" 3) $(median "$1" 4)" \
		"$(tail -n 1 "$tmp/$1.runs")" |
		awk '{
			s = $1 / 1e9
			printf "%.3f | ", s
			if ($2)
				printf "%.1f", $1 / $2
			else
				printf "?"
			printf " | %.0f", $3 / 1e6 / s
			if ($NF == "-")
				print " | ? | ?"
			else
				printf " | %.2f | %.1f\n", $4 + $5, $6 / 1024
		}'
}

print_row()
{
	name="\`$(label "$1")\`"
	[ "$1" != lognormalizer ] || name="$name [1]"
	missing=$(lack "$1")
	if [ -n "$missing" ]; then
		echo "| $name | | | | | | $missing |"
		return
	fi
	failed=
	[ ! -f "$tmp/$1.failed" ] || failed=$(cat "$tmp/$1.failed")
	if [ ! -f "$tmp/$1.runs" ]; then
		echo "| $name | | | | | | failed, $failed |"
		return
	fi
	rounds=$(wc -l <"$tmp/$1.runs")
	note=
	[ "$rounds" -eq "$runs" ] || note=" ($rounds of $runs rounds)"
	[ -z "$failed" ] || note="$note; a round failed, $failed"
	echo "| $name | $(figures "$1") | $(result "$1")$note |"
}

version_of()
{
	command -v "$1" >/dev/null || return
	case $1 in
	lognormalizer) set -- "$1" -V ;;
	*) set -- "$1" --version ;;
	esac
	"$@" 2>&1 </dev/null | head -n 1
}

print_head()
{
	cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	echo "- machine: ${cpu:-$(uname -m)}, $(nproc) cores," \
		"$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' \
			/proc/meminfo)"
	echo "- system: Linux $(uname -r)," \
		"$(sed -n 's/^PRETTY_NAME="\(.*\)"$/\1/p' /etc/os-release)"
	for program in "$mailwhy" grep lognormalizer pflogsumm; do
		version=$(version_of "$program")
		[ -n "$version" ] && echo "- $version"
	done
	echo "- log: $(wc -c <"$log") bytes, $(cat "$tmp/truth")"
	echo "- $runs rounds, interleaved, cache warm, output to a file," \
		"LC_ALL=$LC_ALL"
	[ -x /usr/bin/time ] ||
		echo "- memory and CPU unknown: no /usr/bin/time (package time)"
	echo
}

bytes=100M
runs=5
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || usage
	case $1 in
	--bytes) bytes=$2 ;;
	--runs) runs=$2 ;;
	*) usage ;;
	esac
	shift 2
done
case $runs in
'' | 0* | *[!0-9]*) usage ;;
esac
find_mailwhy
rules=$root/rules/postfix.rulebase
tmp=$(mktemp -d) || die 'cannot make a temporary folder'
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
log=$tmp/mail.log

prepare
cat "$log" >/dev/null
round=1
while [ "$round" -le "$runs" ]; do
	for key in $commands; do
		[ -n "$(lack "$key")" ] || is_slow "$key" || run_command "$key"
	done
	round=$((round + 1))
done
print_head
cat <<'TABLE'
| command | wall s (median) | times grep | MB/s | CPU s | peak MiB | result |
|---|---:|---:|---:|---:|---:|---|
TABLE
for key in $commands; do
	print_row "$key"
done
cat <<'NOTE'

[1] It gets less to do: only the messages of deliveries and rejects, without
their syslog headers, prepared beforehand; its MB/s are of these.
NOTE
