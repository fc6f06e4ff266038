// SPDX-License-Identifier: MIT
#include "net/filedescriptor.h"
