#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All tests on a bare Debian 12: installs what they need, builds, runs them,
# ends with one line "N passed, N failed". From the environment:
#   CHECK_BUILD      build directory (default: build-check)
#   CHECK_CONFIGURE  arguments of configure
#   CHECK_MAKE       further arguments of make check
set -e
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/contrib/packages.sh"
apt_needs_build
apt_needs libcmocka-dev bats rsyslog jq bsdutils time procps util-linux \
	libxml2-utils bzip2 xz-utils zstd lz4 systemd-journal-remote
cd "$top"
[ -x configure ] || autoreconf -i
build=${CHECK_BUILD-build-check}
mkdir -p "$build"
cd "$build"
# shellcheck disable=SC2086 # several words are meant
../configure -q --with-tests=yes ${CHECK_CONFIGURE-} >/dev/null
make -s -j "$(nproc)"
status=0
# shellcheck disable=SC2086
make -s -j "$(nproc)" check ${CHECK_MAKE-} >check.out 2>&1 || status=$?
results=$(find . -name '*.trs' -exec cat {} + |
	awk '/^:test-result: (PASS|XFAIL)/ { passed++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { failed++ }
		/^:test-result: SKIP/ { skipped++ }
		END { printf "%d %d %d", passed, failed, skipped }')
# shellcheck disable=SC2086
set -- $results
if [ "$status" -ne 0 ]; then
	grep -hE '^(not ok|ERROR|FAIL|# )|: (error|warning):' check.out |
		tail -n 100
	find . -name '*.log' -exec grep -l '^not ok' {} + |
		while read -r log; do
			echo "--- $log"
			tail -n 60 "$log"
		done
	# A run that broke off is a failure even if no test says so.
	[ "$2" -ne 0 ] || set -- "$1" 1 "$3"
fi
[ "$3" -eq 0 ] || {
	echo "$3 skipped:"
	find . -name '*.log' -exec grep -hE '^ok .*# *(SKIP|skip)' {} +
}
echo "$1 passed, $2 failed"
[ "$2" -eq 0 ] && [ "$1" -gt 0 ]
