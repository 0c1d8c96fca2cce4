#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh checkout to a meter's values in a broker, without a meter: on Debian 12 or 13, as root or with sudo.
#
#   packaging/quickstart.sh [--no-install] [--seconds N]
#
# Installs what the build needs, builds the program, starts a private mosquitto on a free loopback port, replays a
# capture and runs a simulated meter through the configured pipeline, and shows what arrives at the broker. Nothing
# else of the system is changed, and everything it has started ends with it. A second run builds nothing.
#
#   --no-install   use what is there
#   --seconds N    how long the simulated meter runs (13)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

readonly capture=tests/data/fluvius-two-minutes.telegrams
readonly topic=p1meter-test
print_help() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$root/packaging/quickstart.sh"; }
say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$*"; }
die() { printf '\nquickstart: %s\n' "$*" >&2; exit 1; }

install=true
seconds=13
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) print_help; exit 0 ;;
    --no-install) install=false ;;
    --seconds) [[ ${2-} =~ ^[0-9]+$ ]] || die "--seconds needs a number"; seconds=$2; shift ;;
    *) printf "unknown argument '%s'\n" "$1" >&2; print_help >&2; exit 64 ;;
  esac
  shift
done

# ---- whatever happens, nothing stays behind
scratch=$(mktemp -d)
started=()
stop_one() { # PID: asks, then insists
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until 5 gone "$1" || kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
stop_all() {
  local pid
  for pid in "${started[@]}"; do stop_one "$pid"; done
  rm -rf "$scratch"
}
trap stop_all EXIT
trap 'exit 130' INT TERM
gone() { ! kill -0 "$1" 2>/dev/null; }
# wait_until SECONDS COMMAND...: tries ten times a second until the command succeeds, or the time is over.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# ---- 1. what is needed
say "1. Packages"
if $install; then packaging/install-build-deps.sh build broker; fi
PATH=$PATH:/usr/sbin:/sbin
for tool in cmake ninja g++ mosquitto mosquitto_sub; do
  command -v "$tool" >/dev/null || die "$tool is missing; run packaging/install-build-deps.sh build broker"
done
echo "all there"

# ---- 2. the program
say "2. Building (build/release/p1meter)"
if [ ! -e build/release/build.ninja ]; then
  if command -v ccache >/dev/null; then export P1METER_COMPILER_LAUNCHER=ccache; fi
  cmake --preset release -DP1METER_BUILD_TESTS=OFF -DP1METER_BUILD_BENCHMARKS=OFF >"$scratch/configure.log" 2>&1 ||
    { cat "$scratch/configure.log"; die "the build could not be configured"; }
fi
if [ -t 1 ]; then
  cmake --build --preset release --target p1meter || die "the program does not build"
else
  cmake --build --preset release --target p1meter >"$scratch/build.log" 2>&1 ||
    { tail -n 60 "$scratch/build.log"; die "the program does not build"; }
  tail -n 1 "$scratch/build.log"
fi
p1meter=$root/build/release/p1meter
"$p1meter" --version

# ---- 3. a broker of our own
say "3. A private broker"
broker_answers() { gone "$broker" || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
broker=
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  port=$((20000 + RANDOM % 30000))
  printf 'listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\nlog_type all\n' "$port" >"$scratch/mosquitto.conf"
  mosquitto -c "$scratch/mosquitto.conf" >"$scratch/mosquitto.log" 2>&1 &
  broker=$!
  if wait_until 10 broker_answers && ! gone "$broker"; then break; fi
  kill "$broker" 2>/dev/null || true
  broker=
  [ "$attempt" -lt 10 ] || { cat "$scratch/mosquitto.log"; die "mosquitto does not start"; }
done
started+=("$broker")
echo "mosquitto on 127.0.0.1:$port, only for this run"

arrived=$scratch/arrived
: >"$arrived"
mosquitto_sub -h 127.0.0.1 -p "$port" -v -t "$topic/#" >"$arrived" 2>"$scratch/subscriber.log" &
started+=("$!")
subscribed() { grep -q 'Sending SUBACK' "$scratch/mosquitto.log"; }
wait_until 10 subscribed || die "the subscriber does not reach the broker"

# Prints what has arrived since a line; long messages are cut, and of many only the first are shown.
show() { # FIRST LAST [MOST]: lines
  sed -n "$1,$2p" "$arrived" | awk -v width="${COLUMNS:-118}" -v most="${3:-100}" '
    NR <= most { print "   " (length($0) > width ? substr($0, 1, width - 3) "..." : $0) }
    END { if (NR > most) print "   ... and " NR - most " more" }'
}
messages() { wc -l <"$arrived"; }
states() { grep -c "^$topic/home/state " "$arrived" || true; }

cat >"$scratch/p1meter.yaml" <<YAML
meters:
  - name: home
    source: simulator:fluvius
mqtt:
  host: 127.0.0.1
  port: $port
YAML
export STATE_DIRECTORY=$scratch/state
mkdir -p "$STATE_DIRECTORY"
"$p1meter" --config "$scratch/p1meter.yaml" check || die "the configuration was refused"
echo
echo "The configuration:"
sed 's/^/   /' "$scratch/p1meter.yaml"

# ---- 4. a capture
say "4. A capture through the pipeline: p1meter replay $capture --speed max"
timeout 60 "$p1meter" --config "$scratch/p1meter.yaml" replay "$capture" --speed max </dev/null || die "the replay failed"
some_state() { [ "$(states)" -gt 0 ]; }
wait_until 10 some_state || { cat "$arrived"; die "nothing arrived at the broker"; }
echo "At the broker:"
from_replay=$(messages)
show 1 "$from_replay" 60

# ---- 5. a meter that is not there
say "5. A simulated meter, live for $seconds s: p1meter run"
"$p1meter" --config "$scratch/p1meter.yaml" run </dev/null >"$scratch/p1meter.log" 2>&1 &
daemon=$!
started+=("$daemon")
before=$(states)
more_states() { gone "$daemon" || [ "$(states)" -gt "$before" ]; }
if ! wait_until 30 more_states || gone "$daemon"; then
  cat "$scratch/p1meter.log"
  die "the simulated meter's values did not arrive"
fi
echo "At the broker:"
shown=$((from_replay + 1))
end=$((SECONDS + seconds))
over() { gone "$daemon" || [ "$SECONDS" -ge "$end" ] || [ "$(messages)" -ge "$shown" ]; }
while [ "$SECONDS" -lt "$end" ] && ! gone "$daemon"; do
  wait_until "$seconds" over || true
  now=$(messages)
  if [ "$now" -ge "$shown" ]; then
    show "$shown" "$now"
    shown=$((now + 1))
  fi
done
if gone "$daemon"; then
  cat "$scratch/p1meter.log"
  die "p1meter ended by itself"
fi
stop_one "$daemon"
is_offline() { [ "$(grep "^$topic/status " "$arrived" | tail -n 1)" = "$topic/status offline" ]; }
wait_until 5 is_offline || die "no 'offline' arrived after the daemon was stopped"
from_run=$(($(messages) - from_replay))

# ---- 6. what was seen, and how to go on
keys=$(awk '{ print $1 }' "$arrived" | sort -u | wc -l)
say "Done"
cat <<TEXT
$from_replay messages from the capture and $from_run from the simulated meter arrived at the broker, on $keys topics
((null) is how mosquitto_sub shows an empty one: the meter says that there is no value).
Everything that was started has been stopped. What was sent came from a capture and a simulator: hence the topic
$topic. A real meter publishes under p1meter.

With a real cable:
  1. Plug it in. Its lasting name:             ls /dev/serial/by-id/
  2. Be allowed to read it (then log in anew): sudo adduser \$USER dialout
  3. Write p1meter.yaml:                       meters:
                                                 - name: home
                                                   source: serial:/dev/serial/by-id/...
                                               mqtt:
                                                 host: your-broker
  4. Look at it first, without a broker:       build/release/p1meter --config p1meter.yaml monitor
  5. Then for good:                            build/release/p1meter --config p1meter.yaml run
No cable yet, or nothing but noise? hardware/README.md. As a service: README.md. Something wrong? docs/troubleshooting.md.
TEXT
