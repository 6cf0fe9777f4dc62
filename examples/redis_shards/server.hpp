// SPDX-License-Identifier: MIT
/// @file A Redis server of the ring: the requests of readers and writers, and the Source and Sink of a Migration.
#pragma once

#include "connection.hpp"
#include "ring_state.hpp"
#include "scripts.hpp"

#include <perturb/migration.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace shards {

/// A key with what it takes to make it anew on another server, whatever its type.
struct Entry {
  std::string key;
  std::string dump;  ///< of DUMP; empty: the key is erased
  std::string expiry = "-1";
  std::string digest = {};
  std::string version = "0";
  bool is_change = false;  ///< a write, and not a copy of what was there
};

/// A place in a scan.
struct Place {
  std::string cursor;             ///< SCAN's; "" begins
  std::vector<std::string> keys;  ///< found, and left for the next part, since these entries are large
  [[nodiscard]] bool is_begin() const noexcept { return cursor.empty() && keys.empty(); }
};

/// How a server is used by a migration.
struct MoveSettings {
  std::size_t bytes = 8U << 20;  ///< of values in memory, about; a value that is larger is moved alone
  int disk_wait_ms = 1000;       ///< how long a server with an append-only file may take to fsync() it
};

class Server {
 public:
  using entry_type = Entry;
  using cursor_type = Place;

  Server(const std::string& name, const Access& access) : connection_(name, access) {}

  [[nodiscard]] const std::string& name() const noexcept { return connection_.name(); }
  [[nodiscard]] Connection& connection() noexcept { return connection_; }

  /// Runs a script.
  Reply run(const std::string& script, const std::vector<std::string>& keys, const Command& arguments) {
    send(script, keys, arguments);
    const Reply reply = connection_.next();
    if (reply.is_error() && reply.text().starts_with("OOM")) full();
    if (reply.is_error()) throw Trouble(name() + " refuses a script: " + std::string(reply.text()));
    return reply;
  }
  /// Sends a script; connection().next() gives the reply.
  void send(const std::string& script, const std::vector<std::string>& keys, const Command& arguments) {
    Command command{"EVALSHA", prepare(script), std::to_string(keys.size())};
    command.insert(command.end(), keys.begin(), keys.end());
    command.insert(command.end(), arguments.begin(), arguments.end());
    connection_.send(command);
  }
  /// Loads a script unless that is done. @returns its name for EVALSHA.
  const std::string& prepare(const std::string& script) {
    auto [it, is_new] = loaded_.try_emplace(&script);
    if (is_new) it->second = std::string(connection_.call({"SCRIPT", "LOAD", script}).text());
    return it->second;
  }

  /// The ring that the server knows; an unknown one if it never heard of one.
  RingState state() {
    const Reply reply = connection_.call({"HMGET", "perturb:ring", "epoch", "state"});
    if (reply[0].is_nothing()) return {};
    return RingState::parse(name(), static_cast<std::uint64_t>(reply[0].number()), std::string(reply[1].text()));
  }
  /// Makes a newer ring known. @returns what the server knows then.
  RingState advance(const RingState& state, std::optional<std::uint64_t> expected = {},
                    const std::string& ring_that_gives_way = {}) {
    Command arguments{state.ring_id(), std::to_string(state.epoch()), state.json(),
                      expected ? std::to_string(*expected) : "", ring_that_gives_way};
    for (std::string& argument : state.first_states(name())) arguments.push_back(std::move(argument));
    const Reply reply = run(lua::kAdvance, {}, arguments);
    if (reply[1].number() == 0) return {};
    return RingState::parse(name(), static_cast<std::uint64_t>(reply[1].number()), std::string(reply[2].text()));
  }
  void withdraw(const RingState& claim) { run(lua::kWithdraw, {}, {claim.ring_id()}); }

  [[nodiscard]] std::uint64_t key_count() {
    const std::int64_t all = connection_.call({"DBSIZE"}).number();
    std::int64_t own = connection_.call({"EXISTS", "perturb:ring", kEpochKey}).number();
    for (const Reply& field : parts(connection_.call({"HKEYS", "perturb:ring"}))) {
      if (!field.text().starts_with("range:")) continue;
      const std::string range(field.text().substr(6));
      own += connection_.call({"EXISTS", "perturb:notes:" + range, "perturb:versions:" + range}).number();
    }
    return static_cast<std::uint64_t>(all - own);
  }

  /// One part of a SCAN: the user's keys. An empty cursor begins, and ends it.
  std::vector<std::string> scan_keys(std::string& cursor, std::size_t limit) {
    const Reply reply = connection_.call({"SCAN", cursor.empty() ? "0" : cursor, "COUNT", std::to_string(limit)});
    cursor = std::string(reply[0].text());
    if (cursor == "0") cursor.clear();
    std::vector<std::string> keys;
    const Reply found = reply[1];
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!found[i].text().starts_with(kReserved)) keys.emplace_back(found[i].text());
    }
    return keys;
  }
  std::vector<std::string> digests(const std::vector<std::string>& keys) {
    std::vector<std::string> result;
    if (keys.empty()) return result;
    for (const Reply& part : parts(run(lua::kDigests, keys, {}))) result.emplace_back(part.text());
    return result;
  }

  // ---- The Source and Sink of a Migration ---------------------------------------------------------------------------

  /// `epoch`: the version of the ring that the ranges are of.
  void begin_move(std::uint64_t epoch, const MoveSettings& settings) {
    epoch_ = std::to_string(epoch);
    settings_ = settings;
  }

  void claim(std::uint64_t fence) { mover("claim", lua::kClaim, {}, fence, "", {}); }
  [[nodiscard]] bool has_released(const Range& range) { return range_state(range) == "released"; }
  [[nodiscard]] std::string range_state(const Range& range) {
    return connection_.call({"HGET", "perturb:ring", "range:" + id(range)}).value().value_or("none");
  }

  void begin_sending(const Range& range, std::uint64_t fence) { turn(range, fence, "sending", "none", "sending"); }
  void begin_receiving(const Range& range, std::uint64_t fence) {
    turn(range, fence, "receiving", "none", "receiving");
  }
  void accept(const Range& range, std::uint64_t fence) { turn(range, fence, "owned", "receiving", "owned"); }
  /// Keeps the range for good: no run releases it any more. @returns false if it is released already.
  bool keep(const Range& range, std::uint64_t fence) {
    const Reply reply = run(lua::kTurn, {}, {epoch_, std::to_string(fence), id(range), "kept", "none", "sending"});
    if (reply[0].text() == "state" && reply[1].text() == "released") return false;
    expect("keep a range", reply);
    wait_until_written(0);
    return true;
  }

  perturb::MigrationBatch<Entry, Place> scan(const Range& range, Place place, std::size_t limit) {
    if (place.keys.empty()) place.keys = keys_in(range, place.cursor, limit);
    perturb::MigrationBatch<Entry, Place> batch;
    for (Entry& entry : take_entries(place.keys)) {
      if (!entry.dump.empty()) batch.entries.push_back(std::move(entry));
    }
    batch.is_last = place.is_begin();
    batch.next = std::move(place);
    return batch;
  }

  std::vector<Entry> missing(const Range&, std::span<const Entry> asked) {
    std::vector<std::string> keys;
    for (const Entry& entry : asked) keys.push_back(entry.key);
    const Reply reply = run(lua::kPresent, keys, {});
    std::vector<Entry> result;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (reply[i + 1].number() == 0) {
        result.push_back({.key = keys[i], .dump = "", .version = std::string(reply[0].text())});
      }
    }
    return result;
  }

  std::vector<Entry> changes(const Range& range, std::size_t limit) {
    std::vector<std::string> keys;
    for (const Reply& part : parts(run(lua::kNoted, {}, {id(range), std::to_string(limit)}))) {
      keys.emplace_back(part.text());
    }
    std::vector<Entry> result = take_entries(keys);  // the others remain noted
    for (Entry& entry : result) entry.is_change = true;
    return result;
  }
  void confirm(const Range& range, std::span<const Entry> confirmed, std::uint64_t fence) {
    std::vector<std::string> keys;
    Command versions;
    for (const Entry& entry : confirmed) {
      keys.push_back(entry.key);
      versions.push_back(entry.version);
    }
    mover("confirm", lua::kConfirm, keys, fence, id(range), versions);
  }

  bool release(const Range& range, std::uint64_t fence) {
    constexpr const char* kHoldMs = "100";
    const bool is_released = mover("release", lua::kRelease, {}, fence, id(range), {kHoldMs})[0].text() == "ok";
    if (is_released) wait_until_written(0);
    return is_released;
  }
  perturb::MigrationErased<Place> erase(const Range& range, Place place, std::size_t limit, std::uint64_t fence) {
    const std::vector<std::string> keys = keys_in(range, place.cursor, limit);
    perturb::MigrationErased<Place> erased;
    if (!keys.empty()) {
      erased.count = static_cast<std::size_t>(mover("erase", lua::kErase, keys, fence, id(range), {})[1].number());
    }
    erased.is_last = place.is_begin();
    erased.next = std::move(place);
    return erased;
  }

  void put(const Range& range, std::span<const Entry> entries, std::uint64_t fence) {
    while (!entries.empty()) {
      std::size_t count = 0;
      for (std::size_t bytes = 0; count < entries.size() && (count == 0 || bytes < settings_.bytes) &&
                                  entries[count].is_change == entries[0].is_change;
           ++count) {
        bytes += entries[count].dump.size();
      }
      put_some(range, entries.first(count), std::to_string(fence));
      entries = entries.subspan(count);
    }
    last_put_ = std::chrono::steady_clock::now();
  }
  /// A writer's put. Whether it was taken matters to nobody: the key is noted.
  void forward(const Range& range, std::uint64_t epoch, const Entry& entry) {
    run(lua::kPut, {entry.key}, {std::to_string(epoch), "", id(range), "1", entry.version, entry.expiry, entry.dump});
  }

  std::vector<std::size_t> compare(const Range& range, std::span<const Entry> entries) {
    std::vector<std::size_t> differing;
    if (entries.empty()) return differing;
    std::vector<std::string> keys;
    Command arguments{id(range)};
    for (const Entry& entry : entries) {
      keys.push_back(entry.key);
      arguments.insert(arguments.end(), {entry.version, entry.expiry, entry.digest});
    }
    for (const Reply& part : parts(run(lua::kCompare, keys, arguments))) {
      differing.push_back(static_cast<std::size_t>(part.number() - 1));
    }
    return differing;
  }
  void sync(const Range&) { wait_until_written(settings_.disk_wait_ms); }

 private:
  [[nodiscard]] static std::string id(const Range& range) { return std::to_string(range.number()); }
  [[nodiscard]] static std::vector<Reply> parts(const Reply& reply) {
    std::vector<Reply> result;
    for (std::size_t i = 0; i < reply.size(); ++i) result.push_back(reply[i]);
    return result;
  }

  std::vector<std::string> keys_in(const Range& range, std::string& cursor, std::size_t limit) {
    std::vector<std::string> keys;
    for (std::string& key : scan_keys(cursor, limit)) {
      if (range.contains(tokens_.token(key))) keys.push_back(std::move(key));
    }
    return keys;
  }
  // The entries of the first keys, as many as may be in memory; takes these keys off the list.
  std::vector<Entry> take_entries(std::vector<std::string>& keys) {
    std::vector<Entry> result;
    std::size_t taken = 0;
    for (std::size_t bytes = 0; taken < keys.size() && bytes < settings_.bytes;) {
      constexpr std::size_t kAtOnce = 64;
      const auto first = keys.begin() + static_cast<std::ptrdiff_t>(taken);
      const std::vector<std::string> some(first,
                                          first + static_cast<std::ptrdiff_t>(std::min(kAtOnce, keys.size() - taken)));
      const Reply reply = run(lua::kEntries, some, {std::to_string(settings_.bytes - bytes)});
      for (std::size_t i = 0; 3 * i + 1 < reply.size(); ++i, ++taken) {
        result.push_back({.key = some[i],
                          .dump = std::string(reply[3 * i + 2].text()),
                          .expiry = std::to_string(reply[3 * i + 1].number()),
                          .digest = std::string(reply[3 * i + 3].text()),
                          .version = std::string(reply[0].text())});
        bytes += result.back().dump.size();
      }
    }
    keys.erase(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(taken));
    return result;
  }

  void put_some(const Range& range, std::span<const Entry> entries, const std::string& fence) {
    std::vector<std::string> keys;
    Command arguments{epoch_, fence, id(range), entries[0].is_change ? "1" : "0"};
    for (const Entry& entry : entries) {
      keys.push_back(entry.key);
      arguments.insert(arguments.end(), {entry.version, entry.expiry, entry.dump});
    }
    expect("put", run(lua::kPut, keys, arguments));
  }

  [[noreturn]] void full() const {
    throw Trouble(name() +
                  " is full (maxmemory); no key that it did not take was erased elsewhere: give it memory and "
                  "say resume, or say abort");
  }
  Reply mover(const std::string& what, const std::string& script, const std::vector<std::string>& keys,
              std::uint64_t fence, const std::string& range, const Command& more) {
    Command arguments{epoch_, std::to_string(fence), range};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Reply reply = run(script, keys, arguments);
    expect(what, reply);
    return reply;
  }
  void turn(const Range& range, std::uint64_t fence, const std::string& to, const std::string& from,
            const std::string& or_from) {
    mover("turn to " + to, lua::kTurn, {}, fence, id(range), {to, from, or_from});
  }
  void expect(const std::string& what, const Reply& reply) const {
    const std::string_view said = reply[0].text();
    if (said == "ok" || said == "busy") return;
    if (said == "fenced") throw perturb::StaleMover(name() + ": another run of the migration has taken over");
    if (said == "stale") {
      throw Trouble(name() + (reply[1].text() == "0"
                                  ? " does not know the ring: it was started again without its data"
                                  : " knows another version of the ring: another run has ended the migration"));
    }
    if (said == "error") {
      const std::string why(reply[1].text());
      if (why.starts_with("OOM")) full();
      throw Trouble(name() + " cannot take the key '" + std::string(reply[2].text()) + "': " + why);
    }
    if (reply[1].text() == "kept") throw Trouble(name() + ": an abort has begun: say abort to go on with it");
    throw Trouble(name() + " refuses to " + what + ": the range is '" + std::string(reply[1].text()) +
                  "' there; was it started again with older data?");
  }

  // Until the append-only file, if there is one, has everything: by write(), which survives a crash of the server, and
  // once `more_ms` have passed, as long as the server lets at most pass before fsync(), a crash of the machine.
  void wait_until_written(int more_ms) {
    using std::chrono::milliseconds;
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
      const std::string is_on = connection_.info("persistence", "aof_enabled");
      if (is_on != "1") return;
      const bool is_written = connection_.info("persistence", "aof_buffer_length") == "0" &&
                              connection_.info("persistence", "aof_pending_bio_fsync") == "0";
      const auto now = std::chrono::steady_clock::now();
      if (is_written && now - last_put_ >= milliseconds(more_ms)) return;
      if (now - begin > milliseconds(more_ms + 30000)) throw Trouble(name() + " does not write its append-only file");
      std::this_thread::sleep_for(milliseconds(5));
    }
  }

  Connection connection_;
  std::map<const std::string*, std::string> loaded_;
  Ring tokens_;
  std::string epoch_ = "0";
  MoveSettings settings_;
  std::chrono::steady_clock::time_point last_put_{};
};

}  // namespace shards
