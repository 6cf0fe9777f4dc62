// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace compare {
namespace {

std::optional<std::size_t> status_bytes(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == field && status >> kibibytes) return kibibytes * 1024;
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return {};
}

std::optional<std::size_t> growth_here(const std::function<void()>& action) {
  malloc_trim(0);
  // Sets the peak back to what is resident now.
  if (!(std::ofstream("/proc/self/clear_refs") << 5 << std::flush)) return {};
  const auto before = status_bytes("VmRSS:");
  action();
  const auto peak = status_bytes("VmHWM:");
  if (!before || !peak || *peak < *before) return {};
  return *peak - *before;
}

}  // namespace

std::size_t bytes_in_malloc(void* block) { return malloc_usable_size(block) + sizeof(std::size_t); }

std::optional<std::size_t> malloc_in_use() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return {};
#endif
}

void run_in_new_thread(const std::function<void()>& action) { std::thread(action).join(); }

void settle_allocator() {
  // What its own adjustment ends with.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

void tidy_heap() {
  void* volatile const block = std::malloc(1 << 20);
  std::free(block);
}

std::optional<std::size_t> resident_growth(const std::function<void()>& action) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    const std::optional<std::size_t> growth = growth_here(action);
    const bool written = growth && write(ends[1], &*growth, sizeof(*growth)) == sizeof(*growth);
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::size_t growth = 0;
  const bool is_read = child > 0 && read(ends[0], &growth, sizeof(growth)) == sizeof(growth);
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return is_read ? std::optional(growth) : std::nullopt;
}

}  // namespace compare
