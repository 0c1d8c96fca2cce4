#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks at built packages: lintian without errors or warnings, size, dependencies, modes, hardening.
#
#   packaging/lint-deb.sh p1meter_*_ARCH.deb     its .changes and the other packages lie beside it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/platform/lib.sh
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
deb=$1
need lintian=lintian
changes=${deb%.deb}.changes
bad=0
complain() { printf '%s: %s\n' "${deb##*/}" "$*"; bad=1; }

lintian --fail-on error,warning --suppress-tags-from-file packaging/lintian-suppressed.txt "$changes" || complain "lintian is not content"
size=$(stat --format=%s "$deb")
[ "$size" -le 2000000 ] || complain "$size bytes are more than 2 MB"
depends=$(dpkg-deb --field "$deb" Depends)
[[ $depends != *boost* ]] || complain "Boost is used as headers only, yet: $depends"
listing=$(dpkg-deb --contents "$deb")
grep --quiet '^-rw-r----- root/root .* ./etc/p1meter.yaml$' <<<"$listing" || complain "/etc/p1meter.yaml is not 0640"
dpkg-deb --ctrl-tarfile "$deb" | tar --extract --to-stdout ./conffiles | grep --line-regexp /etc/p1meter.yaml >/dev/null || complain "/etc/p1meter.yaml is no conffile"
for file in usr/bin/p1meter usr/share/man/man1/p1meter.1.gz usr/share/man/man5/p1meter.yaml.5.gz usr/share/man/man7/p1meter.7.gz \
  usr/share/doc/p1meter/p1meter.reference.yaml usr/share/bash-completion/completions/p1meter usr/share/zsh/vendor-completions/_p1meter \
  usr/share/fish/vendor_completions.d/p1meter.fish lib/systemd/system/p1meter.service lib/systemd/system/p1meter@.service \
  lib/udev/rules.d/60-p1meter.rules usr/lib/sysusers.d/p1meter.conf; do
  grep --quiet --extended-regexp " \./(usr/)?${file#usr/}(\.gz)?$" <<<"$listing" || complain "$file is missing"
done
grep --quiet '/p1meter\.reference\.yaml$' <<<"$listing" || complain "p1meter.reference.yaml is compressed, and the shipped configuration names it as it is"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb --extract "$deb" "$work"
if ! readelf --dynamic "$work/usr/bin/p1meter" | grep 'BIND_NOW\|FLAGS.*NOW' >/dev/null; then complain "the program is not hardened (no BIND_NOW)"; fi
# Before an ARMv6 processor (Raspberry Pi 1, Zero) it refuses to be installed.
dpkg-deb --control "$deb" "$work/control"
mkdir "$work/machine"
for machine in armv6l armv7l; do
  printf '#!/bin/sh\necho %s\n' "$machine" >"$work/machine/uname"
  chmod +x "$work/machine/uname"
  status=0
  PATH=$work/machine:$PATH sh "$work/control/preinst" install >"$work/said" 2>&1 || status=$?
  if [ "$machine" = armv6l ]; then
    [ "$status" -ne 0 ] && grep --quiet ARMv6 "$work/said" || complain "would be installed on ARMv6"
  else
    [ "$status" -eq 0 ] || complain "would not be installed on $machine"
  fi
done
printf '%s: %d bytes; Depends: %s\n' "${deb##*/}" "$size" "$depends"
exit $bad
