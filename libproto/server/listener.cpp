// SPDX-License-Identifier: MIT
#include "server/listener.h"
