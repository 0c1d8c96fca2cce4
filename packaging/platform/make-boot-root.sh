#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Make a Debian root that boots systemd in a container, as a compressed tar for boot-test.sh.
#
#   make-boot-root.sh SUITE [PACKAGE...]
#
#   SUITE    bookworm or trixie
#   PACKAGE  extra packages the tests need inside (mosquitto, python3, ...)
#
# The tar's path is the only line on standard output. It is kept in $P1METER_CACHE (default
# ${XDG_CACHE_HOME:-~/.cache}/p1meter-platform) under a name made from the inputs, and reused.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

case ${1-} in
    --help) print_help; exit 0 ;;
    -*) die "unknown option $1 (try --help)" ;;
    '') die "needs SUITE (try --help)" ;;
esac
suite=$1; shift
need_suite "$suite"
need_root
need mmdebstrap=mmdebstrap zstd=zstd

# What a Raspberry Pi OS or Debian server has anyway: the package under test must not rely on more.
packages=(systemd-sysv dbus adduser procps "$@")
tar=$P1METER_CACHE/boot-$suite-$(short_hash "${packages[@]}").tar.zst
if [ -s "$tar" ]; then say "have $tar"; printf '%s\n' "$tar"; exit 0; fi
mkdir -p "$P1METER_CACHE"
trap 'rm -f "$tar.part"' EXIT

say "making $tar"
# A root password is not needed: boot-test.sh enters with nsenter. The masked units wait for
# hardware or a network that a container does not have.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TMPDIR="$(scratch_dir)" \
    mmdebstrap --quiet --mode=root --variant=minbase \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Dpkg::Use-Pty "0"' \
    --include="$(IFS=,; echo "${packages[*]}")" \
    --customize-hook='chroot "$1" systemctl mask getty.target console-getty.service apt-daily.timer \
        apt-daily-upgrade.timer' \
    --customize-hook='echo uninitialized >"$1/etc/machine-id"' \
    "$suite" - "deb $(debian_mirror) $suite main" |
    zstd --quiet --threads=0 -3 -o "$tar.part" --force
mv "$tar.part" "$tar"
printf '%s\n' "$tar"
