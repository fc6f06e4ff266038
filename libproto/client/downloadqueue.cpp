// SPDX-License-Identifier: MIT
#include "client/downloadqueue.h"
