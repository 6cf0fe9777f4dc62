// SPDX-License-Identifier: MIT
/// @file Shards: all servers of a ring as one store. Every request carries the version of the ring that it was made
/// with; a server that knows another one refuses it, and then the two tell each other.
#pragma once

#include "first_use.hpp"
#include "ring_state.hpp"
#include "server.hpp"
#include "settings.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace shards {

class Shards {
 public:
  explicit Shards(Settings settings) : settings_(std::move(settings)) {
    if (settings_.servers.empty()) throw Trouble("no servers are given: use --config or --server");
    const Deadline deadline(10 * settings_.access.timeout_ms);
    while (!find_ring()) {
      if (deadline.ms_left() == 0) throw Trouble("other programs set up rings of these servers all the time");
    }
  }

  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const RingState& state() const noexcept { return state_; }
  [[nodiscard]] Server& server(const std::string& name) {
    auto it = servers_.find(name);
    if (it == servers_.end()) {
      it = servers_.emplace(name, std::make_unique<Server>(name, settings_.access)).first;
    }
    return *it->second;
  }

  // ---- Requests -----------------------------------------------------------------------------------------------------

  /// A command that reads one key, on the server that owns it.
  Reply read(const std::string& key, const Command& command) { return request(lua::kRead, key, command); }
  /// A command of any type that writes one key: on its owner, and while the key moves on its next owner too.
  Reply write(const std::string& key, const Command& command) {
    if (key.starts_with(kReserved)) throw Trouble("keys that begin with 'perturb:' are reserved");
    return request(lua::kWrite, key, command);
  }

  /// Which server has the key, as far as is known here.
  [[nodiscard]] std::string owner(const std::string& key) {
    const std::uint64_t token = state_.ring().token(key);
    const Range* const range = state_.ranges().find(token);
    if (range == nullptr) return *state_.ring().owner_of_token(token);
    if (released_.count(range->number()) == 0 && server(range->from()).has_released(*range)) {
      released_.insert(range->number());
    }
    return released_.count(range->number()) != 0 ? range->to() : range->from();
  }

  // ---- Versions of the ring -----------------------------------------------------------------------------------------

  /// Connects to all servers, and sees to it that they know the same version of the ring.
  void agree() {
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      const std::vector<std::string> names = state_.servers();
      for (const std::string& name : names) (void)server(name);  // all or none
      for (const std::string& name : names) {
        has_changed = exchange(server(name)) || has_changed;
        if (has_changed) break;
      }
    }
  }
  /// A newer version of the ring, made by this program. @returns what the first server has to say: the same, if nobody
  /// was faster.
  RingState publish(const RingState& next) {
    const RingState decided = server(state_.first_server()).advance(next, state_.epoch());
    if (decided.epoch() != next.epoch() || decided.json() != next.json()) {
      adopt(decided);
      return decided;
    }
    // From here on everyone learns of it, whether this program lives or not. Servers that leave are told, too.
    std::vector<std::string> all = state_.servers();
    for (const std::string& name : next.servers()) all.push_back(name);
    adopt(next);
    for (const std::string& name : all) exchange(server(name));
    return next;
  }

  /// Throws Trouble if two of these addresses are one server, which would move keys to itself.
  void expect_different(const std::vector<std::string>& names) {
    std::map<std::string, std::string> seen;
    for (const std::string& name : names) {
      const auto [it, is_new] = seen.emplace(server(name).connection().run_id(), name);
      if (!is_new) throw Trouble(it->second + " and " + name + " are the same server");
    }
  }

  /// The identity of a ring of which the server has a claim that counts for nothing (FirstUse), or "".
  [[nodiscard]] std::string void_claim(const RingState& known) {
    const bool is_claim = known.epoch() == kBeingSetUp && known.ring_id() != state_.ring_id();
    return is_claim && !first_use_.current(known).is_known() ? known.ring_id() : "";
  }

 private:
  // @returns false if the claim of a ring was given up meanwhile, so that everything must be looked at anew.
  bool find_ring() {
    std::string unreachable;
    std::vector<std::string> without;
    std::vector<RingState> claims;
    bool has_answer = false;
    for (const Member& member : settings_.servers) {
      RingState found;
      try {
        found = server(member.name).state();
        if (found.epoch() == kBeingSetUp) found = first_use_.current(found);
      } catch (const Trouble& trouble) {
        if (unreachable.empty()) unreachable = trouble.what();
        continue;
      }
      has_answer = true;
      if (!found.is_known()) without.push_back(member.name);
      if (found.epoch() == kBeingSetUp) {
        claims.push_back(std::move(found));
        continue;
      }
      if (found.is_known() && state_.is_known()) expect_same_ring(member.name, found);
      if (found.epoch() > state_.epoch()) adopt(std::move(found));
    }
    if (!has_answer || (!state_.is_known() && !unreachable.empty())) throw Trouble(unreachable);
    if (!state_.is_known()) return set_up(claims.empty() ? RingState() : claims.front());
    for (RingState& claim : claims) {
      if (claim.ring_id() == state_.ring_id()) continue;
      (void)first_use_.make(std::move(claim));  // or it gives way: then its servers are free
      return false;
    }
    for (const std::string& name : without) {
      for (const std::string& known : state_.servers()) {
        // It may have heard of the ring since it was asked.
        if (known == name && !state_.may_be_empty(name) && !server(name).state().is_known()) forgot(name);
      }
    }
    // A server that did not answer may have left the ring. If not, whoever needs it will find out.
    return true;
  }

  bool set_up(RingState claim) {
    expect_different(names_of(settings_.servers));
    if (!claim.is_known()) {
      std::random_device random;
      const std::string ring_id = std::to_string(random()) + "-" + std::to_string(random());
      claim = first_use_.begin(RingState(ring_id, kBeingSetUp, settings_.servers));
    }
    RingState made = first_use_.make(std::move(claim));
    if (!made.is_known()) return false;
    adopt(std::move(made));
    const std::vector<std::string> in_ring = state_.servers();
    for (const Member& member : settings_.servers) {
      if (std::find(in_ring.begin(), in_ring.end(), member.name) != in_ring.end()) continue;
      std::string list;
      for (const std::string& name : in_ring) list += (list.empty() ? "" : ", ") + name;
      throw Trouble("another program has set up a ring of " + list + " at the same moment or before, without " +
                    member.name + ": name servers of that ring, and say add for others");
    }
    return true;
  }

  void adopt(RingState state) {
    state_ = std::move(state);
    released_.clear();
  }
  void expect_same_ring(const std::string& name, const RingState& known) const {
    if (known.ring_id() != state_.ring_id()) {
      throw Trouble(name + " belongs to another ring than " + state_.ring().nodes().front());
    }
  }
  [[noreturn]] static void forgot(const std::string& name) {
    throw Trouble(name + " does not know the ring that it belongs to: was it started again without its data?");
  }

  // The older version gives way. @returns whether it was the one here.
  bool exchange(Server& server) {
    RingState known = server.state();
    const std::string gives_way = void_claim(known);
    if (!gives_way.empty()) known = {};
    if (known.is_known()) expect_same_ring(server.name(), known);
    if (known.epoch() > state_.epoch()) {
      adopt(std::move(known));
      return true;
    }
    if (known.epoch() == state_.epoch()) {
      if (known.json() == state_.json()) return false;
      throw Trouble(server.name() + " and " + state_.ring().nodes().front() + " contradict each other about the ring");
    }
    if (!known.is_known() && !state_.may_be_empty(server.name())) forgot(server.name());
    server.advance(state_, {}, gives_way);
    return false;
  }

  Reply request(const std::string& script, const std::string& key, const Command& command) {
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
      const std::uint64_t token = state_.ring().token(key);
      const Range* const range = state_.ranges().find(token);
      const bool is_released = range != nullptr && released_.count(range->number()) != 0;
      Server& owner = server(range == nullptr ? *state_.ring().owner_of_token(token)
                             : is_released    ? range->to()
                                              : range->from());
      Command arguments{std::to_string(state_.epoch()), range == nullptr ? "" : std::to_string(range->number())};
      arguments.insert(arguments.end(), command.begin(), command.end());
      const Reply reply = owner.run(script, {key}, arguments);
      const std::string_view outcome = reply[0].text();
      if (outcome == "ok") return reply[1];
      if (outcome == "forward") {
        forward(*range, {.key = key,
                         .dump = std::string(reply[4].text()),
                         .expiry = std::to_string(reply[3].number()),
                         .version = std::string(reply[2].text()),
                         .is_change = true});
        return reply[1];
      }
      if (outcome == "error") throw Trouble(owner.name() + " refuses: " + std::string(reply[1].text()));
      if (outcome == "stale" && is_released && reply[1].text() == "0") forgot(owner.name());
      if (outcome == "stale") exchange(owner);
      if (outcome == "released") released_.insert(range->number());
      if (outcome == "hold") std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(10 * settings_.access.timeout_ms)) {
        throw Trouble("the ring changed all the time while the key '" + key + "' was looked for");
      }
    }
  }

  // The write is done and noted. If its second half fails, the mover makes it good.
  void forward(const Range& range, const Entry& entry) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_forward_) return;
    try {
      server(range.to()).forward(range, state_.epoch(), entry);
    } catch (const Trouble&) {
      servers_.erase(range.to());
      next_forward_ = now + std::chrono::seconds(1);  // not a time-out for every write
    }
  }

  Settings settings_;
  std::map<std::string, std::unique_ptr<Server>> servers_;
  FirstUse first_use_{[this](const std::string& name) -> Server& { return server(name); }};
  RingState state_;
  std::set<std::uint32_t> released_;
  std::chrono::steady_clock::time_point next_forward_{};
};

}  // namespace shards
