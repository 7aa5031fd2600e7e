#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs each fuzzer's target over its stored inputs: every input that once made
# trouble stays a test. One run a target; where it breaks off, the last file
# that it named is the one.
count=0
status=0
for target in bounce envelope export header line reply; do
	broken=
	said=$("${REPLAY:?}_$target" \
		"${srcdir:?}/tests/fuzz/corpus/$target"/*) || broken=yes
	results=$(echo "$said" |
		sed -n "s,^\(\(not \)\{0\,1\}ok\) [0-9]* - .*/,\1 - $target ,p")
	echo "$results"
	count=$((count + $(echo "$results" | grep -c .)))
	[ "$broken" ] || continue
	status=1
	count=$((count + 1))
	echo "not ok - $target broke off at $(echo "$said" |
		sed -n 's/^# //p' | tail -n 1)"
done
echo "1..$count"
exit $status
