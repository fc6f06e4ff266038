// SPDX-License-Identifier: MIT
#include "wire/classicclientsession.h"
