#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SERVER OUTDIR: runs a real mail server of Debian 12 against scripted
# SMTP and DNS servers and writes OUTDIR/SERVER.log (its raw log) and
# OUTDIR/SERVER.truth.tsv (what was really answered to whom). SERVER is postfix,
# postfix-rfc3339, exim, exim-all, exim-syslog, sendmail or opensmtpd.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	echo "usage: run.sh SERVER OUTDIR; see README.md" >&2
	exit 2
}

[ $# -eq 2 ] || usage
[ -f "$here/server-${1%%-*}.sh" ] || usage
[ "$(id -u)" -eq 0 ] || {
	echo "run.sh: needs root, for the namespaces and port 25" >&2
	exit 1
}
mkdir -p "$2"
out=$(cd "$2" && pwd)
exec unshare --mount --uts --ipc --pid --fork --kill-child \
	sh "$here/contain.sh" "$1" "$out"
