// SPDX-License-Identifier: MIT
/// @file Loading many keys: to each server in requests of many keys, several of them in flight.
#pragma once

#include "progress.hpp"
#include "shards.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shards {

/// The lines of a file, "-" for stdin.
class Lines {
 public:
  explicit Lines(const std::string& path) : path_(path) {
    if (path != "-") descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (descriptor_ < 0 || fstat(descriptor_, &status) != 0) fail();
    size_ = static_cast<std::size_t>(status.st_size);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines() {
    if (path_ != "-") close(descriptor_);
  }

  /// The next line, valid until the next call. @returns whether there is one.
  bool next(std::string_view& line) {
    for (;;) {
      const std::size_t end = buffer_.find('\n', searched_);
      if (end != std::string::npos || (is_over_ && begin_ < buffer_.size())) {
        const std::size_t stop = end == std::string::npos ? buffer_.size() : end;
        line = std::string_view(buffer_).substr(begin_, stop - begin_);
        read_ += line.size() + 1;
        begin_ = searched_ = stop == buffer_.size() ? stop : stop + 1;
        ++number_;
        return true;
      }
      if (is_over_) return false;
      buffer_.erase(0, begin_);
      begin_ = 0;
      searched_ = buffer_.size();
      fill();
    }
  }
  [[nodiscard]] std::size_t number() const noexcept { return number_; }
  [[nodiscard]] double part() const noexcept {
    return size_ == 0 ? 0 : static_cast<double>(read_) / static_cast<double>(size_);
  }

 private:
  [[noreturn]] void fail() const { throw Trouble(path_ + " cannot be read: " + std::strerror(errno)); }
  void fill() {
    constexpr std::size_t kPiece = 1U << 18;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kPiece);
    const ssize_t got = read(descriptor_, buffer_.data() + size, kPiece);
    if (got < 0) fail();
    buffer_.resize(size + static_cast<std::size_t>(got));
    is_over_ = got == 0;
  }

  std::string path_;
  int descriptor_ = STDIN_FILENO;
  std::size_t size_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;
  std::size_t read_ = 0;
  std::size_t number_ = 0;
  bool is_over_ = false;
};

/// Sets keys of one server that do not move, in batches, one at a time. A batch is a transaction, which the server
/// refuses if its version of the ring has changed since it was looked at: with the reply to the batch before. So values
/// need not pass through a script that looks; and what is on the way meanwhile goes over other lanes.
class Lane {
 public:
  struct Item {
    std::string key;
    std::string value;
    std::string ttl;
  };

  Lane(const std::string& server, const Access& access, std::uint64_t epoch)
      : connection_(server, access), epoch_(std::to_string(epoch)) {
    connection_.send({"WATCH", kEpochKey});
    connection_.send({"GET", kEpochKey});
    look(connection_.new_deadline());
  }

  /// Adds an item to the next batch. @returns whether the batch is full: then submit() it.
  [[nodiscard]] bool add(std::string_view key, std::string_view value, std::string_view ttl) {
    if (ttl.empty()) {
      append(plain_, key);
      append(plain_, value);
      ++plain_count_;
    } else {
      end_plain();  // the same key may come twice, and the last is to remain
      begin_command(batch_.wire, 5);
      for (const std::string_view argument : {std::string_view("SET"), key, value, std::string_view("EX"), ttl}) {
        append(batch_.wire, argument);
      }
      ++batch_.commands;
    }
    ++count_;
    return count_ == kKeys || batch_.wire.size() + plain_.size() > kBytes;
  }

  /// Sends the batch, and before that waits for the one before. What is refused because the ring has changed is added
  /// to `refused`, and so is everything after it, in order.
  void submit(std::vector<Item>& refused) {
    finish(refused);
    end_plain();
    in_flight_ = std::exchange(batch_, {});
    count_ = 0;
    if (in_flight_.commands == 0) return;
    if (!is_good_) return give_up(refused);
    static const std::string kBegin = "*1\r\n$5\r\nMULTI\r\n";
    static const std::string kEnd = "*1\r\n$4\r\nEXEC\r\n";
    connection_.send_wire(kBegin);
    connection_.send_wire(in_flight_.wire);
    connection_.send_wire(kEnd);
    connection_.send({"WATCH", kEpochKey});
    connection_.send({"GET", kEpochKey});
    connection_.flush();
  }

  /// Waits for the reply to the batch that was submitted last.
  void finish(std::vector<Item>& refused) {
    if (in_flight_.commands == 0) return;
    const Deadline deadline = connection_.new_deadline();
    std::string error;
    const auto next = [&] {
      Reply reply = connection_.next(deadline);
      if (error.empty() && reply.is_error()) error = reply.text();
      return reply;
    };
    for (std::size_t i = 0; i < 1 + in_flight_.commands; ++i) (void)next();
    const Reply done = next();
    for (std::size_t i = 0; i < done.size(); ++i) {
      if (error.empty() && done[i].is_error()) error = done[i].text();
    }
    if (!error.empty()) throw Trouble(connection_.name() + " refuses keys: " + error);
    look(deadline);
    if (!done.is_nothing()) {
      in_flight_ = {};
      return;
    }
    is_good_ = false;
    give_up(refused);
  }
  /// Whether the server had the same version of the ring all the time.
  [[nodiscard]] bool is_good() const noexcept { return is_good_; }

 private:
  static constexpr std::size_t kKeys = 200;        // in a batch
  static constexpr std::size_t kBytes = 1U << 16;  // in a batch, about

  struct Batch {
    std::string wire;  // of its commands
    std::size_t commands = 0;
  };

  static void append_number(std::string& wire, char kind, std::size_t number) {
    char digits[24];
    wire += kind;
    wire.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    wire += "\r\n";
  }
  static void begin_command(std::string& wire, std::size_t arguments) { append_number(wire, '*', arguments); }
  static void append(std::string& wire, std::string_view argument) {
    append_number(wire, '$', argument.size());
    wire += argument;
    wire += "\r\n";
  }
  // The number that a part of the wire begins with, after its kind.
  static std::size_t take_number(std::string_view& wire) {
    std::size_t number = 0;
    const char* const end = std::from_chars(wire.data() + 1, wire.data() + wire.size(), number).ptr;
    wire.remove_prefix(static_cast<std::size_t>(end + 2 - wire.data()));
    return number;
  }
  static std::string take(std::string_view& wire) {
    const std::size_t size = take_number(wire);
    std::string argument(wire.substr(0, size));
    wire.remove_prefix(size + 2);
    return argument;
  }

  void end_plain() {
    if (plain_count_ == 0) return;
    begin_command(batch_.wire, 1 + 2 * plain_count_);
    append(batch_.wire, "MSET");
    batch_.wire += plain_;
    ++batch_.commands;
    plain_.clear();
    plain_count_ = 0;
  }

  // Reads which version of the ring the server has, which it watches from now on.
  void look(const Deadline& deadline) {
    const Reply watched = connection_.next(deadline);
    const Reply epoch = connection_.next(deadline);
    for (const Reply* const reply : {&watched, &epoch}) {
      if (reply->is_error()) throw Trouble(connection_.name() + " refuses keys: " + std::string(reply->text()));
    }
    is_good_ = is_good_ && epoch.text() == epoch_;
  }

  void give_up(std::vector<Item>& refused) {
    std::string_view wire = in_flight_.wire;
    while (!wire.empty()) {
      std::size_t arguments = take_number(wire);
      const bool has_ttl = take(wire) == "SET";
      for (--arguments; arguments != 0; arguments -= has_ttl ? 4 : 2) {
        Item item{take(wire), take(wire), {}};
        if (has_ttl) (void)take(wire);
        if (has_ttl) item.ttl = take(wire);
        refused.push_back(std::move(item));
      }
    }
    in_flight_ = {};
  }

  Connection connection_;
  std::string epoch_;
  bool is_good_ = true;
  Batch batch_;
  std::string plain_;  // arguments of a MSET
  std::size_t plain_count_ = 0;
  std::size_t count_ = 0;  // of items in the batch
  Batch in_flight_;
};

class Loader {
 public:
  explicit Loader(Shards& shards) : shards_(shards) { shards_.agree(); }

  /// Lines of a key, a tab, a value, and perhaps a tab and the seconds that the key lives. @returns how many.
  std::size_t load(const std::string& path) {
    Lines lines(path);
    Progress bar("loading");
    std::string_view line;
    while (lines.next(line)) {
      if (line.empty()) continue;
      const std::size_t tab = line.find('\t');
      const std::size_t second = tab == std::string_view::npos ? tab : line.find('\t', tab + 1);
      const std::string_view ttl = second == std::string_view::npos ? std::string_view() : line.substr(second + 1);
      std::uint32_t seconds = 0;
      const bool is_bad_ttl =
          second != std::string_view::npos &&
          (std::from_chars(ttl.data(), ttl.data() + ttl.size(), seconds).ptr != ttl.data() + ttl.size() ||
           seconds == 0);
      if (tab == std::string_view::npos || tab == 0 || is_bad_ttl || line.starts_with(kReserved)) {
        finish();
        throw Trouble(path + ":" + std::to_string(lines.number()) +
                      ": write a key, a tab and a value, and perhaps a tab and the seconds that the key lives");
      }
      add(line.substr(0, tab), line.substr(tab + 1, second == std::string_view::npos ? second : second - tab - 1), ttl);
      if (lines.number() % 4096 == 0) bar.show(lines.part(), std::to_string(lines.number()) + " keys");
    }
    finish();
    return count_;
  }

 private:
  static constexpr std::size_t kLanes = 4;  // to a server

  void add(std::string_view key, std::string_view value, std::string_view ttl) {
    ++count_;
    const std::uint64_t token = shards_.state().ring().token(key);
    constexpr std::size_t kMostSingle = 1000;
    if (single_.size() >= kMostSingle) finish();
    if (shards_.state().ranges().find(token) != nullptr) {  // it moves
      single_.push_back({std::string(key), std::string(value), std::string(ttl)});
      return;
    }
    Lane& lane = lane_of(*shards_.state().ring().owner_of_token(token), token % kLanes);
    if (lane.add(key, value, ttl)) lane.submit(single_);
  }
  // Always the same one for a key, so that the last of its values remains.
  Lane& lane_of(const std::string& owner, std::size_t number) {
    std::vector<Lane>& lanes = lanes_[owner];
    while (lanes.size() < kLanes) lanes.emplace_back(owner, shards_.settings().access, shards_.state().epoch());
    return lanes[number];
  }

  // Waits for all replies, and writes anew what was refused because the ring has changed.
  void finish() {
    bool is_good = true;
    for (auto& [owner, lanes] : lanes_) {
      for (Lane& lane : lanes) lane.submit(single_);
    }
    for (auto& [owner, lanes] : lanes_) {
      for (Lane& lane : lanes) {
        lane.finish(single_);
        is_good = is_good && lane.is_good();
      }
    }
    const std::uint64_t epoch = shards_.state().epoch();
    for (const Lane::Item& item : std::exchange(single_, {})) write(item);
    if (!is_good || shards_.state().epoch() != epoch) lanes_.clear();
  }
  void write(const Lane::Item& item) {
    Command command{"SET", item.key, item.value};
    if (!item.ttl.empty()) command.insert(command.end(), {"EX", item.ttl});
    shards_.write(item.key, command);
  }

  Shards& shards_;
  std::map<std::string, std::vector<Lane>> lanes_;
  std::vector<Lane::Item> single_;  // to be written one by one: they move, or were refused
  std::size_t count_ = 0;
};

}  // namespace shards
