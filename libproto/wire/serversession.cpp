// SPDX-License-Identifier: MIT
#include "wire/serversession.h"
