#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# contain.sh SERVER OUTDIR SCENARIO PHASES: called by run.sh in namespaces of its
# own. Lays a folder in memory over this machine's root file system, installs
# the mail server there, and goes on in it without a network.
set -eu
server=$1
out=$2
scenario=$3
phases=$4
here=$(cd "$(dirname "$0")" && pwd)

mount --make-rprivate /
# Seen by this run only; what is written goes there and is gone afterwards.
top=/mnt
mount -t tmpfs -o size=1g real-mta "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" \
	overlay "$top/root"
cd "$top/root"
mount -t proc proc proc
mount -t tmpfs run run
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs dev dev
for node in null zero full random urandom tty; do
	cp -a "/dev/$node" dev
done
ln -s /proc/self/fd dev/fd
mkdir run/lock run/real-mta run/out
mount --bind -o ro "$here" run/real-mta
mount --bind "$out" run/out
cp "$scenario" run/scenario.tsv
cat /etc/resolv.conf >"$top/resolv.conf"
rm -f etc/resolv.conf
cp "$top/resolv.conf" etc/resolv.conf
# Sendmail's installation waits for a name with a domain.
hostname mailout
printf '127.0.0.1 localhost\n127.0.1.1 mailout.sender.example mailout\n' \
	>etc/hosts
# No index of manuals is made.
rm -f var/lib/man-db/auto-update

# Packages are installed with a network, but no service is started.
printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d
chmod 755 usr/sbin/policy-rc.d
# shellcheck source=/dev/null
packages=$(. "$here/server-${server%%-*}.sh" && server_packages)
# Debian's own packages only: other sources may not be reachable.
rm -rf etc/apt/sources.list.d etc/apt/sources.list
mkdir etc/apt/sources.list.d
mirror=${DEBIAN_MIRROR-http://deb.debian.org/debian}
keys=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb [signed-by=%s] %s bookworm main\n' "$keys" "$mirror" \
	>etc/apt/sources.list
echo 'Acquire::Languages "none";' >etc/apt/apt.conf.d/99real-mta
# shellcheck disable=SC2086 # one word a package
timeout 150 chroot . env DEBIAN_FRONTEND=noninteractive sh -c '
	apt-get -qq update && apt-get -qq -y --no-install-recommends \
		install "$@"' sh \
	rsyslog iproute2 procps python3-minimal $packages \
	>"$top/install.out" 2>&1 || {
	tail -n 20 "$top/install.out" >&2
	exit 1
}

# The pid namespace ends with its first process: nothing survives the run.
exec timeout 400 unshare --net --pid --fork --kill-child \
	--mount-proc="$top/root/proc" chroot . sh /run/real-mta/inside.sh "$server" \
	"$phases"
