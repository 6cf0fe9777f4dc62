// SPDX-License-Identifier: MIT
/// @file Hazard pointers: how a writer learns that no reader uses an object any more, while readers write only to cache
/// lines of their own thread.
///
/// Each reading thread has a record with a few slots. To use an object, a reader writes its address into a free slot
/// and then looks whether the object is still the published one; if not, it tries again. A writer that has replaced an
/// object scans all slots, and frees the object only if no slot names it.
///
/// The reader's store to its slot must be visible before its second look. A fence would cost more than a look-up. On
/// Linux the writer pays instead: membarrier() makes every running thread of the process execute a full barrier, after
/// which each reader either has its slot visible or will see the new object. Where that system call is missing, the
/// store is sequentially consistent.
///
/// Source: Michael, "Hazard Pointers", IEEE TPDS 2004; membarrier(2) for the barrier on the writer's side.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace perturb::inline PERTURB_ABI::detail::ring {

/// What readers can protect: freed by its destructor when no slot names it.
class Protected {
 public:
  Protected() = default;
  Protected(const Protected&) = delete;
  Protected& operator=(const Protected&) = delete;
  virtual ~Protected() = default;

 private:
  friend class HazardDomain;
  Protected* next_retired_ = nullptr;
};

/// The address of an object that a reader uses; nullptr: the slot is free. Only the thread of the record takes a slot;
/// any thread may free it.
using HazardSlot = std::atomic<const Protected*>;

/// The slots of one thread. Records are never freed: a thread that ends leaves its record to another one.
struct alignas(128) HazardRecord {
  static constexpr std::size_t kSlots = 8;

  std::array<HazardSlot, kSlots> hazards{};
  bool needs_fence;  // readers order their stores themselves
  std::atomic_flag is_taken{};
  HazardRecord* next = nullptr;            // of all records
  HazardRecord* next_of_thread = nullptr;  // of those that one thread has
};

/// The record in which the calling thread looks for a free slot first, and its only one almost always.
inline constinit thread_local HazardRecord* hazard_record = nullptr;

/// All records of the process, and the objects that wait until no slot names them.
class HazardDomain {
 public:
  [[nodiscard]] static HazardDomain& instance() {
    // Never destroyed: threads may read until the process ends.
    static HazardDomain* const domain = new HazardDomain;
    return *domain;
  }

  /// Deletes `object`, which must no longer be published: now, or in a later call that finds no slot with it.
  /// Complexity: O(slots of all threads) for each object that waits, and one barrier in every running thread.
  void retire(Protected* object) noexcept {
    Protected* unused = nullptr;
    {
      const std::lock_guard lock(mutex_);
      object->next_retired_ = std::exchange(retired_, object);
      if (is_asymmetric_ && !make_barrier_everywhere()) return;
      for (Protected** link = &retired_; *link != nullptr;) {
        Protected* const candidate = *link;
        if (is_used(candidate)) {
          link = &candidate->next_retired_;
        } else {
          *link = candidate->next_retired_;
          candidate->next_retired_ = std::exchange(unused, candidate);
        }
      }
    }
    while (unused != nullptr) delete std::exchange(unused, unused->next_retired_);
  }

  /// A record for the calling thread. Throws: std::bad_alloc.
  [[nodiscard]] HazardRecord* take_record() {
    for (HazardRecord* record = records_.load(std::memory_order_acquire); record != nullptr; record = record->next) {
      if (!record->is_taken.test_and_set(std::memory_order_acquire)) return record;
    }
    auto* const record = new HazardRecord{};
    record->needs_fence = !is_asymmetric_;
    record->is_taken.test_and_set(std::memory_order_relaxed);
    record->next = records_.load(std::memory_order_relaxed);
    while (!records_.compare_exchange_weak(record->next, record, std::memory_order_seq_cst)) {
    }
    return record;
  }

 private:
  HazardDomain() : is_asymmetric_(enable_barrier()) {}

  [[nodiscard]] bool is_used(const Protected* object) const noexcept {
    for (HazardRecord* record = records_.load(std::memory_order_seq_cst); record != nullptr; record = record->next) {
      for (const HazardSlot& slot : record->hazards) {
        // Also an acquire: what the reader did before it freed the slot comes before the deletion.
        if (slot.load(std::memory_order_seq_cst) == object) return true;
      }
    }
    return false;
  }

#if defined(__linux__) && defined(SYS_membarrier)
  static bool enable_barrier() noexcept {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
  }
  static bool make_barrier_everywhere() noexcept {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
  }
#else
  static bool enable_barrier() noexcept { return false; }
  static bool make_barrier_everywhere() noexcept { return false; }
#endif

  const bool is_asymmetric_;  // writers make the barrier for the readers
  std::atomic<HazardRecord*> records_{nullptr};
  std::mutex mutex_;
  Protected* retired_ = nullptr;
};

/// Gives the records of a thread back when it ends.
class ThreadRecords {
 public:
  ThreadRecords() = default;
  ThreadRecords(const ThreadRecords&) = delete;
  ThreadRecords& operator=(const ThreadRecords&) = delete;
  ~ThreadRecords() {
    HazardRecord* record = std::exchange(hazard_record, nullptr);
    while (record != nullptr) {
      HazardRecord* const next = std::exchange(record->next_of_thread, nullptr);
      record->is_taken.clear(std::memory_order_release);
      record = next;
    }
  }
};

/// A free slot where the first ones of the thread's record are not free, or the thread has no record.
[[nodiscard]] PERTURB_NEVER_INLINE inline std::pair<HazardSlot*, bool> find_free_slot() {
  for (HazardRecord* record = hazard_record; record != nullptr; record = record->next_of_thread) {
    for (HazardSlot& slot : record->hazards) {
      if (slot.load(std::memory_order_relaxed) == nullptr) return {&slot, record->needs_fence};
    }
  }
  static thread_local ThreadRecords at_thread_exit;
  HazardRecord* const record = HazardDomain::instance().take_record();
  record->next_of_thread = std::exchange(hazard_record, record);
  // A thread that ended may have left handles to others: its slots are then in use.
  for (HazardSlot& slot : record->hazards) {
    if (slot.load(std::memory_order_relaxed) == nullptr) return {&slot, record->needs_fence};
  }
  return find_free_slot();
}

/// A free slot of the calling thread, and whether its store needs a fence. Throws: std::bad_alloc.
[[nodiscard]] PERTURB_ALWAYS_INLINE std::pair<HazardSlot*, bool> free_slot() {
  HazardRecord* const record = hazard_record;
  if (record != nullptr) [[likely]] {
    for (std::size_t i = 0; i < 2; ++i) {
      if (record->hazards[i].load(std::memory_order_relaxed) == nullptr)
        return {&record->hazards[i], record->needs_fence};
    }
  }
  return find_free_slot();
}

/// Writes what `current` holds into `slot` and returns it: it is then not deleted before the slot is freed.
template <class Object>
[[nodiscard]] PERTURB_ALWAYS_INLINE const Object* protect(HazardSlot& slot, bool needs_fence,
                                                          const std::atomic<Object*>& current) noexcept {
  const Object* object = current.load(std::memory_order_acquire);
  for (;;) {
    if (needs_fence) {
      slot.store(object, std::memory_order_seq_cst);
    } else {
      slot.store(object, std::memory_order_release);
      std::atomic_signal_fence(
          std::memory_order_seq_cst);  // the compiler must keep the order; the barrier does the rest
    }
    const Object* const again = current.load(std::memory_order_seq_cst);
    if (again == object) [[likely]]
      return object;
    object = again;
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
