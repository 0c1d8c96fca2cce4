#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Decodes every sample with the programs of two packages, of which the second may be of another architecture (it runs
# emulated), and compares what they say to the byte.
#
#   tests/system/decode-samples.sh DEB-AMD64 DEB-OTHER
#
# Samples: tests/data, and the telegrams of real meters where they are there ($P1METER_CORPUS, else ../shared/corpus).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=$here/../../packaging/platform
. "$platform/lib.sh"
case ${1-} in -h|--help) print_help; exit 0 ;; '') print_help >&2; exit 64 ;; esac
[ $# -eq 2 ] || { print_help >&2; exit 64; }
corpus=${P1METER_CORPUS-$here/../../../shared/corpus}
folders=("$here/../data")
if [ -d "$corpus" ]; then folders+=("$corpus"); else echo "only our own samples: $corpus is not there"; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/samples"
number=0
while IFS= read -r -d '' file; do
  number=$((number + 1))
  cp "$file" "$work/samples/$(printf '%04d' "$number")"
done < <(find "${folders[@]}" -type f \( -name '*.telegram' -o -name '*.telegrams' -o -name '*.txt' -o -name '*.hex' -o -name '*.bin' -o -name '*.raw' -o -name '*.stream' -o -name '*.p1' \) -print0 | sort -z)
tar --create --file "$work/samples.tar" --directory "$work" samples
cat >"$work/script" <<'SCRIPT'
cd /root
tar -xf samples.tar
for file in samples/*; do
  echo "== ${file##*/}"
  for format in json yaml csv; do
    status=0
    p1meter decode --format $format "$file" 2>&1 || status=$?
    echo "-- $format: status $status"
  done
done
SCRIPT
for deb in "$1" "$2"; do
  case $(dpkg-deb --field "$deb" Version) in *~deb12) suite=bookworm ;; *) suite=trixie ;; esac
  "$platform/install-test.sh" "$suite" "$deb" "$work/script" "$work/samples.tar" >"$work/$(dpkg-deb --field "$deb" Architecture).out"
done
other=$(dpkg-deb --field "$2" Architecture)
cmp "$work/amd64.out" "$work/$other.out" || { diff "$work/amd64.out" "$work/$other.out" | head -20; exit 1; }
printf '%d samples: %s says the same as amd64, %d bytes of output\n' "$number" "$other" "$(stat --format=%s "$work/amd64.out")"
