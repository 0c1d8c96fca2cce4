#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Boot systemd in a container, install a .deb with apt, run a script inside; its status is the result.
#
#   boot-test.sh ROOT_TAR DEB SCRIPT [FILE...]
#
#   ROOT_TAR  made by make-boot-root.sh
#   DEB       the package under test; apt fetches its dependencies before the boot, for the
#             container has no network, and installs all of them offline after it
#   SCRIPT    run by bash as root inside, in /test, with the path of the .deb in $DEB
#   FILE      further files to have beside SCRIPT in /test
#
# Exit status: SCRIPT's, 120 if the package did not install, or 77 if the container did not boot, which the package
# has no part in: it is installed after that. The last line says why.
# The journal is shown when anything fails. BOOT_TEST_SECONDS (default 60) bounds the boot.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

case ${1-} in
    --help) print_help; exit 0 ;;
    -*) die "unknown option $1 (try --help)" ;;
esac
[ $# -ge 3 ] || die "needs ROOT_TAR, DEB and SCRIPT (try --help)"
tar=$1 deb=$2 script=$3; shift 3
for file in "$tar" "$deb" "$script" "$@"; do [ -f "$file" ] || die "no such file: $file"; done
need_root
need systemd-nspawn=systemd-container zstd=zstd nsenter=util-linux

root=$(mktemp -d "$(scratch_dir)/p1meter-boot.XXXXXX")
# --keep-unit makes nspawn use its caller's cgroup: containers at the same time need one each, on a
# hybrid host in both trees that systemd uses.
cgroups=()
for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -d $tree ] || cgroups+=("$tree/$(basename "$root")")
done
container=
leader=
inside() { nsenter --target "$leader" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive DEB="/test/$(basename "$deb")" "$@"; }

clean_up() {
    if [ -n "$container" ] && kill -0 "$container" 2>/dev/null; then
        # SIGTERM to nspawn asks the container's systemd to power off; SIGKILL if it does not.
        kill "$container" 2>/dev/null || true
        for _ in $(seq 100); do kill -0 "$container" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$container" 2>/dev/null || true
        wait "$container" 2>/dev/null || true
    fi
    for cgroup in "${cgroups[@]}"; do
        [ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} + || true
    done
    rm -rf --one-file-system "$root"
    rm -f "$root.log"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

show_logs() {
    cat "$root.log" >&2 2>/dev/null || true
    [ -z "$leader" ] || inside journalctl --no-pager --lines=60 >&2 || true
}
fail() { say "$1"; show_logs; exit 120; }
no_boot() { show_logs; say "skipped: $1"; exit 77; }

started=$(date +%s%N)
step() { say "$(( ($(date +%s%N) - started) / 1000000 )) ms: $*"; }

tar --extract --zstd --file "$tar" --directory "$root"
mkdir "$root/test"
cp "$deb" "$script" "$@" "$root/test/"
step "unpacked"

# apt runs its acquire methods as _apt; host name resolution is the host's.
rm -f "$root/etc/resolv.conf"   # systemd's link would point outside
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
chroot "$root" apt-get --quiet=2 update
chroot "$root" apt-get --quiet=2 --yes --no-install-recommends --download-only install \
    "/test/$(basename "$deb")" >"$root.log" 2>&1 ||
    fail "apt cannot satisfy the dependencies of $deb"
step "dependencies fetched"

# --register=no and --keep-unit: no machined or system bus is needed here.
# --console=read-only: no terminal is needed.
# systemd 256 and later refuses a cgroup v1 host unless its command line says otherwise.
(
    for cgroup in "${cgroups[@]}"; do
        mkdir "$cgroup"
        echo "$BASHPID" >"$cgroup/cgroup.procs"
    done
    exec systemd-nspawn --quiet --boot --register=no --keep-unit --private-network --console=read-only \
        --machine="p1meter-boot-$$" --directory="$root" SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1
) >"$root.log" 2>&1 </dev/null &
container=$!

deadline=$((SECONDS + ${BOOT_TEST_SECONDS:-60}))
until [ -n "$leader" ] && inside test -S /run/systemd/private 2>/dev/null; do
    kill -0 "$container" 2>/dev/null || no_boot "the container ended while booting"
    [ $SECONDS -lt $deadline ] || no_boot "no systemd after ${BOOT_TEST_SECONDS:-60} s"
    leader=$(pgrep --parent "$container" | head -1) || true   # nspawn's only child is PID 1 inside
    sleep 0.05
done
state=$(timeout "${BOOT_TEST_SECONDS:-60}" nsenter --target "$leader" --all systemctl is-system-running --wait) || true
case $state in
    running) ;;
    degraded) say "degraded: $(inside systemctl --failed --no-legend --plain | tr '\n' ';')" ;;
    *) no_boot "systemd's state is '$state'" ;;
esac
step "booted"

inside apt-get --quiet=2 --yes --no-install-recommends install "/test/$(basename "$deb")" >"$root.log" 2>&1 ||
    fail "the package did not install"
step "installed"

status=0
inside bash -c 'cd /test && exec bash "$0"' "$(basename "$script")" || status=$?
[ $status -eq 0 ] || inside journalctl --no-pager --lines=60 >&2 || true
step "script ended with status $status"
exit $status
