#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What README.md tells a user to do with a meter, word for word: its configuration, then its commands, with a broker
# that wants a password and one cable. Runs inside (tests/system/run.sh readme).
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
systemctl disable --now --quiet mosquitto.service 2>/dev/null || true
mosquitto_passwd -b -c /run/broker.passwords p1meter 'a secret' 2>/dev/null
chown mosquitto /run/broker.passwords
printf 'listener 1883 127.0.0.1\npassword_file /run/broker.passwords\n' >/run/broker.conf
systemd-run --quiet --unit=broker mosquitto -c /run/broker.conf
printf '127.0.0.1 homeassistant.local\n' >>/etc/hosts
systemd-run --quiet --unit=port python3 "$PWD/port.py" /dev/p1meter-test p1meter simulate fluvius --period 1s
within 10 "the cable is there" test -e /dev/p1meter-test

section() { sed -n '/^## With your meter/,/^## /p' README.md; }
install_command=$(section | sed -n 's/^ *\(sudo apt install .*\)$/\1/p')
check "README installs" test -n "$install_command"
apt-get --quiet=2 --yes purge p1meter >/dev/null
check "$install_command" bash -c "$install_command </dev/null"
section | sed -n '/```yaml/,/```/{/```/d; s/^   //p}' >/run/block.yaml
check "README has a configuration" test -s /run/block.yaml
cat /run/block.yaml >$config

mapfile -t commands < <(section | sed -n '/^4\. /,/^[A-Z]/{s/^       //p}' | sed 's/[[:space:]]*#.*//')
check "README has commands" test ${#commands[@]} -ge 5
mark
for command in "${commands[@]}"; do
  status=0
  case $command in
    *monitor*|*journalctl*-f*)
      # They go on until Ctrl-C.
      timeout --foreground --signal=INT 20 bash -c "$command" </dev/null >/run/said 2>&1 || status=$?
      [ "$status" -ne 124 ] && [ "$status" -ne 130 ] || status=0 ;;
    *) bash -c "$command" <<<'a secret' >/run/said 2>&1 || status=$? ;;
  esac
  sed -n '1,40s/^/      /p' /run/said
  check "$command" test "$status" -eq 0
  case $command in
    *monitor*) check "it shows the meter's power" grep --quiet power_import /run/said ;;
    *journalctl*) check "it tells that telegrams arrive" grep --quiet 'telegrams arrive' /run/said ;;
  esac
done
values() { [ -n "$(mosquitto_sub -h 127.0.0.1 -u p1meter -P 'a secret' -t p1meter/home/power_import -C 1 -W 5)" ]; }
within 30 "values are at the broker" values
check "and the service is enabled" systemctl is-enabled --quiet p1meter
finish
