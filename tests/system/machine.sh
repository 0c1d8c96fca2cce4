#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test of the package in a virtual machine with a kernel and udev of its own (QEMU, no KVM needed).
#
#   tests/system/machine.sh cable|power DEB
#
#   cable   an FT232R is plugged in, named by our rule, read by the service as its own user; unplugged five times;
#           framing errors and breaks are counted; a clock that says 1970; two configurations on one port
#   power   the machine loses its power five times while the service runs
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
deb=$(readlink -e "${2-}") || { print_help >&2; exit 64; }
case $(dpkg-deb --field "$deb" Version) in
  *~deb12) suite=bookworm ;;
  *~deb13) suite=trixie ;;
  *) die "$deb: its version does not end with ~deb12 or ~deb13" ;;
esac
# The machine has no network: what the package depends on is in its image.
mapfile -t depends < <(dpkg-deb --field "$deb" Depends | tr ',' '\n' | sed 's/[(|].*//; s/[[:space:]]//g')
image=$("$platform/vm/make-vm-image.sh" "$suite" "${depends[@]}" mosquitto mosquitto-clients)
exec /usr/bin/python3 -B "$here/machine.py" "$1" "$image" "$deb"
