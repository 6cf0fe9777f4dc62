// SPDX-License-Identifier: MIT
/// @file Put before a test that is compiled for AArch64: stops if it would test anything but the NEON groups.
#pragma once

#include <perturb/config.hpp>

static_assert(PERTURB_SIMD_NEON == 1, "config.hpp must choose NEON here, or this test tests something else");
