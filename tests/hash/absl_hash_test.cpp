// SPDX-License-Identifier: MIT
#include <perturb/hash_state.hpp>
#include <perturb/hashers.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace theirs {

struct Name {
  std::string first;
  std::string last;
  template <class H>
  friend H AbslHashValue(H state, const Name& name) {
    return H::combine(std::move(state), name.first, name.last);
  }
};

// A range, which by itself would be hashed by its elements.
struct Bag {
  std::vector<int> items;
  std::vector<int>::const_iterator begin() const { return items.begin(); }
  std::vector<int>::const_iterator end() const { return items.end(); }
  template <class H>
  friend H AbslHashValue(H state, const Bag& bag) {
    return H::combine_unordered(std::move(state), bag.begin(), bag.end());
  }
};

struct Buffer {
  std::vector<int> items;
  template <class H>
  friend H AbslHashValue(H state, const Buffer& buffer) noexcept {
    return H::combine_contiguous(std::move(state), buffer.items.data(), buffer.items.size());
  }
};

// One that has both.
struct Both {
  int ours;
  template <class H>
  friend H AbslHashValue(H state, const Both&) {
    return state;
  }
  template <class State>
  friend void perturb_hash(State& state, const Both& both) noexcept {
    state(both.ours);
  }
};
struct Plain {
  int x;
};

}  // namespace theirs

namespace {

template <class T>
std::uint64_t hash(const T& value, std::uint64_t seed = 0) {
  return perturb::XxHash<T>(seed)(value);
}

TEST(AbslHash, PartsAreAbsorbedAsThoseOfAPerturbHash) {
  EXPECT_EQ(hash(theirs::Name{"a", "b"}), hash(std::pair<std::string, std::string>("a", "b")));
  EXPECT_NE(hash(theirs::Name{"ab", ""}), hash(theirs::Name{"a", "b"}));
  EXPECT_NE(hash(theirs::Name{"a", "b"}), hash(theirs::Name{"a", "b"}, 1));
  EXPECT_EQ(hash(std::pair(theirs::Name{"a", "b"}, 1)), hash(std::pair(theirs::Name{"a", "b"}, 1)));
}

TEST(AbslHash, UnorderedPartsHaveNoOrder) {
  EXPECT_EQ(hash(theirs::Bag{{1, 2, 3}}), hash(theirs::Bag{{3, 1, 2}}));
  EXPECT_NE(hash(theirs::Bag{{1, 2, 3}}), hash(theirs::Bag{{1, 2, 2}}));
  EXPECT_NE(hash(theirs::Bag{{}}), hash(theirs::Bag{{0}}));
  EXPECT_NE(hash(theirs::Bag{{1, 2}}), hash(theirs::Bag{{1, 2}}, 1));
}

TEST(AbslHash, ContiguousPartsHaveAnOrder) {
  EXPECT_EQ(hash(theirs::Buffer{{1, 2}}), hash(theirs::Buffer{{1, 2}}));
  EXPECT_NE(hash(theirs::Buffer{{1, 2}}), hash(theirs::Buffer{{2, 1}}));
}

TEST(AbslHash, APerturbHashComesFirst) {
  EXPECT_NE(hash(theirs::Both{1}), hash(theirs::Both{2}));
  EXPECT_EQ(hash(theirs::Both{1}), hash(1));
}

TEST(AbslHash, TraitsSayWhatTheFunctionSays) {
  static_assert(perturb::is_hashable_v<theirs::Name> && !perturb::is_hashable_v<theirs::Plain>);
  static_assert(perturb::is_value_hashed_v<theirs::Name>);
  static_assert(perturb::is_nothrow_hashable_v<theirs::Buffer> && !perturb::is_nothrow_hashable_v<theirs::Name>);
}

}  // namespace
