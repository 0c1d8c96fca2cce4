# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts that run in a booted container; sourced. Each check says what it saw.
# shellcheck shell=bash
set -euo pipefail
config=/etc/p1meter.yaml
passed=0

pass() { passed=$((passed + 1)); printf 'ok    %s\n' "$*"; }
fail() {
  printf 'FAIL  %s\n' "$*"
  journalctl --unit='p1meter*' --no-pager --lines=40 --output=short-precise || true
  exit 1
}
# check TEXT COMMAND...: the command succeeds
check() { local text=$1; shift; if "$@"; then pass "$text"; else fail "$text ($*)"; fi; }
# within SECONDS TEXT COMMAND...: it succeeds in time
within() {
  local seconds=$1 text=$2 end=$((SECONDS + $1))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "$text (not in $seconds s: $*)"
    sleep 0.1
  done
  pass "$text"
}
refute() { ! "$@"; }

property() { systemctl show --property="$1" --value "${2-p1meter.service}"; }
is_running() { [ "$(property ActiveState "${1-p1meter.service}")" = active ]; }
restarts_are() { [ "$(property NRestarts)" -ge "$1" ]; }
# The journal of the service since the last mark.
mark() { journalctl --sync 2>/dev/null || true; cursor=$(journalctl --no-pager --lines=0 --show-cursor | sed -n 's/^-- cursor: //p'); }
# Not --quiet: who ends before it has read all ends the command before it too, and that counts as a failure.
says() { journalctl --unit='p1meter*' --no-pager --output=cat --after-cursor="$cursor" | grep --extended-regexp "$1" >/dev/null; }
count_of() { journalctl --unit='p1meter*' --no-pager --output=cat --after-cursor="$cursor" | grep --count --extended-regexp "$1" || true; }

# A broker of the test's own, which remembers what was published.
broker_port=1883
start_broker() {
  # Debian's own would have the port.
  systemctl disable --now --quiet mosquitto.service 2>/dev/null || true
  printf 'listener %d 127.0.0.1\nallow_anonymous true\n' "$broker_port" >/run/broker.conf
  systemd-run --quiet --unit=broker --property=Restart=no mosquitto -c /run/broker.conf
  local end=$((SECONDS + 20))
  until (exec 3<>"/dev/tcp/127.0.0.1/$broker_port") 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || { journalctl --unit=broker --no-pager; fail "the test's broker starts"; }
    sleep 0.1
  done
}
stop_broker() { systemctl stop broker.service; }
# The retained or next message of a topic.
message() { mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t "$1" -C 1 -W "${2-5}" 2>/dev/null; }
message_is() { [ "$(message "$1" 2)" = "$2" ]; }
# A message that comes now: not what the broker still has.
has_message() { [ -n "$(mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t "$1" -R -C 1 -W 15 2>/dev/null)" ]; }
ended_with() { [ "$(property ExecMainStatus)" = "$1" ]; }

simulated_home='meters: [{name: home, source: "simulator:fluvius", live: true}]'
configure() { printf '%s\n' "mqtt: {host: 127.0.0.1, port: $broker_port}" "$@" >"$config"; }
finish() { printf '%s: %d checks passed\n' "${0##*/}" "$passed"; }
