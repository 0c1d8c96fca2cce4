#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures p1meter and prints the tables of docs/budget.md.
#
#   tests/bench/run.sh [PART...]   micro instructions daemon many latency (default: all, about 8 minutes)
#
#   --no-install   use what is there
#   --seconds N    how long each measurement of the whole program lasts (60)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

install=true
arguments=()
for argument in "$@"; do
  case $argument in
    -h|--help) sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' tests/bench/run.sh; exit 0 ;;
    --no-install) install=false ;;
    *) arguments+=("$argument") ;;
  esac
done
if $install; then packaging/install-build-deps.sh bench; fi
PATH=$PATH:/usr/sbin:/sbin
if command -v ccache >/dev/null; then export P1METER_COMPILER_LAUNCHER=ccache; fi
mkdir -p build
if ! { cmake --preset release -DP1METER_BUILD_BENCHMARKS=ON && cmake --build --preset release; } >build/bench.log 2>&1; then
  tail -n 40 build/bench.log >&2
  exit 1
fi
exec python3 tests/bench/measure.py --build build/release "${arguments[@]}"
