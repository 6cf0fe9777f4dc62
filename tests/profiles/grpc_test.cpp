// SPDX-License-Identifier: MIT
#include <perturb/profiles/grpc.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::profiles {
namespace {

std::vector<std::pair<std::uint64_t, std::string>> points_of(const GrpcRing& ring) {
  std::vector<std::pair<std::uint64_t, std::string>> points;
  for (const auto point : ring.ring().points()) points.emplace_back(point.token, point.node.identity);
  return points;
}

GrpcRing ring_of(const GrpcOptions& options, const std::vector<Server>& servers) {
  GrpcRing ring(options);
  ring.add_servers(servers);
  return ring;
}

TEST(GrpcRingOrder, MattersInCoreAndNotInGo) {
  // Three servers share four points, so one has two: in core the first of the list, in Go the first by name.
  const std::vector<Server> up = {{"10.0.0.1", "", 1}, {"10.0.0.2", "", 1}, {"10.0.0.3", "", 1}};
  const std::vector<Server> down = {{"10.0.0.3", "", 1}, {"10.0.0.2", "", 1}, {"10.0.0.1", "", 1}};
  GrpcOptions options{.min_ring_size = 4, .max_ring_size = 4};
  EXPECT_NE(points_of(ring_of(options, up)), points_of(ring_of(options, down)));
  options.implementation = GrpcImplementation::go;
  EXPECT_EQ(points_of(ring_of(options, up)), points_of(ring_of(options, down)));
}

TEST(GrpcRingPoints, AreEnvoysWithinTheCap) {
  EnvoyRing envoy({.minimum_ring_size = 1024, .maximum_ring_size = 4096});
  GrpcRing grpc;
  for (std::uint16_t i = 1; i <= 20; ++i) {
    envoy.add_server("10.0.0.1", i, i);
    grpc.add_server("10.0.0.1", i, i);
  }
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    ASSERT_EQ(*envoy.find_server(key), *grpc.find_server(key)) << key;
  }
}

TEST(GrpcRingPoints, StayBelowTheCap) {
  std::vector<Server> servers;
  for (std::uint16_t i = 1; i <= 1024; ++i) servers.push_back({"10.0.0.1", "", i});
  EXPECT_EQ(ring_of({.min_ring_size = 100000, .max_ring_size = 100000}, servers).ring().points().size(), 4096u);
}

TEST(GrpcRingBadInput, IsRefused) {
  EXPECT_THROW(GrpcRing({.min_ring_size = 0}), std::invalid_argument);
  EXPECT_THROW(GrpcRing({.min_ring_size = 5000}), std::invalid_argument) << "more than max_ring_size";
  EXPECT_THROW(GrpcRing({.max_ring_size = 8388609}), std::invalid_argument);
  EXPECT_THROW(GrpcRing({.ring_size_cap = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace perturb::profiles
