// SPDX-License-Identifier: MIT
/// @file ProfileAdapter: a ring of <perturb/profiles.hpp> as a Ring.
#pragma once

#include <perturb/profiles/server.hpp>

#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../ring.hpp"
#include "ring_adapter.hpp"

namespace ring_tool {

/// The servers of a description as a profile takes them. Throws: InputError for a weight that it does not take.
[[nodiscard]] inline std::vector<perturb::profiles::Server> servers_of(const RingSpec& spec) {
  std::vector<perturb::profiles::Server> servers;
  for (const ServerSpec& server : spec.servers) {
    if (server.weight != std::floor(server.weight) || server.weight > 4294967295.0) {
      throw InputError(server.place, "the profile " + spec.profile + " takes whole weights up to 4294967295, and the " +
                                         "server " + server.label() + " has another");
    }
    servers.push_back({server.host, server.name, server.port, static_cast<std::uint32_t>(server.weight), server.id});
  }
  return servers;
}

template <class ProfileRing>
class ProfileAdapter final : public RingAdapter<typename ProfileRing::ring_type> {
  using Base = RingAdapter<typename ProfileRing::ring_type>;

 public:
  /// `empty` has the options and no servers. Throws: InputError for a server that the profile refuses, with its place.
  ProfileAdapter(const RingSpec& spec, ProfileRing empty) : Base(spec), ring_(std::move(empty)) {
    const ProfileRing probe = ring_;
    const auto servers = servers_of(spec);
    try {
      if (ring_.add_servers(servers) != servers.size()) refuse_one(spec, servers, probe, {});
    } catch (const std::invalid_argument& error) {
      refuse_one(spec, servers, probe, without_class(error.what()));
    }
    for (const ServerSpec& server : spec.servers) {
      if (Base::is_up(server)) continue;
      if (!server.name.empty()) {
        ring_.set_state(server.name, server.state);
      } else if (server.id != 0) {
        ring_.set_state(server.id, server.state);
      } else {
        ring_.set_state(server.host, server.port, server.state);
      }
    }
    Base::number_nodes();
  }

  [[nodiscard]] RingBalance balance() const override {
    RingBalance balance = Base::balance();
    for (const perturb::profiles::Warning& warning : ring_.warnings()) {
      balance.warnings.push_back(std::string(warning.name) + ": " + std::string(warning.message));
    }
    return balance;
  }

 private:
  [[nodiscard]] const typename ProfileRing::ring_type& hash_ring() const override { return ring_.ring(); }
  [[nodiscard]] std::string label_of(const perturb::profiles::ServerNode& node) const override {
    ServerSpec server;
    server.host = node.server.host;
    server.name = node.server.name;
    server.port = node.server.port;
    return server.label();
  }
  [[nodiscard]] bool owns_empty_key() const override { return ring_.find_server("") != nullptr; }

  // Finds the server because of which the list was refused, by adding one after the other.
  [[noreturn]] static void refuse_one(const RingSpec& spec, const std::vector<perturb::profiles::Server>& servers,
                                      ProfileRing probe, const std::string& why) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const ServerSpec& server = spec.servers[i];
      try {
        if (probe.add_server(servers[i])) continue;
      } catch (const std::invalid_argument& error) {
        throw InputError(server.place, without_class(error.what()));
      }
      throw InputError(server.place,
                       "the server " + server.label() + " is for " + spec.profile + " the same as one before it");
    }
    throw InputError(spec.place, why);
  }

  ProfileRing ring_;
};

/// Builds the ring that `make(options)` gives without servers. Throws: InputError.
template <class Make>
[[nodiscard]] std::unique_ptr<Ring> make_profile(const RingSpec& spec, const Make& make) {
  using ProfileRing = decltype(make());
  try {
    return std::make_unique<ProfileAdapter<ProfileRing>>(spec, make());
  } catch (const std::invalid_argument& error) {
    throw InputError(spec.place, without_class(error.what()));
  }
}

}  // namespace ring_tool
