// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace ferry::client {

/// When it returns 0, everything written to these files, or changed in these folders, is on the
/// disk. Else an errno. One syncfs(2) for each file system among them where there is such a call
/// and it reports errors (Linux 5.8), one fsync(2) each elsewhere.
int syncFiles(const std::vector<int> &descriptors);

/// The portable way to the same.
int syncOneByOne(const std::vector<int> &descriptors);

} // namespace ferry::client
