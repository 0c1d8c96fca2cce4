#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds packaging/container/Containerfile with the package and runs it: not as root, its state directory its own.
#
#   tests/system/container.sh DEB          (trixie)
#
# Needs buildah. Its base image, debian:trixie-slim, is made here from Debian's packages.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
need_root
command -v buildah >/dev/null || { echo "buildah is not installed"; exit 77; }
work=$(mktemp -d "$(scratch_dir)/p1meter-container.XXXXXX")
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
storage=(--root "$work/storage" --runroot "$work/run")
trap 'buildah "${storage[@]}" rm --all >/dev/null 2>&1 || true; rm -rf --one-file-system "$work"' EXIT
deb=$(readlink -e "$1")
base=$(buildah "${storage[@]}" from scratch)
tree=$(buildah "${storage[@]}" mount "$base")
mmdebstrap --quiet --mode=root --variant=minbase trixie "$tree" "deb $(debian_mirror) trixie main"
rm -f "$tree/etc/resolv.conf"
buildah "${storage[@]}" unmount "$base" >/dev/null
buildah "${storage[@]}" commit --quiet "$base" docker.io/library/debian:trixie-slim
mkdir "$work/context"
cp "$here/../../packaging/container/Containerfile" "$work/context/"
cp "$deb" "$work/context/p1meter.deb"
buildah "${storage[@]}" build --pull=never --network host --tag p1meter "$work/context"
container=$(buildah "${storage[@]}" from --pull-never p1meter)
inside() { buildah "${storage[@]}" run --network host "$container" -- "$@"; }
[ "$(inside id -un)" = p1meter ] || { echo "does not run as p1meter"; exit 1; }
inside /usr/bin/p1meter --version
inside test -w /var/lib/p1meter
inside sh -c 'p1meter simulate dsmr5 --count 1 --speed max | p1meter decode --format json -' | grep '"integrity":"ok"' >/dev/null
echo "built, runs as p1meter, decodes"
