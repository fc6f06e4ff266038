// SPDX-License-Identifier: MIT
#include "client/partialfile.h"
