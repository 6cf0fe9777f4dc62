// SPDX-License-Identifier: MIT
/// @file Put before a test that is compiled for s390x: stops if it would test anything but a big-endian machine.
#pragma once

#include <bit>

static_assert(std::endian::native == std::endian::big, "this test is of a big-endian machine");
