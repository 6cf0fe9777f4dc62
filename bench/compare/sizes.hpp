// SPDX-License-Identifier: MIT
/// @file The numbers of elements that are measured, as named lists and as ranges.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace compare {

/// Up to here a table counts as small, and thousands of them are measured at once.
inline constexpr std::size_t kMostOfSmallTable = 1000;

/// What --help says of the lists.
std::string_view named_lists();

/// Adds what `text` names: a list, a number, or FROM..TO/COUNT for COUNT numbers at equal ratios. Throws:
/// std::invalid_argument that says what is wrong with it.
void append_sizes(std::string_view text, std::vector<std::size_t>& sizes);

}  // namespace compare
