// SPDX-License-Identifier: MIT
/// @file A public name in a folder that is not public.
#pragma once

namespace perturb {
struct InTheCellar {};
}  // namespace perturb
