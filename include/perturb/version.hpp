// SPDX-License-Identifier: MIT
/// @file The version of perturb, written only here: CMakeLists.txt and the packaging read this file.
#pragma once

#define PERTURB_VERSION_MAJOR 0
#define PERTURB_VERSION_MINOR 1
#define PERTURB_VERSION_PATCH 0

#define PERTURB_DETAIL_VERSION_TEXT(major, minor, patch) #major "." #minor "." #patch
#define PERTURB_DETAIL_VERSION_EXPAND(major, minor, patch) PERTURB_DETAIL_VERSION_TEXT(major, minor, patch)
/// The version as text, for instance "1.2.3".
#define PERTURB_VERSION \
  PERTURB_DETAIL_VERSION_EXPAND(PERTURB_VERSION_MAJOR, PERTURB_VERSION_MINOR, PERTURB_VERSION_PATCH)
