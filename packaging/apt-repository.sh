#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a signed apt repository of packages for all releases and architectures: static files, for any web server.
#
#   packaging/apt-repository.sh DIR --key KEY-ID --url URL [DEB...]
#
#   DIR     where the repository is made or renewed: dists/ and pool/; served as URL
#   KEY     the GnuPG key that signs, in the keyring of whoever calls this (gpg --quick-generate-key "..." default sign)
#   URL     where users will find DIR: https://..., http://..., or file:/path
#   DEB     packages to add (default: build/packages/*.deb); those already in DIR stay
#
# Beside them DIR gets, for the users of each release:
#   p1meter-SUITE.sources   for /etc/apt/sources.list.d/ (deb822 form, the key inside)
#   52p1meter               for /etc/apt/apt.conf.d/: lets apt look for new versions daily, and unattended-upgrades take
#                           p1meter from here
# Needs apt-ftparchive (apt-utils) and gpg.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/platform/lib.sh

dir='' key='' url='' debs=()
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) print_help; exit 0 ;;
    --key) key=${2-}; shift ;;
    --url) url=${2-}; shift ;;
    -*) printf "unknown option '%s'\n" "$1" >&2; print_help >&2; exit 64 ;;
    *) if [ -z "$dir" ]; then dir=$1; else debs+=("$1"); fi ;;
  esac
  shift
done
if [ -z "$dir" ] || [ -z "$key" ] || [ -z "$url" ]; then print_help >&2; exit 64; fi
need apt-ftparchive=apt-utils gpg=gpg
gpg --list-secret-keys "$key" >/dev/null 2>&1 || die "no secret key '$key' in the keyring of $(id -un)"
[ ${#debs[@]} -gt 0 ] || debs=(build/packages/*.deb)
mkdir -p "$dir/pool"
for deb in "${debs[@]}"; do
  [ -f "$deb" ] || die "no such file: $deb"
  case $(dpkg-deb --field "$deb" Version) in
    *~deb12) suite=bookworm ;;
    *~deb13) suite=trixie ;;
    *) die "$deb: its version does not end with ~deb12 or ~deb13" ;;
  esac
  mkdir -p "$dir/pool/$suite"
  cp --update "$deb" "$dir/pool/$suite/"
done

cd "$dir"
armored=$(gpg --armor --export "$key" | sed 's/^$/./; s/^/ /')
for suite in bookworm trixie; do
  [ -d "pool/$suite" ] || continue
  architectures=()
  for arch in amd64 arm64 armhf; do
    compgen -G "pool/$suite/*_$arch.deb" >/dev/null || continue
    architectures+=("$arch")
    index=dists/$suite/main/binary-$arch
    mkdir -p "$index"
    apt-ftparchive --arch "$arch" packages "pool/$suite" >"$index/Packages"
    gzip --keep --force --no-name --best "$index/Packages"
  done
  apt-ftparchive -o APT::FTPArchive::Release::Origin=p1meter -o APT::FTPArchive::Release::Label=p1meter \
    -o "APT::FTPArchive::Release::Suite=$suite" -o "APT::FTPArchive::Release::Codename=$suite" \
    -o "APT::FTPArchive::Release::Architectures=${architectures[*]}" -o APT::FTPArchive::Release::Components=main \
    release "dists/$suite" >Release.new
  mv Release.new "dists/$suite/Release"
  gpg --batch --yes --local-user "$key" --clearsign --output "dists/$suite/InRelease" "dists/$suite/Release"
  gpg --batch --yes --local-user "$key" --armor --detach-sign --output "dists/$suite/Release.gpg" "dists/$suite/Release"
  cat >"p1meter-$suite.sources" <<SOURCES
Types: deb
URIs: $url
Suites: $suite
Components: main
Signed-By:
$armored
SOURCES
  say "$suite: ${architectures[*]}"
done
cat >52p1meter <<'CONF'
// apt looks daily what there is. Upgrades of p1meter come by themselves where unattended-upgrades is installed.
APT::Periodic::Update-Package-Lists "1";
Unattended-Upgrade::Origins-Pattern { "origin=p1meter"; };
CONF
