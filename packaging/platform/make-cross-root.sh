#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Make a Debian root for building amd64, arm64 or armhf packages on amd64, as a compressed tar.
#
#   make-cross-root.sh [--control FILE] [--with-checks] SUITE ARCH [PACKAGE...]
#
#   SUITE           bookworm or trixie
#   ARCH            architecture to build for: amd64, arm64 or armhf
#   PACKAGE         build dependency; NAME is a tool that runs here, NAME:host a library for ARCH
#   --control FILE  take the build dependencies from a debian/control as well
#   --with-checks   and those of the package build's tests too
#
# The tar's path is the only line on standard output. It is kept in $P1METER_CACHE (default
# ${XDG_CACHE_HOME:-~/.cache}/p1meter-platform) under a name made from the inputs, and reused.
# One root per (suite, ARCH): some -dev packages (libyaml-cpp-dev) refuse to be installed for two
# architectures at once.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

control=
profiles=--build-profiles=nocheck
while [ $# -gt 0 ]; do
    case $1 in
        --help) print_help; exit 0 ;;
        --control) control=$(readlink -e "$2") || die "no such file: $2"; shift 2 ;;
        --with-checks) profiles=; shift ;;
        -*) die "unknown option $1 (try --help)" ;;
        *) break ;;
    esac
done
[ $# -ge 2 ] || die "needs SUITE and ARCH (try --help)"
suite=$1 arch=$2; shift 2
need_suite "$suite"
machine=$(qemu_machine "$arch")
need_root
need mmdebstrap=mmdebstrap zstd=zstd arch-test=arch-test qemu-arm-static=qemu-user-static

packages=(build-essential file)
architectures=amd64
if [ "$arch" = amd64 ]; then
    packages+=(pkgconf)
else
    # pkgconf:ARCH, not pkgconf: it provides ARCH-linux-gnu*-pkg-config, which searches ARCH's .pc files.
    packages+=("crossbuild-essential-$arch" "pkgconf:$arch")
    architectures=amd64,$arch
    enable_foreign_binaries "$machine"   # ARCH's maintainer scripts run while the root is made
fi
for name in "$@"; do packages+=("${name/%:host/:$arch}"); done

hash=$(short_hash "${packages[@]}" "$profiles" "$([ -z "$control" ] || grep -iE '^( |Build-Depends)' "$control")")
tar=$P1METER_CACHE/cross-$suite-$arch-$hash.tar.zst
if [ -s "$tar" ]; then say "have $tar"; printf '%s\n' "$tar"; exit 0; fi
mkdir -p "$P1METER_CACHE"
trap 'rm -f "$tar.part"' EXIT

hooks=()
if [ -n "$control" ]; then
    hooks+=(--customize-hook='mkdir -p "$1/build-dep/debian"'
            --customize-hook="cp '$control' \"\$1/build-dep/debian/control\""
            --customize-hook="chroot \"\$1\" apt-get --yes --no-install-recommends --host-architecture=$arch \
                --arch-only $profiles build-dep /build-dep"
            --customize-hook='rm -r "$1/build-dep"')
fi

say "making $tar"
# Only 'main': index files of the security archive can lag behind for armhf, and a library whose
# amd64 and ARCH versions differ is not co-installable.
include=$(IFS=,; echo "${packages[*]}")
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TMPDIR="$(scratch_dir)" \
    mmdebstrap --quiet --mode=root --variant=apt --architectures="$architectures" \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/man/*' \
    --include="$include" "${hooks[@]}" "$suite" - "deb $(debian_mirror) $suite main" |
    zstd --quiet --threads=0 -3 -o "$tar.part" --force
mv "$tar.part" "$tar"
printf '%s\n' "$tar"
