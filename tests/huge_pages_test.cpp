// SPDX-License-Identifier: MIT
/// @file HugePageAllocator gives memory as std::allocator does, and large blocks as mappings in huge pages on Linux.
#include "support/invariants.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/huge_pages.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <thread>
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
static_assert(Bytes::kLeastHugeBytes % Bytes::kHugePageBytes == 0 && Bytes::kMostSpareBytes >= Bytes::kLeastHugeBytes);

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
  try {
    static_cast<void>(Bytes().allocate(kMost));
    FAIL() << "not refused";
  } catch (const std::bad_alloc& error) {
    EXPECT_STREQ(error.what(), "perturb: HugePageAllocator: that many elements do not fit into memory; ask for fewer");
  }
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
  for (std::uint64_t i = 0; i < 300'000; ++i) copy.insert_or_assign(i, i + 1);
  EXPECT_EQ(copy, moved);
  kit::expect_invariants(copy);
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

constexpr std::size_t kHuge = Bytes::kHugePageBytes;
constexpr std::size_t kMost = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());

// An allocation that fails gives the spare block back first. With addresses of 32 bits the first may come through.
void drop_spare_block() {
  std::vector<std::byte*> blocks;
  EXPECT_THROW(for (int i = 0; i < 3; ++i) blocks.push_back(Bytes().allocate(kMost)), std::bad_alloc);
  for (std::byte* const block : blocks) Bytes().deallocate(block, kMost);
}

// Fresh mappings are zero: so a mark that is still there tells that the memory was used before.
std::byte* allocate_marked(std::size_t pages) {
  std::byte* const block = Bytes().allocate(pages * kHuge);
  for (std::size_t page = 0; page < pages; ++page) block[page * kHuge] = std::byte{1};
  return block;
}

bool was_used(const std::byte* block, std::size_t pages) {
  for (std::size_t page = 0; page < pages; ++page) {
    if (block[page * kHuge] != std::byte{1}) return false;
  }
  return true;
}

TEST(HugePageAllocator, AlignsBlocksToHugePagesFromTheThresholdOn) {
  Bytes allocator;
  std::byte* small[3];
  for (std::byte*& block : small) block = allocator.allocate(Bytes::kLeastHugeBytes - 1);
  EXPECT_FALSE(is_aligned(small[0], kHuge) && is_aligned(small[1], kHuge) && is_aligned(small[2], kHuge));
  for (std::byte* const block : small) allocator.deallocate(block, Bytes::kLeastHugeBytes - 1);

  for (const std::size_t bytes : {Bytes::kLeastHugeBytes, Bytes::kLeastHugeBytes + 1, 5 * kHuge - 1}) {
    std::byte* const block = allocator.allocate(bytes);
    EXPECT_TRUE(is_aligned(block, kHuge));
    allocator.deallocate(block, bytes);
  }
}

TEST(HugePageAllocator, RefusesWhatTheAddressSpaceDoesNotHold) {
  if (sizeof(std::size_t) < 8)
    GTEST_SKIP() << "in a program of 32 bits the largest request fits into the address space";
  EXPECT_THROW(static_cast<void>(Bytes().allocate(kMost)), std::bad_alloc);
  EXPECT_THROW(static_cast<void>(HugePageAllocator<Wide>().allocate(kMost / sizeof(Wide))), std::bad_alloc);
}

TEST(HugePageAllocator, ReusesAFreedBlockForAnySizeOfAsManyPages) {
  drop_spare_block();
  Bytes allocator;
  std::byte* const first = allocate_marked(4);
  allocator.deallocate(first, 4 * kHuge);
  HugePageAllocator<std::uint64_t> other;
  std::uint64_t* const second = other.allocate(3 * kHuge / 8 + 1);
  EXPECT_EQ(static_cast<void*>(second), first);
  EXPECT_TRUE(was_used(reinterpret_cast<std::byte*>(second), 4));
  other.deallocate(second, 3 * kHuge / 8 + 1);
}

TEST(HugePageAllocator, CutsSmallerBlocksFromTheSpareOne) {
  drop_spare_block();
  Bytes allocator;
  std::byte* const whole = allocate_marked(7);
  allocator.deallocate(whole, 7 * kHuge);
  std::byte* const three = allocator.allocate(3 * kHuge);
  std::byte* const four = allocator.allocate(4 * kHuge);
  EXPECT_EQ(three, whole);
  EXPECT_EQ(four, whole + 3 * kHuge);
  EXPECT_TRUE(was_used(whole, 7));
  // Nothing is left of it.
  std::byte* const fresh = allocator.allocate(2 * kHuge);
  EXPECT_FALSE(was_used(fresh, 2));
  allocator.deallocate(four, 4 * kHuge);
  allocator.deallocate(fresh, 2 * kHuge);
  allocator.deallocate(three, 3 * kHuge);
}

TEST(HugePageAllocator, KeepsTheLargestFreedBlockOnly) {
  drop_spare_block();
  Bytes allocator;
  std::byte* const two = allocate_marked(2);
  std::byte* const four = allocate_marked(4);
  std::byte* const three = allocate_marked(3);
  allocator.deallocate(two, 2 * kHuge);
  allocator.deallocate(four, 4 * kHuge);
  allocator.deallocate(three, 3 * kHuge);
  std::byte* const again = allocator.allocate(4 * kHuge);
  EXPECT_TRUE(was_used(again, 4));
  std::byte* const fresh = allocator.allocate(2 * kHuge);
  EXPECT_FALSE(was_used(fresh, 2));
  allocator.deallocate(fresh, 2 * kHuge);
  allocator.deallocate(again, 4 * kHuge);
}

TEST(HugePageAllocator, GivesBlocksBackThatAreLargerThanTheSpareOneMayBe) {
  drop_spare_block();
  Bytes allocator;
  const std::size_t pages = Bytes::kMostSpareBytes / kHuge + 1;
  for (const bool is_kept : {false, true}) {
    const std::size_t bytes = (is_kept ? pages - 1 : pages) * kHuge;
    std::byte* const block = allocator.allocate(bytes);
    block[0] = std::byte{1};
    allocator.deallocate(block, bytes);
    std::byte* const next = allocator.allocate(bytes);
    EXPECT_EQ(was_used(next, 1), is_kept);
    allocator.deallocate(next, bytes);
  }
}

TEST(HugePageAllocator, GivesTheSpareBlockBackWhenMemoryIsShort) {
  drop_spare_block();
  Bytes().deallocate(allocate_marked(2), 2 * kHuge);
  std::byte* const spare = Bytes().allocate(2 * kHuge);
  EXPECT_TRUE(was_used(spare, 2));
  Bytes().deallocate(spare, 2 * kHuge);
  drop_spare_block();
  std::byte* const fresh = Bytes().allocate(2 * kHuge);
  EXPECT_FALSE(was_used(fresh, 2));
  Bytes().deallocate(fresh, 2 * kHuge);
}

TEST(HugePageAllocator, GivesEachThreadBlocksOfItsOwn) {
  constexpr int kRounds = 60;
  std::atomic<int> faults{0};
  std::vector<std::thread> threads;
  for (unsigned char id = 1; id <= 4; ++id) {
    threads.emplace_back([id, &faults] {
      Bytes allocator;
      for (int round = 0; round < kRounds; ++round) {
        const std::size_t bytes = (2 + static_cast<std::size_t>(round * id) % 4) * kHuge;
        std::byte* const block = allocator.allocate(bytes);
        block[0] = block[bytes - 1] = std::byte{id};
        std::this_thread::yield();
        if (block[0] != std::byte{id} || block[bytes - 1] != std::byte{id}) ++faults;
        allocator.deallocate(block, bytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
}

// LeakSanitizer reports the int at the end of the process if it does not look into the mapping.
TEST(HugePageAllocator, HidesNoPointersFromLeakSanitizer) {
  using Pointers = std::vector<std::unique_ptr<int>, HugePageAllocator<std::unique_ptr<int>>>;
  static Pointers& kept = *new Pointers(Bytes::kLeastHugeBytes / sizeof(void*));
  kept.back() = std::make_unique<int>(5);
  EXPECT_EQ(*kept.back(), 5);
}

TEST(HugePageAllocator, OfOneTypeEqualsThatOfAnother) { EXPECT_TRUE(Bytes() == HugePageAllocator<std::uint64_t>()); }

// In a process of its own, because the variable is read once in a process.
TEST(HugePageAllocatorDeathTest, IsTurnedOffByTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ::setenv("PERTURB_HUGE_PAGES", "0", 1);
  const auto check = [] {
    LargeTable<std::uint64_t, std::uint64_t>(std::size_t{300'000}).try_emplace(1, 2);
    std::byte* blocks[3];
    bool are_aligned = true;
    for (std::byte*& block : blocks) {
      block = Bytes().allocate(4 * kHuge);
      are_aligned = are_aligned && is_aligned(block, kHuge);
    }
    ::setenv("PERTURB_HUGE_PAGES", "1", 1);
    for (std::byte* const block : blocks) Bytes().deallocate(block, 4 * kHuge);
    std::_Exit(are_aligned ? 1 : 0);
  };
  EXPECT_EXIT(check(), testing::ExitedWithCode(0), "");
  ::unsetenv("PERTURB_HUGE_PAGES");
}

TEST(HugePageAllocatorDeathTest, IsNotTurnedOffByAnotherValue) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ::setenv("PERTURB_HUGE_PAGES", "1", 1);
  EXPECT_EXIT(std::_Exit(is_aligned(Bytes().allocate(4 * kHuge), kHuge) ? 0 : 1), testing::ExitedWithCode(0), "");
  ::unsetenv("PERTURB_HUGE_PAGES");
}

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

TEST(HugePageAllocator, AdvisesTheKernelWhereItWaitsForAdvice) {
  std::string setting;
  if (!std::getline(std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled"), setting)) {
    GTEST_SKIP() << "no huge pages here";
  }
  if (mapping_flags(std::make_unique<int>().get()).empty()) GTEST_SKIP() << "no /proc/self/smaps here";
  const bool is_advised = setting.find("[madvise]") != std::string::npos;
  const auto is_huge = [](const std::byte* byte) { return mapping_flags(byte).find(" hg ") != std::string::npos; };
  const auto own = std::make_unique<std::byte[]>(2 * kHuge);
  auto* const page = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(own.get()) | (kHuge - 1)) + 1);
  ::madvise(page, kHuge / 2, MADV_HUGEPAGE);
  if (!is_huge(page)) GTEST_SKIP() << "this emulator does not pass madvise on to the kernel";
  Bytes allocator;
  for (const std::size_t rest : {std::size_t{0}, std::size_t{64}, kHuge / 8, kHuge - 1}) {
    drop_spare_block();
    const std::size_t bytes = 10 * kHuge + rest;
    std::byte* const block = allocator.allocate(bytes);
    EXPECT_EQ(is_huge(block), is_advised);
    EXPECT_EQ(is_huge(block + 10 * kHuge - 1), is_advised);
    EXPECT_EQ(is_huge(block + bytes - 1), is_advised && rest != 64);
    allocator.deallocate(block, bytes);
  }
}

#endif

}  // namespace
