// SPDX-License-Identifier: MIT
#include "net/displaytext.h"
