// SPDX-License-Identifier: MIT
#include "server/password.h"
