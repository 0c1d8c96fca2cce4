#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which version of p1meter apt would install from an archive, for the running p1meter to show: called once a day by
# p1meter-candidate.service. No file where no archive has one: apt then only knows what is installed.
set -eu
export LC_ALL=C
cd "$RUNTIME_DIRECTORY"
candidate=$(apt-cache policy p1meter | sed -n 's/^  Candidate: //p')
if [ -n "$candidate" ] && apt-cache madison p1meter | grep --quiet --fixed-strings "| $candidate |"; then
	printf '%s\n' "$candidate" >version.new
	mv version.new version
else
	rm -f version
fi
