// SPDX-License-Identifier: MIT
#include "wire/virtualpath.h"
