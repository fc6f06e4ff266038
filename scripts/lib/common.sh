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
    if [[ ${FERRY_JOBS:-} =~ ^[1-9][0-9]*$ ]]; then
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

# duration SECONDS: "12 s", "3 min 05 s".
duration() {
    if (($1 < 60)); then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

# configure PRESET: once in a run.
configured=()
configure() {
    local log=$root/build/$1.log
    [[ " ${configured[*]} " != *" $1 "* ]] || return 0
    mkdir -p "$root/build"
    (cd "$root" && cmake --preset "$1" >"$log" 2>&1) || {
        cat "$log" >&2
        die "cmake could not configure the $1 build"
    }
    # A folder that was for another compiler loses the other settings of the preset.
    if grep -q 'require your cache to be deleted' "$log"; then
        rm -rf "${root:?}/build/$1"
        configure "$1"
    fi
    configured+=("$1")
}

# build PRESET [TARGET…]: configures and builds in build/PRESET. Says how much there is to do and
# about how long that takes.
build() {
    local preset=$1 targets=("${@:2}") folder=$root/build/$1 jobs steps seconds started=$SECONDS
    configure "$preset"
    jobs=$(build_jobs)
    # What is wrong with the targets, the build itself says.
    steps=$(env -u NINJA_STATUS ninja -C "$folder" -n "${targets[@]}" 2>/dev/null |
        sed -n '$s/^\[[0-9]*\/\([0-9]*\)\].*/\1/p' || true)
    # Average of the dev build on the machine measured in docs/decisions/0019.
    seconds=$((${steps:-0} * 3 / 4 / jobs))
    if ((seconds < 10)); then
        say "Building ($preset)"
    else
        say "Building ($preset): ${steps} steps, about $(duration "$seconds") with $jobs compilers at once"
    fi
    ninja -C "$folder" -j "$jobs" "${targets[@]}" || die "the $preset build failed"
    ((seconds < 10)) || printf 'built in %s\n' "$(duration $((SECONDS - started)))"
}

# How many tests at once: many wait for most of their time.
test_jobs() { echo $(($(build_jobs) + 1)); }

# run_tests PRESET [ctest arguments…]
run_tests() {
    (cd "$root" && ctest --preset "$1" -j "$(test_jobs)" --no-label-summary "${@:2}")
}

# test_targets PRESET [ctest arguments…]: what has to be built for the tests that these choose, from the
# list that CMake wrote: a line each, test and target.
test_targets() {
    local chosen
    chosen=$(cd "$root" && ctest --preset "$1" "${@:2}" -N)
    [[ $chosen == *"Total Tests:"* ]] || { echo test_programs; return; } # made quiet: all, to be sure
    sed -n 's/^ *Test *#[0-9]*: //p' <<<"$chosen" |
        awk 'NR == FNR { targets[$1] = targets[$1] $2 "\n"; next } { printf "%s", targets[$1] }' \
            "$root/build/$1/tests/targets" - | sort -u
}
