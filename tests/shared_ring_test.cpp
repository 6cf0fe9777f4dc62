// SPDX-License-Identifier: MIT
/// @file SharedRing, also under ThreadSanitizer (the preset tsan).
#include <perturb/hash_ring.hpp>
#include <perturb/shared_ring.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Strings = perturb::HashRing<std::string>;

// Counts how many of its kind are alive, and notices the use of one that is not.
class Counted {
 public:
  explicit Counted(int value) : value_(value) { ++alive_; }
  Counted(const Counted& other) : value_(other.value()) { ++alive_; }
  Counted& operator=(const Counted&) = delete;
  ~Counted() {
    value_ = kDead;
    --alive_;
  }

  [[nodiscard]] int value() const {
    if (value_ == kDead) throw std::logic_error("used after its end");
    return value_;
  }
  [[nodiscard]] static int alive() { return alive_; }

 private:
  static constexpr int kDead = -1;
  static inline std::atomic<int> alive_ = 0;

  int value_;
};

TEST(SharedRing, ShowsWhatWasPublishedLast) {
  perturb::SharedRing shared(Strings({"a", "b"}));
  EXPECT_EQ(shared.load()->size(), 2u);
  shared.store(Strings({"c"}));
  EXPECT_EQ(shared.load()->owner("key"), "c");
  EXPECT_TRUE(shared.update([](Strings& ring) { return ring.add_node("d"); }));
  shared.update([](Strings& ring) { ring.add_node("e"); });
  EXPECT_EQ(*shared.load(), Strings({"c", "d", "e"}));
  EXPECT_TRUE(perturb::SharedRing<Strings>().load()->empty());
}

TEST(SharedRing, AHandleKeepsItsRingWhateverIsPublished) {
  perturb::SharedRing shared(Strings({"a"}));
  const auto handle = shared.load();
  for (int i = 0; i < 10; ++i) shared.store(Strings({"b"}));
  EXPECT_EQ(handle->owner("key"), "a");
  EXPECT_EQ((*handle).size(), 1u);
}

TEST(SharedRing, FreesARingWithThePublicationThatFindsNoHandle) {
  const int before = Counted::alive();
  {
    perturb::SharedRing shared(Counted(0));
    std::optional handle(shared.load());
    for (int i = 1; i <= 20; ++i) {
      shared.store(Counted(i));
      EXPECT_EQ(Counted::alive() - before, 2);
    }
    EXPECT_EQ((*handle)->value(), 0);
    handle.reset();
    shared.store(Counted(21));
    EXPECT_EQ(Counted::alive() - before, 1);
  }
  EXPECT_EQ(Counted::alive(), before);
}

TEST(SharedRing, AHandleOutlivesTheSharedRingAndItsThread) {
  const int before = Counted::alive();
  std::optional<perturb::SharedRing<Counted>::Handle> handle;
  {
    perturb::SharedRing shared(Counted(7));
    std::thread([&] { handle = shared.load(); }).join();
  }
  EXPECT_EQ((*handle)->value(), 7);
  handle.reset();
  perturb::SharedRing(Counted(1)).store(Counted(2));
  EXPECT_EQ(Counted::alive(), before);
}

TEST(SharedRing, AThreadMayHoldManyHandles) {
  const int before = Counted::alive();
  perturb::SharedRing shared(Counted(0));
  {
    std::vector<perturb::SharedRing<Counted>::Handle> handles;
    for (int i = 0; i < 50; ++i) {
      handles.push_back(shared.load());
      shared.store(Counted(i + 1));
    }
    for (int i = 0; i < 50; ++i) EXPECT_EQ(handles[static_cast<std::size_t>(i)]->value(), i);
    EXPECT_EQ(Counted::alive() - before, 51);
  }
  shared.store(Counted(0));
  EXPECT_EQ(Counted::alive() - before, 1);
}

TEST(SharedRing, AMovedHandleKeepsTheRing) {
  perturb::SharedRing shared(Strings({"a"}));
  auto first = shared.load();
  shared.store(Strings({"b"}));
  auto second = shared.load();
  second = std::move(first);
  shared.store(Strings({"c"}));
  EXPECT_EQ(second->owner("key"), "a");
}

TEST(SharedRing, AFailedUpdatePublishesNothing) {
  perturb::SharedRing shared(Strings({"a"}));
  EXPECT_THROW(shared.update([](Strings& ring) {
    ring.add_node("b");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(*shared.load(), Strings({"a"}));
}

TEST(SharedRingThreads, ReadersSeeWholeRingsWhileWritersPublish) {
  // Each published ring has the nodes "0" to its size: a mixture of two would be noticed.
  perturb::SharedRing shared(perturb::HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<8>>({0}));
  std::atomic<bool> is_done = false;
  std::atomic<int> faults = 0;
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&] {
      while (!is_done.load(std::memory_order_relaxed)) {
        const auto handle = shared.load();
        const auto nested = shared.load();
        const int size = static_cast<int>(handle->size());
        if (handle->nodes().back() != size - 1 || handle->owner(1) >= size || nested->size() < 1) ++faults;
      }
    });
  }
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&shared] {
      for (int i = 0; i < 150; ++i) shared.update([](auto& ring) { ring.add_node(static_cast<int>(ring.size())); });
    });
  }
  for (std::size_t i = 3; i < threads.size(); ++i) threads[i].join();
  is_done = true;
  for (std::size_t i = 0; i < 3; ++i) threads[i].join();
  EXPECT_EQ(faults, 0);
  EXPECT_EQ(shared.load()->size(), 301u);  // no update was lost
}

TEST(SharedRingThreads, NoReaderUsesAFreedRing) {
  const int before = Counted::alive();
  {
    perturb::SharedRing shared(Counted(0));
    std::atomic<bool> is_done = false;
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 3; ++reader) {
      readers.emplace_back([&] {
        int last = 0;
        while (!is_done.load(std::memory_order_relaxed)) {
          const int value = shared.load()->value();
          EXPECT_GE(value, last);
          last = value;
        }
      });
    }
    for (int i = 1; i <= 5'000; ++i) shared.store(Counted(i));
    is_done = true;
    for (std::thread& reader : readers) reader.join();
    shared.store(Counted(5'001));
    EXPECT_EQ(Counted::alive() - before, 1);
  }
  EXPECT_EQ(Counted::alive(), before);
}

TEST(SharedRingThreads, RecordsOfEndedThreadsAreUsedAgain) {
  perturb::SharedRing shared(Counted(5));
  for (int i = 0; i < 200; ++i) std::thread([&] { EXPECT_EQ(shared.load()->value(), 5); }).join();
}

}  // namespace
