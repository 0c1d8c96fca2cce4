#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the autopkgtests of the packages (packaging/debian/tests) in a clean root.
#
#   tests/system/autopkgtest.sh DEB...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
need_root
need autopkgtest=autopkgtest
case $(dpkg-deb --field "$1" Version) in *~deb12) suite=bookworm ;; *) suite=trixie ;; esac
root=$(mktemp -d "$(scratch_dir)/p1meter-autopkgtest.XXXXXX")
source=$(mktemp -d)
# What is mounted there is in a namespace that ends before.
trap 'rm -rf --one-file-system "$root" "$source"' EXIT
tar --extract --zstd --file "$("$platform/make-boot-root.sh" "$suite")" --directory "$root"
rm -f "$root/etc/resolv.conf"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$source/tests/system"
cp -r "$here/../../packaging/debian" "$source/debian"
cp -r "$here/library" "$source/tests/system/library"
status=0
unshare --mount --pid --fork --kill-child --propagation=private bash -euc '
  root=$1; shift
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t proc proc /proc
  exec autopkgtest --apt-upgrade --no-built-binaries "$@" -- chroot "$root"
' unshare "$root" "$@" "$source/" || status=$?
# 2: some tests were skipped
[ "$status" -eq 0 ] || { echo "autopkgtest ended with status $status"; exit "$status"; }
