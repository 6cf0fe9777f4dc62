// SPDX-License-Identifier: MIT
/// @file A header that breaks the rules that check_layers.py must see broken. It is never compiled.
#pragma once

#include <perturb/ring/c.hpp>
#include <perturb/table/b.hpp>

#include <xxhash.h>

#include <functional>
