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
  static constexpr std::size_t kKeys = 200;        // in a request
  static constexpr std::size_t kBytes = 1U << 16;  // in a request, about
  static constexpr std::size_t kInFlight = 16;     // requests to a server

  struct Item {
    std::string key;
    std::string value;
    std::string ttl;
  };
  // A request under construction: the keys and the values as they go over the wire, and what is needed to repeat it.
  struct Batch {
    std::string keys;
    std::string values;
    std::size_t count = 0;
    bool has_ttl = false;
  };
  struct Lane {
    Batch batch;
    std::deque<Batch> in_flight;
  };

  static void append(std::string& wire, std::string_view argument) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, argument.size()).ptr;
    wire += '$';
    wire.append(digits, end);
    wire += "\r\n";
    wire += argument;
    wire += "\r\n";
  }
  // The next argument of a wire format that append() made.
  static std::string_view take(std::string_view& wire) {
    std::size_t size = 0;
    const char* const end = std::from_chars(wire.data() + 1, wire.data() + wire.size(), size).ptr;
    const std::string_view argument(end + 2, size);
    wire.remove_prefix(static_cast<std::size_t>(end + 2 - wire.data()) + size + 2);
    return argument;
  }

  void add(std::string_view key, std::string_view value, std::string_view ttl) {
    ++count_;
    const std::uint64_t token = shards_.state().ring().token(key);
    constexpr std::size_t kMostSingle = 1000;
    if (single_.size() >= kMostSingle) finish();
    if (shards_.state().ranges().find(token) != nullptr) {  // it moves
      single_.push_back({std::string(key), std::string(value), std::string(ttl)});
      return;
    }
    const std::string& owner = *shards_.state().ring().owner_of_token(token);
    const auto [it, is_new] = lanes_.try_emplace(owner);
    if (is_new) {  // later, a reply would come after those of the requests in flight
      shards_.server(owner).prepare(lua::kLoad);
      shards_.server(owner).prepare(lua::kLoadExpiring);
    }
    Lane& lane = it->second;
    if (lane.batch.count != 0 && lane.batch.has_ttl != !ttl.empty()) dispatch(owner, lane);
    Batch& batch = lane.batch;
    batch.has_ttl = !ttl.empty();
    append(batch.keys, key);
    append(batch.values, value);
    if (batch.has_ttl) append(batch.values, ttl);
    if (++batch.count == kKeys || batch.keys.size() + batch.values.size() > kBytes) dispatch(owner, lane);
  }

  void dispatch(const std::string& owner, Lane& lane) {
    Server& server = shards_.server(owner);
    Batch& batch = lane.batch;
    const std::string& script = batch.has_ttl ? lua::kLoadExpiring : lua::kLoad;
    const std::string epoch = std::to_string(shards_.state().epoch());
    std::string wire = "*" + std::to_string(4 + batch.count * (batch.has_ttl ? 3 : 2)) + "\r\n";
    append(wire, "EVALSHA");
    append(wire, server.prepare(script));
    append(wire, std::to_string(batch.count));
    wire += batch.keys;
    append(wire, epoch);
    wire += batch.values;
    server.connection().send_wire(wire);
    server.connection().flush();
    lane.in_flight.push_back(std::move(batch));
    lane.batch = {};
    if (lane.in_flight.size() >= kInFlight) collect(owner, lane);
  }

  void collect(const std::string& owner, Lane& lane) {
    Server& server = shards_.server(owner);
    const Reply reply = server.connection().next();
    const Batch batch = std::move(lane.in_flight.front());
    lane.in_flight.pop_front();
    if (reply.is_error()) throw Trouble(owner + " refuses keys: " + std::string(reply.text()));
    const std::string_view outcome = reply[0].text();
    if (outcome == "ok") return;
    if (outcome == "error") throw Trouble(owner + " refuses keys: " + std::string(reply[1].text()));
    std::string_view keys = batch.keys;
    std::string_view values = batch.values;
    for (std::size_t i = 0; i < batch.count; ++i) {
      Item item{std::string(take(keys)), std::string(take(values)), {}};
      if (batch.has_ttl) item.ttl = std::string(take(values));
      single_.push_back(std::move(item));
    }
  }

  // Waits for all replies, and writes anew what was refused because the ring has changed.
  void finish() {
    for (auto& [owner, lane] : lanes_) {
      if (lane.batch.count != 0) dispatch(owner, lane);
    }
    for (auto& [owner, lane] : lanes_) {
      while (!lane.in_flight.empty()) collect(owner, lane);
    }
    lanes_.clear();
    for (const Item& item : std::exchange(single_, {})) write(item);
  }
  void write(const Item& item) {
    Command command{"SET", item.key, item.value};
    if (!item.ttl.empty()) command.insert(command.end(), {"EX", item.ttl});
    shards_.write(item.key, command);
  }

  Shards& shards_;
  std::map<std::string, Lane> lanes_;
  std::vector<Item> single_;  // to be written one by one: they move, or were refused
  std::size_t count_ = 0;
};

}  // namespace shards
