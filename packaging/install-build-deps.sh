#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that p1meter needs, and only those that are missing.
#
#   packaging/install-build-deps.sh [--print] GROUP...
#
#   build     compile the program          broker    mosquitto and its command line clients
#   test      compile and run the tests    node      Node.js and npm, for programs of others in the tests
#   checks    clang: format, tidy, fuzzers bench     valgrind, for instruction counts
#   package   build Debian packages in clean roots (packaging/build-deb.sh), and look at them
#   boot      boot a system in a container
#   system    boot systems with the package in containers and machines (packaging/check-release.sh)
#   --print   names the packages of the groups and installs nothing
#
# Runs apt-get as root, or through sudo. When nothing is missing it returns at once, without apt.
set -euo pipefail

build=(g++ cmake ninja-build pkgconf libboost-dev libexpected-dev libpaho-mqtt-dev libpaho-mqttpp-dev libssl-dev
  libyaml-cpp-dev libspdlog-dev nlohmann-json3-dev libcli11-dev libsystemd-dev)
broker=(mosquitto mosquitto-clients)
packages_of() {
  case $1 in
    build) printf '%s\n' "${build[@]}" ;;
    broker) printf '%s\n' "${broker[@]}" ;;
    test) printf '%s\n' "${build[@]}" "${broker[@]}" ccache libgtest-dev libbenchmark-dev openssl python3 python3-jinja2 python3-jsonschema python3-voluptuous python3-yaml strace iproute2 util-linux groff-base man-db zsh fish ;;
    node) printf '%s\n' nodejs npm ;;
    checks) printf '%s\n' clang clang-format clang-tidy libclang-rt-dev ;;
    package) printf '%s\n' mmdebstrap zstd arch-test qemu-user-static util-linux python3 git lintian ;;
    boot) printf '%s\n' systemd-container ;;
    system) printf '%s\n' systemd-container qemu-system-x86 qemu-utils e2fsprogs apt-utils gpg autopkgtest buildah mosquitto bsdextrautils ;;
    bench) printf '%s\n' "${build[@]}" "${broker[@]}" libbenchmark-dev valgrind python3 ;;
    *) return 64 ;;
  esac
}

print_help() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }
say() { printf '%s\n' "$*" >&2; }

wanted=""
print_only=false
for argument in "$@"; do
  case $argument in
    -h|--help) print_help; exit 0 ;;
    --print) print_only=true ;;
    *) wanted+=$(packages_of "$argument")$'\n' || { say "unknown group '$argument'"; print_help >&2; exit 64; } ;;
  esac
done
[ -n "$wanted" ] || { print_help >&2; exit 64; }
wanted=$(sort -u <<<"$wanted" | sed '/^$/d')
if $print_only; then printf '%s\n' "$wanted"; exit 0; fi

command -v dpkg-query >/dev/null || { say "this script needs Debian 12 or 13 (dpkg-query not found)"; exit 69; }

# A package counts as present when dpkg has it. Node.js and npm also come from elsewhere, and Debian's would
# push those out: there the command counts.
is_present() {
  case $1 in
    nodejs) command -v node >/dev/null && return ;;
    npm) command -v npm >/dev/null && return ;;
  esac
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
while IFS= read -r package; do
  is_present "$package" || missing+=("$package")
done <<<"$wanted"
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null; then
    as_root=(sudo)
  else
    say "these packages are missing; as root run:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    exit 77
  fi
fi

# Debian starts a service as soon as it is installed. The broker here is only wanted as a program: unless the
# system has its own policy, services stay off while apt runs, and mosquitto's is not enabled for the next boot.
policy=/usr/sbin/policy-rc.d
own_policy=false
remove_own_policy() { if $own_policy; then "${as_root[@]}" rm -f "$policy"; fi; }
brings_broker=false
if [[ " ${missing[*]} " == *" mosquitto "* ]]; then
  brings_broker=true
  if [ ! -e "$policy" ]; then
    trap remove_own_policy EXIT
    own_policy=true
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
fi

say "installing: ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
log=$(mktemp)
if ! { "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 40 "$log" >&2
  say "apt-get failed; its whole output is in $log"
  exit 69
fi
rm -f "$log"

if $brings_broker && command -v systemctl >/dev/null; then
  "${as_root[@]}" systemctl disable --quiet mosquitto.service >/dev/null 2>&1 || true
  say "mosquitto's own service is installed but neither started nor enabled ('systemctl enable --now mosquitto' does both)"
fi
