#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures what it costs to say why, a reply of tests/catalogue:
#
#	sh contrib/bench/explain.sh [--runs 5] [--rounds 100]
#
# With the whole catalogue, and with every tenth entry of it (and the three
# that catch all the rest), in turn. A run measures nanoseconds of processor
# time, the median of ROUNDS rounds over all replies; the least of RUNS runs is
# printed, because whatever else the machine does can only make it slower.
# CC and CFLAGS as in make; RULES is another directory of rules than the
# tree's.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
rules=${RULES:-$root/rules}
export LC_ALL=C.UTF-8

die()
{
	echo "explain.sh: $*" >&2
	exit 1
}

usage()
{
	echo 'usage: sh contrib/bench/explain.sh [--runs N] [--rounds N]' >&2
	exit 2
}

is_count()
{
	case $1 in
	'' | 0* | *[!0-9]*) return 1 ;;
	esac
}

build()
{
	libraries='lognorm libfastjson libhs gmime-3.0'
	# CC, CFLAGS and what pkg-config says are several words each.
	# shellcheck disable=SC2046,SC2086
	${CC:-cc} ${CFLAGS:--O2 -g} -D_GNU_SOURCE -I "$root/src" \
		-I "$root/tests" -o "$tmp/explain" \
		"$root/contrib/bench/explain.c" "$root/tests/catalogue_rows.c" \
		"$root"/src/base/*.c "$root"/src/parse/*.c "$root"/src/why/*.c \
		$(pkg-config --cflags --libs $libraries) -lpthread -lm ||
		die "${CC:-cc} cannot build explain.c"
}

# Every tenth entry of the catalogue, into $tmp/tenth; only their texts.
thin_out()
{
	mkdir -p "$tmp/tenth/lang" || return
	cp "$rules/providers.json" "$rules/words.tsv" "$tmp/tenth" || return
	jq '.entries |= [to_entries[] | select(.key % 10 == 0 or
		(.value.match // {} | del(.class) == {})).value]' \
		"$rules/catalogue.json" >"$tmp/tenth/catalogue.json" || return
	jq --slurpfile catalogue "$tmp/tenth/catalogue.json" \
		'[$catalogue[0].entries[].id] as $ids |
		.entries |= with_entries(select(.key | IN($ids[])))' \
		"$rules/lang/en.json" >"$tmp/tenth/lang/en.json"
}

# The replies of all files but the table of floors.
run()
{
	name=$1
	dir=$2
	set --
	for file in "$root"/tests/catalogue/*.tsv; do
		[ "${file##*/}" = floors.tsv ] || set -- "$@" "$file"
	done
	"$tmp/explain" "$dir" "$tmp/cache" "$rounds" "$@" \
		>>"$tmp/$name.runs" || die "explain fails with $dir"
}

# Column $2 of the runs of $1, its least.
least()
{
	awk -v column="$2" '{ print $column }' "$tmp/$1.runs" | sort -n |
		head -n 1
}

print_row()
{
	[ "$(awk '{ print $5 }' "$tmp/$1.runs" | sort -u | wc -l)" -eq 1 ] ||
		die "$1: the runs found different entries"
	read -r entries replies _ <"$tmp/$1.runs"
	echo "$1: $entries entries, $replies replies:" \
		"explain $(least "$1" 4) ns a reply," \
		"reply_parse $(least "$1" 3) ns"
}

runs=5
rounds=100
while [ $# -gt 0 ]; do
	is_count "${2:-}" || usage
	case $1 in
	--runs) runs=$2 ;;
	--rounds) rounds=$2 ;;
	*) usage ;;
	esac
	shift 2
done
tmp=$(mktemp -d) || die 'cannot make a temporary folder'
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

build
thin_out || die 'cannot make the reduced catalogue (it needs jq)'
round=1
while [ "$round" -le "$runs" ]; do
	run whole "$rules"
	run tenth "$tmp/tenth"
	round=$((round + 1))
done
print_row whole
print_row tenth
echo "$(least whole 4) $(least tenth 4)" |
	awk '{ printf "whole : tenth = %.2f\n", $1 / $2 }'
