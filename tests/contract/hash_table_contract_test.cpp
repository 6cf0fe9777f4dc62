// SPDX-License-Identifier: MIT
/// @file The contract over HashTable: pairs of key types, hashers, allocators and growth policies, each value of each
/// with several values of the others. The remaining tables are in hash_table_contract_allocators_test.cpp and
/// hash_set_contract_test.cpp.
#include "contract/operations.hpp"

#include <perturb/hash_table.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

namespace growth = perturb::growth;

template <class Key, class T, class Hash, class Growth>
using WithIds = perturb::HashTable<Key, T, Hash, kit::IdEqual<Key>,
                                   kit::IdAllocator<std::pair<const Key, T>, kit::kPropagateAlways>, Growth>;

[[maybe_unused]] const bool kAdded =
    kit::add_contract<perturb::HashTable<std::uint64_t, std::uint64_t>>("Numbers") &&
    kit::add_contract<perturb::HashTable<std::string, std::string>>("Strings") &&
    kit::add_contract<WithIds<kit::UserKey, std::string, kit::IdHash<kit::UserKey>, growth::Doubling>>("UserKeys") &&
    kit::add_contract<WithIds<kit::MoveOnlyKey, std::unique_ptr<int>, kit::ConstantHash, growth::NoShrink>>("MoveOnly");

}  // namespace
