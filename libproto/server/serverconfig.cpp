// SPDX-License-Identifier: MIT
#include "server/serverconfig.h"
