#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the unit tests, the cases and the commands of a build directory under
# valgrind; any finding or leak is a failure.
set -e
build=$(cd "${1:?usage: valgrind.sh BUILD_DIRECTORY}" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
valgrind='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'
srcdir=$top
export srcdir valgrind

# Runs the commands of standard input, a line each, as many as there are
# processors at once.
run() {
	# shellcheck disable=SC2016 # the inner shell expands it
	xargs -P "$(nproc)" -I '{}' sh -c 'said=$($valgrind {} 2>&1 >/dev/null) || {
		printf "%s\nvalgrind.sh: %s\n" "$said" "{}" >&2
		exit 255
	}'
}

for test in "$build"/tests/unit/test_* "$build"/tests/property/test_*; do
	case $test in *.log | *.trs | *.o) continue ;; esac
	echo "$test"
done | run
cat "$top"/tests/cases/*/*.log >"$build/valgrind.log"
{
	for arguments in '--format json' '--format text --lang de' \
		'--events all' 'report' 'report --format json' '--tally 60'; do
		echo "$build/mailwhy $arguments $build/valgrind.log"
	done
	for arguments in 'explain 550' 'explain Relay access denied' 'codes' \
		'codes --format html' 'codes --format json' 'check'; do
		echo "$build/mailwhy $arguments"
	done
} | run
echo "valgrind: nothing found"
