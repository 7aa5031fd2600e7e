#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SERVER OUTDIR [SCENARIO [first]]: runs a real mail server of Debian 12
# against scripted SMTP and DNS servers and writes OUTDIR/SERVER.log (its raw
# log) and OUTDIR/SERVER.truth.tsv (what was really answered to whom). SERVER is
# postfix, postfix-rfc3339, exim, exim-all, exim-syslog, sendmail or opensmtpd.
# SCENARIO is played instead of scenario.tsv; with "first", nothing is tried
# again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	echo "usage: run.sh SERVER OUTDIR [SCENARIO [first]]; see README.md" >&2
	exit 2
}

case $# in
[2-4]) ;;
*) usage ;;
esac
scenario=${3-$here/scenario.tsv}
[ -f "$scenario" ] || usage
[ "${4-first}" = first ] || usage
[ -f "$here/server-${1%%-*}.sh" ] || usage
[ "$(id -u)" -eq 0 ] || {
	echo "run.sh: needs root, for the namespaces and port 25" >&2
	exit 1
}
mkdir -p "$2"
out=$(cd "$2" && pwd)
scenario=$(realpath "$scenario")
exec unshare --mount --uts --ipc --pid --fork --kill-child \
	sh "$here/contain.sh" "$1" "$out" "$scenario" "${4-}"
