// SPDX-License-Identifier: MIT
#include "linkage/units.hpp"

namespace linkage {

Table make_table() { return {{"one", 1}, {"two", 2}, {"three", 3}}; }

std::uint64_t hash_in_first_unit(const std::string& key) { return perturb::XxHash<std::string>()(key); }

}  // namespace linkage
