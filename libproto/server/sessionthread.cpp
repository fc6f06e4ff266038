// SPDX-License-Identifier: MIT
#include "server/sessionthread.h"
