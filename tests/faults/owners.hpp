// SPDX-License-Identifier: MIT
/// @file Elements whose destructors run a function of the test, which may come back to the table that they are in.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

namespace owners {

/// The process-wide record: the tests run in one thread.
struct Record {
  std::function<void(int)> on_end;  ///< called with the number of an owner that ends, unless it was moved from
  std::set<const void*> alive;      ///< every owner that was constructed and not destroyed
  std::size_t calls = 0;            ///< of on_end
  std::size_t destroyed_twice = 0;  ///< destructors of what is not alive
  static constexpr std::size_t kMostCalls = 2000;  ///< then the test gives up, rather than to loop for ever

  static Record& instance() {
    static Record record;
    return record;
  }
};

inline constexpr int kMovedFrom = -1;

/// A number that is alive. kCopies: it has no move constructor, so that tables copy it.
template <bool kCopies>
class BasicOwner {
 public:
  explicit BasicOwner(int number) : number_(number) { begin(); }
  BasicOwner() : BasicOwner(kMovedFrom) {}
  BasicOwner(const BasicOwner& other) : number_(other.number_) { begin(); }
  BasicOwner(BasicOwner&& other) noexcept
    requires(!kCopies)
      : number_(std::exchange(other.number_, kMovedFrom)) {
    begin();
  }
  BasicOwner& operator=(const BasicOwner&) = default;
  BasicOwner& operator=(BasicOwner&& other) noexcept
    requires(!kCopies)
  {
    number_ = std::exchange(other.number_, kMovedFrom);
    return *this;
  }
  ~BasicOwner() {
    Record& record = Record::instance();
    if (record.alive.erase(this) == 0) {
      ++record.destroyed_twice;
      return;
    }
    if (number_ == kMovedFrom || !record.on_end || ++record.calls > Record::kMostCalls) return;
    record.on_end(number_);
  }

  int number() const { return number_; }
  friend bool operator==(const BasicOwner& a, const BasicOwner& b) { return a.number_ == b.number_; }

 private:
  void begin() { EXPECT_TRUE(Record::instance().alive.insert(this).second) << "constructed where one is alive"; }

  int number_;
};

using Owner = BasicOwner<false>;
using CopiedOwner = BasicOwner<true>;

/// Hashes and compares owners, and numbers as owners.
struct OwnerHash {
  using is_transparent = void;
  std::size_t operator()(int number) const { return static_cast<std::size_t>(number); }
  template <bool kCopies>
  std::size_t operator()(const BasicOwner<kCopies>& owner) const {
    return (*this)(owner.number());
  }
};
struct OwnerEqual {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return number_of(a) == number_of(b);
  }

 private:
  static int number_of(int number) { return number; }
  template <bool kCopies>
  static int number_of(const BasicOwner<kCopies>& owner) {
    return owner.number();
  }
};

/// Sets on_end for as long as it lives; then every owner must have ended once.
class OnEnd {
 public:
  explicit OnEnd(std::function<void(int)> function) {
    Record& record = Record::instance();
    record.calls = 0;
    record.destroyed_twice = 0;
    record.on_end = std::move(function);
  }
  ~OnEnd() {
    Record& record = Record::instance();
    record.on_end = nullptr;
    EXPECT_EQ(record.destroyed_twice, 0u) << "an element was destroyed twice";
    EXPECT_LE(record.calls, Record::kMostCalls) << "elements are destroyed without an end";
  }
  OnEnd(const OnEnd&) = delete;
  OnEnd& operator=(const OnEnd&) = delete;
};

/// Surrounds a test: what it made must be gone afterwards. A table that searches for ever ends the process.
class OwnersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    alarm(kMostSeconds);
    Record::instance().alive.clear();
  }
  void TearDown() override {
    alarm(0);
    EXPECT_TRUE(Record::instance().alive.empty()) << "elements were never destroyed";
  }

 private:
  static constexpr unsigned kMostSeconds = 100;
};

}  // namespace owners
