// SPDX-License-Identifier: MIT
#include "server/share.h"
