// SPDX-License-Identifier: MIT
/// @file MaglevRing: the host that Envoy chooses by the load balancing policy maglev.
///
/// Maglev has no ring but a table with a prime number of slots, which hosts fill in turns, each along a permutation of
/// its own; a key's slot is its hash modulo the size. The profile makes a ring of it: slot s is the token
/// s * floor((2^64 - 1) / size), and a host has a point at the last slot of each run of slots that it fills. The order
/// of hosts in the list has no effect. Every change fills the whole table again: about 1.5 ms with 65537 slots and 0.3
/// s with 5000011.
///
/// Source: Eisenbud et al., "Maglev", NSDI 2016, section 3.4; Envoy,
/// source/extensions/load_balancing_policies/maglev/maglev_lb.cc. How the equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/relative_points.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// The options of the policy, by their names in Envoy.
struct MaglevOptions {
  std::uint64_t table_size = 65537;  ///< a prime up to 5000011
  /// Hash Server::name instead of the address. Set it also for hosts that have a `hash_key` in their metadata.
  bool use_hostname_for_hashing = false;

  friend bool operator==(const MaglevOptions&, const MaglevOptions&) = default;
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::MaglevOptions;

/// Hashes a key to its slot, and gives slots as tokens.
class MaglevKeyHash {
 public:
  explicit MaglevKeyHash(std::uint64_t table_size) noexcept : table_size_(table_size) {}

  [[nodiscard]] std::uint64_t operator()(std::string_view key) const noexcept { return token_of_hash(xxh64_of(key)); }
  [[nodiscard]] std::uint64_t token_of_hash(std::uint64_t hash) const noexcept {
    return token_of_slot(hash % table_size_);
  }
  [[nodiscard]] std::uint64_t token_of_slot(std::uint64_t slot) const noexcept {
    return slot * ((std::numeric_limits<std::uint64_t>::max)() / table_size_);
  }
  friend bool operator==(const MaglevKeyHash&, const MaglevKeyHash&) = default;

 private:
  std::uint64_t table_size_;
};

class MaglevPoints {
 public:
  static constexpr std::string_view kProfile = "MaglevRing";

  /// Throws: std::invalid_argument for a table size that Envoy refuses.
  explicit MaglevPoints(const MaglevOptions& options) : options_(options) {
    if (options.table_size > kLargestTable || !is_prime(options.table_size)) {
      detail::raise<std::invalid_argument>("perturb::profiles::MaglevRing: table_size must be a prime up to 5000011");
    }
  }

  void check_server(const Server& server) const {
    if (options_.use_hostname_for_hashing && server.name.empty()) {
      refuse_server(kProfile, server, "has no name, which use_hostname_for_hashing needs");
    }
    if (!options_.use_hostname_for_hashing && !is_socket(server.host)) {
      refuse_server(kProfile, server, "must be an address or a path: Envoy hashes what the name resolves to");
    }
  }
  static std::string identity(const Server& server) { return socket_address(server); }

  template <class AddPoint>
  void place_all(std::span<const ServerNode> nodes, std::span<const double>, AddPoint&& add_point) const {
    if (nodes.empty()) return;
    const std::vector<std::uint32_t> table = filled(nodes);
    const MaglevKeyHash tokens(options_.table_size);
    for (std::size_t slot = 0; slot < table.size(); ++slot) {
      if (slot + 1 == table.size() || table[slot] != table[slot + 1])
        add_point(table[slot], tokens.token_of_slot(slot));
    }
  }

  friend bool operator==(const MaglevPoints&, const MaglevPoints&) = default;

 private:
  static constexpr std::uint64_t kLargestTable = 5000011;

  using Double = ring::ExactFloat<53>;

  /// A host that fills slots along its permutation.
  struct Filler {
    std::uint32_t index;  // in the list of servers
    std::uint32_t slot;   // the next of its permutation
    std::uint32_t skip;   // from one slot of the permutation to the next
    Double part;          // of the sum of weights
    Double target;        // the host skips its turn until turn * part reaches this
  };

  // The index of the server that fills each slot. Complexity: O(size * log(size)) expected.
  [[nodiscard]] std::vector<std::uint32_t> filled(std::span<const ServerNode> nodes) const {
    auto servers = weighted_texts(nodes, [&](const Server& server) {
      return options_.use_hostname_for_hashing ? server.name : socket_address(server);
    });
    std::sort(servers.begin(), servers.end(),
              [](const WeightedText& a, const WeightedText& b) { return a.text < b.text; });
    const auto size = static_cast<std::uint32_t>(options_.table_size);
    Double heaviest;
    bool are_equal = true;
    std::vector<Filler> fillers;
    for (const WeightedText& server : servers) {
      heaviest = (std::max)(heaviest, server.part);
      are_equal = are_equal && server.part == servers.front().part;
      const std::uint64_t skip = hashing::xxh64(server.text.data(), server.text.size(), 1) % (size - 1) + 1;
      fillers.push_back({static_cast<std::uint32_t>(server.index),
                         static_cast<std::uint32_t>(xxh64_of(server.text) % size), static_cast<std::uint32_t>(skip),
                         server.part, Double()});
    }

    std::vector<std::uint32_t> table(size);
    std::vector<bool> is_filled(size);  // a bit a slot, which stays in the cache: most slots that are tried are filled
    std::uint32_t empty_slots = size;
    for (std::uint32_t turn = 1; empty_slots > 0; ++turn) {
      for (Filler& filler : fillers) {
        if (empty_slots == 0) break;
        if (!are_equal) {  // equal hosts never skip a turn
          if (Double::of(turn) * filler.part < filler.target) continue;
          filler.target = filler.target + heaviest;
        }
        while (is_filled[filler.slot]) {
          filler.slot =
              filler.slot < size - filler.skip ? filler.slot + filler.skip : filler.slot - (size - filler.skip);
        }
        is_filled[filler.slot] = true;
        table[filler.slot] = filler.index;
        --empty_slots;
      }
    }
    return table;
  }

  [[nodiscard]] static constexpr bool is_prime(std::uint64_t number) noexcept {
    if (number < 2) return false;
    for (std::uint64_t divisor = 2; divisor * divisor <= number; ++divisor) {
      if (number % divisor == 0) return false;
    }
    return true;
  }

  MaglevOptions options_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The table of a cluster with the policy maglev, as a ring; weights as load_balancing_weight.
///
///   perturb::profiles::MaglevRing ring;
///   ring.add_server("10.0.0.1", 8080);
class MaglevRing
    : public detail::profiles::ServerRing<detail::profiles::MaglevKeyHash, detail::profiles::MaglevPoints> {
 public:
  /// Throws: std::invalid_argument for a table size that Envoy refuses.
  explicit MaglevRing(const MaglevOptions& options = {})
      : ServerRing(detail::profiles::MaglevKeyHash(options.table_size), detail::profiles::MaglevPoints(options)) {}

  /// The host that Envoy chooses for a request hash that is computed elsewhere. Complexity: as find_server_of_token.
  [[nodiscard]] const Server* find_server_of_hash(std::uint64_t hash) const noexcept {
    return find_server_of_token(ring().hash_function().token_of_hash(hash));
  }
};

}  // namespace perturb::inline PERTURB_ABI::profiles
