#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A package's life on a booted system: installed, configured, enabled, killed, stopped, upgraded, removed, purged.
# Runs inside (tests/system/run.sh life): $DEB is the package, previous.deb beside this the one before it.
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
mark
start_broker

# ---- freshly installed
check "an installation starts nothing" refute is_running
check "and enables nothing" refute systemctl is-enabled --quiet p1meter
check "the configuration is for its group only" test "$(stat --format=%a:%U:%G $config)" = 640:root:p1meter
check "the user may read serial ports" grep --quiet '^dialout:.*p1meter' /etc/group
apt-get --quiet=2 --yes purge p1meter
said=$(apt-get --quiet=2 --yes --no-install-recommends install "$DEB" 2>&1 | grep '^p1meter: ')
check "an installation says in two lines what to do next" test "$(wc -l <<<"$said")" -eq 2
check "of which one is how to start" grep --quiet 'systemctl enable --now p1meter' <<<"$said"
check "p1meter check accepts what is shipped" p1meter check

# ---- only mqtt.host, no meter
printf 'mqtt: {host: 127.0.0.1}\n' >$config
check "enable --now with only mqtt.host set" systemctl enable --now --quiet p1meter
within 10 "runs without a cable" message_is p1meter/status online
check "and says that it waits for one" says 'no serial port found'
check "the look at apt's candidate is planned with it" systemctl is-active --quiet p1meter-candidate.timer

# ---- values
configure "$simulated_home"
check "reload" systemctl reload p1meter
within 20 "values arrive after a reload" has_message p1meter/home/power_import
check "the state directory is the service's own" test "$(stat --format=%a:%U /var/lib/p1meter)" = 750:p1meter
start=$(property ExecMainStartTimestampMonotonic) ready=$(property ActiveEnterTimestampMonotonic)
printf 'info  READY after %d ms\n' $(((ready - start) / 1000))
check "READY within 2 s (promised: 1)" test $((ready - start)) -lt 2000000

# ---- kill, freeze
first=$(property MainPID)
kill -KILL "$first"
within 30 "killed: systemd starts it again" restarts_are 1
within 20 "and it is online again" message_is p1meter/status online
mkdir -p /run/systemd/system/p1meter.service.d
printf '[Service]\nWatchdogSec=3\nTimeoutStopSec=3\n' >/run/systemd/system/p1meter.service.d/test.conf
systemctl daemon-reload
systemctl restart p1meter
within 20 "restarted with a short watchdog" message_is p1meter/status online
kill -STOP "$(property MainPID)"
within 40 "frozen: the watchdog ends it and it is started again" restarts_are 1
check "the journal says so" says 'Watchdog timeout'
within 20 "and it is online again after that" message_is p1meter/status online
rm -r /run/systemd/system/p1meter.service.d
systemctl daemon-reload
systemctl restart p1meter

# ---- stop while the broker is away
within 20 "online before the outage" message_is p1meter/status online
stop_broker
within 20 "the outage is noticed" says 'lost|closed the connection'
begin=$(date +%s%N)
systemctl stop p1meter
took=$((($(date +%s%N) - begin) / 1000000))
printf 'info  stopped in %d ms\n' "$took"
check "stops within 4 s during an outage (promised: 2)" test "$took" -lt 4000
check "and ends with success" test "$(property Result)" = success
start_broker

# ---- a bad configuration
mark
printf 'mqtt: {hots: 127.0.0.1}\n' >$config
systemctl start p1meter || true
within 10 "a bad configuration ends with 78 and no restart" ended_with 78
check "and says where" says "$config:1:"
check "and does not start again" test "$(property NRestarts)" = 0

# ---- upgrade with an edited configuration
configure "$simulated_home" '# edited by hand'
systemctl stop p1meter || true
apt-get --quiet=2 --yes --allow-downgrades --no-install-recommends install ./previous.deb </dev/null >/dev/null 2>&1
check "the version before is installed" test "$(dpkg-query --show --showformat='${Version}' p1meter)" != "$(dpkg-deb --field "$DEB" Version)"
systemctl reset-failed p1meter 2>/dev/null || true
systemctl restart p1meter
within 20 "and runs" message_is p1meter/status online
printf '%s\n' "mqtt: {host: 127.0.0.1, base_topic: second}" "$simulated_home" >/etc/p1meter-second.yaml
chown root:p1meter /etc/p1meter-second.yaml
chmod 640 /etc/p1meter-second.yaml
check "a second configuration by the template" systemctl enable --now --quiet p1meter@second
within 20 "publishes beside the first" has_message second/home/power_import
check "with a state directory of its own" test -d /var/lib/p1meter-second
second=$(property MainPID p1meter@second.service)
mosquitto_sub -h 127.0.0.1 -p $broker_port -t p1meter/status -F '%U %p' >/run/status.log &
watcher=$!
within 5 "the watcher sees" test -s /run/status.log
apt-get --quiet=2 --yes --no-install-recommends install "$DEB" </dev/null >/run/upgrade.log 2>&1 || { cat /run/upgrade.log; fail "upgrade"; }
pass "an upgrade asks nothing"
within 20 "after the upgrade it is online" message_is p1meter/status online
was_away() { grep --quiet offline /run/status.log && [ "$(tail -n 1 /run/status.log | cut -d' ' -f2)" = online ]; }
within 10 "it was restarted" was_away
kill "$watcher"
gap=$(awk '$2 == "offline" { from = $1 } $2 == "online" && from { print int(($1 - from) * 1000); exit }' /run/status.log)
printf 'info  upgrade: away for %d ms\n' "$gap"
check "it was away for less than 10 s (promised: 5)" test "$gap" -lt 10000
check "the edited configuration is kept" grep --quiet 'edited by hand' $config
check "with its owner and mode" test "$(stat --format=%a:%U:%G $config)" = 640:root:p1meter
check "it is still enabled" systemctl is-enabled --quiet p1meter

check "the second configuration was restarted too" test "$(property MainPID p1meter@second.service)" != "$second"
within 20 "and publishes" has_message second/home/power_import

# ---- remove, reinstall, purge
apt-get --quiet=2 --yes remove p1meter >/dev/null
check "removal stops it" refute is_running
check "and the second" refute is_running p1meter@second.service
check "and keeps configuration and data" test -e $config -a -d /var/lib/p1meter
apt-get --quiet=2 --yes --no-install-recommends install "$DEB" >/dev/null
within 20 "installed again it runs as before" message_is p1meter/status online
within 20 "and the second" has_message second/home/power_import
# A file of the group that we did not make.
install -m 0640 -g p1meter /dev/null /etc/mqtt.password
rm /etc/p1meter-second.yaml
apt-get --quiet=2 --yes purge p1meter >/dev/null
check "purge leaves the group to a file of it" getent group p1meter
rm /etc/mqtt.password
apt-get --quiet=2 --yes --no-install-recommends install "$DEB" >/dev/null
apt-get --quiet=2 --yes purge p1meter >/dev/null
apt-get --quiet=2 --yes --no-install-recommends install "$DEB" >/dev/null
mount -t tmpfs none /var/lib/p1meter
check "purge ends well where the state directory is a file system" apt-get --quiet=2 --yes purge p1meter
umount /var/lib/p1meter
rmdir /var/lib/p1meter
left=$(find / -xdev \( -path /proc -o -path /sys -o -path /test -o -path /run -o -path /var/log/journal -o -path /var/cache/apt \) -prune -o -name '*p1meter*' -print)
check "purge leaves nothing behind (${left:-nothing})" test -z "$left"
check "not even the user" refute getent passwd p1meter
apt-get --quiet=2 --yes --no-install-recommends install "$DEB" >/dev/null
check "and it can be installed again" p1meter check
finish
