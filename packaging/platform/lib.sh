# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

P1METER_CACHE=${P1METER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/p1meter-platform}

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Print the comment block at the top of the calling script, which is its help.
print_help() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

need_root() { [ "$(id -u)" -eq 0 ] || die "needs root (mounts, chroot)"; }

# need TOOL=PACKAGE...: name every missing package at once.
need() {
    local missing=() pair
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -eq 0 ] || die "missing tools; run: apt-get install --no-install-recommends ${missing[*]}"
}

need_suite() { case $1 in bookworm|trixie) ;; *) die "suite must be bookworm or trixie, not '$1'" ;; esac; }

# The Debian mirror this machine's apt already uses; all suites of one mirror share a URI.
# No trailing slash: some mirrors answer "400 Bad Request" to a double slash.
debian_mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' |
        awk '$2 == "Debian" { print $1; exit }')
    [ -n "$uri" ] || die "no Debian archive in apt's sources; run 'apt-get update' first"
    printf '%s\n' "${uri%/}"
}

# Foreign binaries run through qemu-user once binfmt_misc knows them. The F flag in Debian's
# rules opens the interpreter at registration, so it also works inside a chroot without a copy.
enable_foreign_binaries() {
    local machine=$1 dir=/proc/sys/fs/binfmt_misc
    [ -e $dir/register ] || mount -t binfmt_misc binfmt_misc $dir
    [ -e "$dir/qemu-$machine" ] || cat "/usr/lib/binfmt.d/qemu-$machine.conf" >$dir/register
}

# qemu's name for a Debian architecture
qemu_machine() {
    case $1 in
        armhf) echo arm ;;
        arm64) echo aarch64 ;;
        amd64) echo x86_64 ;;
        *) die "architecture must be amd64, arm64 or armhf, not '$1'" ;;
    esac
}

# The processor that qemu-user plays for a Debian architecture: that of the oldest Raspberry Pi the package serves (2 and 3),
# so that what a newer one understands is not taken for granted. Its default for arm64 signs pointers, which made
# decoding several times slower. Nothing for amd64, which runs as it is.
emulated_processor() {
    case $1 in
        armhf) echo cortex-a7 ;;
        arm64) echo cortex-a53 ;;
    esac
}

# Eight hex digits naming a list of words, so that a cached root is rebuilt when its packages change.
short_hash() { printf '%s\n' "$@" | sort | sha256sum | cut -c1-8; }

# Where roots are unpacked: TMPDIR if set, else memory if there is plenty. Unpacking a cross root of
# 1 GB in 34 000 files and deleting it took 2.5 s in memory and 20 s on disk.
scratch_dir() {
    local free
    free=$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -1) || free=0
    if [ -n "${TMPDIR-}" ]; then
        printf '%s\n' "$TMPDIR"
    elif [ "${free:-0}" -ge 8192 ] &&
        ! findmnt --noheadings --output OPTIONS /dev/shm | grep -qE '\b(nodev|noexec)\b'; then
        echo /dev/shm
    else
        echo /var/tmp
    fi
}
