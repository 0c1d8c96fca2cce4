#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Build a source tree in a root made by make-cross-root.sh, and run what it built.
#
#   cross-build.sh ROOT_TAR SOURCE_DIR OUT_DIR [-- COMMAND...]
#
#   ROOT_TAR    made by make-cross-root.sh; its name tells the target architecture
#   SOURCE_DIR  seen as /src, read-only
#   OUT_DIR     seen as /out, created if needed; results stay there
#   COMMAND     run in the root instead of the default: configure and build with CMake and Ninja
#               in /out, then run ctest. Programs for ARCH run through qemu-user, tests included.
#
# COMMAND finds in its environment: ARCH (Debian's name), TRIPLET, CMAKE_TOOLCHAIN_FILE (read by
# cmake), CCACHE_DIR (kept in $P1METER_CACHE; used if ccache is installed in the root), and
# DEB_BUILD_OPTIONS. To build a package, SOURCE_DIR is read-only, so for example
#   -- bash -c 'cp -r /src /out/p1meter && cd /out/p1meter && dpkg-buildpackage -us -uc -b -a$ARCH -Pcross,nocheck'
# Exit status: the command's.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

case ${1-} in
    --help) print_help; exit 0 ;;
    -*) die "unknown option $1 (try --help)" ;;
esac
[ $# -ge 3 ] || die "needs ROOT_TAR, SOURCE_DIR and OUT_DIR (try --help)"
tar=$1 source=$(readlink -e "$2") || die "no such directory: $2"
mkdir -p "$3"
out=$(readlink -e "$3")
shift 3
if [ $# -gt 0 ]; then
    [ "$1" = -- ] || die "expected -- before COMMAND"
    shift
fi
[ -f "$tar" ] || die "no such file: $tar"
IFS=- read -r _ suite arch _ <<<"$(basename "$tar")"
need_suite "$suite"
machine=$(qemu_machine "$arch")
need_root
need zstd=zstd qemu-arm-static=qemu-user-static unshare=util-linux
[ "$arch" = amd64 ] || enable_foreign_binaries "$machine"
case $arch in
    amd64) triplet=x86_64-linux-gnu ;;
    arm64) triplet=aarch64-linux-gnu ;;
    armhf) triplet=arm-linux-gnueabihf ;;
esac

root=$(mktemp -d "$(scratch_dir)/p1meter-cross.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT   # what is mounted there is in a namespace that ended before
tar --extract --zstd --file "$tar" --directory "$root"
ccache=$P1METER_CACHE/ccache-$suite-$arch
mkdir -p "$ccache" "$root/src" "$root/out" "$root/ccache"

cat >"$root/toolchain.cmake" <<CMAKE
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${triplet%%-*})
set(CMAKE_C_COMPILER $triplet-gcc)
set(CMAKE_CXX_COMPILER $triplet-g++)
set(CMAKE_LIBRARY_ARCHITECTURE $triplet)
set(PKG_CONFIG_EXECUTABLE /usr/bin/$triplet-pkg-config)
# Both architectures share /usr: programs come from here, libraries from lib/$triplet.
set(CMAKE_FIND_ROOT_PATH /)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
CMAKE
# amd64 needs none, and one would make CMake call the build a cross build.
toolchain=/toolchain.cmake
[ "$arch" != amd64 ] || toolchain=

cat >"$root/build.sh" <<'BUILD'
set -euo pipefail
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
cmake -S /src -B /out -G Ninja -DCMAKE_BUILD_TYPE=Release "${launcher[@]}"
cmake --build /out
ctest --test-dir /out --output-on-failure --no-tests=ignore
BUILD
[ $# -gt 0 ] || set -- bash /build.sh

# env -i: variables such as CFLAGS, LD_LIBRARY_PATH or a proxy's must not leak into the build.
status=0
unshare --mount --pid --fork --kill-child --propagation=private bash -euc '
    root=$1 source=$2 out=$3 ccache=$4; shift 4
    mount --bind "$source" "$root/src"; mount -o remount,bind,ro "$root/src"
    mount --bind "$out" "$root/out"
    mount --bind "$ccache" "$root/ccache"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" env -i "$@"
' unshare "$root" "$source" "$out" "$ccache" \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 ARCH="$arch" TRIPLET="$triplet" CCACHE_DIR=/ccache \
    ${toolchain:+CMAKE_TOOLCHAIN_FILE=$toolchain} DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
    "$@" || status=$?
exit $status
