#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A healthy hour in real time: a meter that sends each second over a serial port, a broker, and nothing that happens.
# What the service logs, writes and uses. Runs inside (tests/system/run.sh hour).
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
start_broker
systemd-run --quiet --unit=port python3 "$PWD/port.py" /dev/p1meter-test p1meter simulate fluvius --period 1s
within 10 "a port is there" test -e /dev/p1meter-test
printf 'mqtt: {host: 127.0.0.1}\n' >$config
mark
began=$SECONDS
check "enable --now with only mqtt.host set" systemctl enable --now --quiet p1meter
within 60 "the meter is found and read" has_message p1meter/home/power_import
pid=$(property MainPID)
of_process() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$pid/$1"; }
written=$(of_process io wchar) stored=$(of_process io write_bytes)
sleep 1800
half=$(of_process io write_bytes)
sleep 1800
# What is in memory is never counted as written.
check "the state directory is on a disk" refute test "$(findmnt --noheadings --output FSTYPE --target /var/lib/p1meter)" = tmpfs
check "it is still the same process" test "$(property MainPID)" = "$pid"
check "and reads" has_message p1meter/home/power_import
journalctl --sync
lines=$(count_of .)
printf 'info  in %d s: %d lines in the journal, the first %d while starting\n' $((SECONDS - began)) "$lines" "$(journalctl --unit=p1meter --no-pager --output=cat --after-cursor="$cursor" --until="$(date --date="-3590 seconds" '+%F %T')" | wc -l)"
printf 'info  written to files: %d bytes by write_bytes, %d of them in the second half; %d bytes to files and sockets\n' $(($(of_process io write_bytes) - stored)) $(($(of_process io write_bytes) - half)) $(($(of_process io wchar) - written))
printf 'info  memory: %d kB resident, %d kB at most; processor: %d ms\n' "$(of_process status VmRSS)" "$(of_process status VmHWM)" $((1000 * $(awk '{ print $14 + $15 }' "/proc/$pid/stat") / $(getconf CLK_TCK)))
journalctl --unit=p1meter --no-pager --output=short --after-cursor="$cursor"
check "at most 20 lines, as for a day" test "$lines" -le 20
# A meter that has just become known: its kind, the first quarter of an hour, the first whole one. Each file has 16 and 9 kB,
# in blocks of 4.
check "at most three writes of each file that is remembered" test $(($(of_process io write_bytes) - stored)) -le $((3 * 28672))
check "at most one in the second half: at midnight" test $(($(of_process io write_bytes) - half)) -le 28672
finish
