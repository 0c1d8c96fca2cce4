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
# Before the service: what it writes while it starts counts.
saves=/run/saves
systemd-run --quiet --unit=saves --property=StandardOutput=file:$saves python3 "$PWD/saves.py" /var/lib/p1meter
mark
began=$SECONDS
check "enable --now with only mqtt.host set" systemctl enable --now --quiet p1meter
within 60 "the meter is found and read" has_message p1meter/home/power_import
pid=$(property MainPID)
of_process() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$pid/$1"; }
of_the_service() { grep --count --extended-regexp "^($1) " "$saves" || true; }
registers='meters/home\.json' topics='retained-live\.json'
sleep 1800
half_registers=$(of_the_service "$registers") half=$(of_the_service '.*')
sleep 1800
# What is in memory is never counted as written.
check "the state directory is on a disk" refute test "$(findmnt --noheadings --output FSTYPE --target /var/lib/p1meter)" = tmpfs
check "it is still the same process" test "$(property MainPID)" = "$pid"
check "and reads" has_message p1meter/home/power_import
check "its writes are watched" systemctl is-active --quiet saves
journalctl --sync
lines=$(count_of .)
bytes=$(of_process io write_bytes)
printf 'info  in %d s: %d lines in the journal, the first %d while starting\n' $((SECONDS - began)) "$lines" "$(journalctl --unit=p1meter --no-pager --output=cat --after-cursor="$cursor" --until="$(date --date="-3590 seconds" '+%F %T')" | wc -l)"
printf 'info  writes, each with the bytes of the file:\n'
sed 's/^/        /' "$saves"
printf 'info  %d bytes by write_bytes, which counts blocks and what the file system notes of them; %d bytes to files and sockets\n' "$bytes" "$(of_process io wchar)"
printf 'info  memory: %d kB resident, %d kB at most; processor: %d ms\n' "$(of_process status VmRSS)" "$(of_process status VmHWM)" $((1000 * $(awk '{ print $14 + $15 }' "/proc/$pid/stat") / $(getconf CLK_TCK)))
journalctl --unit=p1meter --no-pager --output=short --after-cursor="$cursor"
check "at most 20 lines, as for a day" test "$lines" -le 20
# A meter that has just become known (docs/budget.md): its kind, its period, the keys of the first quarter of an hour; the
# topics of the broker, of the meter, of those keys.
# Midnight may be in the hour.
check "at most four writes of what the meter is" test "$(of_the_service "$registers")" -le 4
check "at most three of the topics that are retained" test "$(of_the_service "$topics")" -le 3
check "at most one of all files in the second half: at midnight" test $(($(of_the_service '.*') - half)) -le 1
check "that is the meter's" test $(($(of_the_service "$registers") - half_registers)) -eq $(($(of_the_service '.*') - half))
check "besides, only the lock" test "$(of_the_service '.*')" -eq $(($(of_the_service "$registers|$topics|lock")))
check "the lock once" test "$(of_the_service lock)" -eq 1
# A write of 9 to 20 kB takes up to eight further blocks of the file system's own.
check "nothing is written besides these" test "$bytes" -le $(($(of_the_service '.*') * 53248))
finish
