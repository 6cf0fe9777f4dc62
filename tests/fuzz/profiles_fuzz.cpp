// SPDX-License-Identifier: MIT
// Options and server lists of every profile. What a program refuses is an exception; all else gives a ring that is the
// same however the list came about, and in which every key has a server.
#include "fuzz/input.hpp"

#include <perturb/profiles.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using fuzz::expect;
using fuzz::Input;
using perturb::NodeState;
using namespace perturb::profiles;

Server any_server(Input& input) {
  constexpr const char* kHosts[] = {"10.0.0.1",  "10.0.0.2", "10.0.0.2",      "192.168.1.77", "cache.example", "a",
                                    "/tmp/sock", "::1",      "[2001:db8::1]", "010.1.1.1",    "256.1.1.1",     ""};
  Server server;
  server.host =
      input.byte() < 240 ? std::string(kHosts[input.below(std::size(kHosts))]) : input.ConsumeRandomLengthString(40);
  server.port = input.flag() ? 11211 : input.ConsumeIntegral<std::uint16_t>();
  constexpr std::uint32_t kWeights[] = {1, 1, 1, 2, 5, 100, 0, 256, 4'000'000'000};
  server.weight = kWeights[input.below(std::size(kWeights))];
  if (input.byte() < 64) server.name = "name-" + std::to_string(input.below(4));
  if (input.byte() < 32) server.name = input.ConsumeRandomLengthString(20);
  if (input.byte() < 64) server.id = input.below(3u) * 1'048'576 + input.below(4u);
  return server;
}

/// Whether the points of the servers would only fill the memory.
template <class Count>
bool is_too_large(const std::vector<Server>& servers, Count points_per_weight) {
  double points = 0;
  for (const Server& server : servers) points += static_cast<double>(server.weight) * points_per_weight;
  return points > 50'000;
}

template <class Ring>
void expect_sound(const Ring& ring, Input& input) {
  expect(ring.servers().size() == ring.size(), "there are as many servers as nodes");
  for (int i = 0; i < 6; ++i) {
    const std::string key = input.ConsumeRandomLengthString(24);
    const Server* const server = ring.find_server(key);
    if (server == nullptr) continue;
    const auto servers = ring.servers();
    expect(std::find(servers.begin(), servers.end(), *server) != servers.end(), "the server of a key is in the list");
    expect(ring.find_server_of_token(ring.token(key)) == server, "a key has the server of its token");
  }
  for (const auto& point : ring.ring().points()) {
    expect(ring.ring().state(point.node.identity) == NodeState::up, "only servers that are up have points");
    if (input.byte() != 1) continue;
    expect((ring.find_server_of_token(point.token) == nullptr) == ring.ring().points().empty(), "a token has a server");
  }
  static_cast<void>(ring.warnings());
}

/// One ring gets the servers one by one, with errors and changes that are undone; the other gets the list that remains.
template <class Ring>
void run(Input& input, const Ring& empty, double points_per_weight) {
  Ring ring = empty;
  for (unsigned steps = 0; input.is_left() && steps < 10; ++steps) {
    const Ring before = ring;
    const Server server = any_server(input);
    std::vector<Server> all = ring.servers();
    all.push_back(server);
    if (is_too_large(all, points_per_weight)) continue;
    try {
      switch (input.below(6)) {
        case 0:
        case 1:
        case 2: {
          const bool is_new = ring.add_server(server);
          // A heavier duplicate may count, and is no server more.
          expect(ring.size() - before.size() <= (is_new ? 1u : 0u), "an added server is one more");
          break;
        }
        case 3:
          if (ring.remove_server(server.host, server.port)) {
            expect(ring.size() + 1 == before.size(), "a removed server is one less");
          }
          break;
        case 4: {
          const NodeState state = static_cast<NodeState>(input.below(3));
          ring.set_state(server.host, server.port, state);
          break;
        }
        default:
          ring.set_weight(server.host, server.port, server.weight);
      }
    } catch (const std::invalid_argument&) {
      expect(ring.servers() == before.servers() && ring.ring() == before.ring(), "a refused server changes nothing");
    }
    if (input.byte() % 4 == 0) expect_sound(ring, input);
  }
  expect_sound(ring, input);

  Ring again = empty;
  const std::vector<Server> servers = ring.servers();
  expect(again.add_servers(servers) == servers.size(), "the servers of a ring can be added again");
  for (const auto& node : ring.ring().nodes()) {
    const auto state = ring.ring().state(node.identity);
    if (state == NodeState::up) continue;
    if (!again.set_state(node.server.host, node.server.port, *state)) return;
    if (again.ring().state(node.identity) != state) return;  // another server of this address was meant
  }
  expect(again.ring() == ring.ring(), "the ring follows from the list");
}

template <class Ring, class Options>
void run_with(Input& input, const Options& options, double points_per_weight) {
  std::optional<Ring> empty;
  try {
    empty.emplace(options);
  } catch (const std::invalid_argument&) {
    return;
  }
  run(input, *empty, points_per_weight);
}

std::uint32_t number(Input& input) {
  constexpr std::uint32_t kNumbers[] = {0, 1, 4, 7, 40, 160, 1021, 8'388'609, 4'294'967'295};
  return kNumbers[input.below(std::size(kNumbers))];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  switch (input.below(11)) {
    case 0: {
      LibmemcachedOptions options{.mode = static_cast<LibmemcachedMode>(input.below(5)), .hash = {}};
      if (input.flag()) options.hash = static_cast<LibmemcachedHash>(input.below(11));
      return run_with<LibmemcachedRing>(input, options, 0), 0;
    }
    case 1: {
      TwemproxyOptions options;
      options.hash = static_cast<TwemproxyHash>(input.below(12));
      options.hash_tag = input.ConsumeRandomLengthString(3);
      return run_with<TwemproxyRing>(input, options, 0), 0;
    }
    case 2: {
      HaproxyOptions options;
      if (input.flag()) options.function = static_cast<HaproxyFunction>(input.below(4));
      options.avalanche = input.flag();
      options.hash_key = static_cast<HaproxyHashKey>(input.below(5));
      return run_with<HaproxyRing>(input, options, 16), 0;
    }
    case 3: {
      const std::uint32_t replicas = number(input);
      return replicas > 100'000
                 ? 0
                 : (run_with<BrpcRing>(
                        input, BrpcOptions{.balancer = static_cast<BrpcBalancer>(input.below(3)), .replicas = replicas},
                        0),
                    0);
    }
    case 4: {
      EnvoyOptions options;
      options.minimum_ring_size = number(input);
      options.maximum_ring_size = number(input);
      options.hash_function = static_cast<EnvoyHashFunction>(input.below(2));
      options.use_hostname_for_hashing = input.flag();
      if (options.minimum_ring_size > 100'000) options.maximum_ring_size = 0;  // refused
      return run_with<EnvoyRing>(input, options, 1), 0;
    }
    case 5: {
      GrpcOptions options;
      options.min_ring_size = number(input);
      options.max_ring_size = number(input);
      options.ring_size_cap = std::min(number(input), 2000u);
      options.implementation = static_cast<GrpcImplementation>(input.below(2));
      return run_with<GrpcRing>(input, options, 1), 0;
    }
    case 6: {
      MaglevOptions options;
      options.table_size = std::min(number(input), 2000u);
      options.use_hostname_for_hashing = input.flag();
      return run_with<MaglevRing>(input, options, 0), 0;
    }
    case 7: {
      const std::uint32_t vnodes = number(input);
      return run_with<UhashringRing>(input, UhashringOptions{.vnodes = vnodes}, vnodes), 0;
    }
    case 8: {
      const std::uint32_t vnodes = std::min(number(input), 1024u);
      return run_with<UhashringKetamaRing>(input, UhashringKetamaOptions{.vnodes = vnodes, .replicas = input.below(6u)},
                                           vnodes),
             0;
    }
    case 9:
      return run(input, NginxRing(), 160), 0;
    default:
      return run(input, KetamaRing(), 0), 0;
  }
}
