// SPDX-License-Identifier: MIT
#include "client/connection.h"
