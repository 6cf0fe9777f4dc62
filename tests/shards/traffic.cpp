// SPDX-License-Identifier: MIT
/// @file A program that reads and writes keys of its own while servers come and go, and knows what each must hold: for
/// redis_shards_test.py. It stops at SIGTERM, reads everything once more, and exits with 1 if anything was wrong.
///
///   traffic PREFIX TIMEOUT_MS SERVER...
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../../examples/redis_shards/shards.hpp"

namespace {

volatile std::sig_atomic_t is_over = 0;

enum class Kind : std::uint8_t { text, counter, list };

// What a key may hold: one value, or several after a write whose outcome is unknown.
struct Expected {
  std::set<std::optional<std::string>> values{std::nullopt};
};

class Traffic {
 public:
  Traffic(std::string prefix, shards::Settings settings) : prefix_(std::move(prefix)), settings_(std::move(settings)) {}

  int run() {
    while (is_over == 0) {
      const std::size_t i = random_() % kKeys;
      // One key in three operations is always the same: a busy key.
      const std::size_t n = random_() % 3 == 0 ? 0 : i;
      if (random_() % 2 == 0) {
        write(n);
      } else {
        read(n);
      }
    }
    settings_.access.timeout_ms = 20000;
    shards_.reset();
    for (std::size_t n = 0; n < kKeys; ++n) read(n);
    std::cout << prefix_ << ": " << writes_ << " writes, " << reads_ << " reads, " << troubles_ << " failed, longest "
              << longest_.count() << " ms, " << faults_ << " faults" << std::endl;
    return faults_ == 0 ? 0 : 1;
  }

 private:
  static constexpr std::size_t kKeys = 150;

  static Kind kind_of(std::size_t n) { return n % 5 == 1 ? Kind::counter : n % 5 == 2 ? Kind::list : Kind::text; }
  std::string key_of(std::size_t n) const { return prefix_ + ":" + std::to_string(n); }

  void write(std::size_t n) {
    const std::string key = key_of(n);
    Expected& expected = expected_[n];
    std::set<std::optional<std::string>> next;
    shards::Command command;
    if (random_() % 5 == 0) {
      command = {"DEL", key};
      next = {std::nullopt};
    } else if (kind_of(n) == Kind::text) {
      const std::string value = std::to_string(random_());
      command = {"SET", key, value};
      next = {value};
    } else {
      command = kind_of(n) == Kind::counter ? shards::Command{"INCR", key} : shards::Command{"RPUSH", key, "x"};
      for (const auto& value : expected.values) next.insert(std::to_string(std::atoi(value.value_or("0").c_str()) + 1));
    }
    ++writes_;
    if (attempt([&] { shards_->write(key, command); })) {
      expected.values = next;
    } else {
      expected.values.insert(next.begin(), next.end());  // perhaps it was done
    }
  }

  void read(std::size_t n) {
    const std::string key = key_of(n);
    const bool is_list = kind_of(n) == Kind::list;
    std::optional<std::string> found;
    ++reads_;
    const bool is_known = attempt([&] {
      const shards::Reply reply = shards_->read(key, {is_list ? "LLEN" : "GET", key});
      if (!is_list) {
        found = reply.value();
      } else if (reply.number() != 0) {
        found = std::to_string(reply.number());
      }
    });
    if (!is_known || expected_[n].values.count(found) != 0) return;
    ++faults_;
    std::cout << key << " is " << found.value_or("absent") << " and not";
    for (const auto& value : expected_[n].values) std::cout << ' ' << value.value_or("absent");
    std::cout << std::endl;
  }

  template <class Action>
  bool attempt(Action action) {
    const auto begin = std::chrono::steady_clock::now();
    bool is_done = false;
    try {
      if (!shards_) shards_ = std::make_unique<shards::Shards>(settings_);
      action();
      is_done = true;
    } catch (const std::exception&) {
      ++troubles_;
      shards_.reset();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (is_done) longest_ = std::max(longest_, took);
    return is_done;
  }

  std::string prefix_;
  shards::Settings settings_;
  std::unique_ptr<shards::Shards> shards_;
  std::vector<Expected> expected_ = std::vector<Expected>(kKeys);
  std::mt19937 random_{static_cast<unsigned>(std::hash<std::string>()(prefix_))};
  std::size_t writes_ = 0;
  std::size_t reads_ = 0;
  std::size_t troubles_ = 0;
  std::size_t faults_ = 0;
  std::chrono::milliseconds longest_{0};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, [](int) { is_over = 1; });
  shards::Settings settings;
  settings.access.timeout_ms = std::atoi(argv[2]);
  for (int i = 3; i < argc; ++i) settings.servers.push_back({argv[i]});
  return Traffic(argv[1], settings).run();
}
