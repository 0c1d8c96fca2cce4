#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the service's sandbox keeps out, and that all it needs still gets through: a broker on another machine, names by
# DNS and mDNS, serial ports, passwords and certificates as systemd credentials. Runs inside (tests/system/run.sh sandbox).
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
mark

# ---- how exposed
exposure=$(systemd-analyze security --no-pager p1meter.service | sed -n 's/.*exposure level for p1meter.service: \([0-9.]*\).*/\1/p')
printf 'info  systemd-analyze security: %s\n' "$exposure"
check "exposure is 1.6 or better" awk "BEGIN { exit !($exposure <= 1.6) }"
check "the template is like it" test "$(systemd-analyze security --no-pager p1meter@x.service | sed -n 's/.*exposure level for .*: \([0-9.]*\).*/\1/p')" = "$exposure"

# ---- a broker on another machine: a namespace behind a cable
ip netns add far
ip link add near type veth peer name far0 netns far
ip address add 192.0.2.1/24 dev near
ip link set near up
ip -n far address add 192.0.2.2/24 dev far0
ip -n far link set far0 up
ip -n far link set lo up
mkdir -p /etc/far
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout /etc/far/ca.key -out /etc/far/ca.crt 2>/dev/null
certificate() { # NAME ALTERNATIVE-NAME
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "/etc/far/$1.key" -out "/etc/far/$1.csr" 2>/dev/null
  openssl x509 -req -days 2 -in "/etc/far/$1.csr" -CA /etc/far/ca.crt -CAkey /etc/far/ca.key -CAcreateserial \
    -extfile <(printf 'subjectAltName=%s' "$2") -out "/etc/far/$1.crt" 2>/dev/null
}
certificate broker DNS:broker.example,DNS:broker.local,IP:192.0.2.2
certificate meter DNS:meter
chmod 600 /etc/far/*.key
printf 'meter:secret\n' >/etc/far/passwords
mosquitto_passwd -U /etc/far/passwords
cat >/etc/far/mosquitto.conf <<CONF
per_listener_settings true
listener 1883 192.0.2.2
password_file /etc/far/passwords
listener 8883 192.0.2.2
allow_anonymous true
cafile /etc/far/ca.crt
certfile /etc/far/broker.crt
keyfile /etc/far/broker.key
require_certificate true
user root
CONF
chmod 644 /etc/far/passwords
systemd-run --quiet --unit=far ip netns exec far mosquitto -c /etc/far/mosquitto.conf
far() { mosquitto_sub -h 192.0.2.2 -p 1883 -u meter -P secret -t "$1" -C 1 -W 3 2>/dev/null; }
# A message that comes now: not what the broker still has.
far_sends() { [ -n "$(mosquitto_sub -h 192.0.2.2 -p 1883 -u meter -P secret -t "$1" -R -C 1 -W 15 2>/dev/null)" ]; }
within 10 "the far broker answers" far '$SYS/broker/version'

printf 'secret\n' >/etc/mqtt.password
chmod 600 /etc/mqtt.password
# Of the simulated meter of Luxembourg: `p1meter show profiles`.
printf '000102030405060708090A0B0C0D0E0F\n' >/etc/meter.decryption
chmod 600 /etc/meter.decryption
mkdir -p /etc/systemd/system/p1meter.service.d
cat >/etc/systemd/system/p1meter.service.d/credentials.conf <<CONF
[Service]
LoadCredential=mqtt.password:/etc/mqtt.password
LoadCredential=meter.decryption:/etc/meter.decryption
LoadCredential=ca.crt:/etc/far/ca.crt
LoadCredential=meter.crt:/etc/far/meter.crt
LoadCredential=meter.key:/etc/far/meter.key
CONF
systemctl daemon-reload
far_is() { [ "$(far "$1")" = "$2" ]; }
goes_to() { # TEXT, then the mqtt part
  local text=$1
  printf '%s\n' "mqtt: $2" "$simulated_home" >$config
  systemctl restart p1meter
  within 30 "$text" far_is p1meter/status online
  within 30 "$text: values" far_sends p1meter/home/power_import
  systemctl stop p1meter
  within 10 "$text: goodbye" far_is p1meter/status offline
}
goes_to "a remote broker, with a password as credential" '{host: 192.0.2.2, username: meter, password_file: "%d/mqtt.password"}'

# ---- names
systemd-run --quiet --unit=names python3 "$PWD/names.py" broker.example 192.0.2.2
rm -f /etc/resolv.conf
printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
within 10 "the name server answers" getent hosts broker.example
goes_to "a broker by a DNS name" '{host: broker.example, username: meter, password_file: "%d/mqtt.password"}'
goes_to "over TLS, certificate and key as credentials" \
  '{host: broker.example, port: 8883, tls: {ca: "%d/ca.crt", certificate: "%d/meter.crt", key: "%d/meter.key"}}'
systemctl start avahi-daemon
systemd-run --quiet --unit=mdns avahi-publish --address --no-reverse broker.local 192.0.2.2
within 20 "mDNS answers" getent hosts broker.local
goes_to "a broker by an mDNS name" '{host: broker.local, username: meter, password_file: "%d/mqtt.password"}'

# ---- a serial port of the group dialout
systemd-run --quiet --unit=port python3 "$PWD/port.py" /dev/p1meter-test p1meter simulate dsmr5 --period 1s
within 10 "a port is there" test -e /dev/p1meter-test
printf '%s\n' "mqtt: {host: 192.0.2.2, username: meter, password_file: '%d/mqtt.password'}" >$config
systemctl restart p1meter
within 60 "a serial port is read, found by its name" far_sends p1meter/home/power_import

systemctl stop p1meter port
systemd-run --quiet --unit=ciphered python3 "$PWD/port.py" /dev/p1meter-test p1meter simulate luxembourg --period 1s
within 10 "a port with a meter that ciphers" test -e /dev/p1meter-test
printf '%s\n' "mqtt: {host: 192.0.2.2, username: meter, password_file: '%d/mqtt.password'}" \
  "meters: [{name: home, source: auto, decryption_key_file: '%d/meter.decryption'}]" >$config
systemctl restart p1meter
within 60 "is read with its key as credential" far_sends p1meter/home/power_import

# ---- what is kept out
check "no capabilities" grep --quiet '^CapEff:.0*$' "/proc/$(property MainPID)/status"
check "no new privileges" grep --quiet '^NoNewPrivs:.1' "/proc/$(property MainPID)/status"
# As root: what is refused here, no mode of a file has refused.
in_sandbox() { nsenter --target "$(property MainPID)" --mount -- "$@"; }
touch /root/seen
is_read_only() { [[ $(in_sandbox touch "$1/x" 2>&1) == *'Read-only file system'* ]]; }
for directory in /etc /usr /var; do check "$directory is read-only" is_read_only "$directory"; done
check "its state is not" in_sandbox touch /var/lib/p1meter/x
rm /var/lib/p1meter/x
check "homes are not seen" refute in_sandbox test -e /root/seen
check "memory is limited" test "$(property MemoryMax)" = $((128 * 1024 * 1024))
check "tasks are limited" test "$(property TasksMax)" = 32
finish
