#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything that is checked before a release and takes too long for every change: packages for all releases and
# architectures, what Debian's tools say of them, and what they do on booted systems.
#
#   packaging/check-release.sh [--again] [CELL...]    runs what has not passed yet for this commit, then prints the table
#   packaging/check-release.sh --table                prints the table only
#   packaging/check-release.sh --cells                names all cells, with what each shows
#
# CELL is a name or a pattern: life-bookworm, 'package-*'. Each cell's output and result is kept in
# build/release-check/, so that a run that was ended goes on where it was. --again repeats what has passed.
# Needs root on amd64 (Debian 12 or 13) and about 8 GiB of memory. All cells take some hours on two cores.
# Ends with status 0 when every cell of the table has passed or is skipped for a reason that it names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/platform/lib.sh

results=build/release-check packages=build/packages
commit=$(git describe --always --dirty 2>/dev/null || echo none)
# What is not committed is told apart too.
if [[ $commit == *-dirty ]]; then commit+=-$(git diff HEAD | sha256sum | cut -c1-8); fi
suites=(bookworm trixie)
architectures=(amd64 arm64 armhf)

list_cells() {
  local suite arch
  for suite in "${suites[@]}"; do
    for arch in "${architectures[@]}"; do
      echo "package-$suite-$arch|build-deb.sh in a clean root (amd64: with the unit tests)"
      echo "lint-$suite-$arch|lintian without errors or warnings, at most 2 MB, what it depends on"
      echo "install-$suite-$arch|installed by apt in a bare system of that architecture, decodes, purged"
    done
    echo "same-$suite|built twice, once without a compiler cache: the same bytes"
    echo "repository-$suite|apt repository, signed, of all packages: installed from, upgraded, unattended-upgrades"
    for arch in arm64 armhf; do echo "decode-$suite-$arch|decodes all samples as amd64 does, to the byte"; done
    echo "life-$suite|booted: install, enable, kill, freeze, outage, upgrade, remove, purge"
    echo "faults-$suite|booted: bad configuration, modes, disk full, port taken, no DNS, read-only root"
    echo "sandbox-$suite|booted: exposure; brokers far away, by DNS and mDNS, TLS, credentials, a port"
    echo "readme-$suite|booted: what README tells a user to do, word for word"
    echo "hour-$suite|booted: a healthy hour in real time: log lines, bytes written, memory"
    echo "cable-$suite|a kernel with udev: an FTDI cable is named, read, unplugged five times; line errors"
    echo "power-$suite|a machine that loses its power five times starts and reads again"
    echo "autopkgtest-$suite|packaging/debian/tests"
  done
  echo "upgrade-system|Debian 12 becomes 13 by apt full-upgrade and is booted: the package with it"
  echo "container|Containerfile"
}

deb_of() { # SUITE ARCH [PACKAGE]
  local number=12 found
  [ "$(cat "$results/package-$1-$2.commit" 2>/dev/null)" = "$commit" ] || { echo "the package for $1 $2 is of another commit: run the cell package-$1-$2" >&2; return 1; }
  [ "$1" = bookworm ] || number=13
  found=$(compgen -G "$packages/${3-p1meter}_*~deb${number}_$2.deb" | sort --version-sort | tail -n 1) || { echo "no package for $1 $2: run the cell package-$1-$2" >&2; return 1; }
  printf '%s\n' "$found"
}

run_cell() { # NAME: its output is the log; 77 is skipped, and the last line says why
  local kind suite arch deb='' other
  IFS=- read -r kind suite arch <<<"$1"
  case $kind in
    lint|install|decode) deb=$(deb_of "$suite" "$arch") || return 1 ;;
    life|faults|sandbox|readme|hour|cable|power|autopkgtest) deb=$(deb_of "$suite" amd64) || return 1 ;;
  esac
  case $kind in
    package) packaging/build-deb.sh --suite "$suite" --arch "$arch" --out "$packages" && echo "$commit" >"$results/$1.commit" ;;
    lint) packaging/lint-deb.sh "$deb" ;;
    install) packaging/platform/install-test.sh "$suite" "$deb" packaging/debian/tests/decode ;;
    same)
      local twice="$results/same-$suite"
      rm -rf "$twice" # what a run that was ended left there is of another commit
      packaging/build-deb.sh --suite "$suite" --arch amd64 --no-check --out "$twice/1" &&
        packaging/build-deb.sh --suite "$suite" --arch amd64 --no-check --no-cache --out "$twice/2" &&
        for deb in "$twice"/1/*.deb; do cmp "$deb" "$twice/2/${deb##*/}" && sha256sum "$deb" || return 1; done ;;
    decode) other=$(deb_of "$suite" amd64) && tests/system/decode-samples.sh "$other" "$deb" ;;
    life|faults|sandbox|readme|hour) tests/system/run.sh "$kind" "$deb" ;;
    cable|power) tests/system/machine.sh "$kind" "$deb" ;;
    autopkgtest) other=$(deb_of "$suite" amd64 libp1meter-dev) && tests/system/autopkgtest.sh "$deb" "$other" ;;
    repository)
      local -a debs=()
      for other in bookworm trixie; do for arch in "${architectures[@]}"; do debs+=("$(deb_of "$other" "$arch")") || return 1; done; done
      tests/system/repository.sh "$suite" "${debs[@]}" ;;
    upgrade) deb=$(deb_of bookworm amd64) && other=$(deb_of trixie amd64) && tests/system/upgrade-system.sh "$deb" "$other" ;;
    container) deb=$(deb_of trixie amd64) && tests/system/container.sh "$deb" ;;
    *) echo "no such cell: $1"; return 64 ;;
  esac
}

# NAME|commit|passed or failed or skipped|seconds
result_of() { cat "$results/$1.result" 2>/dev/null || true; }
try_cell() {
  local name=$1 begin=$SECONDS status=0 verdict
  printf '%-28s' "$name"
  run_cell "$name" >"$results/$name.log" 2>&1 </dev/null || status=$?
  case $status in 0) verdict=passed ;; 77) verdict=skipped ;; *) verdict=failed ;; esac
  printf '%s|%s|%s|%d\n' "$name" "$commit" "$verdict" $((SECONDS - begin)) >"$results/$name.result"
  printf '%s, %d s\n' "$verdict" $((SECONDS - begin))
  [ "$verdict" != failed ] || tail -n 5 "$results/$name.log" | sed 's/^/    /'
}

print_table() {
  local name what line verdict seconds at bad=0
  printf '\n| cell | result | seconds | commit | what |\n|---|---|---|---|---|\n'
  while IFS='|' read -r name what; do
    line=$(result_of "$name")
    if [ -z "$line" ]; then
      printf '| %s | not run | | | %s |\n' "$name" "$what"
      bad=$((bad + 1))
      continue
    fi
    IFS='|' read -r _ at verdict seconds <<<"$line"
    [ "$verdict" != skipped ] || what="$(tail -n 1 "$results/$name.log")"
    printf '| %s | %s | %d | %s | %s |\n' "$name" "$verdict" "$seconds" "$at" "$what"
    [ "$verdict" != failed ] && [ "$at" = "$commit" ] || bad=$((bad + 1))
  done < <(list_cells)
  printf '\n%d cells, %d failed or not run at this commit (%s)\n' "$(list_cells | wc -l)" "$bad" "$commit"
  [ "$bad" -eq 0 ]
}

again=false wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) print_help; exit 0 ;;
    --table) print_table; exit ;;
    --cells) list_cells | column --table --separator '|'; exit 0 ;;
    --again) again=true ;;
    -*) printf "unknown option '%s'\n" "$1" >&2; print_help >&2; exit 64 ;;
    *) wanted+=("$1") ;;
  esac
  shift
done
need_root
mkdir -p "$results" "$packages"
packaging/install-build-deps.sh package system
matches() {
  local pattern
  [ ${#wanted[@]} -gt 0 ] || return 0
  # shellcheck disable=SC2254
  for pattern in "${wanted[@]}"; do case $1 in $pattern) return 0 ;; esac; done
  return 1
}
known=0
while IFS='|' read -r name _ <&3; do
  matches "$name" || continue
  known=$((known + 1))
  if ! $again && [[ $(result_of "$name") == "$name|$commit|passed|"* ]]; then continue; fi
  try_cell "$name"
done 3< <(list_cells)
[ "$known" -gt 0 ] || die "no cell is named so; --cells names them"
print_table
