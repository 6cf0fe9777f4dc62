// SPDX-License-Identifier: MIT
/// @file SharedRing: a ring that many threads read while others replace it.
///
///   perturb::SharedRing shared(ring);
///   const auto snapshot = shared.load();                            // readers, without a lock
///   serve(snapshot->owner(key));                                    // valid while the handle lives
///   shared.update([](auto& ring) { ring.add_node("d"); });          // a writer: copies, changes, publishes
///
/// A reader sees one immutable ring from load() until its handle is gone, whatever is published meanwhile. Reading
/// writes to cache lines of the reading thread only, so readers do not slow each other down; how that works:
/// ring/hazard.hpp.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/hazard.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

/// The published state of a `Ring`: a HashRing, a profile, or any other copyable type.
///
/// All members may be called from any threads at once, except the constructors and the destructor. Handles may outlive
/// the SharedRing and may be moved to other threads.
///
/// A replaced ring is deleted by the next publication (of any SharedRing) that finds no handle to it. While nothing is
/// published, at most one ring for each handle that existed at the last publication waits.
template <class Ring>
class SharedRing {
  struct Snapshot final : detail::ring::Protected {
    explicit Snapshot(Ring value) : ring(std::move(value)) {}
    Ring ring;
  };

 public:
  using ring_type = Ring;

  /// Keeps a published ring alive: a pointer to it that can be moved and not copied.
  class Handle {
   public:
    Handle(Handle&& other) noexcept
        : slot_(std::exchange(other.slot_, nullptr)), snapshot_(std::exchange(other.snapshot_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
      Handle moved(std::move(other));
      std::swap(slot_, moved.slot_);
      std::swap(snapshot_, moved.snapshot_);
      return *this;
    }
    ~Handle() {
      // Release: the deletion of the ring comes after everything that was done with it.
      if (slot_ != nullptr) slot_->store(nullptr, std::memory_order_release);
    }

    /// Pre: not moved from.
    [[nodiscard]] const Ring& operator*() const noexcept { return *get(); }
    [[nodiscard]] const Ring* operator->() const noexcept { return get(); }
    [[nodiscard]] const Ring* get() const noexcept {
      PERTURB_ASSERT(snapshot_ != nullptr, "SharedRing::Handle: a handle that was moved from has no ring");
      return &snapshot_->ring;
    }

   private:
    friend class SharedRing;
    Handle(detail::ring::HazardSlot* slot, const Snapshot* snapshot) noexcept : slot_(slot), snapshot_(snapshot) {}

    detail::ring::HazardSlot* slot_;
    const Snapshot* snapshot_;
  };

  /// Publishes an empty ring.
  SharedRing()
    requires std::is_default_constructible_v<Ring>
      : SharedRing(Ring()) {}
  /// Publishes `ring`. Throws: std::bad_alloc; what moving a ring throws.
  explicit SharedRing(Ring ring) : current_(new Snapshot(std::move(ring))) {}

  SharedRing(const SharedRing&) = delete;
  SharedRing& operator=(const SharedRing&) = delete;
  /// Handles stay valid. Pre: no member is running.
  ~SharedRing() { detail::ring::HazardDomain::instance().retire(current_.load(std::memory_order_acquire)); }

  /// The published ring, which stays alive and unchanged while the handle does. Never waits for a writer.
  /// Complexity: two loads and a store in cache lines of this thread; once more for each ring that is published during
  /// the call. A thread that holds more than eight handles, and the first call of a thread, allocate.
  /// Throws: std::bad_alloc from such an allocation.
  [[nodiscard]] Handle load() const {
    const auto [slot, needs_fence] = detail::ring::free_slot();
    return Handle(slot, detail::ring::protect(*slot, needs_fence, current_));
  }

  /// Publishes another ring: handles from now on see it. Waits for other writers, never for readers.
  /// Throws: std::bad_alloc; what moving a ring throws; nothing is then published.
  void store(Ring ring) {
    auto next = std::make_unique<Snapshot>(std::move(ring));
    const std::lock_guard lock(writers_);
    publish(std::move(next));
  }

  /// Copies the published ring, calls f(copy), and publishes the copy. Writers wait for each other meanwhile, so no
  /// update is lost. @returns what f returns.
  /// Throws: std::bad_alloc; what copying a ring and f throw; nothing is then published.
  template <class Function>
  decltype(auto) update(Function&& f) {
    const std::lock_guard lock(writers_);
    auto next = std::make_unique<Snapshot>(current_.load(std::memory_order_relaxed)->ring);
    if constexpr (std::is_void_v<std::invoke_result_t<Function&, Ring&>>) {
      f(next->ring);
      publish(std::move(next));
    } else {
      std::invoke_result_t<Function&, Ring&> result = f(next->ring);
      publish(std::move(next));
      return result;
    }
  }

 private:
  // Pre: the caller holds writers_.
  void publish(std::unique_ptr<Snapshot> next) noexcept {
    detail::ring::HazardDomain::instance().retire(current_.exchange(next.release(), std::memory_order_seq_cst));
  }

  std::atomic<Snapshot*> current_;
  std::mutex writers_;
};

}  // namespace perturb::inline PERTURB_ABI
