// SPDX-License-Identifier: MIT
/// @file The contract over HashSet.
#include "contract/allocators.hpp"
#include "contract/operations.hpp"

#include <perturb/hash_set.hpp>

#include <cstdint>
#include <string>

namespace {

namespace growth = perturb::growth;

[[maybe_unused]] const bool kAdded =
    kit::add_contract<perturb::HashSet<std::uint64_t>>("SetOfNumbers") &&
    kit::add_contract<perturb::HashSet<std::string, kit::IdHash<std::string>, kit::IdEqual<std::string>,
                                       kit::FancyAllocator<std::string>, growth::Doubling>>("SetOfStrings") &&
    kit::add_contract<
        perturb::HashSet<kit::MoveOnlyKey, perturb::XxHash<kit::MoveOnlyKey>, perturb::Equal<kit::MoveOnlyKey>,
                         kit::IdAllocator<kit::MoveOnlyKey, kit::kPropagateAlways>>>("SetOfMoveOnly") &&
    kit::add_allocator_contract<perturb::HashSet<
        std::string, perturb::XxHash<std::string>, perturb::Equal<std::string>,
        kit::IdAllocator<std::string, kit::Propagate{.on_move = true, .new_id_on_copy_construction = true}>>>("Set");

}  // namespace
