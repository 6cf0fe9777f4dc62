// SPDX-License-Identifier: MIT
/// @file What the placements of other programs cost: how many keys move when servers are added, how many of these move
/// between two servers that stay (which no key needs to), and how much more than its fair share the busiest server
/// gets. The figures of docs/moving-from.md are this program's output: means over twenty server lists with different
/// addresses. For each list they are exact shares of the ring, not counts of sample keys.
#include <perturb/hash_ring.hpp>
#include <perturb/profiles.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace {

namespace profiles = perturb::profiles;

constexpr int kLists = 20;

std::vector<profiles::Server> servers(int list_number, int count) {
  std::vector<profiles::Server> list;
  for (int i = 1; i <= count; ++i) {
    list.push_back({"10.0." + std::to_string(list_number) + '.' + std::to_string(i), "", 11211});
  }
  return list;
}

template <class Ring>
Ring with(Ring ring, const std::vector<profiles::Server>& list) {
  ring.add_servers(list);
  return ring;
}

struct Moved {
  double all = 0;
  double between_survivors = 0;
};

// A number of neighbouring tokens as a part of all tokens.
double part_of_ring(std::uint32_t width) { return std::ldexp(static_cast<double>(width), -32); }
double part_of_ring(std::uint64_t width) { return std::ldexp(static_cast<double>(width), -64); }
double part_of_ring(perturb::Token128 width) { return part_of_ring(width.high); }  // the rest is less than 2^-64

// The part of the keys that has another server afterwards: both rings are cut at the ends of all arcs, and between two
// cuts nothing changes.
template <class Ring>
Moved moved(const Ring& before, const Ring& after) {
  std::vector<typename Ring::token_type> cuts;
  for (const auto end : before.ring().arcs()) cuts.push_back(end.upto);
  for (const auto end : after.ring().arcs()) cuts.push_back(end.upto);
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

  std::vector<std::string> old;
  for (const profiles::Server& server : before.servers()) old.push_back(server.host);

  Moved result;
  auto previous = cuts.back();
  for (const auto cut : cuts) {
    const double width = part_of_ring(static_cast<typename Ring::token_type>(cut - previous));
    previous = cut;
    const profiles::Server& now = *after.find_server_of_token(cut);
    if (before.find_server_of_token(cut)->host == now.host) continue;
    result.all += width;
    if (std::find(old.begin(), old.end(), now.host) != old.end()) result.between_survivors += width;
  }
  return result;
}

template <class Ring>
void grow(const char* name, const Ring& empty, int count, std::uint32_t weight_of_new = 1) {
  Moved sum;
  double worst = 0;
  for (int list_number = 1; list_number <= kLists; ++list_number) {
    std::vector<profiles::Server> list = servers(list_number, count + 1);
    list.back().weight = weight_of_new;
    const Moved share = moved(with(empty, servers(list_number, count)), with(empty, list));
    sum.all += share.all;
    sum.between_survivors += share.between_survivors;
    worst = std::max(worst, share.all);
  }
  const double ideal = static_cast<double>(weight_of_new) / (count + static_cast<double>(weight_of_new));
  std::printf("%-34s %4d -> %4d  %6.2f %%  %6.2f %%  %6.2f %%  %6.2f %%\n", name, count, count + 1,
              100 * sum.all / kLists, 100 * ideal, 100 * sum.between_survivors / kLists, 100 * worst);
}

template <class Ring>
void peak(const char* name, const Ring& empty, int count) {
  double highest = 0;
  double lowest = 0;
  std::size_t points = 0;
  for (int list_number = 1; list_number <= kLists; ++list_number) {
    const Ring ring = with(empty, servers(list_number, count));
    const perturb::Balance balance = ring.ring().balance();
    highest += balance.peak;
    lowest += balance.min;
    points = ring.ring().points().size();
  }
  std::printf("%-34s %4d  %8zu  %6.2f  %6.2f\n", name, count, points, highest / kLists, lowest / kLists);
}

}  // namespace

int main() {
  const profiles::LibmemcachedRing libmemcached({.mode = profiles::LibmemcachedMode::weighted});
  const profiles::LibmemcachedRing unweighted({.mode = profiles::LibmemcachedMode::ketama});
  const profiles::KetamaRing ketama;
  const profiles::TwemproxyRing twemproxy;
  const profiles::NginxRing nginx;
  const profiles::HaproxyRing haproxy;
  const profiles::EnvoyRing envoy;
  const profiles::EnvoyRing large_envoy({.minimum_ring_size = 100'000});
  const profiles::MaglevRing maglev;
  const profiles::GrpcRing grpc;
  const profiles::BrpcRing brpc;
  const profiles::UhashringRing uhashring;
  const profiles::UhashringKetamaRing uhashring_ketama;

  std::printf("A server is added                     servers     moved     ideal  needless  worst list\n");
  grow("libmemcached, KETAMA_WEIGHTED", libmemcached, 24);
  grow("libmemcached, KETAMA_WEIGHTED", libmemcached, 25);
  grow("libmemcached, KETAMA_WEIGHTED", libmemcached, 46);
  grow("libmemcached, KETAMA", unweighted, 24);
  grow("ketama", ketama, 24);
  grow("ketama", ketama, 60);
  grow("twemproxy", twemproxy, 24);
  grow("uhashring", uhashring, 24);
  grow("uhashring, ketama", uhashring_ketama, 24);
  grow("nginx", nginx, 24);
  grow("HAProxy", haproxy, 24);
  grow("brpc", brpc, 24);
  grow("Envoy ring_hash", envoy, 10);
  grow("Envoy ring_hash", envoy, 20);
  grow("Envoy ring_hash, 100 000 points", large_envoy, 20);
  grow("gRPC", grpc, 20);
  grow("Envoy maglev", maglev, 10);
  grow("Envoy maglev", maglev, 50);
  grow("Envoy maglev", maglev, 100);

  std::printf("\nA server of weight 4 joins ten of weight 1\n");
  grow("libmemcached, KETAMA_WEIGHTED", libmemcached, 10, 4);
  grow("twemproxy", twemproxy, 10, 4);
  grow("Envoy ring_hash", envoy, 10, 4);
  grow("nginx", nginx, 10, 4);
  grow("HAProxy", haproxy, 10, 4);

  std::printf("\nThe first of 25 servers is removed from a HAProxy configuration\n");
  std::vector<profiles::Server> list = servers(1, 25);
  const auto report = [&](const char* name) {
    const auto before = with(haproxy, list);
    const auto after = with(haproxy, {list.begin() + 1, list.end()});
    std::printf("%-34s moved %6.2f %%, ideal %6.2f %%\n", name, 100 * moved(before, after).all, 100.0 / 25);
  };
  report("without ids");
  for (std::uint32_t i = 0; i < 25; ++i) list[i].id = i + 1;
  report("with ids");

  std::printf("\nEqual servers                   servers    points    peak     min (of the mean share)\n");
  for (const int count : {10, 100}) {
    peak("libmemcached, KETAMA", unweighted, count);
    peak("libmemcached, KETAMA_WEIGHTED", libmemcached, count);
    peak("nginx", nginx, count);
    peak("HAProxy, weight 1", haproxy, count);
    peak("brpc", brpc, count);
    peak("Envoy ring_hash", envoy, count);
    peak("Envoy ring_hash, 100 000 points", large_envoy, count);
    peak("gRPC", grpc, count);
    peak("Envoy maglev", maglev, count);
  }
  const profiles::LibmemcachedRing narrow(
      {.mode = profiles::LibmemcachedMode::weighted, .hash = profiles::LibmemcachedHash::crc});
  const auto ring = with(narrow, servers(1, 10));
  std::printf("\nlibmemcached, KETAMA_WEIGHTED and MEMCACHED_HASH_CRC, 10 servers: %s\n",
              std::string(ring.warnings().at(0).message).c_str());
}
