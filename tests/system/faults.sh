#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What goes wrong around a service: it says what is wrong and what to do, makes no storm of restarts, and recovers by
# itself when the cause is gone. Runs inside (tests/system/run.sh faults).
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
start_broker
fresh_start() { systemctl stop p1meter 2>/dev/null || true; systemctl reset-failed p1meter 2>/dev/null || true; mark; systemctl start p1meter || true; }
# 20 s hold at most four restarts 5 s apart.
calm() {
  local before
  before=$(property NRestarts)
  sleep 20
  check "no storm of restarts ($(($(property NRestarts) - before)) in 20 s)" test $(($(property NRestarts) - before)) -le 4
}

# ---- a damaged configuration
head -c 4096 /dev/urandom >$config
fresh_start
within 10 "a damaged configuration ends with 78" ended_with 78
check "and says which file" says "$config"
check "and is not started again" test "$(property NRestarts)" = 0

# ---- an unreadable one
configure "$simulated_home"
chown root:root $config
chmod 600 $config
fresh_start
within 10 "an unreadable configuration is named" says "$config.*([Pp]ermission|may not be read|cannot be read)"
calm
chown root:p1meter $config
chmod 640 $config
within 130 "and found again when it can be read" message_is p1meter/status online

# ---- a password that only root may read, found by a reload
printf 'secret\n' >/etc/p1meter.password
chmod 600 /etc/p1meter.password
printf 'mqtt: {host: 127.0.0.1, port: %s, username: me, password_file: p1meter.password}\n' "$broker_port" >$config
mark
systemctl reload p1meter
within 10 "a password that only root may read: what to do" says 'chown root:p1meter /etc/p1meter.password and chmod 0640'
status_tells() { property StatusText | grep 'the configuration has faults' >/dev/null; }
within 10 "systemctl status tells of faults after a reload" status_tells
check "and what ran goes on" message_is p1meter/status online
rm /etc/p1meter.password
configure "$simulated_home"
systemctl reload p1meter
within 10 "and of none when they are mended" refute status_tells

# ---- a second one by hand, as the user of the service
second() { timeout 20 runuser -u p1meter -- env -u STATE_DIRECTORY p1meter run >/run/second 2>&1; }
ends_with_75() { local status=0; second || status=$?; [ "$status" -eq 75 ]; }
check "a second one by hand is refused" ends_with_75
check "and says why" grep --quiet 'another p1meter is running with the state directory /var/lib/p1meter' /run/second

# ---- no state directory, taken away while running
mark
rm -rf /var/lib/p1meter
within 20 "values go on without a state directory" has_message p1meter/home/power_import
check "the service still runs" is_running
systemctl restart p1meter
check "a start makes it anew" test -d /var/lib/p1meter

# ---- a full disk
systemctl stop p1meter
mount -t tmpfs -o size=64k,mode=0750,uid="$(id -u p1meter)",gid="$(id -g p1meter)" none /var/lib/p1meter
head -c 200k /dev/zero >/var/lib/p1meter/filler 2>/dev/null || true
mark
systemctl start p1meter
within 20 "runs with a full disk" message_is p1meter/status online
within 20 "with values" has_message p1meter/home/power_import
within 90 "a full disk is told" says 'No space left'
rm /var/lib/p1meter/filler
state_is_written() { [ "$(find /var/lib/p1meter -type f -size +0 | wc -l)" -gt 0 ]; }
within 130 "what is remembered is written when there is room" state_is_written
systemctl stop p1meter
umount /var/lib/p1meter

# ---- two instances on one port
systemd-run --quiet --unit=port python3 "$PWD/port.py" /dev/p1meter-test p1meter simulate dsmr5 --period 1s
within 10 "a port is there" test -e /dev/p1meter-test
configure 'meters: [{name: home, source: "serial:/dev/p1meter-test"}]'
printf '%s\n' "mqtt: {host: 127.0.0.1, base_topic: second}" 'meters: [{name: home, source: "serial:/dev/p1meter-test"}]' >/etc/p1meter-second.yaml
chown root:p1meter /etc/p1meter-second.yaml
systemctl start p1meter
within 60 "the first reads the port" has_message p1meter/home/power_import
mark
systemctl start p1meter@second
within 20 "the second says that it is taken" says 'busy|another program|taken|in use'
check "and waits" is_running p1meter@second
check "without repeating itself" test "$(count_of 'busy|another program|taken|in use')" -le 2
systemctl stop p1meter
within 60 "and reads it when the first is gone" has_message second/home/power_import
systemctl stop p1meter@second

# ---- no DNS, no IPv6
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
sysctl --quiet net.ipv6.conf.all.disable_ipv6=1 || true
check "there is no IPv6" test -z "$(ip -6 address show)"
printf '%s\n' "mqtt: {host: broker.example}" "$simulated_home" >$config
fresh_start
within 30 "a name that cannot be looked up is told" says 'broker\.example'
check "once" test "$(count_of 'broker\.example.*(look|name|resol)')" -le 2
calm
systemd-run --quiet --unit=names python3 "$PWD/names.py" broker.example 127.0.0.1
within 130 "and the broker is found when names are known" message_is p1meter/status online

# ---- a root that is read-only
systemctl stop p1meter
rm -rf /var/lib/p1meter
systemd-tmpfiles --create p1meter.conf
check "the package makes the state directory" test "$(stat --format=%a:%U /var/lib/p1meter)" = 750:p1meter
configure "$simulated_home"
# A container's own root cannot become read-only while its journal is written: all that the service looks at does.
mount -t tmpfs -o ro,mode=0750,uid="$(id -u p1meter)",gid="$(id -g p1meter)" none /var/lib/p1meter
for directory in /etc /usr; do
  mount --bind $directory $directory
  mount -o remount,ro,bind $directory
done
check "nothing can be written" refute touch /var/lib/p1meter/x
mark
systemctl start p1meter || true
within 30 "runs from a read-only root" message_is p1meter/status online
within 20 "with values" has_message p1meter/home/power_import
within 90 "and says that nothing can be remembered" says 'Read-only file system'
calm
finish
