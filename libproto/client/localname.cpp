// SPDX-License-Identifier: MIT
#include "client/localname.h"
