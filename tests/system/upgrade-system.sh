#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Debian 12 with the package becomes Debian 13: apt full-upgrade takes the package of the newer release from a
# repository (apt-repository.sh) with everything else; configuration and data stay. Then the system is booted, and
# the service runs without anybody's doing.
#
#   tests/system/upgrade-system.sh DEB-BOOKWORM DEB-TRIXIE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
need_root
root=$(mktemp -d "$(scratch_dir)/p1meter-upgrade.XXXXXX")
upgraded=$(mktemp --suffix=.tar.zst)
trap 'gpgconf --kill all >/dev/null 2>&1 || true; rm -rf --one-file-system "$root" "$upgraded"' EXIT
tar --extract --zstd --file "$("$platform/make-boot-root.sh" bookworm)" --directory "$root"
mkdir "$root/debs"
export GNUPGHOME=$root/keys
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'p1meter test <test@example.org>' default sign 1d 2>/dev/null
(cd "$here/../.." && packaging/apt-repository.sh "$root/debs" --key test@example.org --url file:/debs "$1" "$2")
gpgconf --kill all
rm -f "$root/etc/resolv.conf"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/debs/steps" <<'STEPS'
set -e
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends install ca-certificates gpgv
cp /debs/p1meter-bookworm.sources /etc/apt/sources.list.d/
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends install p1meter
systemctl enable p1meter
printf 'mqtt: {host: broker.example}\n# edited by hand\n' >/etc/p1meter.yaml
install -d -o p1meter -g p1meter -m 0750 /var/lib/p1meter
echo kept >/var/lib/p1meter/kept
rm /etc/apt/sources.list.d/p1meter-bookworm.sources
cp /debs/p1meter-trixie.sources /etc/apt/sources.list.d/
sed -i 's/bookworm/trixie/g' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true
apt-get --quiet=2 update
apt-get --quiet=2 --yes --no-install-recommends full-upgrade </dev/null
dpkg-query --show --showformat='${Status} ${Version}\n' p1meter | grep '^install ok installed .*~deb13$' >/dev/null
grep -q trixie /etc/os-release
grep -q 'edited by hand' /etc/p1meter.yaml
test "$(stat -c %a:%U:%G /etc/p1meter.yaml)" = 640:root:p1meter
grep -q kept /var/lib/p1meter/kept
systemctl is-enabled p1meter
test -e "$(readlink -f /etc/systemd/system/multi-user.target.wants/p1meter.service)"
dpkg-query --show p1meter
p1meter check
p1meter simulate dsmr5 --count 1 --speed max | p1meter decode --format json - | grep '"integrity":"ok"' >/dev/null
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
rm -rf "$root/debs" "$root/keys"
rm -f "$root"/etc/apt/sources.list.d/p1meter-*.sources
echo uninitialized >"$root/etc/machine-id"
tar --create --directory "$root" . | zstd --quiet --threads=0 -1 -o "$upgraded" --force
rm -rf --one-file-system "$root"
"$platform/boot-test.sh" "$upgraded" "$2" "$here/upgraded.sh" "$here/inside.sh"
echo "Debian 12 became 13, and p1meter with it"
