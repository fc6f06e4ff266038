# SPDX-License-Identifier: MIT
# Compiler settings shared by every target, and the two helpers that declare them.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

# A compiler cache makes another build of the same files cheap. It has to be told that precompiled
# headers are fine. Not in CI, whose times are those of a build from nothing.
find_program(FERRY_CCACHE ccache)
if(FERRY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED ENV{CI})
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        "${FERRY_CCACHE}")
endif()

add_library(ferry_options INTERFACE)
# clang refuses a precompiled header that is older than what it includes, as a cached one is.
target_compile_options(ferry_options INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
target_compile_options(ferry_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wcast-align -Wformat=2)
target_compile_definitions(ferry_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    FERRY_VERSION="${PROJECT_VERSION}")
if(FERRY_WERROR)
    target_compile_options(ferry_options INTERFACE -Werror)
endif()
if(FERRY_SANITIZE)
    target_compile_options(ferry_options INTERFACE -fsanitize=${FERRY_SANITIZE}
        -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(ferry_options INTERFACE -fsanitize=${FERRY_SANITIZE})
    # The two compilers have no macro in common that says it.
    target_compile_definitions(ferry_options INTERFACE FERRY_SANITIZED)
else()
    target_compile_options(ferry_options INTERFACE -fstack-protector-strong)
    target_compile_definitions(ferry_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
# Coverage in what the fuzz targets feed, so that the fuzzer sees into the code under test.
add_library(ferry_fuzz_coverage INTERFACE)
if(FERRY_FUZZERS)
    target_compile_options(ferry_fuzz_coverage INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(ferry_fuzz_coverage INTERFACE -fsanitize=fuzzer-no-link)
    # "No input reaches an assert" is among the invariants.
    target_compile_definitions(ferry_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:QT_FORCE_ASSERTS>)
endif()

# ferry_library(NAME [NO_MOC] [FUZZED] [PRECOMPILED core|widgets|…] SOURCES … LINK …):
# a static library under libproto/, apps/ or tests/. FUZZED: a fuzz target feeds it.
function(ferry_library name)
    cmake_parse_arguments(ARG "NO_MOC;FUZZED" "PRECOMPILED" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ferry_options)
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/libproto")
    if(NOT ARG_NO_MOC)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
    endif()
    if(ARG_FUZZED)
        target_link_libraries(${name} PRIVATE ferry_fuzz_coverage)
    endif()
    if(ARG_PRECOMPILED AND ARG_FUZZED AND FERRY_FUZZERS)
        # The flags are others than those of the shared header.
        target_precompile_headers(${name} PRIVATE ${ferry_core_headers})
    elseif(ARG_PRECOMPILED)
        ferry_precompile(${name} ${ARG_PRECOMPILED})
    endif()
endfunction()
