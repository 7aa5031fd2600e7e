#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs each fuzzer's target over its stored inputs: every input that once made
# trouble stays a test.
count=0
status=0
for target in bounce envelope export header line reply; do
	for input in "${srcdir:?}/tests/fuzz/corpus/$target"/*; do
		count=$((count + 1))
		if "${REPLAY:?}_$target" "$input" >/dev/null; then
			echo "ok $count - $target $(basename "$input")"
		else
			echo "not ok $count - $target $(basename "$input")"
			status=1
		fi
	done
done
echo "1..$count"
exit $status
