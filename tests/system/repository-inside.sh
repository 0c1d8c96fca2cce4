#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Inside the booted system of repository.sh: the installed version finds a newer one in apt, says so, and is upgraded.
set -euo pipefail
cd "$(dirname "$0")"
. ./inside.sh
mark
start_broker
tar --extract --file repository.tar --directory /srv
systemd-run --quiet --unit=web --working-directory=/srv/repository python3 -m http.server --bind 127.0.0.1 8000
is_served() { python3 -c 'import urllib.request as r; r.urlopen("http://127.0.0.1:8000/52p1meter")'; }
within 10 "the repository is served" is_served
. /etc/os-release
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
cp "/srv/repository/p1meter-$VERSION_CODENAME.sources" /etc/apt/sources.list.d/
cp /srv/repository/52p1meter /etc/apt/apt.conf.d/
configure "$simulated_home"
systemctl enable --now --quiet p1meter
within 20 "the installed version runs" message_is p1meter/status online
before=$(dpkg-query --show --showformat='${Version}' p1meter)
check "apt trusts the repository" apt-get --quiet=2 update
check "the look at apt" systemctl start p1meter-candidate.service
check "finds the newer version, which the service may read" setpriv --reuid p1meter --regid p1meter --clear-groups grep --quiet '^9\.9\.9-1' /run/p1meter-candidate/version
newer_is_told() { [[ $(message p1meter/statistics 65) == *'"latest_version":"9.9.9"'* ]]; }
within 150 "which the statistics tell" newer_is_told
updates_are_announced() { [[ $(mosquitto_sub -h 127.0.0.1 -p "$broker_port" -t 'homeassistant/#' -W 2 2>/dev/null) == *latest_version* ]]; }
within 30 "and Home Assistant is shown" updates_are_announced
check "unattended-upgrades" unattended-upgrade --verbose
check "installs it (was $before)" test "$(dpkg-query --show --showformat='${Version}' p1meter)" != "$before"
within 20 "and it runs" message_is p1meter/status online
# A repository that somebody else has signed is not trusted.
sed -i 's/^Suite: .*/Suite: changed/' "/srv/repository/dists/$VERSION_CODENAME/InRelease"
rm -rf /var/lib/apt/lists/*
refuses() { [[ $(apt-get update 2>&1) =~ BADSIG|invalid|'not signed'|verified ]]; }
check "a changed repository is refused" refuses
finish
