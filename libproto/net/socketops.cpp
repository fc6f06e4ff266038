// SPDX-License-Identifier: MIT
#include "net/socketops.h"
