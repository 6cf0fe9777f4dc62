// SPDX-License-Identifier: MIT
/// @file The contract over HashTable with memory resources and with pointers that are objects, and what allocators do
/// with each combination of propagation traits.
#include "contract/allocators.hpp"
#include "contract/operations.hpp"

#include <perturb/hash_table.hpp>

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <utility>

namespace {

namespace growth = perturb::growth;

template <class Key, class T, class Hash, class Allocator, class Growth>
using Table = perturb::HashTable<Key, T, Hash, perturb::Equal<Key>, Allocator, Growth>;

template <kit::Propagate Traits>
using WithAllocator = Table<std::uint64_t, std::string, perturb::XxHash<std::uint64_t>,
                            kit::IdAllocator<std::pair<const std::uint64_t, std::string>, Traits>, growth::Dict>;

[[maybe_unused]] const bool kAdded =
    kit::add_contract<Table<kit::UserKey, std::unique_ptr<int>, perturb::StdHash<kit::UserKey>,
                            kit::FancyAllocator<std::pair<const kit::UserKey, std::unique_ptr<int>>>, growth::Dict>>(
        "FancyPointers") &&
    kit::add_contract<
        Table<std::pmr::string, std::pmr::string, kit::IdHash<std::pmr::string>,
              std::pmr::polymorphic_allocator<std::pair<const std::pmr::string, std::pmr::string>>, growth::NoShrink>>(
        "MemoryResources") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.new_id_on_copy_construction = true}>>("Never") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_copy = true}>>("OnCopy") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_move = true}>>("OnMove") &&
    kit::add_allocator_contract<WithAllocator<kit::Propagate{.on_swap = true}>>("OnSwap") &&
    kit::add_allocator_contract<WithAllocator<kit::kPropagateAlways>>("Always");

}  // namespace
