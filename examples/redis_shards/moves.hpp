// SPDX-License-Identifier: MIT
/// @file Adding and removing servers: a Migration between live servers with its journal in a file.
#pragma once

#include "progress.hpp"
#include "settings.hpp"
#include "shards.hpp"

#include <perturb/file_journal.hpp>
#include <perturb/migration.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace shards {

class Mover {
 public:
  explicit Mover(Shards& shards) : shards_(shards) { shards_.agree(); }

  void add(const Member& joining) {
    const RingState& state = shards_.state();
    Members next = state.now();
    next.push_back(joining);
    if (goes_on_with(next)) return;
    expect_rest();
    for (const Member& member : state.now()) {
      if (member.name == joining.name) throw Trouble(joining.name + " is in the ring already");
    }
    shards_.expect_different(names_of(next));
    check_joining(joining.name);
    begin(std::move(next));
  }

  void remove(const std::string& leaving) {
    const RingState& state = shards_.state();
    Members next;
    for (const Member& member : state.now()) {
      if (member.name != leaving) next.push_back(member);
    }
    if (goes_on_with(next)) return;
    expect_rest();
    if (next.size() == state.now().size()) throw Trouble(leaving + " is not in the ring");
    if (next.empty()) throw Trouble(leaving + " is the last server of the ring: its keys have no place to go to");
    begin(std::move(next));
  }

  /// Goes on with what an earlier run has begun.
  void resume() {
    if (shards_.state().is_moving()) return move();
    std::cout << "No keys are moving.\n";
  }

  /// Undoes a migration: keys that have passed already are moved back. Again: goes on with that.
  void abort() {
    const RingState state = shards_.state();
    if (!state.is_moving()) throw Trouble("no keys are moving, so there is nothing to abort");
    if (state.is_undo()) return move();
    expect_sinks_with_data();
    run(undone(state), true);
  }

 private:
  void expect_rest() const {
    if (shards_.state().is_moving()) throw Trouble("keys are moving already: say resume or abort first");
  }
  // Whether an earlier run began this very change; goes on with it then.
  bool goes_on_with(Members next) {
    const RingState& state = shards_.state();
    if (!state.is_moving() || state.next() != next) return false;
    move();
    return true;
  }

  void check_joining(const std::string& name) {
    Server& server = shards_.server(name);
    const RingState known = server.state();
    if (known.is_known() && known.ring_id() != shards_.state().ring_id() && shards_.void_claim(known).empty()) {
      throw Trouble(name + " belongs to another ring");
    }
    if (const std::uint64_t keys = server.key_count(); keys != 0) {
      throw Trouble(name + " holds " + std::to_string(keys) + " keys already: empty it first");
    }
  }

  static std::uint64_t to_number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  // Before anything is moved: whether the servers that get keys have room for them, and keep them.
  void check_room(const RingState& state) {
    for (const Member& member : state.next()) {
      Server& sink = shards_.server(member.name);
      const std::uint64_t most = to_number(sink.connection().info("memory", "maxmemory"));
      if (most == 0) continue;
      double bytes = 0;
      for (const Range& range : state.ranges()) {
        if (range.to() != member.name) continue;
        double share = 0;
        for (const auto& arc : range.arcs()) share += perturb::Move<std::string, std::uint64_t>{.arc = arc}.fraction();
        const std::uint64_t dataset =
            to_number(shards_.server(range.from()).connection().info("memory", "used_memory_dataset"));
        bytes += static_cast<double>(dataset) * share / state.ring().share(range.from());
      }
      if (bytes <= 0) continue;
      if (sink.connection().info("memory", "maxmemory_policy") != "noeviction") {
        throw Trouble(member.name +
                      " evicts keys when its memory is full (maxmemory-policy), so it would lose some of "
                      "those that it gets");
      }
      const std::uint64_t used = to_number(sink.connection().info("memory", "used_memory"));
      const double room = most > used ? static_cast<double>(most - used) : 0;
      if (bytes > room) {
        throw Trouble(member.name + " has not enough memory: it would get about " + megabytes(bytes) + " and has " +
                      megabytes(room) + " left (maxmemory); nothing was moved");
      }
    }
  }
  static std::string megabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", bytes / 1e6);
    return text;
  }

  // A number that no run had before: the first server of the ring counts.
  std::uint64_t take_fence() {
    std::int64_t highest = 0;
    for (const std::string& name : shards_.state().servers()) {
      const Reply known = shards_.server(name).connection().call({"HGET", "perturb:ring", "fence"});
      highest = std::max(highest, known.is_nothing() ? 0 : known.number());
    }
    Server& first = shards_.server(shards_.state().first_server());
    return static_cast<std::uint64_t>(first.run(lua::kTakeFence, {}, {std::to_string(highest)}).number());
  }

  void begin(Members next) {
    const RingState moving(shards_.state().ring_id(), shards_.state().epoch() + 1, shards_.state().now(),
                           std::move(next));
    for (const std::string& name : moving.servers()) (void)shards_.server(name);
    check_room(moving);
    run(moving, true);
  }
  void move() {
    expect_sinks_with_data();
    for (const Range& range : shards_.state().ranges()) {
      if (shards_.server(range.from()).range_state(range) == "kept") {
        throw Trouble("an abort was interrupted before it could begin: say abort again");
      }
    }
    run(shards_.state(), false);
  }
  void expect_sinks_with_data() {
    for (const Range& range : shards_.state().ranges()) {
      if (!shards_.server(range.from()).has_released(range)) continue;
      const std::string there = shards_.server(range.to()).range_state(range);
      if (there == "receiving" || there == "owned") continue;
      throw Trouble(range.to() +
                    " does not know of keys that it got already: it was started again without its data; "
                    "start it with its data, and say resume");
    }
  }

  // From here on each range has passed for good or is kept for good, whoever else goes on with this migration.
  RingState undone(const RingState& state) {
    const perturb::FileJournal journal(shards_.settings().journal);  // that no run of this machine goes on
    const std::uint64_t fence = take_fence();
    for (const std::string& name : state.servers()) server(name, state).claim(fence);
    std::vector<const Range*> kept;
    for (const Range& range : state.ranges()) {
      if (server(range.from(), state).keep(range, fence)) kept.push_back(&range);
    }
    return state.undone(kept);
  }

  Server& server(const std::string& name, const RingState& moving) {
    const Settings& settings = shards_.settings();
    Server& server = shards_.server(name);
    server.begin_move(moving.epoch(), {.bytes = settings.batch_mb << 20U, .disk_wait_ms = settings.disk_wait_ms});
    return server;
  }
  // The upper half tells the ring, the lower the migration.
  static std::uint64_t id_of(const RingState& moving) {
    const perturb::XxHash<std::string> hash;
    return (hash(moving.ring_id()) >> 32U << 32U) | ((hash(moving.json()) + moving.epoch()) & 0xffffffffU);
  }
  // A journal of another migration of the same ring is of one that is over, or that never began: this is the ring's
  // only one.
  static void drop_left_over(perturb::FileJournal& journal, std::uint64_t id) {
    const std::optional<std::uint64_t> other = perturb::unfinished_migration(journal);
    if (!other || *other == id) return;
    if (*other >> 32U == id >> 32U) return perturb::abandon_migration(journal);
    throw Trouble(
        "the journal " + journal.path() +
        " belongs to another migration, of another ring: name another file (--journal), or remove this one if "
        "that migration is over");
  }

  void run(RingState moving, bool is_new) {
    const Settings& settings = shards_.settings();
    perturb::FileJournal journal(settings.journal);
    drop_left_over(journal, id_of(moving));
    const auto server_of = [&](const std::string& name) -> Server& { return server(name, moving); };
    perturb::Migration<Server, Server> migration(
        moving.ranges().plan(), server_of, server_of, journal,
        {.batch = settings.batch, .arcs_at_once = Ranges::kAllArcs, .id = id_of(moving), .fence = take_fence()});
    if (is_new) {
      const RingState decided = shards_.publish(moving);
      if (decided.json() != moving.json()) {
        std::remove(settings.journal.c_str());  // of a migration that never began
        throw Trouble("somebody else changes the ring at this moment; nothing was moved");
      }
    }
    Progress bar("moving");
    while (!migration.is_done()) {
      migration.step();
      const perturb::MigrationProgress& done = migration.progress();
      const double ranges = static_cast<double>(std::max<std::size_t>(done.ranges, 1));
      const double part = static_cast<double>(done.ranges_done) + static_cast<double>(migration.phase()) / 4;
      bar.show(part / ranges, std::to_string(done.copied) + " keys copied");
    }
    shards_.publish(RingState(moving.ring_id(), moving.epoch() + 1, moving.next()));
    finish_files(moving.next());
    report(moving, migration.progress());
  }

  static void report(const RingState& moving, const perturb::MigrationProgress& done) {
    char share[32];
    std::snprintf(share, sizeof share, "%.1f %%", 100 * moving.ranges().plan().fraction());
    if (moving.is_undo()) {
      std::cout << "The ring is as it was: " << moving.next().size() << " servers; " << done.copied + done.repaired
                << " keys moved back.\n";
      return;
    }
    std::cout << "Moved " << done.erased << " keys in this run (" << done.changed << " writes meanwhile, "
              << done.repaired << " put again, " << done.surplus << " removed); the plan moves " << share
              << " of the ring.\n";
    for (const Member& old : moving.now()) {
      const std::vector<std::string> left = names_of(moving.next());
      if (std::find(left.begin(), left.end(), old.name) == left.end()) {
        std::cout << old.name << " holds no keys of the ring any more and may be stopped.\n";
      }
    }
  }

  // The configuration names the servers for the next time; the journal has done its work.
  void finish_files(const Members& servers) {
    std::remove(shards_.settings().journal.c_str());
    if (shards_.settings().config.empty()) return;
    try {
      write_servers(shards_.settings().config, servers);
    } catch (const std::exception& error) {
      std::cerr << "redis_shards: the servers in the configuration could not be changed: " << error.what() << '\n';
    }
  }

  Shards& shards_;
};

}  // namespace shards
