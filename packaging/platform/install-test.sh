#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Install a .deb of any architecture with apt in a bare root of that architecture, run a script, purge.
#
#   install-test.sh SUITE DEB [SCRIPT [FILE...]]
#
#   SUITE   bookworm or trixie
#   DEB     for amd64, arm64 or armhf; the latter two run through qemu-user
#   SCRIPT  run by sh inside after the installation (default: nothing); its output is the only one
#   FILE    further files to have inside, in /root
#
# There is no running systemd: for that, see boot-test.sh (amd64). This shows that apt finds every
# dependency on that architecture, that the maintainer scripts work there, and that the program starts.
# The bare root is kept in $P1METER_CACHE. Exit status: 0, SCRIPT's, or apt's.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

case ${1-} in
    --help) print_help; exit 0 ;;
    -*) die "unknown option $1 (try --help)" ;;
esac
[ $# -ge 2 ] || die "needs SUITE and DEB (try --help)"
suite=$1 deb=$2 script=${3-}
shift $(($# < 3 ? $# : 3))
need_suite "$suite"
for file in "$deb" ${script:+"$script"} "$@"; do [ -f "$file" ] || die "no such file: $file"; done
need_root
need mmdebstrap=mmdebstrap zstd=zstd arch-test=arch-test qemu-arm-static=qemu-user-static unshare=util-linux
package=$(dpkg-deb --field "$deb" Package)
arch=$(dpkg-deb --field "$deb" Architecture)
[ "$arch" != all ] || arch=amd64
machine=$(qemu_machine "$arch")
[ "$arch" = amd64 ] || enable_foreign_binaries "$machine"

root=$(mktemp -d "$(scratch_dir)/p1meter-install.XXXXXX")
tar=$P1METER_CACHE/install-$suite-$arch.tar.zst
trap 'rm -rf --one-file-system "$root"; rm -f "$tar.part"' EXIT
if [ ! -s "$tar" ]; then
    say "making $tar"
    mkdir -p "$P1METER_CACHE"
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TMPDIR="$(scratch_dir)" \
        mmdebstrap --quiet --mode=root --variant=minbase --architectures="$arch" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Dpkg::Use-Pty "0"' \
        "$suite" - "deb $(debian_mirror) $suite main" | zstd --quiet --threads=0 -3 -o "$tar.part" --force
    mv "$tar.part" "$tar"
fi

tar --extract --zstd --file "$tar" --directory "$root"
cp "$deb" "$root/root/package.deb"
: >"$root/root/script"
[ $# -eq 0 ] || cp "$@" "$root/root/"
[ -z "$script" ] || cp "$script" "$root/root/script"
rm -f "$root/etc/resolv.conf"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/root/steps" <<STEPS
set -e
apt-get --quiet=2 update >&2
apt-get --quiet=2 --yes install /root/package.deb >/root/log 2>&1 || { status=\$?; cat /root/log >&2; exit \$status; }
sh -e /root/script
apt-get --quiet=2 --yes purge $package >/root/log 2>&1 || { status=\$?; cat /root/log >&2; exit \$status; }
STEPS
# /proc and /dev in a namespace of its own vanish with it.
unshare --mount --pid --fork --kill-child --propagation=private bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 ${2:+"QEMU_CPU=$2"} \
        DEBIAN_FRONTEND=noninteractive sh /root/steps
' unshare "$root" "$(emulated_processor "$arch")"
