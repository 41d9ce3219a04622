#!/bin/bash
# Builds the small test guest: guest/build.sh DIR makes DIR/guest.qcow2 (and DIR/vmlinuz, DIR/initrd).
# README.md says what the guest is. Needs Debian packages only, no root, no mount and no loop device.
# An image that was built from the same recipe before is left alone, so calling this again costs nothing.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
here=$(dirname "$(realpath "$0")")
[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }

missing=()
while read -r tool package; do
  [ -e "$tool" ] || command -v "$tool" >/dev/null || missing+=("$package")
done <<'TOOLS'
/bin/busybox busybox-static
dropbear dropbear-bin
dropbearkey dropbear-bin
syslinux syslinux
/usr/lib/syslinux/mbr/mbr.bin syslinux-common
mcopy mtools
mkfs.vfat dosfstools
mkfs.ext4 e2fsprogs
resize2fs e2fsprogs
lsblk util-linux
sfdisk fdisk
cpio cpio
lz4 lz4
xxd xxd
fakeroot fakeroot
qemu-img qemu-utils
TOOLS
if [ ${#missing[@]} -gt 0 ]; then
  echo "The guest image needs these packages:  apt-get install $(printf '%s\n' "${missing[@]}" | sort -u | xargs)" >&2
  exit 3
fi

# the files in the image belong to root and one is setuid: fakeroot remembers that when we are not root
[ "$(id -u)" = 0 ] || [ -n "${FAKEROOTKEY:-}" ] || exec fakeroot "$0" "$@"

mkdir -p "$1"; out=$(realpath "$1")
exec 8>"$out/lock"; flock 8
recipe=$(cd "$here" && find . -type f ! -name README.md -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
[ ! -e "$out/guest.qcow2" ] || [ "$(cat "$out/recipe" 2>/dev/null)" != "$recipe" ] || { echo "$out/guest.qcow2"; exit 0; }

boot_mib=18 root_mib=32
# The last word of each group is there because something went wrong without it: an emulated TSC that was
# calibrated on a loaded host runs up to 30 times too fast, and DHCP then gives up (hence acpi_pm).
cmdline="console=tty0 console=ttyS0 quiet panic=5 clocksource=acpi_pm
  mitigations=off nokaslr no_timer_check cryptomgr.notests random.trust_cpu=on"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# ---- kernel: taken out of its package, never installed -------------------------------------------
mkdir -p "$out/packages"
if ! ls "$out"/packages/linux-image-*.deb >/dev/null 2>&1; then
  name=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}')
  [ -n "$name" ] || { echo "apt knows no linux-image-cloud-amd64: run apt-get update" >&2; exit 4; }
  (cd "$out/packages" && apt-get -q download "$name" >"$work/apt.log" 2>&1) || { cat "$work/apt.log" >&2; exit 4; }
fi
dpkg-deb -x "$(ls "$out"/packages/linux-image-*.deb | tail -1)" "$work/kernel"
release=$(basename "$work"/kernel/lib/modules/*)
modules=$work/kernel/lib/modules/$release
busybox depmod -b "$work/kernel" "$release"

# add_modules TREE NAME...: copies the modules and all they need, and lists them in loading order
add_modules() {
  local tree=$1 name file; shift
  mkdir -p "$tree/lib/modules"; touch "$tree/lib/modules/order"
  for name in "$@"; do
    # a line of modules.dep names the module first and what it needs after it, in reverse loading order
    file=$(awk -v n="/${name//_/[-_]}[.]ko:" '$1 ~ n {for (i = NF; i > 1; i--) print $i; sub(":", "", $1); print $1}' "$modules/modules.dep")
    [ -n "$file" ] || { echo "kernel $release has no module $name" >&2; exit 5; }
    for file in $file; do
      grep -qsx "${file##*/}" "$tree/lib/modules/order" "$work/initramfs/lib/modules/order" && continue
      cp "$modules/$file" "$tree/lib/modules/"; echo "${file##*/}" >> "$tree/lib/modules/order"
    done
  done
}

# add_program TREE PROGRAM: copies a program of this machine and its libraries to the same places
add_program() {
  local tree=$1 program library
  program=$(command -v "$2")
  install -D -m 755 "$(realpath "$program")" "$tree/usr/${program#/usr/}"
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    [ -e "$tree$library" ] || install -D -m 755 "$(realpath "$library")" "$tree$library"
  done
}

# ---- initramfs: finds the root partition and hands over ------------------------------------------
initramfs=$work/initramfs
mkdir -p "$initramfs"/{bin,dev,proc,sys,root}
cp /bin/busybox "$initramfs/bin/busybox"
install -m 755 "$here/initramfs/init" "$initramfs/init"
add_modules "$initramfs" virtio_pci virtio_blk virtio_scsi sd_mod
(cd "$initramfs" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet) | lz4 -l -9 -q > "$out/initrd"
cp "$work/kernel/boot/vmlinuz-$release" "$out/vmlinuz"

# ---- root file system -----------------------------------------------------------------------------
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,usr/lib,dev,proc,sys,run,tmp,mnt,root,home/cirros,etc,var/lib/cloud,var/log}
ln -s /run "$root/var/run"
# Debian's busybox shell prefers its own applets to programs; under another name its mke2fs is out of the way
# of the real one, which knows ext4
sed 's/mke2fs/mke2FS/g' /bin/busybox > "$root/bin/busybox"; chmod 755 "$root/bin/busybox"
for applet in $(busybox --list); do case "$applet" in busybox | mke2fs) ;; *) ln -s busybox "$root/bin/$applet" ;; esac; done
for applet in init poweroff reboot halt getty ip; do ln -s ../bin/busybox "$root/sbin/$applet"; done
for program in dropbear dropbearkey resize2fs mke2fs lsblk blkid; do add_program "$root" "$program"; done
cp /etc/mke2fs.conf "$root/etc/" 2>/dev/null || true
add_modules "$root" virtio_net
mv "$root/lib/modules/order" "$root/lib/modules/order.network"
: > "$root/lib/modules/order"
add_modules "$root" ata_piix sr_mod isofs vfat nls_cp437 nls_ascii nls_utf8 virtio_rng virtio_balloon evdev button
grep -vxFf "$root/lib/modules/order.network" "$root/lib/modules/order" > "$work/order"; mv "$work/order" "$root/lib/modules/order"

cp -r "$here/rootfs/." "$root/"
sed 's/#.*//' "$here/sudo.hex" | xxd -r -p > "$root/usr/bin/sudo"
password() { busybox mkpasswd -m sha512 -S "$1" "$2"; }
printf 'root:%s:19000:0:99999:7:::\ncirros:%s:19000:0:99999:7:::\n' \
  "$(password nacreroot gocubsgo)" "$(password nacreguest gocubsgo)" > "$root/etc/shadow"
printf 'kernel %s\nrecipe %s\n' "$release" "$recipe" > "$root/etc/image-release"
ln -s /run/resolv.conf "$root/etc/resolv.conf"

chown -R 0:0 "$root"; chown -R 1000:1000 "$root/home/cirros"
find "$root/etc" "$root/usr/lib/sudo.sh" "$root/usr/share" -type f -exec chmod 644 {} +
chmod 755 "$root"/etc/init.d/* "$root"/etc/acpi/PWRF/* "$root"/usr/share/udhcpc/* "$root"/sbin/* "$root"/usr/bin/*
chmod 600 "$root/etc/shadow"; chmod 1777 "$root/tmp"; chmod 700 "$root/root"; chmod 4755 "$root/usr/bin/sudo"
# busybox keeps root's rights for applets such as ping and su, and lays them down for all others
chmod 4755 "$root/bin/busybox"

# ---- disk: MBR, a FAT partition for the loader, an ext4 partition ----------------------------------
disk=$work/disk.raw
start=$((1 + boot_mib))
# The table gives the root partition nearly 2 TiB. Linux cuts it to the size of the disk that is really
# there, so that growing the root needs no new table, only resize2fs.
truncate -s 2047G "$disk"
sfdisk -q "$disk" <<TABLE
label: dos
label-id: 0x6e616372
start=2048, size=$((boot_mib * 2048)), type=6, bootable
start=$((start * 2048)), type=83
TABLE
truncate -s $((start + root_mib + 1))M "$disk"
mkfs.ext4 -q -F -L guestroot -m 0 -J size=4 -O ^metadata_csum,^64bit,^huge_file \
  -E resize=67108864,lazy_itable_init=0 -N 4096 -d "$root" "$work/root.img" ${root_mib}M >/dev/null
dd if="$work/root.img" of="$disk" bs=1M seek=$start conv=notrunc status=none
truncate -s ${boot_mib}M "$work/boot.img"
mkfs.vfat -n BOOT "$work/boot.img" >/dev/null
printf 'DEFAULT linux\nPROMPT 0\nTIMEOUT 0\nLABEL linux\n KERNEL vmlinuz\n INITRD initrd\n APPEND %s\n' \
  "$(echo $cmdline)" > "$work/syslinux.cfg"
mcopy -i "$work/boot.img" "$out/vmlinuz" "$out/initrd" "$work/syslinux.cfg" ::
dd if="$work/boot.img" of="$disk" bs=1M seek=1 conv=notrunc status=none
syslinux --install --offset $((2048 * 512)) "$disk"
dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
qemu-img convert -c -f raw -O qcow2 "$disk" "$out/guest.qcow2.new"
mv "$out/guest.qcow2.new" "$out/guest.qcow2"
echo "$recipe" > "$out/recipe"
echo "$out/guest.qcow2"
