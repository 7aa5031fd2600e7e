#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs Debian packages that are missing, as root or by sudo. Sourced by
# quickstart.sh and check.sh: apt_needs PACKAGE...

apt_needs() {
	missing=
	for package in "$@"; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || state=none
		[ "$state" = installed ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || {
			echo "missing:$missing; run this as root, or" \
				"install them" >&2
			return 1
		}
		as_root=sudo
	fi
	echo "installing:$missing"
	# Lists may be missing or old on a fresh machine.
	# shellcheck disable=SC2086 # one word a package
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install \
			-qq -y --no-install-recommends $missing >/dev/null
}

# What a build from the repository needs.
apt_needs_build() {
	apt_needs gcc libc6-dev make autoconf automake autoconf-archive \
		pkg-config liblognorm-dev libfastjson-dev libhyperscan-dev \
		libgmime-3.0-dev libarchive-dev zlib1g-dev libsystemd-dev
}
