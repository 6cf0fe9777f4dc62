// SPDX-License-Identifier: MIT
/// @file What two translation units, each of which includes every header, exchange.
#pragma once

#include <all_headers.hpp>

#include <cstdint>
#include <string>

namespace linkage {

using Table = perturb::HashTable<std::string, int>;

/// Defined in the first unit.
Table make_table();
std::uint64_t hash_in_first_unit(const std::string& key);

/// Defined in the second unit.
int sum_of(const Table& table);
std::uint64_t hash_in_second_unit(const std::string& key);

}  // namespace linkage
