// SPDX-License-Identifier: MIT
/// @file The contract of every table over OrderedHashTable and OrderedHashSet: each kind of key, hasher, allocator and
/// growth policy once.
#include "contract/allocators.hpp"
#include "contract/operations.hpp"

#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

namespace growth = perturb::growth;

template <class Key, class T, class Hash, class Growth>
using WithIds = perturb::OrderedHashTable<Key, T, Hash, kit::IdEqual<Key>,
                                          kit::IdAllocator<std::pair<const Key, T>, kit::kPropagateAlways>, Growth>;

[[maybe_unused]] const bool kAdded =
    kit::add_contract<perturb::OrderedHashTable<std::uint64_t, std::uint64_t>>("OrderedNumbers") &&
    kit::add_contract<WithIds<kit::UserKey, std::string, kit::IdHash<kit::UserKey>, growth::Doubling>>(
        "OrderedUserKeys") &&
    kit::add_contract<WithIds<kit::MoveOnlyKey, std::unique_ptr<int>, kit::ConstantHash, growth::NoShrink>>(
        "OrderedMoveOnly") &&
    kit::add_contract<perturb::OrderedHashSet<std::string, kit::IdHash<std::string>, kit::IdEqual<std::string>,
                                              kit::FancyAllocator<std::string>>>("OrderedSetOfStrings") &&
    kit::add_allocator_contract<perturb::OrderedHashSet<
        std::string, perturb::XxHash<std::string>, perturb::Equal<std::string>,
        kit::IdAllocator<std::string, kit::Propagate{.on_move = true, .new_id_on_copy_construction = true}>>>(
        "OrderedSet");

}  // namespace
