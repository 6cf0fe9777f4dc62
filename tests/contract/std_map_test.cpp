// SPDX-License-Identifier: MIT
/// @file The contract over std::unordered_map and std::unordered_set: it holds there too, so it is the contract that is
/// tested and not us.
#include "contract/allocators.hpp"
#include "contract/operations.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace {

using UserKeys =
    std::unordered_map<kit::UserKey, std::string, kit::IdHash<kit::UserKey>, kit::IdEqual<kit::UserKey>,
                       kit::IdAllocator<std::pair<const kit::UserKey, std::string>, kit::kPropagateAlways>>;

template <kit::Propagate Traits>
using WithAllocator =
    std::unordered_map<std::uint64_t, std::string, std::hash<std::uint64_t>, std::equal_to<std::uint64_t>,
                       kit::IdAllocator<std::pair<const std::uint64_t, std::string>, Traits>>;

[[maybe_unused]] const bool kAdded =
    kit::add_contract<std::unordered_map<std::uint64_t, std::uint64_t>>("StdMapOfNumbers") &&
    kit::add_contract<UserKeys>("StdMapOfUserKeys") &&
    kit::add_contract<std::unordered_map<kit::MoveOnlyKey, std::unique_ptr<int>>>("StdMapOfMoveOnly") &&
    kit::add_contract<std::unordered_set<std::string>>("StdSetOfStrings") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.new_id_on_copy_construction = true}>>("StdNever") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_copy = true}>>("StdOnCopy") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_move = true}>>("StdOnMove") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_swap = true}>>("StdOnSwap");

}  // namespace
