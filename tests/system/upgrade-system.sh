#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Debian 12 with the package becomes Debian 13: apt full-upgrade, and the service of the newer release runs with the
# same configuration and data.
#
#   tests/system/upgrade-system.sh DEB-BOOKWORM DEB-TRIXIE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help|'') print_help; exit 0 ;; esac
need_root
root=$(mktemp -d "$(scratch_dir)/p1meter-upgrade.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
tar --extract --zstd --file "$("$platform/make-boot-root.sh" bookworm)" --directory "$root"
mkdir "$root/debs"
cp "$1" "$root/debs/old.deb"
cp "$2" "$root/debs/new.deb"
rm -f "$root/etc/resolv.conf"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/debs/steps" <<'STEPS'
set -e
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends install /debs/old.deb
printf 'mqtt: {host: broker.example}\n# edited by hand\n' >/etc/p1meter.yaml
install -d -o p1meter -g p1meter -m 0750 /var/lib/p1meter
echo kept >/var/lib/p1meter/kept
sed -i 's/bookworm/trixie/g' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends full-upgrade </dev/null
apt-get --quiet=2 --yes --no-install-recommends install /debs/new.deb </dev/null
grep -q trixie /etc/os-release
grep -q 'edited by hand' /etc/p1meter.yaml
test "$(stat -c %a:%U:%G /etc/p1meter.yaml)" = 640:root:p1meter
grep -q kept /var/lib/p1meter/kept
dpkg-query --show p1meter
p1meter check
p1meter simulate dsmr5 --count 1 --speed max | p1meter decode --format json - | grep -q '"integrity":"ok"'
# Between the releases its units and rules move from /lib to /usr/lib, which are one folder: none may get lost.
test -z "$(dpkg --verify p1meter | grep -v ' c /')"
test -e /usr/lib/systemd/system/p1meter.service
dpkg --audit
STEPS
unshare --mount --pid --fork --kill-child --propagation=private bash -euc '
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
  exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh /debs/steps
' unshare "$root"
echo "Debian 12 became 13, and p1meter with it"
