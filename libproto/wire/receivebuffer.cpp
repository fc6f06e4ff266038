// SPDX-License-Identifier: MIT
#include "wire/receivebuffer.h"
