// SPDX-License-Identifier: MIT
// Numbers of points that other programs compute in floating point. This file is also compiled with switches by which
// compilers round otherwise; the numbers must stay.
#include <perturb/hash_ring.hpp>
#include <perturb/profiles/envoy.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/libmemcached.hpp>
#include <perturb/profiles/maglev.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// 64 random bits from a counter: splitmix64.
std::uint64_t random_bits(std::uint64_t i) {
  i *= 0x9E3779B97F4A7C15u;
  i = (i ^ (i >> 30)) * 0xBF58476D1CE4E5B9u;
  i = (i ^ (i >> 27)) * 0x94D049BB133111EBu;
  return i ^ (i >> 31);
}

// Folds numbers into one, so that one constant stands for many.
class Digest {
 public:
  void add(std::uint64_t number) { value_ = random_bits(value_ ^ number) + 1; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

TEST(FloatingPoint, OfPointCountsIsThatOfTheProgramsWhateverTheSwitches) {
  Digest floats;
  Digest doubles;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const auto servers = static_cast<std::size_t>(1 + random_bits(3 * i) % 1000);
    const std::uint64_t weight = 1 + random_bits(3 * i + 1) % 100000;
    const std::uint64_t total = weight + random_bits(3 * i + 2) % (100000 * servers);
    floats.add(perturb::detail::profiles::digests_in_floats(weight, total, servers));
    doubles.add(perturb::detail::profiles::digests_in_doubles(weight, total, servers));
  }
  for (std::size_t servers = 1; servers <= 3000; ++servers) {
    for (std::uint64_t weight = 1; weight <= 7; ++weight) {
      floats.add(perturb::detail::profiles::digests_in_floats(weight, weight * servers, servers));
      doubles.add(perturb::detail::profiles::digests_in_doubles(weight, weight * servers, servers));
    }
  }
  EXPECT_EQ(floats.value(), UINT64_C(670692833243285881));
  EXPECT_EQ(doubles.value(), UINT64_C(3474035650240354799));
}

TEST(FloatingPoint, OfPointsPerWeightRoundsTheProductOnceAndThenToTheNearest) {
  Digest counts;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    // A double from 2^-8 to 2^8.
    const auto weight = std::bit_cast<double>((std::uint64_t{1015 + i % 16} << 52) | (random_bits(i) >> 12));
    counts.add(perturb::VirtualNodes<100>().point_count(weight));
    counts.add(perturb::VirtualNodes<333>().point_count(weight));
  }
  EXPECT_EQ(counts.value(), UINT64_C(10675283555620394241));
}

TEST(FloatingPoint, OfEnvoysRingsIsExact) {
  using namespace perturb::profiles;
  Digest tokens;
  for (std::uint32_t round = 0; round < 20; ++round) {
    EnvoyRing envoy;
    MaglevRing maglev({.table_size = 1009});
    std::vector<Server> servers;
    for (std::uint32_t i = 0; i < 3 + round; ++i) {
      servers.push_back({"10.0.0.1", "", static_cast<std::uint16_t>(i + 1),
                         static_cast<std::uint32_t>(1 + random_bits(100 * round + i) % 1000)});
    }
    envoy.add_servers(servers);
    maglev.add_servers(servers);
    tokens.add(envoy.ring().points().size());
    for (const auto point : envoy.ring().points()) tokens.add(point.token ^ point.node.server.port);
    for (const auto point : maglev.ring().points()) tokens.add(point.token ^ point.node.server.port);
  }
  EXPECT_EQ(tokens.value(), UINT64_C(3808757879302161210));
}

TEST(FloatingPoint, LibmemcachedGives3900PointsTo25EqualServers) {
  perturb::profiles::LibmemcachedRing ring({.mode = perturb::profiles::LibmemcachedMode::weighted});
  std::vector<perturb::profiles::Server> servers;
  for (std::uint16_t port = 1; port <= 25; ++port) servers.push_back({"10.0.0.1", "", port});
  ring.add_servers(servers);
  EXPECT_EQ(ring.ring().points().size(), 3900u);
}

TEST(FloatingPoint, OfWeightsRefusesNaNAndInfinity) {
  perturb::HashRing<std::string> ring;
  for (const std::uint64_t image : {0x7FF8000000000000u, 0xFFF8000000000000u, 0x7FF0000000000000u, 0xFFF0000000000000u,
                                    0x7FF0000000000001u, 0x8000000000000000u, 0xBFF0000000000000u}) {
    EXPECT_THROW(ring.add_node("a", std::bit_cast<double>(std::uint64_t{image})), std::invalid_argument) << image;
  }
  EXPECT_TRUE(ring.add_node("a", std::bit_cast<double>(std::uint64_t{1}))) << "the smallest double";
  EXPECT_EQ(ring.points().size(), 1u);
}

}  // namespace
