// SPDX-License-Identifier: MIT
/// @file The other half of a cycle of includes.
#pragma once

#include <perturb/table/a.hpp>
