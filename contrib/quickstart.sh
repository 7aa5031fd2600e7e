#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to the first answer: installs what the build needs,
# builds, and reports on FILE, or on the sample log that comes with mailwhy.
set -e
case ${1-} in
-h | --help)
	echo "usage: sh contrib/quickstart.sh [FILE]..."
	exit 0
	;;
esac
for file in "$@"; do
	[ -r "$file" ] || {
		echo "quickstart.sh: $file: cannot be read" >&2
		exit 1
	}
done
# FILEs are named from where the user stands.
here=$(pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/contrib/packages.sh"
apt_needs_build
cd "$top"
[ -x configure ] || autoreconf -i
mkdir -p build
cd build
[ -f Makefile ] || ../configure -q
make -s -j "$(nproc)"
cd "$here"
if [ $# -eq 0 ]; then
	set -- "$top/contrib/sample.log"
	echo
	echo "\$ build/mailwhy report contrib/sample.log"
fi
"$top/build/mailwhy" report "$@"
echo
echo "Next: $top/build/mailwhy --help, or sudo make -C $top/build install"
