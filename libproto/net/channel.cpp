// SPDX-License-Identifier: MIT
#include "net/channel.h"
