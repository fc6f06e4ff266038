# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the scripts share. To be sourced; sets $root to the top of the tree.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# ensure_packages GROUP…: installs what is missing of these groups of scripts/packages.
# Silent and quick when everything is there.
ensure_packages() {
    local wanted missing as_root=()
    mapfile -t wanted < <(awk -v groups=" $* " \
        '!/^#/ && index(groups, " " $1 " ") { print $2 }' "$root/scripts/packages" | sort -u)
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        printf 'This is no Debian system. What these packages hold is needed:\n  %s\n' "${wanted[*]}" >&2
        return
    fi
    mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}") \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
            sed -n 's/^installed //p' | sort -u))
    ((${#missing[@]} == 0)) && return

    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "neither root nor sudo to install ${missing[*]}"
        as_root=(sudo ${CI:+-n})
    fi
    say "Installing ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update </dev/null || printf 'apt-get update failed; trying with the lists that are there\n' >&2
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null ||
        die "could not install ${missing[*]}"
}

# How many compilers at once: one per core, and one per 1.5 GB of free memory. FERRY_JOBS wins.
build_jobs() {
    if [[ -n ${FERRY_JOBS:-} ]]; then
        echo "$FERRY_JOBS"
        return
    fi
    local cores kilobytes limit jobs
    cores=$(nproc)
    kilobytes=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
    if [[ -r /sys/fs/cgroup/memory.max ]]; then
        limit=$(cat /sys/fs/cgroup/memory.max)
        [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1024 < kilobytes)) && kilobytes=$((limit / 1024))
    fi
    jobs=$((kilobytes / 1500000))
    ((jobs > cores)) && jobs=$cores
    ((jobs < 1)) && jobs=1
    echo "$jobs"
}

# build PRESET [TARGET…]: configures and builds in build/PRESET.
build() {
    local preset=$1 targets=("${@:2}")
    mkdir -p "$root/build"
    (cd "$root" && cmake --preset "$preset" >"build/$preset.log" 2>&1) || {
        cat "$root/build/$preset.log" >&2
        die "cmake could not configure the $preset build"
    }
    cmake --build "$root/build/$preset" -j "$(build_jobs)" ${targets:+--target "${targets[@]}"}
}

# run_tests PRESET [ctest arguments…]
run_tests() {
    (cd "$root" && ctest --preset "$1" -j "$(build_jobs)" --no-label-summary "${@:2}")
}
