// SPDX-License-Identifier: MIT
#include "server/filesender.h"
