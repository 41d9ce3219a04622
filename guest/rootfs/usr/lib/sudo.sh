# The second half of sudo: /usr/bin/sudo (see guest/sudo.hex) became root and runs this. Everyone may.
[ "$(id -u)" = 0 ] || { echo "sudo: not setuid root" >&2; exit 1; }
export HOME=/root USER=root LOGNAME=root PATH=/usr/sbin:/usr/bin:/sbin:/bin
user=root shell=
while [ $# -gt 0 ]; do
  case "$1" in
    -u) user=$2; shift ;;
    -i | -s | --login | --shell) shell=1 ;;
    --) shift; break ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || [ -n "$shell" ] || { echo "usage: sudo [-u USER] [-i] COMMAND" >&2; exit 1; }
[ $# -gt 0 ] || set -- sh -l
[ "$user" = root ] && exec env -- "$@"
command=
for word in "$@"; do command="$command '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"; done
exec su "$user" -c "$command"
