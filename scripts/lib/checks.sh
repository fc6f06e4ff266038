# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Everything that .ci/run runs. Sourced by scripts/test after common.sh. The dev build's tests
# come last, so that the last lines are ctest's summary of the suite as everybody runs it; each
# stage ends the run if it fails.

export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=${root:?}/tests/lsan.supp:print_suppressions=0
export TSAN_OPTIONS=suppressions=$root/tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1:die_after_fork=0

run_all_checks() {
    check_shell
    check_resources
    check_sanitizers "$@"
    say "clang: engine and command lines compile; fuzz targets replay seeds and search a moment"
    build fuzz fuzzers ferryd ferry
    run_tests fuzz --label-regex fuzz "$@"
    say "The dev build"
    build dev
    check_install
    say "All tests"
    run_tests dev "$@"
}

check_sanitizers() {
    say "AddressSanitizer and UndefinedBehaviorSanitizer, all tests"
    build asan
    run_tests asan "$@"
    say "ThreadSanitizer, all tests but the windows'"
    build tsan
    run_tests tsan --label-exclude tree "$@"
}

check_shell() {
    say "Shell scripts"
    (cd "$root" && shellcheck --external-sources --source-path=SCRIPTDIR scripts/run scripts/test scripts/bench \
        scripts/gauntlet \
        scripts/lib/*.sh .ci/run)
}

check_resources() {
    say "Desktop files, metadata, manual pages"
    local page
    (cd "$root/resources" && desktop-file-validate ./*.desktop &&
        appstreamcli validate --no-net ./*.metainfo.xml)
    for page in "$root"/resources/man/*.1; do
        mandoc -T lint -W warning "$page"
    done
}

# Installs into a temporary place, and runs what was installed from there.
check_install() {
    say "Install"
    local prefix=$root/build/installed program
    rm -rf "$prefix"
    cmake --install "$root/build/dev" --prefix "$prefix" >"$root/build/install.log"
    for program in ferryd ferry ferry-server ferry-client; do
        [[ -f $prefix/share/man/man1/$program.1 ]] || die "$program.1 is not installed"
        QT_QPA_PLATFORM=offscreen "$prefix/bin/$program" --version
    done
}
