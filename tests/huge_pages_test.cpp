// SPDX-License-Identifier: MIT
/// @file HugePageAllocator gives memory as std::allocator does, and large blocks as huge pages where Linux has them.
#include "support/invariants.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/huge_pages.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using perturb::HugePageAllocator;
using Bytes = HugePageAllocator<std::byte>;

template <class K, class T>
using LargeTable =
    perturb::HashTable<K, T, perturb::XxHash<K>, perturb::Equal<K>, HugePageAllocator<std::pair<const K, T>>>;

struct alignas(128) Wide {
  std::byte bytes[128];
};

static_assert(std::is_empty_v<Bytes> && std::is_trivially_copyable_v<Bytes>);
static_assert(std::allocator_traits<Bytes>::is_always_equal::value);
static_assert(std::is_same_v<std::allocator_traits<Bytes>::rebind_alloc<int>, HugePageAllocator<int>>);
static_assert(std::is_nothrow_constructible_v<HugePageAllocator<int>, const Bytes&>);
static_assert(Bytes() == HugePageAllocator<int>());

bool is_aligned(const void* address, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(address) % alignment == 0;
}

// Every byte of a block can be written, also when others are around it.
template <class T>
void expect_room(std::size_t n) {
  HugePageAllocator<T> allocator;
  T* const first = allocator.allocate(n);
  T* const second = allocator.allocate(n);
  ASSERT_TRUE(is_aligned(first, alignof(T)));
  std::memset(static_cast<void*>(first), 1, n * sizeof(T));
  std::memset(static_cast<void*>(second), 2, n * sizeof(T));
  if (n != 0) {
    EXPECT_EQ(reinterpret_cast<unsigned char*>(first)[0], 1);
    EXPECT_EQ(reinterpret_cast<unsigned char*>(first + n)[-1], 1);
  }
  allocator.deallocate(first, n);
  allocator.deallocate(second, n);
}

TEST(HugePageAllocator, AllocatesBlocksOfAnySize) {
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{1000}, Bytes::kLeastHugeBytes - 1, Bytes::kLeastHugeBytes,
        Bytes::kLeastHugeBytes + 1, Bytes::kLeastHugeBytes + Bytes::kHugePageBytes / 8, std::size_t{9'000'001}}) {
    expect_room<std::byte>(n);
  }
  for (const std::size_t n : {1U, 3U, 32768U, 40000U}) expect_room<Wide>(n);
}

TEST(HugePageAllocator, RefusesSizesThatNoObjectCanHave) {
  HugePageAllocator<std::uint64_t> allocator;
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  for (const std::size_t n : {kMost, kMost / 8, kMost / 16 + 1}) {
    EXPECT_THROW(static_cast<void>(allocator.allocate(n)), std::bad_array_new_length);
  }
  EXPECT_THROW(static_cast<void>(Bytes().allocate(kMost)), std::bad_alloc);
}

TEST(HugePageAllocator, ServesOtherContainers) {
  std::vector<int, HugePageAllocator<int>> numbers(3'000'000, 5);
  numbers.push_back(6);
  EXPECT_EQ(numbers.front() + numbers.back(), 11);
}

TEST(HugePageAllocator, ServesTablesAcrossTheThreshold) {
  LargeTable<std::uint64_t, std::uint64_t> table;
  for (std::uint64_t i = 0; i < 300'000; ++i) table.try_emplace(i, i + 1);
  ASSERT_GT(table.memory_bytes(), Bytes::kLeastHugeBytes);
  kit::expect_invariants(table);

  auto copy = table;
  EXPECT_EQ(copy, table);
  const std::uint64_t* const element = table.get(7);
  auto moved = std::move(table);
  EXPECT_EQ(moved.get(7), element);
  for (std::uint64_t i = 0; i < 299'990; ++i) moved.erase(i);
  EXPECT_LT(moved.memory_bytes(), Bytes::kLeastHugeBytes);
  moved.swap(copy);
  EXPECT_EQ(moved.size(), 300'000U);
  EXPECT_EQ(copy.size(), 10U);
  copy = moved;
  EXPECT_EQ(copy.at(299'999), 300'000U);
}

TEST(HugePageAllocator, ServesKeysThatOwnMemory) {
  LargeTable<std::string, std::string> table;
  for (int i = 0; i < 60'000; ++i) table.try_emplace("a key: " + std::to_string(i), "a value that is kept elsewhere");
  EXPECT_GT(table.memory_bytes(), Bytes::kLeastHugeBytes);
  EXPECT_EQ(table.at("a key: 59999"), "a value that is kept elsewhere");
  perturb::HashSet<int, perturb::XxHash<int>, perturb::Equal<int>, HugePageAllocator<int>> set{1, 2, 2};
  EXPECT_EQ(set.size(), 2U);
}

#if defined(__linux__)

// The flags in /proc/self/smaps of the mapping that `address` is in: "hg" among its flags after madvise(MADV_HUGEPAGE).
std::string mapping_flags(const void* address) {
  std::ifstream smaps("/proc/self/smaps");
  bool is_inside = false;
  for (std::string line; std::getline(smaps, line);) {
    unsigned long long first = 0;
    unsigned long long last = 0;
    if (std::sscanf(line.c_str(), "%llx-%llx ", &first, &last) == 2) {
      const auto at = reinterpret_cast<std::uintptr_t>(address);
      is_inside = first <= at && at < last;
    } else if (is_inside && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return "";
}

TEST(HugePageAllocator, AdvisesTheKernelOnLargeBlocks) {
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled").good()) GTEST_SKIP() << "no huge pages here";
  if (mapping_flags(std::make_unique<int>().get()).empty()) GTEST_SKIP() << "no /proc/self/smaps here";
  const auto is_huge = [](const std::byte* byte) { return mapping_flags(byte).find(" hg ") != std::string::npos; };
  constexpr std::size_t kHuge = Bytes::kHugePageBytes;
  Bytes allocator;
  for (const std::size_t rest : {std::size_t{0}, std::size_t{64}, kHuge / 8, kHuge - 1}) {
    const std::size_t bytes = 10 * kHuge + rest;
    std::byte* const block = allocator.allocate(bytes);
    EXPECT_TRUE(is_aligned(block, kHuge));
    EXPECT_TRUE(is_huge(block));
    EXPECT_TRUE(is_huge(block + 10 * kHuge - 1));
    // A shorter rest is on ordinary pages, unless malloc has had huge ones there before.
    if (rest >= kHuge / 8) {
      EXPECT_TRUE(is_huge(block + bytes - 1));
    }
    allocator.deallocate(block, bytes);
  }
}

#endif

}  // namespace
