#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Make a virtual machine image with a real kernel and udev, for vm.py.
#
#   make-vm-image.sh SUITE [PACKAGE...]
#
#   SUITE    bookworm or trixie
#   PACKAGE  extra packages inside (the dependencies of the package under test, mosquitto, ...)
#
# The image's directory is the only line on standard output. It is kept in $P1METER_CACHE (default
# ${XDG_CACHE_HOME:-~/.cache}/p1meter-platform) under a name made from the inputs, and reused. It holds
#   disk.qcow2    root file system        vmlinuz, initrd    Debian's kernel, booted directly
#   booted.qcow2  overlay with a snapshot of the booted machine, which vm.py resumes in seconds
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/../lib.sh"

case ${1-} in
    --help) print_help; exit 0 ;;
    -*) die "unknown option $1 (try --help)" ;;
    '') die "needs SUITE (try --help)" ;;
esac
suite=$1; shift
need_suite "$suite"
need_root
need mmdebstrap=mmdebstrap qemu-system-x86_64=qemu-system-x86 qemu-img=qemu-utils mke2fs=e2fsprogs python3=python3

# linux-image-amd64, not -cloud-amd64: the cloud kernel lacks vhci-hcd and ftdi_sio.
packages=(systemd-sysv udev dbus kmod linux-image-amd64 initramfs-tools zstd qemu-guest-agent adduser procps
          iproute2 python3 "$@")
# A snapshot is resumed only by the QEMU that made it.
image=$P1METER_CACHE/vm-$suite-$(short_hash "${packages[@]}" "$(qemu-system-x86_64 --version)")
if [ -s "$image/booted.qcow2" ]; then say "have $image"; printf '%s\n' "$image"; exit 0; fi
rm -rf "$image"
mkdir -p "$P1METER_CACHE"
work=$(mktemp -d "$(scratch_dir)/p1meter-vm.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$work/image"

say "making $image"
# The initramfs carries only what mounts the root; unpacking Debian's full one takes a minute under emulation.
cat >"$work/initramfs.conf" <<'CONF'
MODULES=list
COMPRESS=zstd
CONF
# No gateway and no DNS: the guest reaches the host's loopback as 10.0.2.2 and nothing else.
cat >"$work/10-host.network" <<'CONF'
[Match]
Type=ether
[Network]
Address=10.0.2.15/24
LinkLocalAddressing=no
IPv6AcceptRA=no
CONF
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TMPDIR="$(scratch_dir)" \
    mmdebstrap --quiet --mode=root --variant=minbase \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
    --essential-hook="cp '$work/initramfs.conf' \"\$1/etc/initramfs-tools/conf.d/vm\"" \
    --essential-hook='printf "%s\n" virtio_pci virtio_blk ext4 >"$1/etc/initramfs-tools/modules"' \
    --include="$(IFS=,; echo "${packages[*]}")" \
    --customize-hook="cp '$work/10-host.network' \"\$1/etc/systemd/network/\"" \
    --customize-hook='printf "%s\n" vhci-hcd ftdi_sio >"$1/etc/modules-load.d/emulated-cable.conf"' \
    --customize-hook='chroot "$1" systemctl enable systemd-networkd.service' \
    --customize-hook='chroot "$1" systemctl mask getty.target serial-getty@ttyS0.service apt-daily.timer \
        apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer' \
    --customize-hook='echo p1meter-vm >"$1/etc/hostname"; echo "127.0.0.1 localhost p1meter-vm" >"$1/etc/hosts"' \
    "$suite" "$work/root" "deb $(debian_mirror) $suite main" >&2
cp "$work"/root/boot/vmlinuz-* "$work/image/vmlinuz"
# Unpacked here once rather than by the emulated processor; trixie's begins with an unpacked part and stays as it is.
zstd --quiet --decompress --stdout "$work"/root/boot/initrd.img-* >"$work/image/initrd" 2>/dev/null ||
    cp "$work"/root/boot/initrd.img-* "$work/image/initrd"

size=$(( $(du -sm "$work/root" | cut -f1) + 1024 ))
mke2fs -q -t ext4 -d "$work/root" "$work/disk.raw" "${size}M" >&2
rm -rf "$work/root"
qemu-img convert -O qcow2 -c "$work/disk.raw" "$work/image/disk.qcow2"
rm "$work/disk.raw"
mv "$work/image" "$image"
trap 'rm -rf --one-file-system "$work" "$image"' EXIT
python3 "$here/vm.py" prepare "$image" >&2
trap 'rm -rf --one-file-system "$work"' EXIT
printf '%s\n' "$image"
