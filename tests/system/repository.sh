#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A signed repository of all packages that were built, and a booted system that upgrades from it by itself.
#
#   tests/system/repository.sh bookworm|trixie DEB...      DEB: the packages p1meter of all releases and architectures
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; bookworm) number=12 ;; trixie) number=13 ;; *) print_help >&2; exit 64 ;; esac
suite=$1
shift
mapfile -t debs < <(readlink -e "$@")
deb=''
for candidate in "${debs[@]}"; do case $candidate in */p1meter_*"~deb${number}_amd64.deb") deb=$candidate ;; esac; done
[ -n "$deb" ] || die "no amd64 package for $suite"
cd "$here/../.."
work=$(mktemp -d)
export GNUPGHOME=$work/keys
trap 'gpgconf --kill all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'p1meter test <test@example.org>' default sign 1d 2>/dev/null

# The next version: the same files under a higher number.
dpkg-deb --raw-extract "$deb" "$work/next"
sed -i 's/^Version: [^~]*/Version: 9.9.9-1/' "$work/next/DEBIAN/control"
next=$work/p1meter_$(sed -n 's/^Version: //p' "$work/next/DEBIAN/control")_amd64.deb
dpkg-deb --root-owner-group --build "$work/next" "$next" >/dev/null

packaging/apt-repository.sh "$work/repository" --key test@example.org --url http://127.0.0.1:8000 "${debs[@]}"
packaging/apt-repository.sh "$work/repository" --key test@example.org --url http://127.0.0.1:8000 "$next"
for candidate in "${debs[@]}"; do
  name=${candidate##*/p1meter_}
  case $name in *~deb12_*) release=bookworm ;; *) release=trixie ;; esac
  grep --quiet "^Filename: .*/p1meter_$name$" "$work/repository/dists/$release/main/binary-$(dpkg-deb --field "$candidate" Architecture)/Packages" || die "$name is not in the repository"
done
tar --create --file "$work/repository.tar" --directory "$work" repository
root=$("$platform/make-boot-root.sh" "$suite" mosquitto mosquitto-clients python3 unattended-upgrades)
"$platform/boot-test.sh" "$root" "$deb" "$here/repository-inside.sh" "$here/inside.sh" "$work/repository.tar"
