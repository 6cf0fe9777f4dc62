// SPDX-License-Identifier: MIT
/// @file OrderedHashTable and OrderedHashSet with something throwing wherever something can
/// (support/fault_injection.hpp).
#include "support/fault_injection.hpp"

#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace {

using kit::Number;

template <class Key, class T>
using Table = perturb::OrderedHashTable<Key, T, kit::FragileHash, kit::FragileEqual,
                                        kit::FragileAllocator<std::pair<const Key, T>>>;

TEST(OrderedFault, KeysThatMoveAndValuesThatAreCopied) {
  kit::inject_everywhere<Table<kit::SolidMoveOnly, kit::Copied>>();
}

TEST(OrderedFault, ElementsThatMoveWithoutThrowing) { kit::inject_everywhere<Table<Number, kit::Solid>>(); }

TEST(OrderedFault, ElementsThatCanBeLost) { kit::inject_everywhere<Table<kit::AtRisk, kit::AtRisk>, false>(); }

}  // namespace
