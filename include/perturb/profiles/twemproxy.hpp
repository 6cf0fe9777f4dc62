// SPDX-License-Identifier: MIT
/// @file TwemproxyRing: the server that twemproxy (nutcracker 0.5.0) chooses with `distribution: ketama`.
///
/// Points: four from each MD5 digest of "name-i", on average 160 a server, in proportion to the weights (also where
/// servers have names, which twemproxy's documentation denies). The name is that of the server's line; without one it
/// is "host" with the port 11211 and "host:port" with any other; an unnamed unix socket keeps a colon at its end.
/// Owner: the first point at or after the key's hash. twemproxy sorts its servers by the length of their names, then by
/// the names themselves; equal points have that order.
///
/// twemproxy behaves unexpectedly in four ways, and so does the profile:
///   - The default hash fnv1a_64 has 32 bits and puts all keys of one letter on one server.
///   - crc32 has 15 bits (see warnings()); crc32a is CRC-32.
///   - The empty key has the hash 0.
///   - The number of points is computed in floats (ketama_points.hpp).
///
/// Source: twemproxy 0.5.0, src/hashkit/nc_ketama.c, nc_conf.c and nc_server.c. How the equality is known:
/// docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/crc16.hpp>
#include <perturb/hash/crc32.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/legacy_key_hash.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// The function of `hash:` in the configuration of a pool.
enum class TwemproxyHash : std::uint8_t {
  one_at_a_time,
  md5,
  crc16,
  crc32,   ///< 15 bits: see warnings()
  crc32a,  ///< CRC-32
  fnv1_64,
  fnv1a_64,
  fnv1_32,
  fnv1a_32,
  hsieh,
  murmur,
  jenkins,
};

/// The options of a pool, by their names in its configuration.
struct TwemproxyOptions {
  TwemproxyHash hash = TwemproxyHash::fnv1a_64;
  /// Two characters, such as "{}", or empty for none: of a key that has both, only the part between the first pair of
  /// them is hashed, unless that part is empty.
  std::string hash_tag = {};
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::TwemproxyHash;
using perturb::profiles::TwemproxyOptions;

class TwemproxyKeyHash {
 public:
  /// Throws: std::invalid_argument for a hash_tag that has not two characters.
  explicit TwemproxyKeyHash(const TwemproxyOptions& options)
      : hash_(options.hash), has_tag_(!options.hash_tag.empty()) {
    if (!has_tag_) return;
    if (options.hash_tag.size() != 2) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::TwemproxyRing: hash_tag must have two characters, such as {}");
    }
    tag_ = {options.hash_tag[0], options.hash_tag[1]};
  }

  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept {
    const std::string_view part = hashed_part(key);
    return part.empty() ? 0 : hash(part);
  }
  [[nodiscard]] bool is_narrow() const noexcept { return hash_ == TwemproxyHash::crc32; }
  friend bool operator==(const TwemproxyKeyHash&, const TwemproxyKeyHash&) = default;

 private:
  [[nodiscard]] std::string_view hashed_part(std::string_view key) const noexcept {
    if (!has_tag_) return key;
    const std::size_t open = key.find(tag_[0]);
    if (open == std::string_view::npos) return key;
    const std::size_t close = key.find(tag_[1], open + 1);
    if (close == std::string_view::npos || close == open + 1) return key;
    return key.substr(open + 1, close - open - 1);
  }

  [[nodiscard]] std::uint32_t hash(std::string_view key) const noexcept {
    switch (hash_) {
      case TwemproxyHash::md5:
        return legacy_hash(LegacyHash::md5, key);
      case TwemproxyHash::crc16:
        return hashing::crc16_in_32_bits(key);
      case TwemproxyHash::crc32:
        return legacy_hash(LegacyHash::crc, key);
      case TwemproxyHash::crc32a:
        return hashing::crc32(key);
      case TwemproxyHash::fnv1_64:
        return legacy_hash(LegacyHash::fnv1_64, key);
      case TwemproxyHash::fnv1a_64:
        return legacy_hash(LegacyHash::fnv1a_64, key);
      case TwemproxyHash::fnv1_32:
        return legacy_hash(LegacyHash::fnv1_32, key);
      case TwemproxyHash::fnv1a_32:
        return legacy_hash(LegacyHash::fnv1a_32, key);
      case TwemproxyHash::hsieh:
        return legacy_hash(LegacyHash::hsieh, key);
      case TwemproxyHash::murmur:
        return legacy_hash(LegacyHash::murmur, key);
      case TwemproxyHash::jenkins:
        return legacy_hash(LegacyHash::jenkins, key);
      case TwemproxyHash::one_at_a_time:
      default:
        break;
    }
    return legacy_hash(LegacyHash::one_at_a_time, key);
  }

  TwemproxyHash hash_;
  bool has_tag_;
  std::array<char, 2> tag_{};
};

class TwemproxyPoints {
 public:
  static constexpr std::string_view kProfile = "TwemproxyRing";

  static void check_server(const Server& server) {
    if (server.weight > 0x7FFFFFFF) refuse_server(kProfile, server, "has a weight above 2147483647, twemproxy's limit");
    if (name_of(server).size() > kLongestName) {
      refuse_server(kProfile, server,
                    "has a name of more than 261 bytes, which twemproxy cuts before it hashes the points");
    }
    if (name_of(server).find(' ') != std::string::npos) {
      refuse_server(kProfile, server, "has a blank in its name, which twemproxy cannot read");
    }
  }
  [[nodiscard]] static std::string name_of(const Server& server) {
    if (!server.name.empty()) return server.name;
    return server.host.starts_with('/') ? server.host + ':' : host_and_unusual_port(server);
  }
  // Sorts as twemproxy does: by the length, then by the name.
  static std::string identity(const Server& server) {
    std::string name = name_of(server);
    const auto size = static_cast<std::uint16_t>(name.size());
    name.insert(0, {static_cast<char>(size >> 8), static_cast<char>(size)});
    return name;
  }

  [[nodiscard]] static std::vector<PointRange> point_ranges(std::span<const ServerNode> nodes,
                                                            std::span<const double>) {
    const std::uint64_t total = total_weight(nodes);
    if (total > 0xFFFFFFFF) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::TwemproxyRing: the weights sum to " + std::to_string(total) +
          ", beyond the 32 bits that twemproxy sums them in; divide them by a common factor");
    }
    return digest_ranges(nodes, digests_in_floats);
  }
  template <class AddPoint>
  void place_range(const ServerNode& node, PointRange range, AddPoint&& add_point) const {
    emit_digests(name_of(node.server), range, add_point);
  }

 private:
  static constexpr std::size_t kLongestName = 261;  // twemproxy's buffer of 273 less '-', ten digits and the zero
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a pool with `distribution: ketama`.
///
///   perturb::profiles::TwemproxyRing ring({.hash = perturb::profiles::TwemproxyHash::murmur, .hash_tag = "{}"});
///   ring.add_server("10.0.0.1", 6379, 1, "cache-1");      // - 10.0.0.1:6379:1 cache-1
class TwemproxyRing
    : public detail::profiles::ServerRing<detail::profiles::TwemproxyKeyHash, detail::profiles::TwemproxyPoints,
                                          BoundRule::at_or_after, TieRule::identity> {
 public:
  /// Throws: std::invalid_argument for a hash_tag that has not two characters.
  explicit TwemproxyRing(const TwemproxyOptions& options = {})
      : ServerRing(detail::profiles::TwemproxyKeyHash(options), detail::profiles::TwemproxyPoints()) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
