#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the unit tests, the cases and the commands of a build directory under
# valgrind; any finding or leak is a failure.
set -e
build=$(cd "${1:?usage: valgrind.sh BUILD_DIRECTORY}" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
valgrind='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'
srcdir=$top
export srcdir
for test in "$build"/tests/unit/test_* "$build"/tests/property/test_*; do
	case $test in *.log | *.trs | *.o) continue ;; esac
	$valgrind "$test" >/dev/null 2>"$build/valgrind.out" || {
		cat "$build/valgrind.out"
		echo "valgrind.sh: $test" >&2
		exit 1
	}
done
cat "$top"/tests/cases/*/*.log >"$build/valgrind.log"
for arguments in '--format json' '--format text --lang de' '--events all' \
	'report' 'report --format json' '--tally 60'; do
	# shellcheck disable=SC2086 # several words are meant
	$valgrind "$build/mailwhy" $arguments "$build/valgrind.log" >/dev/null
done
for arguments in 'explain 550' 'explain Relay access denied' 'codes' \
	'codes --format html' 'codes --format json' 'check'; do
	# shellcheck disable=SC2086
	$valgrind "$build/mailwhy" $arguments >/dev/null
done
echo "valgrind: nothing found"
