#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Debian 13 that was a Debian 12 has been booted: the service that was enabled there runs. Runs inside
# (tests/system/upgrade-system.sh).
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
check "the system is Debian 13" grep -q trixie /etc/os-release
within 20 "the service runs" is_running
check "started by the boot, not by installing" test "$(property ActiveEnterTimestampMonotonic)" -le "$(property ActiveEnterTimestampMonotonic multi-user.target)"
check "once" test "$(property NRestarts)" = 0
check "by the unit of Debian 13, whose pauses grow" test "$(property RestartSteps)" -gt 0
journal_of_boot_says() { journalctl --boot --unit=p1meter --no-pager --output=cat | grep --fixed-strings "$1" >/dev/null; }
within 20 "it tries the broker that the user has set" journal_of_boot_says broker.example
check "the state of before is there" grep -q kept /var/lib/p1meter/kept
finish
