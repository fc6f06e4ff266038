// SPDX-License-Identifier: MIT
#include "net/logrecord.h"
