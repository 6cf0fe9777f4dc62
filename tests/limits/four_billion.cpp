// SPDX-License-Identifier: MIT
// A set of more than 2^32 elements. Not part of CTest: it takes minutes and 16 GiB of memory, or of a file:
//
//   g++ -std=c++20 -O2 -Iinclude tests/limits/four_billion.cpp -o four_billion && ./four_billion [FILE]
//
// An element is one byte, so there are not as many different ones: the program says what the hash of the next key is,
// and while it inserts, no key equals another. Exit code 0: all was as it must be. docs/security.md has the times.
#include <perturb/hash_set.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

const char* backing_file = nullptr;

/// Anonymous memory, or a file where the machine has too little of it.
template <class T>
struct MappedAllocator {
  using value_type = T;

  MappedAllocator() = default;
  template <class U>
  MappedAllocator(const MappedAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    int file = -1;
    if (backing_file != nullptr) {
      file = ::open(backing_file, O_RDWR | O_CREAT | O_TRUNC, 0600);
      if (file < 0 || ::unlink(backing_file) != 0 || ::ftruncate(file, static_cast<off_t>(n * sizeof(T))) != 0) {
        throw std::bad_alloc();
      }
    }
    void* const block = ::mmap(nullptr, n * sizeof(T), PROT_READ | PROT_WRITE,
                               file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED, file, 0);
    if (file >= 0) ::close(file);
    if (block == MAP_FAILED) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t n) noexcept { ::munmap(block, n * sizeof(T)); }
  friend bool operator==(MappedAllocator, MappedAllocator) { return true; }
};

struct Byte {
  std::uint8_t value;
};
std::uint64_t next_hash = 0;
bool is_inserting = true;

struct GivenHash {
  using is_avalanching = void;
  std::uint64_t operator()(const Byte&) const { return next_hash; }
};
struct GivenEqual {
  bool operator()(const Byte& a, const Byte& b) const { return !is_inserting && a.value == b.value; }
};
using Set = perturb::HashSet<Byte, GivenHash, GivenEqual, MappedAllocator<Byte>>;

// Eight neighbours share a group of 16 slots, and have different bytes.
Byte element(std::uint64_t n) {
  next_hash = 2 * n;
  return {static_cast<std::uint8_t>(n % 251)};
}

void expect(bool ok, const char* claim) {
  if (ok) return;
  std::printf("not true: %s\n", claim);
  std::exit(1);
}

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) backing_file = argv[1];
  constexpr std::uint64_t kSize = (std::uint64_t{1} << 32) + (1u << 20);
  double start = seconds();
  const auto lap = [&](const char* what) {
    const double now = seconds();
    std::printf("%-40s %8.1f s\n", what, now - start);
    std::fflush(stdout);
    start = now;
  };

  Set set;
  set.reserve(kSize);
  expect(set.bucket_count() == std::uint64_t{1} << 33, "the capacity is 2^33");
  lap("reserve(2^32 + 2^20)");
  for (std::uint64_t n = 0; n < kSize; ++n) set.insert(element(n));
  expect(set.size() == kSize, "the size is that");
  expect(set.bucket_count() == std::uint64_t{1} << 33, "nothing was rehashed");
  lap("insert each");

  is_inserting = false;
  std::uint64_t n = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    n = (n * 6364136223846793005u + 1442695040888963407u) % kSize;
    const Byte key = element(n);
    const auto it = set.find(key);
    expect(it != set.end() && it->value == key.value, "an element is found");
  }
  lap("find a million");
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  for (const Byte byte : set) {
    sum += byte.value;
    ++count;
  }
  expect(count == kSize, "each element is visited once");
  expect(sum > kSize * 124 && sum < kSize * 126, "the elements are those");
  lap("iterate over all");
  for (std::uint64_t last = kSize; last > std::uint64_t{1} << 32; --last) {
    expect(set.erase(element(last - 1)) == 1, "an element is erased");
  }
  expect(set.size() == std::uint64_t{1} << 32, "the size is 2^32");
  element(kSize);
  expect(set.find(Byte{255}) == set.end(), "an absent element is not found");
  lap("erase 2^20");
  set = Set();
  lap("destroy");
}
