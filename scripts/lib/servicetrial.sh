#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# servicetrial.sh DEBIAN: boots the systemd of that Debian, in which ferryd and ferry are installed, in
# namespaces of its own, and runs the service as its operators do. Needs root and cgroup 2. 77 if this
# machine does not let a systemd start.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
inside=$1
home=/home/anna
groups=$(findmnt --noheadings --types cgroup2 --output TARGET | head -n 1)
[[ -n $groups ]] || { echo "skipped: no cgroup 2 here"; exit 77; }
# What an earlier one left that was killed.
for left in "$groups"/ferry-trial.*; do
    ! grep -qx 'populated 0' "$left/cgroup.events" 2>/dev/null || find "$left" -depth -type d -exec rmdir {} +
done
own_group=$(mktemp -d "$groups/ferry-trial.XXXXXX")
booted=
cleanup() {
    local status=$?
    ((status == 0 || status == 77)) || [[ -z $booted ]] ||
        nsenter --target "$booted" --all /bin/journalctl --no-pager --lines 20 --unit ferryd || true
    [[ -z $booted ]] || kill -KILL "$booted" 2>/dev/null || true
    local tries
    for ((tries = 0; tries < 50; ++tries)); do
        ! find "$own_group" -depth -type d -exec rmdir {} + 2>/dev/null || break
        sleep 0.1
    done
}
trap cleanup EXIT

# A chroot would not do: who is in one gets no user namespace (PrivateUsers=).
# shellcheck disable=SC2016 # the inner shell expands it
boot='
    set -e
    mount --make-rprivate /
    mount --bind "$0" "$0"
    cd "$0"
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    for folder in run tmp dev; do mount -t tmpfs tmpfs "$folder"; done
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir -p dev/pts dev/shm dev/mqueue before
    mount -t devpts devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ip link set lo up
    pivot_root . before
    umount -l /before
    exec env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd'
(
    echo "$BASHPID" >"$own_group/cgroup.procs"
    exec setpriv --pdeathsig KILL \
        unshare --cgroup --pid --fork --kill-child --mount --uts --ipc --net bash -c "$boot" "$inside"
) >"$inside/../boot.log" 2>&1 &
outer=$!
state=
for ((tries = 0; tries < 600; ++tries)); do
    booted=$(pgrep --parent "$outer" || true)
    [[ -z $booted ]] || state=$(nsenter --target "$booted" --all /bin/systemctl is-system-running 2>/dev/null || true)
    [[ $state != running && $state != degraded ]] || break
    kill -0 "$outer" 2>/dev/null || break
    sleep 0.1
done
[[ $state == running || $state == degraded ]] || { echo "skipped: systemd does not start here"; exit 77; }
there() { nsenter --target "$booted" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"; }
status() { there systemctl show --property StatusText --value ferryd; }
wait_for() { # COMMAND…: a minute at most
    local tries
    for ((tries = 0; tries < 600; ++tries)); do
        ! "$@" || return 0
        sleep 0.1
    done
    die "this did not come true: $*"
}
is_active() { [[ $(there systemctl is-active ferryd) == active ]]; }
says() { [[ $(status) == *"$1"* ]]; }

mkdir -p "$inside/srv/service" "$inside/srv/trial" "$inside$home/Photos"
head -c 30000000 /dev/urandom >"$inside/srv/service/file"
echo a photo >"$inside$home/Photos/photo"

say "The service, not configured, enabled, started"
! there systemctl is-enabled ferryd ferryd-tls.socket ferryd-classic.socket | grep -x enabled ||
    die "the service is enabled, which nobody asked for"
cp "$inside/etc/ferry/ferryd.conf" "$inside/../kept.conf"
printf 'share = /srv/service\n' >>"$inside/etc/ferry/ferryd.conf"
there systemctl enable --now ferryd 2>/dev/null
is_active
get() { there env FERRY_PASSWORD="$(cat "$inside/var/lib/ferry/password")" ferry get --quiet --data-dir /srv/trial/client --trust-new -d "$1" "${@:3}" 127.0.0.1 "$2"; }
get /srv/trial/first service
cmp "$inside/srv/service/file" "$inside/srv/trial/first/service/file"
! there journalctl --unit ferryd | grep -F "$(cat "$inside/var/lib/ferry/password")" ||
    die "the password is in the journal"

say "A share in a home folder, with and without the drop-in"
printf 'share = %s/Photos\n' "$home" >>"$inside/etc/ferry/ferryd.conf"
there systemctl reload ferryd
says "does not see $home/Photos" || die "the status is: $(status)"
get /srv/trial/second service
! there systemctl restart ferryd 2>/dev/null || die "it started with a share that it cannot see"
# What it says is what is written.
mkdir -p "$inside/etc/systemd/system/ferryd.service.d"
said=$(there journalctl --unit ferryd --output cat)
grep -A 1 --max-count 1 -Fx '[Service]' <<<"$said" >"$inside/etc/systemd/system/ferryd.service.d/shares.conf"
there systemctl daemon-reload
there systemctl reset-failed ferryd
there systemctl restart ferryd
get /srv/trial/third Photos
cmp "$inside$home/Photos/photo" "$inside/srv/trial/third/Photos/photo"

say "A restart waits for files longer than systemd would"
printf '[Service]\nTimeoutStopSec=3\n' >"$inside/etc/systemd/system/ferryd.service.d/short.conf"
there systemctl daemon-reload
nsenter --target "$booted" --net python3 - "$inside/var/lib/ferry/password" "$inside/srv/trial/slow" <<'EOF' &
import os, socket, sys, time
peer = socket.socket()
peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
peer.connect(("127.0.0.1", 7421))
peer.sendall(b"AUTH " + open(sys.argv[1], "rb").read().strip() + b"\r\nFILE /service/file\r\n")
begun, got, end = time.monotonic(), 0, b""
while piece := peer.recv(65536):
    got += len(piece)
    end = (end + piece)[-200:]
    if got > 100_000 and not os.path.exists(sys.argv[2]):
        open(sys.argv[2], "w").close()
    # Ten seconds, three times what systemd would wait.
    time.sleep(0.002 if time.monotonic() - begun < 10 else 0)
sys.exit(b"sent successfully.\r\n" not in end)
EOF
slow=$!
wait_for test -e "$inside/srv/trial/slow"
there systemctl restart ferryd
wait "$slow" || die "the file did not arrive"
is_active

say "A stop lets a download end, also between its parts"
get /srv/trial/parts service/file --limit-rate 3M &
parts=$!
has_begun() { [[ -n $(find "$inside/srv/trial/parts" -name '*.part' -size +1M 2>/dev/null) ]]; }
wait_for has_begun
there systemctl stop ferryd 2>/dev/null
wait "$parts" || die "the download was cut off"
cmp "$inside/srv/service/file" "$inside/srv/trial/parts/file"

say "A visitor starts a stopped service"
! is_active || die "it is not stopped"
get /srv/trial/fourth service
is_active
# As before, for who goes on with this Debian.
there systemctl disable --now ferryd ferryd-tls.socket ferryd-classic.socket 2>/dev/null
cp "$inside/../kept.conf" "$inside/etc/ferry/ferryd.conf"
rm -r "$inside/etc/systemd/system/ferryd.service.d" "$inside/srv/service" "$inside/srv/trial" "$inside$home"
printf 'all of it as it should be\n'
