// SPDX-License-Identifier: MIT
/// @file The first use of servers that know no ring yet: several programs may begin at the same moment, with different
/// servers, and any of them may die.
///
/// A new ring has epoch 1 while it is set up: a claim, which counts as long as the ring's first server has it. Whoever
/// makes a ring claims the first server before the others, and no program claims it for that ring again. So:
///
///   - The ring is made, with epoch 2, when the first server passes from 1 to 2. That happens after all servers have
///     the claim, by its maker or by whoever else finds it: a maker that died is not missed.
///   - It is given up when the claim on the first server is withdrawn. From then on its other claims count for nothing,
///     and anybody may replace them.
///   - Of two rings that claim the same server the one with the smaller identity is made, unless the other is already.
#pragma once

#include "server.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace shards {

inline constexpr std::uint64_t kBeingSetUp = 1;  // an epoch

class FirstUse {
 public:
  using ServerOf = std::function<Server&(const std::string&)>;

  explicit FirstUse(ServerOf server_of) : server_of_(std::move(server_of)) {}

  /// The ring of a claim as its first server has it now, or an unknown one: the claim counts for nothing.
  RingState current(const RingState& claim) {
    RingState there = server_of_(claim.first_server()).state();
    return there.ring_id() == claim.ring_id() ? there : RingState();
  }

  /// Makes the ring of a claim that counts or, if that has to give way, another one. @returns the ring that is made, or
  /// an unknown one if another program has given up the claim: then everything must be looked at anew.
  RingState make(RingState claim) {
    for (;;) {
      RingState outcome = claim_all(claim);
      if (outcome.epoch() != kBeingSetUp) return outcome;
      if (outcome.ring_id() == claim.ring_id()) return finish(claim);
      claim = std::move(outcome);
    }
  }

  /// Claims the first server for a new ring. @returns the ring that has it then.
  RingState begin(const RingState& claim) {
    Server& first = server_of_(claim.first_server());
    for (;;) {
      const RingState there = first.advance(claim, 0);
      if (there.ring_id() == claim.ring_id()) return there;
      const RingState rival = current(there);
      if (rival.is_known()) return rival;
      first.advance(claim, {}, there.ring_id());
    }
  }

 private:
  // @returns the claim itself once all its servers have it; the ring that is made, or that goes before it, instead of
  // it; or an unknown one if the claim is given up.
  RingState claim_all(const RingState& claim) {
    for (const std::string& name : claim.servers()) {
      const RingState mine = current(claim);
      if (mine.epoch() != kBeingSetUp) return mine;
      if (name == claim.first_server()) continue;
      Server& server = server_of_(name);
      for (RingState there = server.advance(claim, 0); there.ring_id() != claim.ring_id();
           there = server.advance(claim, 0)) {
        const RingState rival = current(there);
        if (!rival.is_known()) {
          server.advance(claim, {}, there.ring_id());
        } else if (rival.epoch() == kBeingSetUp && claim.ring_id() < rival.ring_id()) {
          server_of_(rival.first_server()).withdraw(rival);
        } else {
          server_of_(claim.first_server()).withdraw(claim);
          return rival;
        }
      }
    }
    return claim;
  }

  // All servers have the claim. It fails if the claim has been withdrawn, even if that was not seen.
  RingState finish(const RingState& claim) {
    const RingState ring(claim.ring_id(), kBeingSetUp + 1, claim.now());
    const RingState there = server_of_(claim.first_server()).advance(ring, kBeingSetUp);
    if (there.ring_id() != claim.ring_id()) return {};
    for (const std::string& name : claim.servers()) server_of_(name).advance(there);
    return there;
  }

  ServerOf server_of_;
};

}  // namespace shards
