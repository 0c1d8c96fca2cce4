#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a package in a booted systemd (a container) and runs one of the scripts here inside.
#
#   tests/system/run.sh SCRIPT DEB       SCRIPT: life, faults, sandbox, readme, hour
#
# Needs root and amd64. The release is told by the package's version. Roots are kept in $P1METER_CACHE.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
[ $# -eq 2 ] && [ -e "$here/$1.sh" ] || { print_help >&2; exit 64; }
deb=$(readlink -e "$2") || die "no such file: $2"
case $(dpkg-deb --field "$deb" Version) in
  *~deb12) suite=bookworm number=12 ;;
  *~deb13) suite=trixie number=13 ;;
  *) die "$deb: its version does not end with ~deb12 or ~deb13" ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=("$here/inside.sh" "$here/port.py" "$here/names.py" "$here/saves.py" "$here/../../README.md")
if [ "$1" = life ]; then
  # The version before: the same files under a lower number.
  dpkg-deb --raw-extract "$deb" "$work/tree"
  sed -i "s/^Version: .*/Version: 0.0.1-1~deb$number/" "$work/tree/DEBIAN/control"
  printf '\n# Changed by the next version.\n' >>"$work/tree/usr/share/p1meter/obis.yaml"
  dpkg-deb --root-owner-group --build "$work/tree" "$work/previous.deb" >/dev/null
  files+=("$work/previous.deb")
fi
# What is written is only counted on a disk.
[ "$1" != hour ] || export TMPDIR=/var/tmp
root=$("$platform/make-boot-root.sh" "$suite" mosquitto mosquitto-clients python3 iproute2 openssl avahi-daemon avahi-utils libnss-mdns sudo)
"$platform/boot-test.sh" "$root" "$deb" "$here/$1.sh" "${files[@]}"
