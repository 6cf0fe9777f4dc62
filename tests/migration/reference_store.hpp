// SPDX-License-Identifier: MIT
/// @file A store in memory that keeps the contract of MigrationSource and MigrationSink word by word, the router of
/// those who read and write, and a journal in memory. Any call can be made to fail, before or after its effect.
#pragma once

#include <perturb/hash_ring.hpp>
#include <perturb/migration.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace reference {

using Ring = perturb::HashRing<std::string>;
using Range = perturb::MigrationRange<std::string, std::uint64_t>;
using Ranges = perturb::MigrationRanges<std::string, std::uint64_t>;

inline Ring ring_of(std::initializer_list<std::string> nodes) { return Ring(std::vector<std::string>(nodes)); }

/// Two rings with a migration between them.
struct Case {
  Ring before;
  Ring after;
};
inline std::vector<Case> cases() {
  return {{ring_of({"a", "b", "c"}), ring_of({"a", "b", "c", "d"})},
          {ring_of({"a", "b", "c"}), ring_of({"a", "c"})},
          {ring_of({"a", "b"}), ring_of({"c", "d"})}};
}

/// The process died here.
struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

/// Counts the calls of all stores and the journal; one of them dies.
struct Executioner {
  std::size_t calls = 0;
  std::size_t fatal = static_cast<std::size_t>(-1);  ///< each call counts twice: before and after its effect

  void pass() {
    if (calls++ == fatal) throw Killed();
  }
};

struct Entry {
  std::string key;
  std::optional<std::string> value;  ///< nothing: erased
  std::uint64_t version = 0;
  bool is_change = false;  ///< a write, and not a copy of what was there
};

class Store {
 public:
  using entry_type = Entry;
  using cursor_type = std::string;  // the last key seen

  explicit Store(Executioner& executioner) : executioner_(&executioner) {}

  // ---- For the mover ------------------------------------------------------------------------------------------------

  void claim(std::uint64_t fence) {
    mutate(fence, [] {});
  }
  bool has_released(const Range& range) {
    return look([&] { return states_[range.number()] == State::released; });
  }
  void begin_sending(const Range& range, std::uint64_t fence) {
    mutate(fence, [&] {
      State& state = states_[range.number()];
      if (state == State::none) state = State::sending;
      if (state != State::sending) throw std::logic_error("the range is not to be sent");
    });
  }
  perturb::MigrationBatch<Entry, std::string> scan(const Range& range, const std::string& cursor, std::size_t limit) {
    return look([&] {
      perturb::MigrationBatch<Entry, std::string> batch;
      for (auto it = values_.upper_bound(cursor); it != values_.end(); ++it) {
        if (batch.entries.size() == limit) {
          batch.is_last = false;
          break;
        }
        batch.next = it->first;
        if (range.contains(token(it->first))) batch.entries.push_back({it->first, it->second, version_});
      }
      return batch;
    });
  }
  std::vector<Entry> missing(const Range&, std::span<const Entry> entries) {
    return look([&] {
      std::vector<Entry> result;
      for (const Entry& entry : entries) {
        if (values_.count(entry.key) == 0) result.push_back({entry.key, std::nullopt, version_});
      }
      return result;
    });
  }
  std::vector<Entry> changes(const Range& range, std::size_t limit) {
    return look([&] {
      std::vector<Entry> result;
      for (const auto& [key, version] : notes_[range.number()]) {
        if (result.size() == limit) break;
        result.push_back({key, find(key), version_, true});
      }
      return result;
    });
  }
  void confirm(const Range& range, std::span<const Entry> entries, std::uint64_t fence) {
    mutate(fence, [&] {
      auto& notes = notes_[range.number()];
      for (const Entry& entry : entries) {
        const auto note = notes.find(entry.key);
        if (note != notes.end() && note->second <= entry.version) notes.erase(note);
      }
    });
  }
  bool release(const Range& range, std::uint64_t fence) {
    bool is_released = true;
    mutate(fence, [&] {
      is_released = notes_[range.number()].empty();
      if (is_released) states_[range.number()] = State::released;
    });
    return is_released;
  }
  perturb::MigrationErased<std::string> erase(const Range& range, const std::string& cursor, std::size_t limit,
                                              std::uint64_t fence) {
    perturb::MigrationErased<std::string> erased;
    mutate(fence, [&] {
      if (states_[range.number()] != State::released) throw std::logic_error("the range is not released");
      for (auto it = values_.upper_bound(cursor); it != values_.end();) {
        if (erased.count == limit) {
          erased.is_last = false;
          break;
        }
        erased.next = it->first;
        if (range.contains(token(it->first))) {
          it = values_.erase(it);
          ++erased.count;
        } else {
          ++it;
        }
      }
    });
    return erased;
  }

  void begin_receiving(const Range& range, std::uint64_t fence) {
    mutate(fence, [&] {
      State& state = states_[range.number()];
      if (state == State::none) state = State::receiving;
      if (state != State::receiving) throw std::logic_error("the range is not to be received");
    });
  }
  void put(const Range& range, std::span<const Entry> entries, std::uint64_t fence) {
    mutate(fence, [&] {
      if (states_[range.number()] != State::receiving) throw std::logic_error("the range is not being received");
      for (const Entry& entry : entries) put_one(range, entry);
    });
  }
  std::vector<std::size_t> compare(const Range& range, std::span<const Entry> entries) {
    return look([&] {
      std::vector<std::size_t> differing;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& versions = versions_[range.number()];
        const auto later = versions.find(entries[i].key);
        if (later != versions.end() && later->second > entries[i].version) continue;
        if (find(entries[i].key) != entries[i].value) differing.push_back(i);
      }
      return differing;
    });
  }
  void sync(const Range&) {
    look([] { return 0; });
    if (on_sync) std::exchange(on_sync, nullptr)();
  }
  void accept(const Range& range, std::uint64_t fence) {
    mutate(fence, [&] {
      states_[range.number()] = State::owned;
      versions_.erase(range.number());
    });
  }

  // ---- For readers and writers --------------------------------------------------------------------------------------

  enum class Outcome { done, released, closed };
  struct Written {
    Outcome outcome = Outcome::done;
    std::optional<Entry> forward;  ///< also to be put into the sink
  };
  Written write(const Range* range, const std::string& key, const std::optional<std::string>& value) {
    const std::scoped_lock lock(mutex_);
    const State state = range == nullptr ? State::none : states_[range->number()];
    if (state == State::released) return {Outcome::released, {}};
    set(key, value);
    if (state != State::sending) return {};
    notes_[range->number()][key] = ++version_;
    return {Outcome::done, Entry{key, value, version_, true}};
  }
  struct Found {
    Outcome outcome = Outcome::done;
    std::optional<std::string> value;
  };
  Found read(const Range* range, const std::string& key) {
    const std::scoped_lock lock(mutex_);
    if (range != nullptr && states_[range->number()] == State::released) return {Outcome::released, {}};
    return {Outcome::done, find(key)};
  }
  /// A writer's put; refused once the range is not, or no longer, being received.
  Outcome forward(const Range& range, const Entry& entry) {
    const std::scoped_lock lock(mutex_);
    if (states_[range.number()] != State::receiving) return Outcome::closed;
    put_one(range, entry);
    return Outcome::done;
  }

  // ---- For tests ----------------------------------------------------------------------------------------------------

  [[nodiscard]] const std::map<std::string, std::string>& values() const { return values_; }
  std::map<std::string, std::string>& values() { return values_; }
  std::function<void()> on_sync;  ///< called once, after the next sync()
  /// The migration is over, and the next may use the numbers of its ranges again.
  void forget_ranges() {
    states_.clear();
    notes_.clear();
    versions_.clear();
  }
  [[nodiscard]] static std::uint64_t token(const std::string& key) { return Ring().token(key); }

 private:
  enum class State { none, sending, released, receiving, owned };

  std::optional<std::string> find(const std::string& key) const {
    const auto it = values_.find(key);
    return it == values_.end() ? std::nullopt : std::optional(it->second);
  }
  void set(const std::string& key, const std::optional<std::string>& value) {
    if (value) {
      values_[key] = *value;
    } else {
      values_.erase(key);
    }
  }
  void put_one(const Range& range, const Entry& entry) {
    auto& versions = versions_[range.number()];
    const auto known = versions.find(entry.key);
    if (known != versions.end() && (entry.is_change ? known->second >= entry.version : known->second > entry.version)) {
      return;
    }
    set(entry.key, entry.value);
    if (entry.is_change) versions[entry.key] = entry.version;
  }

  template <class Action>
  void mutate(std::uint64_t fence, Action action) {
    executioner_->pass();
    {
      const std::scoped_lock lock(mutex_);
      if (fence < fence_) throw perturb::StaleMover("another mover has claimed the store");
      fence_ = fence;
      action();
    }
    executioner_->pass();
  }
  template <class Action>
  std::invoke_result_t<Action> look(Action action) {
    executioner_->pass();
    const std::scoped_lock lock(mutex_);
    return action();
  }

  Executioner* executioner_;
  std::mutex mutex_;
  std::map<std::string, std::string> values_;
  std::uint64_t fence_ = 0;
  std::uint64_t version_ = 0;
  std::map<std::uint32_t, State> states_;
  std::map<std::uint32_t, std::map<std::string, std::uint64_t>> notes_;
  std::map<std::uint32_t, std::map<std::string, std::uint64_t>> versions_;
};

class MemoryJournal final : public perturb::MigrationJournal {
 public:
  explicit MemoryJournal(Executioner& executioner) : executioner_(&executioner) {}
  std::vector<std::vector<std::byte>> records() override { return records_; }
  void append(std::span<const std::byte> record) override {
    executioner_->pass();
    records_.emplace_back(record.begin(), record.end());
    executioner_->pass();
  }
  std::vector<std::vector<std::byte>>& list() { return records_; }

 private:
  Executioner* executioner_;
  std::vector<std::vector<std::byte>> records_;
};

using Migration = perturb::Migration<Store, Store>;

/// The stores of a ring that changes, what should be in them, and those who read and write.
class World {
 public:
  World(const Ring& before, const Ring& after, std::size_t arcs_at_once)
      : before_(before), after_(after), ranges_(perturb::diff(before, after), arcs_at_once) {
    for (const Ring* ring : {&before_, &after_}) {
      for (const std::string& node : ring->nodes()) stores_.try_emplace(node, executioner);
    }
  }

  Store& store(const std::string& node) { return stores_.at(node); }
  [[nodiscard]] const Ranges& ranges() const { return ranges_; }
  [[nodiscard]] perturb::MigrationPlan<std::string, std::uint64_t> plan() const {
    return perturb::diff(before_, after_);
  }
  Migration mover(MemoryJournal& journal, perturb::MigrationOptions options = {}) {
    const auto store_of = [this](const std::string& node) -> Store& { return store(node); };
    return Migration(plan(), store_of, store_of, journal, options);
  }

  /// A write as a program does it. The put into the sink is handed to `forward`, or made at once.
  struct Forward {
    const Range* range;
    Entry entry;
  };
  std::optional<Forward> write(const std::string& key, const std::optional<std::string>& value) {
    const std::uint64_t token = before_.token(key);
    const Range* const range = ranges_.find(token);
    Store::Written written = store(*before_.owner_of_token(token)).write(range, key, value);
    if (written.outcome == Store::Outcome::released) {
      store(*after_.owner_of_token(token)).write(nullptr, key, value);
      return {};
    }
    if (!written.forward) return {};
    return Forward{range, *written.forward};
  }
  void deliver(const Forward& forward) { store(forward.range->to()).forward(*forward.range, forward.entry); }
  void set(const std::string& key, const std::optional<std::string>& value) {
    if (const auto forward = write(key, value)) deliver(*forward);
  }
  std::optional<std::string> get(const std::string& key) {
    const std::uint64_t token = before_.token(key);
    Store::Found found = store(*before_.owner_of_token(token)).read(ranges_.find(token), key);
    if (found.outcome == Store::Outcome::released) {
      found = store(*after_.owner_of_token(token)).read(nullptr, key);
    }
    return found.value;
  }

  /// Everything that is stored, each key as often as it is, with the node.
  [[nodiscard]] std::map<std::pair<std::string, std::string>, std::string> content() const {
    std::map<std::pair<std::string, std::string>, std::string> all;
    for (const auto& [node, store] : stores_) {
      for (const auto& [key, value] : store.values()) all[{node, key}] = value;
    }
    return all;
  }
  /// What should be stored, if these are the keys.
  [[nodiscard]] std::map<std::pair<std::string, std::string>, std::string> placed(
      const std::map<std::string, std::string>& keys, const Ring& ring) const {
    std::map<std::pair<std::string, std::string>, std::string> all;
    for (const auto& [key, value] : keys) all[{ring.owner(key), key}] = value;
    return all;
  }
  [[nodiscard]] const Ring& before() const { return before_; }
  [[nodiscard]] const Ring& after() const { return after_; }

  Executioner executioner;

 private:
  Ring before_;
  Ring after_;
  Ranges ranges_;
  std::map<std::string, Store> stores_;
};

}  // namespace reference
