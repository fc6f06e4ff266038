#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packagetrial.sh PACKAGES [TAR]: a Debian of its own (from TAR, if mmdebstrap has made it before), in
# which they are installed, used, upgraded while a transfer runs, tried by autopkgtest, removed and
# purged. Needs root and a Debian mirror.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
((EUID == 0)) || die "only root can make another Debian"

# All of it runs and is mounted in namespaces that end with this script, even if that is killed.
if [[ $1 != --inside ]]; then
    place=$(mktemp -d)
    inner=
    trap 'kill -KILL $inner 2>/dev/null || true; rm -rf --one-file-system "$place"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$place" "$@" &
    inner=$!
    wait "$inner"
    inner=
    exit
fi
place=$2
packages=$(cd "$3" && pwd)
inside=$place/debian
running=
trap '[[ -z $running ]] || kill "$running" 2>/dev/null || true' EXIT

say "A bare Debian"
if [[ -n ${4:-} ]]; then
    mkdir "$inside"
    tar -x -C "$inside" -f "$4"
else
    mmdebstrap --quiet --variant=apt bookworm "$inside"
fi
mkdir "$inside/packages"
mount --bind "$packages" "$inside/packages"
mount -t proc proc "$inside/proc"
mount --rbind /dev "$inside/dev"
cp /etc/resolv.conf "$inside/etc/resolv.conf"
in_there() { chroot "$inside" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
apt() { in_there apt-get -qq -o Dpkg::Use-Pty=0 --yes --no-install-recommends "$@" >>"$place/apt.log" 2>&1 || { tail -n 30 "$place/apt.log"; die "apt-get $*"; }; }
deb() { echo "/packages/$(cd "$packages" && echo "$1"_*.deb)"; } # as it is called in there
apt update
left() { (cd "$inside" && find . -xdev -iname '*ferry*' -not -path './packages*' -not -path './share/*' | sort); }
[[ -z $(left) ]] || die "there is a ferry already: $(left)"
mkdir -p "$inside/share/pub"
head -c 3000000 /dev/urandom >"$inside/share/pub/file"

# As the unit does it; there is no systemd in here.
serve() {
    in_there setpriv --reuid=ferry --regid=ferry --clear-groups env XDG_DATA_HOME=/var/lib \
        ferryd --config /etc/ferry/ferryd.conf --listen 127.0.0.1:0 --classic off >"$place/said" 2>"$place/log" &
    running=$!
    local tries
    for ((tries = 0; tries < 300; ++tries)); do
        ! grep -q '^ready$' "$place/said" || break
        kill -0 $running || die "ferryd did not start: $(cat "$place/log")"
        sleep 0.1
    done
    address=$(sed -n 's/^listening tls //p' "$place/said")
    fingerprint=$(sed -n 's/^fingerprint //p' "$place/said")
}
end_server() {
    kill $running
    wait $running || true
    running=
}
get() {
    rm -rf "$inside/got"
    in_there env FERRY_PASSWORD="$(cat "$inside/var/lib/ferry/password")" \
        ferry get --quiet --data-dir /tmp/client --pin "$fingerprint" "$@" -d /got "$address" pub
    cmp "$inside/share/pub/file" "$inside/got/pub/file"
}

say "From apt install to the first verified transfer"
began=$SECONDS
first_transfer() {
    apt --install-recommends install "$(deb ferryd)" "$(deb ferry)" # as it is typed
    install -d -o "$(in_there id -u ferry)" -g "$(in_there id -g ferry)" -m 0700 "$inside/var/lib/ferry"
    printf 'share = /share/pub\n' >>"$inside/etc/ferry/ferryd.conf"
    serve
    get
}
TIMEFORMAT='%0R s; of the processor %0U s and, in the kernel, %0S s'
time first_transfer
took=$((SECONDS - began))
identity=$fingerprint

say "The windows"
apt install "$(deb ferry-common)" "$(deb ferry-server)" "$(deb ferry-client)"
for program in ferry-server ferry-client; do
    in_there env QT_QPA_PLATFORM=offscreen "$program" --version
done

say "autopkgtest"
apt install autopkgtest
mkdir "$inside/tmp/source"
cp -r "$root/debian" "$inside/tmp/source"
in_there sh -c 'autopkgtest --no-built-binaries /packages/*.deb /tmp/source/ -- null' >"$place/autopkgtest.log" 2>&1 || {
    tail -n 60 "$place/autopkgtest.log"
    die "autopkgtest"
}
sed -n '/ summary$/,/^autopkgtest/{/PASS/p}' "$place/autopkgtest.log"
rm -r "$inside/tmp/source"

say "An upgrade while a transfer runs"
for package in ferryd ferry; do
    dpkg-deb --raw-extract "$packages/${package}_"*.deb "$place/next"
    sed -i 's/^Version: .*/&+next/' "$place/next/DEBIAN/control"
    [[ ! -f $place/next/etc/ferry/ferryd.conf ]] || echo '# The next version says more.' >>"$place/next/etc/ferry/ferryd.conf"
    dpkg-deb --root-owner-group --build "$place/next" "$inside/tmp/$package.deb" >/dev/null
    rm -rf "$place/next"
done
get --limit-rate 50k &
transfer=$!
apt -o Dpkg::Options::=--force-confold install /tmp/ferryd.deb /tmp/ferry.deb
kill -0 $transfer || die "the transfer did not outlast the upgrade: it proves nothing"
wait $transfer
in_there dpkg-query --list ferryd ferry | grep -F +next
grep -q '^share = /share/pub$' "$inside/etc/ferry/ferryd.conf" || die "the configuration was replaced"
end_server
serve
[[ $fingerprint == "$identity" ]] || die "another identity after the upgrade"
get
end_server

say "The service under its own systemd"
apt install systemd
status=0
"$root/scripts/lib/servicetrial.sh" "$inside" || status=$?
((status == 0 || status == 77)) || die "the service does not do what it should"

say "Removed, and installed again"
apt remove ferryd
! in_there sh -c "command -v ferryd" || die "ferryd is still there"
grep -q '^share = /share/pub$' "$inside/etc/ferry/ferryd.conf" || die "the configuration is gone"
apt -o Dpkg::Options::=--force-confold install /tmp/ferryd.deb
serve
[[ $fingerprint == "$identity" ]] || die "another identity after it was removed"
end_server

say "Purged"
apt purge ferryd ferry ferry-server ferry-client ferry-common
rm -rf "$inside/got" "$inside/tmp"/*
[[ -z $(left) ]] || die "this is left: $(left)"
printf 'nothing is left but the user of the service, whose number must not be given to another:\n'
in_there getent passwd ferry
# Said last: it tells of the machine and the mirror, too.
((took <= 60)) || die "the first transfer took more than a minute: $took s, load $(cut -d ' ' -f 1-3 /proc/loadavg)"
