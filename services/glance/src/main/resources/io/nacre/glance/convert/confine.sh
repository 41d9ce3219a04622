# Runs a program that sees nothing but its input, its output and its own libraries. It is started in namespaces of its
# own, as their first process: when it ends, all in them ends.
# usage: confine.sh ROOT INPUT OUTPUT FILE... -- PROGRAM ARGUMENT...
#   ROOT is an empty folder; the program finds its input as /in and its output as /out; what else it needs are the FILEs.
# It ends, too, when the standard input does: then whoever started it is gone.
set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 in=$2 out=$3
shift 3
mount -t tmpfs -o size=64k,mode=755,nosuid none "$root"
show() {
  mkdir -p "$root${2%/*}"
  : > "$root$2"
  mount --bind "$1" "$root$2"
  mount -o "remount,bind,nosuid,$3" "$root$2"
}
show "$in" /in ro,nodev,noexec
show "$out" /out rw,nodev,noexec
show /dev/null /dev/null rw,noexec
while [ "$1" != -- ]; do
  show "$1" "$1" ro,nodev
  shift
done
shift
mount -o remount,ro "$root"
exec 3<&0
{ cat <&3 >/dev/null; kill -9 -1; } >/dev/null 2>&1 &
chroot "$root" /usr/bin/setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@" </dev/null 3<&- &
wait $!
