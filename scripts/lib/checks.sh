# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Everything that .ci/run runs (docs/decisions/0019 says what each stage is for). Sourced by
# scripts/test after common.sh and packages.sh. A stage that fails ends the run.

export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=${root:?}/tests/lsan.supp:print_suppressions=0
export TSAN_OPTIONS=suppressions=$root/tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1:die_after_fork=0

# What was done so far, a line each: time, stage, what ctest said of it.
stages=()
stage=
stage_began=0
finished=0
summary_of=    # ctest's output that the report ends with
no_tests=error # of a stage: somebody renamed what it looks for

# start [ctest arguments…]: everything is reported from here on, however it ends.
start() {
    SECONDS=0
    rm -f "$root"/build/*-tests.log
    (($# == 0)) || no_tests=ignore # these may leave nothing of a stage
    trap report EXIT
}

# begin NAME: the stage before it is over.
begin() {
    end_stage
    stage=$1 stage_began=$SECONDS
    say "$stage"
}

minutes() { printf '%3d:%02d' $(($1 / 60)) $(($1 % 60)); }

end_stage() {
    [[ -n $stage ]] || return 0
    local line
    line=$(printf '%s  %-36s %s' "$(minutes $((SECONDS - stage_began)))" "$stage" "${1:-}")
    stages+=("$line")
    printf '%s\n' "$line"
    stage=
}

# tests PRESET [ctest arguments…]: with their summary in the table.
tests() {
    local log=$root/build/$1-tests.log failed=0
    run_tests "$@" --no-tests=$no_tests 2>&1 | tee "$log" || failed=1
    if ((failed)); then
        summary_of=$log
        return 1
    fi
    end_stage "$(sed -n 's/^100% tests passed, 0 tests failed out of \([0-9]*\)$/\1 tests passed/p' "$log")"
}

# The table, and as the last lines ctest's summary of the dev build, the suite as everybody runs it; if
# something failed, that of the stage that did, if it was one of tests.
report() {
    local failed=$stage
    ((finished)) || end_stage "FAILED"
    printf '\n== Time of each stage (min:s)\n'
    printf '%s\n' "${stages[@]}"
    printf '%s  in all, with %d cores\n\n' "$(minutes "$SECONDS")" "$(nproc)"
    if [[ -n $summary_of ]]; then
        sed -n '/% tests passed/,$p' "$summary_of"
    elif ((!finished)); then
        printf 'FAILED: %s\n' "${failed:-before the first stage}"
    fi
}

finish() {
    end_stage
    finished=1
    summary_of=$1
}

run_all_checks() {
    start "$@"
    begin "Packages"
    ensure_packages build run desktop test check package package-check
    begin "Scripts, desktop files, manuals"
    check_shell
    check_resources
    begin "Dev build: gcc, everything"
    build dev
    begin "Dev build: tests"
    tests dev "$@"
    begin "Release build, packages"
    # Warnings are errors here; a rebuild by somebody with a newer compiler does not fail of them.
    FERRY_WERROR=ON build_packages "$root/build/package" "$root/build/packages"
    check_packages "$root/build/packages"
    check_sanitizers "$@"
    finish "$root/build/dev-tests.log"
}

check_sanitizers() {
    begin "ASan and UBSan: clang build"
    build asan test_programs
    begin "ASan and UBSan: tests, fuzz targets"
    tests asan "$@"
    begin "TSan: gcc build, what has threads"
    build tsan thread_test_programs
    begin "TSan: tests"
    tests tsan --label-regex threads "$@"
}

check_shell() {
    (cd "$root" && shellcheck --external-sources --source-path=SCRIPTDIR scripts/run scripts/test scripts/bench \
        scripts/gauntlet scripts/package \
        scripts/lib/*.sh .ci/run debian/tests/first-transfer debian/tests/windows \
        debian/ferryd.postinst debian/ferryd.postrm)
}

check_resources() {
    local page warnings
    (cd "$root/resources" && desktop-file-validate ./*.desktop &&
        appstreamcli validate --no-net ./*.metainfo.xml)
    for page in "$root"/resources/man/*.1; do
        mandoc -T lint -W warning "$page"
        # What lintian says of the packages' pages, said before anything is built.
        warnings=$(groff -man -t -z -Tutf8 -ww -K utf8 -rLL=78n "$page" 2>&1)
        [[ -z $warnings ]] || die "$warnings"
    done
}
