// SPDX-License-Identifier: MIT
#include "server/sessioncounters.h"
