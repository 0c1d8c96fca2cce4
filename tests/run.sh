#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need, builds, and runs them.
#
#   tests/run.sh            release build and every test of it (also --quick)
#   tests/run.sh --all      the same, then ASan+UBSan, ThreadSanitizer, fuzzers, clang-format, clang-tidy, the package
#   tests/run.sh PART...    only these: release asan tsan fuzz format tidy package
#
#   --fuzz-seconds N        how long each fuzzer runs (20)
#   --no-install            use what is there; nothing is installed
#
# A part that cannot run here (another clang than the one that decides about format, no fuzzer in clang) is
# named as skipped. The last line counts the tests of all parts. A second run rebuilds nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

print_help() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$root/tests/run.sh"; }
say() { printf '== %s\n' "$*"; }

readonly clang_version=14 # formats and checks differ between versions: this one decides
parts=()
fuzz_seconds=20
install=true
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) print_help; exit 0 ;;
    --quick) parts+=(release) ;;
    --all) parts+=(release asan tsan fuzz format tidy package) ;;
    --fuzz-seconds) fuzz_seconds=${2:?--fuzz-seconds needs a number}; shift ;;
    --no-install) install=false ;;
    release|asan|tsan|fuzz|format|tidy|package) parts+=("$1") ;;
    *) printf "unknown argument '%s'\n" "$1" >&2; print_help >&2; exit 64 ;;
  esac
  shift
done
[ ${#parts[@]} -gt 0 ] || parts=(release)
wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

PATH=$PATH:/usr/sbin:/sbin
passed=0 failed=0 skipped=0
wrap=() # what a part's build and tests are started through (the build starts tests to list them)
report=()
failures=() # the reports of test runs in which some failed
note() { report+=("$(printf '%-8s %s' "$1" "$2")"); }
count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# ---- what is needed
if $install; then
  groups=(test)
  if wants fuzz || wants format || wants tidy; then groups+=(checks); fi
  packaging/install-build-deps.sh "${groups[@]}"
  # Clean roots and containers are for root alone; without their tools the part is skipped, and counted.
  if wants package && [ "$(id -u)" -eq 0 ]; then
    packaging/install-build-deps.sh package boot || say "no tools for packages: the part will be skipped"
  fi
  # Only programs of others in the tests need Node.js: one broker, Node-RED and more. Without it they are skipped, and counted.
  packaging/install-build-deps.sh node || say "no Node.js: tests with programs that need it will be skipped"
fi
npm_packages() { # FOLDER-OF-THE-LOCK FOLDER-TO-INSTALL-TO
  local lock=$1/package-lock.json stamp=$2/node_modules/.package-lock.sha256
  if sha256sum --status --check "$stamp" 2>/dev/null; then return; fi
  mkdir -p "$2"
  if [ "$1" != "$2" ]; then cp "$1/package.json" "$lock" "$2"; fi
  if $install && npm ci --prefix "$2" --no-audit --no-fund --loglevel=error </dev/null; then
    sha256sum "$lock" >"$stamp"
  else
    say "npm packages of $1 are not there: tests that need them will be skipped"
  fi
}
if command -v npm >/dev/null; then
  npm_packages tests/support/aedes tests/support/aedes
  npm_packages tests/integrations build/consumers # 136 MB, 20 s
fi
if command -v ccache >/dev/null; then
  export P1METER_COMPILER_LAUNCHER=ccache
  # A checkout elsewhere, or a file that was only touched, finds what was compiled before.
  export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
fi

# ---- how many at a time: a file that uses Asio takes up to 1.9 GB to compile for the sanitizers
jobs_for() {
  local gigabytes_each=$1 memory by_memory processors
  memory=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  by_memory=$((memory / gigabytes_each))
  processors=$(nproc)
  if [ "$by_memory" -lt 1 ]; then by_memory=1; fi
  if [ "$by_memory" -lt "$processors" ]; then echo "$by_memory"; else echo "$processors"; fi
}

build() { # PRESET GIGABYTES [cmake option...]
  local preset=$1 jobs
  jobs=$(jobs_for "$2")
  shift 2
  # What packaging/quickstart.sh has built without a compiler cache is kept: with one, all would be compiled anew.
  local cache=build/$preset/CMakeCache.txt launcher=${P1METER_COMPILER_LAUNCHER-}
  if [ -e "$cache" ]; then launcher=$(sed -n 's/^CMAKE_CXX_COMPILER_LAUNCHER:[A-Z]*=//p' "$cache"); fi
  # Quiet while all is well; a build that failed says everything.
  mkdir -p build
  local log=build/$preset.log
  if ! { P1METER_COMPILER_LAUNCHER=$launcher cmake --preset "$preset" "$@" && "${wrap[@]}" cmake --build --preset "$preset" --parallel "$jobs"; } >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log"
    return 1
  fi
  grep -E '^\[[0-9]+/[0-9]+\]|no work to do' "$log" | tail -n 1 || true
}

attribute() { sed -n "/<testsuite/,/>/{s/.*[[:space:]]$2=\"\([0-9]*\)\".*/\1/p}" "$1" | head -n 1; }

# Runs a preset's tests and adds them to the totals. Not a single test is a failure too. Many tests wait for a broker
# or a clock most of their time: twice as many run as there are processors.
run_tests() { # PRESET [ctest option...]
  local preset=$1 junit=$root/build/$1-tests.xml all bad left status=0
  shift
  rm -f "$junit"
  "${wrap[@]}" ctest --preset "$preset" --parallel $((2 * $(nproc))) --output-junit "$junit" --no-tests=error "$@" </dev/null || status=$?
  all=$(attribute "$junit" tests) bad=$(attribute "$junit" failures) left=$(attribute "$junit" skipped)
  all=${all:-0} bad=${bad:-0} left=${left:-0}
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1 all=$((all + 1)); fi
  count $((all - bad - left)) "$bad" "$left"
  note "$preset" "$((all - bad - left)) passed, $bad failed, $left skipped"
  if [ "$bad" -gt 0 ] && [ -s "$junit" ]; then failures+=("$junit"); fi
  return "$status"
}

broken=()
part() { # NAME COMMAND...
  local name=$1 begin=$SECONDS
  shift
  say "$name"
  if ! "$@"; then
    broken+=("$name")
    say "$name: FAILED"
  fi
  say "$name: $((SECONDS - begin)) s"
}

build_failed() { count 0 1 0; note "$1" "does not build"; return 1; }

run_release() {
  build release 1 -DP1METER_BUILD_TESTS=ON -DP1METER_BUILD_BENCHMARKS=ON || { build_failed release; return; }
  run_tests release
}

run_asan() {
  build asan 2 || { build_failed asan; return; }
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=$root/tests/support/lsan.supp:print_suppressions=0 \
    run_tests asan --label-exclude slow
}

# ThreadSanitizer of these compilers cannot run where the kernel spreads addresses over more than 28 bits.
run_tsan() {
  local spread
  spread=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)
  if [ "$spread" -gt 28 ]; then
    if setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
      wrap=(setarch "$(uname -m)" --addr-no-randomize)
    else
      note tsan "skipped: addresses cannot be fixed here (setarch refused, vm.mmap_rnd_bits is $spread)"
      count 0 0 1
      return 0
    fi
  fi
  build tsan 2 || { build_failed tsan; return; }
  TSAN_OPTIONS=suppressions=$root/tests/support/tsan.supp:second_deadlock_stack=1 run_tests tsan --label-exclude slow || { wrap=(); return 1; }
  wrap=()
}

fuzz_one() { # TARGET: what it says is in build/NAME.log
  local name=${1##*/} corpus status=0 seeds=() dictionary=()
  if [ -d "tests/fuzz/seeds/${name#fuzz_}" ]; then seeds=("tests/fuzz/seeds/${name#fuzz_}"); fi
  if [ -e "tests/fuzz/${name#fuzz_}.dict" ]; then dictionary=(-dict="tests/fuzz/${name#fuzz_}.dict"); fi
  corpus=$(mktemp -d)
  "$1" "${dictionary[@]}" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="build/$name-" "$corpus" "${seeds[@]}" >"build/$name.log" 2>&1 </dev/null || status=$?
  rm -rf "$corpus"
  return "$status"
}

run_fuzz() {
  local probe status=0 target name
  probe=$(mktemp -d)
  printf 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }\n' >"$probe/probe.cpp"
  if ! clang++ -fsanitize=fuzzer,address "$probe/probe.cpp" -o "$probe/probe" >/dev/null 2>&1; then
    rm -rf "$probe"
    note fuzz "skipped: this machine's clang++ has no libFuzzer"
    count 0 0 1
    return 0
  fi
  rm -rf "$probe"
  build fuzz 1 || { build_failed fuzz; return; }
  local targets=() batch=() first each
  mapfile -t targets < <(find build/fuzz -type f -name 'fuzz_*' -perm -u+x | sort)
  # All take the same time: as many as there are processors, then the next.
  each=$(nproc)
  for ((first = 0; first < ${#targets[@]}; first += each)); do
    batch=()
    for target in "${targets[@]:first:each}"; do
      fuzz_one "$target" &
      batch+=("$!:${target##*/}")
    done
    for name in "${batch[@]}"; do
      if wait "${name%%:*}"; then
        name=${name#*:}
        say "fuzz: $name: $(awk '/number_of_executed_units/ {print $2}' "build/$name.log") runs, nothing found"
        count 1 0 0
      else
        tail -n 40 "build/${name#*:}.log"
        count 0 1 0
        status=1
      fi
    done
  done
  if [ ${#targets[@]} -eq 0 ]; then count 0 1 0; note fuzz "no fuzzer was built"; return 1; fi
  if [ "$status" -eq 0 ]; then note fuzz "${#targets[@]} fuzzers, ${fuzz_seconds} s each, nothing found"; else note fuzz "FOUND SOMETHING: build/fuzz_*"; fi
  return "$status"
}

clang_decides() { # TOOL
  command -v "$1" >/dev/null && "$1" --version | grep -q "version $clang_version\."
}

run_format() {
  local tool=clang-format wrong
  clang_decides "$tool" || tool=clang-format-$clang_version
  if ! clang_decides "$tool"; then
    note format "skipped: needs clang-format $clang_version"
    count 0 0 1
    return 0
  fi
  wrong=$(find include src tests -name '*.[ch]pp' -not -path '*/node_modules/*' -print0 |
    xargs -0 "$tool" --dry-run 2>&1 | sed -n 's/^\([^:]*\):.*clang-format-violations.*/\1/p' | sort -u)
  if [ -n "$wrong" ]; then
    printf 'not formatted (%s -i FILE):\n%s\n' "$tool" "$wrong"
    note format "FAILED"
    count 0 1 0
    return 1
  fi
  note format "all files"
  count 1 0 0
}

run_tidy() {
  local tool=clang-tidy
  clang_decides "$tool" || tool=clang-tidy-$clang_version
  if ! clang_decides "$tool"; then
    note tidy "skipped: needs clang-tidy $clang_version"
    count 0 0 1
    return 0
  fi
  build release 1 -DP1METER_BUILD_TESTS=ON -DP1METER_BUILD_BENCHMARKS=ON || { build_failed tidy; return; }
  if python3 tests/architecture/tidy.py --tool "$tool" --build build/release --jobs "$(jobs_for 1)"; then
    note tidy "all files of src"
    count 1 0 0
  else
    note tidy "FAILED"
    count 0 1 0
    return 1
  fi
}

# The Debian package of this machine's release and architecture: built in a clean root, looked at, installed in a bare
# system and in a booted one. The whole matrix is packaging/check-release.sh.
run_package() {
  local why='' suite deb status=0
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  if [ "$(id -u)" -ne 0 ]; then why="needs root"
  elif [ "$suite" != bookworm ] && [ "$suite" != trixie ]; then why="not on Debian 12 or 13"
  elif [ "$(dpkg --print-architecture)" != amd64 ]; then why="needs amd64"
  elif ! unshare --mount --pid --fork --propagation=private true 2>/dev/null; then why="no namespaces here"
  elif ! command -v mmdebstrap >/dev/null || ! command -v lintian >/dev/null; then why="mmdebstrap or lintian is missing"
  fi
  if [ -n "$why" ]; then note package "skipped: $why"; count 0 0 1; return 0; fi
  mkdir -p build
  if ! deb=$(packaging/build-deb.sh --no-check --out build/package 2>build/package.log); then
    tail -n 60 build/package.log
    build_failed package
    return
  fi
  package_step "lintian, size, contents" packaging/lint-deb.sh "$deb" || status=1
  package_step "installed in a bare system" packaging/platform/install-test.sh "$suite" "$deb" packaging/debian/tests/decode || status=1
  if command -v systemd-nspawn >/dev/null; then
    package_step "its life on a booted system" tests/system/run.sh life "$deb" || status=1
  else
    note package "skipped: its life on a booted system (no systemd-nspawn)"
    count 0 0 1
  fi
  return "$status"
}

package_step() { # WHAT COMMAND...
  local what=$1 status=0
  shift
  "$@" >build/package-step.log 2>&1 </dev/null || status=$?
  case $status in
    0) note package "$what"; count 1 0 0; return ;;
    77) note package "skipped: $what: $(tail -n 1 build/package-step.log)"; count 0 0 1; return ;;
  esac
  tail -n 80 build/package-step.log
  note package "FAILED: $what"
  count 0 1 0
  return 1
}

for name in release asan tsan fuzz format tidy package; do
  if wants "$name"; then part "$name" "run_$name"; fi
done

for junit in "${failures[@]}"; do python3 tests/support/failures.py "$junit" || true; done
printf '\n'
printf '%s\n' "${report[@]}"
if [ ! -d ../shared/corpus ] && [ -z "${P1METER_CORPUS-}" ]; then
  printf 'The folder of field telegrams (P1METER_CORPUS) is not here: its tests are among the skipped ones.\n'
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ ${#broken[@]} -eq 0 ] && [ "$failed" -eq 0 ]
