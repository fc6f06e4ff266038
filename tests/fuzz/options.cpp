// SPDX-License-Identifier: MIT
/// Millions of short runs with many small allocations each: noting where each was made and
/// keeping freed ones for long takes half of the time. ASAN_OPTIONS overrides it, to look at a
/// finding: ASAN_OPTIONS=malloc_context_size=30.
extern "C" const char *__asan_default_options();

extern "C" const char *__asan_default_options()
{
    return "malloc_context_size=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=64";
}
