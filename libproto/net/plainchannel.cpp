// SPDX-License-Identifier: MIT
#include "net/plainchannel.h"
