// SPDX-License-Identifier: MIT
#include "client/clientconfig.h"
