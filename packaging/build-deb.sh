#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages in a clean root of that Debian release.
#
#   packaging/build-deb.sh [--suite bookworm|trixie] [--arch amd64|arm64|armhf] [--out DIR] [--no-check] [--no-cache]
#
# Without options: this machine's release and architecture. The packages p1meter, p1meter-dbgsym and libp1meter-dev,
# their .changes and .buildinfo, and a bill of materials (CycloneDX) beside each go to build/packages/. For amd64 the
# unit tests are run in the root, unless --no-check. --no-cache compiles everything anew. What is built
# are the files that git tracks, as they are now.
#
# Needs root, and amd64: other architectures are cross built. Roots are kept in $P1METER_CACHE.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
. packaging/platform/lib.sh

suite='' arch='' out=$root/build/packages check=true cache=''
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) print_help; exit 0 ;;
    --suite) suite=${2-}; shift ;;
    --arch) arch=${2-}; shift ;;
    --out) mkdir -p "${2:?--out needs a folder}"; out=$(readlink -e "$2"); shift ;;
    --no-check) check=false ;;
    --no-cache) cache=CCACHE_DISABLE=1 ;;
    *) printf "unknown argument '%s'\n" "$1" >&2; print_help >&2; exit 64 ;;
  esac
  shift
done
[ -n "$suite" ] || suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
[ -n "$arch" ] || arch=$(dpkg --print-architecture)
need_suite "$suite"
[ "$(dpkg --print-architecture)" = amd64 ] || die "packages are built on an amd64 machine: there, --arch $arch makes those for this one"
qemu_machine "$arch" >/dev/null
need_root
packaging/install-build-deps.sh package
need mmdebstrap=mmdebstrap zstd=zstd qemu-arm-static=qemu-user-static

# A package belongs to one release: the later release's is the newer one, so that a dist-upgrade takes it.
case $suite in bookworm) number=12 ;; trixie) number=13 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
git ls-files -z | tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory "$work/tree"
cp -r "$work/tree/packaging/debian" "$work/tree/debian"
sed -i "1s/)/~deb$number)/; 1s/) [a-z]*;/) $suite;/" "$work/tree/debian/changelog"

profiles=()
root_options=()
if [ "$arch" = amd64 ] && $check; then
  root_options=(--with-checks)
else
  profiles=(nocheck)
fi
[ "$arch" = amd64 ] || profiles+=(cross)
cross_root=$(packaging/platform/make-cross-root.sh "${root_options[@]}" --control "$work/tree/debian/control" "$suite" "$arch" ccache)

mkdir -p "$work/out" "$out"
packaging/platform/cross-build.sh "$cross_root" "$work/tree" "$work/out" -- bash -euc '
  cp -r /src /out/p1meter && cd /out/p1meter
  options="${1%% *} parallel=$(nproc)"
  export ${2-} DEB_BUILD_PROFILES=$1 DEB_BUILD_OPTIONS="${options# }" CMAKE_CXX_COMPILER_LAUNCHER=ccache
  dpkg-buildpackage --unsigned-source --unsigned-changes --build=binary --host-arch="$ARCH"' build "${profiles[*]-}" ${cache:+"$cache"} >&2

cp "$work"/out/*.deb "$work"/out/*.changes "$work"/out/*.buildinfo "$out/"
for deb in "$work"/out/*.deb; do
  packaging/bill-of-materials.py "$out/$(basename "$deb")" "$work"/out/*.buildinfo >"$out/$(basename "$deb" .deb).cdx.json"
done
ls -l "$out"/*"~deb${number}_$arch".deb >&2
printf '%s\n' "$out"/p1meter_*"~deb${number}_$arch".deb
