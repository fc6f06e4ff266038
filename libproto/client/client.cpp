// SPDX-License-Identifier: MIT
#include "client/client.h"
