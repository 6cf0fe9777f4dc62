// SPDX-License-Identifier: MIT
/// @file The growth policies' boundaries, number by number.
#include <perturb/growth.hpp>

#include <gtest/gtest.h>

#include <cstddef>

namespace {

constexpr int kLargestLog2 = sizeof(std::size_t) == 8 ? 40 : 28;

using perturb::GrowthPolicy;
namespace growth = perturb::growth;

TEST(GrowthDict, FillNeverPassesThreeQuarters) {
  for (std::size_t capacity = 8; capacity <= (std::size_t{1} << kLargestLog2); capacity *= 2) {
    EXPECT_EQ(growth::Dict::max_fill(capacity) * 4, capacity * 3);
  }
}

TEST(GrowthDict, SweepsBelowTwoThirdsAndGrowsFourfoldFromThere) {
  for (std::size_t capacity = 8; capacity <= 4096; capacity *= 2) {
    for (std::size_t size = 0; size < capacity; ++size) {
      const bool sweeps = 3 * (size + 1) < 2 * capacity;
      ASSERT_EQ(growth::Dict::rehash_to(size, capacity), sweeps ? capacity : 4 * capacity)
          << size << " of " << capacity;
    }
  }
}

TEST(GrowthDict, GrowsTwofoldBeyond50000Elements) {
  EXPECT_EQ(growth::Dict::rehash_to(50'000, 65'536), 4u * 65'536);
  EXPECT_EQ(growth::Dict::rehash_to(50'001, 65'536), 2u * 65'536);
  for (std::size_t capacity = 131'072; capacity <= (std::size_t{1} << kLargestLog2); capacity *= 2) {
    EXPECT_EQ(growth::Dict::rehash_to(growth::Dict::max_fill(capacity), capacity), 2 * capacity);
    EXPECT_EQ(growth::Dict::rehash_to(2 * capacity / 3 - 2, capacity), capacity);
  }
}

TEST(GrowthQuadrupling, DiffersFromDictBeyond50000ElementsOnly) {
  for (std::size_t capacity = 8; capacity <= (std::size_t{1} << kLargestLog2); capacity *= 2) {
    const std::size_t full = growth::Quadrupling::max_fill(capacity);
    EXPECT_EQ(full, growth::Dict::max_fill(capacity));
    EXPECT_EQ(growth::Quadrupling::rehash_to(full, capacity), 4 * capacity);
    EXPECT_EQ(growth::Quadrupling::shrink_to(capacity / 7, capacity), growth::Dict::shrink_to(capacity / 7, capacity));
  }
}

TEST(GrowthDict, AGrownTableIsNeverUnderASixth) {
  for (std::size_t capacity = 8; capacity <= (std::size_t{1} << kLargestLog2); capacity *= 2) {
    for (const std::size_t size : {2 * capacity / 3, growth::Dict::max_fill(capacity)}) {
      const std::size_t grown = growth::Dict::rehash_to(size, capacity);
      if (grown > capacity) {
        EXPECT_GE(6 * (size + 1), grown);
      }
    }
  }
}

TEST(GrowthDict, ShrinksUnderASixthOneStepAndNeverUnderEight) {
  for (std::size_t capacity = 8; capacity <= 4096; capacity *= 2) {
    for (std::size_t size = 0; size < capacity; ++size) {
      const bool shrinks = 6 * size < capacity && capacity >= 32;
      ASSERT_EQ(growth::Dict::shrink_to(size, capacity), shrinks ? capacity / 4 : capacity)
          << size << " of " << capacity;
    }
  }
}

TEST(GrowthDict, CapacityForIsTheSmallestWithSixSizesUnderFourCapacities) {
  std::size_t smallest = 8;
  for (std::size_t size = 0; size < 100000; ++size) {
    while (6 * size >= 4 * smallest) smallest *= 2;
    ASSERT_EQ(growth::Dict::capacity_for(size), smallest) << size;
  }
}

TEST(GrowthNoShrink, DiffersFromDictInShrinkingOnly) {
  for (std::size_t capacity = 8; capacity <= 1024; capacity *= 2) {
    for (std::size_t size = 0; size < capacity; ++size) {
      ASSERT_EQ(growth::NoShrink::shrink_to(size, capacity), capacity);
      ASSERT_EQ(growth::NoShrink::rehash_to(size, capacity), growth::Dict::rehash_to(size, capacity));
    }
  }
}

TEST(GrowthDoubling, DoublesBeyondSevenEighthsAndNeverShrinks) {
  EXPECT_EQ(growth::Doubling::max_fill(64), 56U);
  EXPECT_EQ(growth::Doubling::rehash_to(56, 64), 128U);
  EXPECT_EQ(growth::Doubling::rehash_to(40, 64), 64U);
  EXPECT_EQ(growth::Doubling::shrink_to(0, 64), 64U);
}

// A policy that a user might write, and some that cannot work.
struct Half : growth::Dict {
  static constexpr std::size_t max_fill(std::size_t capacity) { return capacity / 2; }
  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) {
    return 4 * (size + 1) < capacity ? capacity : 2 * capacity;
  }
  static constexpr std::size_t shrink_to(std::size_t, std::size_t capacity) { return capacity; }
  static constexpr std::size_t capacity_for(std::size_t size) {
    return 4 * size + 1 <= 8 ? 8 : std::bit_ceil(4 * size + 1);
  }
};
struct FillsEverySlot : growth::Dict {
  static constexpr std::size_t max_fill(std::size_t capacity) { return capacity; }
};
struct SweepsForEver : growth::Dict {
  static constexpr std::size_t rehash_to(std::size_t, std::size_t capacity) { return capacity; }
};
struct ShrinksTooFar : growth::Dict {
  static constexpr std::size_t shrink_to(std::size_t, std::size_t) { return 8; }
};
struct GrowsInVain : growth::Dict {
  static constexpr std::size_t max_fill(std::size_t) { return 6; }
};
struct ShrinksWhatItGrew : growth::Dict {
  static constexpr std::size_t shrink_to(std::size_t size, std::size_t capacity) {
    return 2 * size < capacity && capacity > 8 ? capacity / 2 : capacity;
  }
};
struct ReservesTooLittle : growth::Dict {
  static constexpr std::size_t capacity_for(std::size_t) { return 8; }
};
struct ReservesWhatGrows : growth::Dict {
  static constexpr std::size_t capacity_for(std::size_t size) {
    const std::size_t least = size + size / 3 + 1;
    return least <= 8 ? 8 : std::bit_ceil(least);
  }
};
struct ReservesTooMuch : growth::Dict {
  static constexpr std::size_t capacity_for(std::size_t size) { return 4 * growth::Dict::capacity_for(size); }
};

struct FillsNothing : growth::Dict {
  static constexpr std::size_t max_fill(std::size_t) { return 0; }
};
struct GrowsWhenEmptied : growth::Doubling {
  static constexpr std::size_t shrink_to(std::size_t size, std::size_t capacity) {
    return size == 0 ? 2 * capacity : capacity;
  }
};
struct ShrinksToNoRoom : growth::Doubling {
  static constexpr std::size_t shrink_to(std::size_t size, std::size_t capacity) {
    return size != 0 && size == capacity / 4 && capacity > 8 ? capacity / 4 : capacity;
  }
};
struct ReservesTheLeast : growth::Doubling {
  static constexpr std::size_t capacity_for(std::size_t) { return 8; }
  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) {
    return capacity == 8 && size < 7 ? 8 : growth::Doubling::rehash_to(size, capacity);
  }
};

TEST(GrowthPolicies, AreToldApartFromWhatCannotWork) {
  static_assert(GrowthPolicy<Half> && !GrowthPolicy<int>);
  EXPECT_TRUE(growth::is_consistent<Half>());
  EXPECT_FALSE(growth::is_consistent<FillsEverySlot>());
  EXPECT_FALSE(growth::is_consistent<FillsNothing>());
  EXPECT_FALSE(growth::is_consistent<SweepsForEver>());
  EXPECT_FALSE(growth::is_consistent<GrowsWhenEmptied>());
  EXPECT_FALSE(growth::is_consistent<ShrinksToNoRoom>());
  EXPECT_FALSE(growth::is_consistent<ReservesTheLeast>());
  EXPECT_FALSE(growth::is_consistent<ShrinksTooFar>());
  EXPECT_FALSE(growth::is_consistent<GrowsInVain>());
  EXPECT_FALSE(growth::is_consistent<ShrinksWhatItGrew>());
  EXPECT_FALSE(growth::is_consistent<ReservesTooLittle>());
  EXPECT_FALSE(growth::is_consistent<ReservesWhatGrows>());
  EXPECT_FALSE(growth::is_consistent<ReservesTooMuch>());
}

}  // namespace
