// SPDX-License-Identifier: MIT
/// @file Class template argument deduction from a table with an allocator, and from a range: all guides that
/// std::unordered_map and std::unordered_set have.
#include "support/allocators.hpp"
#include "support/functors.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using Hash = kit::IdHash<int>;
using Equal = kit::IdEqual<int>;
using MapAllocator = kit::IdAllocator<std::pair<const int, std::string>, kit::kPropagateNever>;
using SetAllocator = kit::IdAllocator<int, kit::kPropagateNever>;
using StdMapAllocator = std::allocator<std::pair<const int, std::string>>;
using Map = perturb::HashTable<int, std::string, Hash, Equal, MapAllocator>;
using Set = perturb::HashSet<int, Hash, Equal, SetAllocator>;

template <class Expected, class Table>
void expect(const Table& table, std::size_t size = 2) {
  static_assert(std::is_same_v<Expected, Table>);
  EXPECT_EQ(table.size(), size);
}
template <class H = perturb::XxHash<int>, class E = perturb::Equal<int>, class A = StdMapAllocator>
using MapOf = perturb::HashTable<int, std::string, H, E, A>;
template <class H = perturb::XxHash<int>, class E = perturb::Equal<int>, class A = std::allocator<int>>
using SetOf = perturb::HashSet<int, H, E, A>;

TEST(DeductionGuides, FromATableWithAnAllocator) {
  Map map({{1, "a"}, {2, "b"}}, 0, Hash(), Equal(), MapAllocator(1));
  perturb::HashTable copy(map, MapAllocator(2));
  expect<Map>(copy);
  EXPECT_EQ(copy.get_allocator().id(), 2);
  perturb::HashTable moved(std::move(map), MapAllocator(3));
  expect<Map>(moved);
  perturb::HashTable plain_copy(copy);
  expect<Map>(plain_copy);
  perturb::HashTable plain_move(std::move(copy));
  expect<Map>(plain_move);
  Set set({1, 2}, 0, Hash(), Equal(), SetAllocator(1));
  perturb::HashSet set_copy(set, SetAllocator(2));
  expect<Set>(set_copy);
  perturb::HashSet set_moved(std::move(set), SetAllocator(3));
  expect<Set>(set_moved);
  EXPECT_EQ(set_moved.get_allocator().id(), 3);
  perturb::HashSet of_a_set(set_copy);
  expect<Set>(of_a_set);
  perturb::HashTable<int, std::string, Hash, Equal, MapAllocator, perturb::growth::NoShrink> growing;
  perturb::HashTable growing_copy(growing, MapAllocator(2));
  static_assert(std::is_same_v<decltype(growing_copy)::growth_policy, perturb::growth::NoShrink>);
}

TEST(DeductionGuides, FromARangeOfElements) {
  const std::vector<std::pair<int, std::string>> v{{1, "a"}, {2, "b"}};
  perturb::HashTable alone(perturb::from_range, v);
  expect<MapOf<>>(alone);
  perturb::HashTable sized(perturb::from_range, v, 10);
  expect<MapOf<>>(sized);
  perturb::HashTable hashed(perturb::from_range, v, 10, Hash());
  expect<MapOf<Hash>>(hashed);
  perturb::HashTable compared(perturb::from_range, v, 10, Hash(), Equal());
  expect<MapOf<Hash, Equal>>(compared);
  perturb::HashTable allocated(perturb::from_range, v, 10, Hash(), Equal(), MapAllocator(1));
  expect<Map>(allocated);
  perturb::HashTable sized_allocated(perturb::from_range, v, 10, MapAllocator(1));
  expect<MapOf<perturb::XxHash<int>, perturb::Equal<int>, MapAllocator>>(sized_allocated);
  perturb::HashTable only_allocated(perturb::from_range, v, MapAllocator(1));
  expect<MapOf<perturb::XxHash<int>, perturb::Equal<int>, MapAllocator>>(only_allocated);
  perturb::HashTable hashed_allocated(perturb::from_range, v, 10, Hash(), MapAllocator(1));
  expect<MapOf<Hash, perturb::Equal<int>, MapAllocator>>(hashed_allocated);
  perturb::HashTable of_a_table(perturb::from_range, allocated);
  expect<MapOf<>>(of_a_table);
  perturb::HashTable of_an_rvalue(perturb::from_range, std::vector<std::pair<int, std::string>>{{1, "a"}});
  expect<MapOf<>>(of_an_rvalue, 1);
}

TEST(DeductionGuides, FromARangeOfKeys) {
  const std::vector<int> v{1, 2};
  perturb::HashSet alone(perturb::from_range, v);
  expect<SetOf<>>(alone);
  perturb::HashSet sized(perturb::from_range, v, 10);
  expect<SetOf<>>(sized);
  perturb::HashSet hashed(perturb::from_range, v, 10, Hash());
  expect<SetOf<Hash>>(hashed);
  perturb::HashSet compared(perturb::from_range, v, 10, Hash(), Equal());
  expect<SetOf<Hash, Equal>>(compared);
  perturb::HashSet allocated(perturb::from_range, v, 10, Hash(), Equal(), SetAllocator(1));
  expect<Set>(allocated);
  perturb::HashSet sized_allocated(perturb::from_range, v, 10, SetAllocator(1));
  expect<SetOf<perturb::XxHash<int>, perturb::Equal<int>, SetAllocator>>(sized_allocated);
  perturb::HashSet only_allocated(perturb::from_range, v, SetAllocator(1));
  expect<SetOf<perturb::XxHash<int>, perturb::Equal<int>, SetAllocator>>(only_allocated);
  perturb::HashSet hashed_allocated(perturb::from_range, v, 10, Hash(), SetAllocator(1));
  expect<SetOf<Hash, perturb::Equal<int>, SetAllocator>>(hashed_allocated);
}

}  // namespace
