// SPDX-License-Identifier: MIT
/// @file Elements, hashers, equalities and an allocator that throw when told to: at the n-th of the calls that count.
/// A test arms the plan, makes one operation and sees whether it came through; with n = 1, 2, 3 … until it does, every
/// point at which something can throw has thrown once.
#pragma once

#include "support/allocators.hpp"
#include "support/check.hpp"
#include "support/numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace kit {

enum Fault : unsigned {
  kAllocation = 1,
  kHashing = 2,
  kComparing = 4,
  kMaking = 8,      // an element from a number
  kCopying = 16,    // an element
  kMoving = 32,     // an element whose move is not noexcept
  kAssigning = 64,  // an element
  kFunctors = 128,  // copying or assigning a hasher or an equality
  kCallback = 256,  // a function that a test hands in
};

/// What is thrown.
struct InjectedFault : std::bad_alloc {};

class FaultPlan {
 public:
  /// The `nth` point of these kinds throws. nth = 0: every one.
  static void arm(unsigned kinds, int nth) {
    kinds_ = kinds;
    countdown_ = nth;
    fired_ = false;
  }
  static void disarm() { kinds_ = 0; }
  static bool fired() { return fired_; }

  static void point(Fault kind) {
    if ((kinds_ & kind) == 0) return;
    if (countdown_ > 1) {
      --countdown_;
      return;
    }
    fired_ = true;
    if (countdown_ == 1) kinds_ = 0;
    throw InjectedFault();
  }

 private:
  static inline unsigned kinds_ = 0;
  static inline int countdown_ = 0;
  static inline bool fired_ = false;
};

enum class Move { never_throws, throws };
enum class Copy { works, deleted };

/// A part of an element. Counts its living objects, notices when it is moved as bytes, and holds kGone once moved from.
template <Move kMove, Copy kCopy>
class Fragile {
 public:
  static constexpr Number kGone = ~Number{0};
  static constexpr bool kNothrowMove = kMove == Move::never_throws;

  Fragile() : Fragile(Number{0}) {}
  explicit Fragile(Number number) : number_(number) {
    FaultPlan::point(kMaking);
    ++living_;
  }
  Fragile(const Fragile& other)
    requires(kCopy == Copy::works)
      : number_(other.number()) {
    FaultPlan::point(kCopying);
    ++living_;
  }
  Fragile(Fragile&& other) noexcept(kNothrowMove) {
    if constexpr (!kNothrowMove) FaultPlan::point(kMoving);
    number_ = std::exchange(other.number_, kGone);
    ++living_;
  }
  Fragile& operator=(const Fragile& other)
    requires(kCopy == Copy::works)
  {
    FaultPlan::point(kAssigning);
    number_ = other.number();
    return *this;
  }
  Fragile& operator=(Fragile&& other) noexcept(kNothrowMove) {
    if constexpr (!kNothrowMove) FaultPlan::point(kAssigning);
    if (this != &other) number_ = std::exchange(other.number_, kGone);
    return *this;
  }
  ~Fragile() {
    check(self_ == this, "an object was moved as bytes");
    --living_;
  }

  Number number() const {
    check(self_ == this, "an object was moved as bytes");
    return number_;
  }
  static std::ptrdiff_t living() { return living_; }

  friend bool operator==(const Fragile& a, const Fragile& b) { return a.number() == b.number(); }

 private:
  static inline std::ptrdiff_t living_ = 0;
  const Fragile* self_ = this;
  Number number_ = kGone;
};

template <Move kMove, Copy kCopy>
struct Numbered<Fragile<kMove, kCopy>> {
  static Fragile<kMove, kCopy> make(Number n) { return Fragile<kMove, kCopy>(n); }
  static Number number_of(const Fragile<kMove, kCopy>& x) { return x.number(); }
};

/// A functor part whose copies may throw; moving one is copying it.
class FragileState {
 public:
  FragileState() = default;
  FragileState(const FragileState& other) : id_(other.id_) { FaultPlan::point(kFunctors); }
  FragileState& operator=(const FragileState& other) {
    FaultPlan::point(kFunctors);
    id_ = other.id_;
    return *this;
  }
  ~FragileState() = default;

 protected:
  explicit FragileState(std::uint64_t id) : id_(id) {}
  std::uint64_t id_ = 0;
};

/// The number itself, turned by the id, and unmixed: tests choose the groups that elements go to.
class FragileHash : public FragileState {
 public:
  using is_avalanching = std::true_type;
  FragileHash() = default;
  explicit FragileHash(std::uint64_t id) : FragileState(id) {}
  template <class Key>
  std::uint64_t operator()(const Key& key) const {
    FaultPlan::point(kHashing);
    return number_of(key) ^ (id_ << 4);
  }
};

class FragileEqual : public FragileState {
 public:
  FragileEqual() = default;
  template <class Key>
  bool operator()(const Key& a, const Key& b) const {
    FaultPlan::point(kComparing);
    return a == b;
  }
};

/// An IdAllocator (no propagation) that runs out of memory when told to.
template <class T>
class FragileAllocator {
 public:
  using value_type = T;
  using is_always_equal = std::false_type;

  explicit FragileAllocator(int id = 0) noexcept : id_(id) {}
  template <class U>
  FragileAllocator(const FragileAllocator<U>& other) noexcept : id_(other.id()) {}

  T* allocate(std::size_t n) {
    FaultPlan::point(kAllocation);
    T* block = allocate_aligned<T>(n);
    Ledger::instance().allocated(block, n * sizeof(T), id_);
    return block;
  }
  void deallocate(T* block, std::size_t n) noexcept {
    Ledger::instance().deallocating(block, n * sizeof(T), id_);
    deallocate_aligned(block);
  }

  int id() const noexcept { return id_; }
  friend bool operator==(const FragileAllocator& a, const FragileAllocator& b) noexcept { return a.id_ == b.id_; }

 private:
  int id_;
};

}  // namespace kit
