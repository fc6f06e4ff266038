# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Building and checking the Debian packages. Sourced after common.sh, by scripts/package and by checks.sh.

# copy_tree FOLDER: what git knows of the tree as it is now, or of an unpacked archive all but build/.
copy_tree() {
    rm -rf "$1"
    mkdir -p "$1"
    if git -C "${root:?}" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        (cd "$root" && git ls-files -z | while IFS= read -r -d '' file; do
            [[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
        done | tar --null --files-from=- -c) | tar -x -C "$1"
    else
        tar -C "$root" --exclude=./build --exclude=./.git -c . | tar -x -C "$1"
    fi
}

# build_packages FOLDER OUTPUT: the log of it is OUTPUT/build.log.
build_packages() {
    local folder=$1 output=$2 started=$SECONDS
    copy_tree "$folder/ferry"
    rm -rf "$output"
    mkdir -p "$output"
    say "Building the packages"
    (cd "$folder/ferry" && DEB_BUILD_OPTIONS="parallel=$(build_jobs) noautodbgsym" \
        dpkg-buildpackage --unsigned-source --unsigned-changes --no-check-builddeps --build=full) \
        >"$output/build.log" 2>&1 || {
        tail -n 60 "$output/build.log" >&2
        die "the packages could not be built (all of it: $output/build.log)"
    }
    mv "$folder"/ferry*_* "$output"
    # Without this folder, who builds again would have it twice.
    rm -rf "$folder/ferry"
    printf 'built in %s\n' "$(duration $((SECONDS - started)))"
}

# check_packages FOLDER: what can be said about the packages without installing them.
check_packages() {
    local folder=$1 content=$1/content package
    say "lintian, hardening"
    # Nobody has reported a wish for these packages: there is no bug to close.
    lintian --fail-on error,warning,info --info --display-info --allow-root \
        --suppress-tags initial-upload-closes-no-bugs "$folder"/ferry_*.changes
    blhc --bindnow "$folder/build.log"
    say "What is in the packages"
    rm -rf "$content"
    for package in "$folder"/*.deb; do
        dpkg-deb --extract "$package" "$content"
    done
    check_content "$content"
    python3 "$root/tests/integration/service_files.py" units "$content"/lib/systemd/system/ferryd*
}

check_content() {
    local content=$1 program other
    for program in ferryd ferry ferry-server ferry-client; do
        for other in "man/man1/$program.1.gz" "bash-completion/completions/$program" \
            "zsh/vendor-completions/_$program" "fish/vendor_completions.d/$program.fish"; do
            [[ -s $content/usr/share/$other ]] || die "$other is in no package"
        done
        # gcc makes them so without being told, and blhc reads what it is told.
        readelf --file-header "$content/usr/bin/$program" | grep -q 'Type:.*DYN' ||
            die "$program is not position-independent"
        QT_QPA_PLATFORM=offscreen "$content/usr/bin/$program" --version
    done
    # A server has no display.
    for program in ferryd ferry; do
        ! ldd "$content/usr/bin/$program" | grep -E 'libQt6(Gui|Widgets|Svg)' ||
            die "$program needs libraries of the windows"
    done
    desktop-file-validate "$content"/usr/share/applications/*.desktop
    appstreamcli validate --no-net "$content"/usr/share/metainfo/*.xml
}

# Other folder, time, umask, language and number of jobs: the same bytes.
check_reproducible() {
    local first=$root/build/reproducible/one second=$root/build/reproducible/another/deeper package
    # From a cache the second one would get the bytes of the first.
    export CCACHE_DISABLE=1
    build_packages "$first" "$first/packages"
    (
        umask 0027
        export LC_ALL=C.UTF-8 LANGUAGE=de TZ=Pacific/Kiritimati FERRY_JOBS=1
        build_packages "$second" "$second/packages"
    )
    for package in "$first"/packages/*.deb; do
        cmp "$package" "$second/packages/$(basename "$package")" || {
            ! command -v diffoscope >/dev/null ||
                diffoscope "$package" "$second/packages/$(basename "$package")" | head -n 60
            die "$(basename "$package") is not the same twice"
        }
        printf 'the same: %s\n' "$(basename "$package")"
    done
}
