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

# As `podman run` starts it, with a configuration passed in. A chroot sees the devices of its host.
inside p1meter simulate dsmr5 --count 1 --speed max >"$work/telegram"
/usr/bin/python3 "$here/port.py" "$work/port" sh -c 'while cat "$1"; do sleep 1; done' meter "$work/telegram" >/dev/null 2>&1 </dev/null &
meter=$!
trap 'kill "$meter" 2>/dev/null || true; buildah "${storage[@]}" rm --all >/dev/null 2>&1 || true; rm -rf --one-file-system "$work"' EXIT
for _ in $(seq 100); do [ ! -e "$work/port" ] || break; sleep 0.1; done
port=$(readlink "$work/port")
chmod 666 "$port" # --group-add keeps the caller's groups; here the mode does
printf 'meters: [{name: home, source: "serial:%s"}]\n' "$port" >"$work/p1meter.yaml"
chmod 644 "$work/p1meter.yaml"
mapfile -t command < <(buildah "${storage[@]}" inspect --format '{{range .OCIv1.Config.Entrypoint}}{{println .}}{{end}}{{range .OCIv1.Config.Cmd}}{{println .}}{{end}}' "$container" | sed '/^$/d')
timeout --signal=TERM 30 buildah "${storage[@]}" run --volume "$work/p1meter.yaml:/etc/p1meter.yaml:ro" "$container" -- "${command[@]}" >"$work/said" 2>&1 &
service=$!
told() { grep --quiet "$1" "$work/said"; }
for _ in $(seq 200); do if told 'telegrams arrive' || ! kill -0 "$service" 2>/dev/null; then break; fi; sleep 0.1; done
told 'telegrams arrive' || { cat "$work/said"; echo "the container reads nothing"; exit 1; }
kill "$service" && wait "$service" || true
echo "built, runs as p1meter, decodes; started as configured it reads a port"
