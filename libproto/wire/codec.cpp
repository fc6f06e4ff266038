// SPDX-License-Identifier: MIT
#include "wire/codec.h"
