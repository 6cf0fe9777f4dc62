// SPDX-License-Identifier: MIT
/// @file KetamaRing: the server that libketama chooses, R. Jones' library, whose placement the other ketama rings took
/// over.
///
/// Points: four from each MD5 digest of "address-i", on average 160 a server, in proportion to the memory in its line.
/// The address, for instance "10.0.1.1:11211", is not parsed. Owner: the first point at or after the first word of the
/// key's MD5 digest. A key is a C string: it ends before a zero byte.
///
/// Source: RJ/ketama, libketama/ketama.c. How the equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::profiles {

struct KetamaKeyHash {
  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept {
    return md5_words(key.substr(0, key.find('\0')))[0];
  }
  friend bool operator==(KetamaKeyHash, KetamaKeyHash) = default;
};

class KetamaPoints {
 public:
  static constexpr std::string_view kProfile = "KetamaRing";

  static void check_server(const Server& server) {
    if (identity(server).size() > kLongestAddress) {
      refuse_server(kProfile, server, "has an address of more than 21 bytes, for which libketama has no room");
    }
  }
  static std::string identity(const Server& server) { return host_and_port(server); }

  [[nodiscard]] static std::vector<PointRange> point_ranges(std::span<const ServerNode> nodes,
                                                            std::span<const double>) {
    return digest_ranges(nodes, digests_in_doubles);
  }
  template <class AddPoint>
  void place_range(const ServerNode& node, PointRange range, AddPoint&& add_point) const {
    emit_digests(node.identity, range, add_point);
  }

 private:
  static constexpr std::size_t kLongestAddress = 21;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a file of servers, in their order; the weight is the memory, the second column.
///
///   perturb::profiles::KetamaRing ring;
///   ring.add_server("10.0.1.1", 11211, 600);              // 10.0.1.1:11211	600
class KetamaRing
    : public detail::profiles::ServerRing<detail::profiles::KetamaKeyHash, detail::profiles::KetamaPoints> {
 public:
  KetamaRing() : ServerRing(detail::profiles::KetamaKeyHash(), detail::profiles::KetamaPoints()) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
