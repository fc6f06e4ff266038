// SPDX-License-Identifier: MIT
#include "wire/telnetfilter.h"
