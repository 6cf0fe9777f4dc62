// SPDX-License-Identifier: MIT
/// @file Envoy's ring_hash and maglev, gRPC, brpc.
#include <perturb/profiles/brpc.hpp>
#include <perturb/profiles/envoy.hpp>
#include <perturb/profiles/grpc.hpp>
#include <perturb/profiles/maglev.hpp>

#include <cstdint>
#include <memory>

#include "makers.hpp"
#include "profile_adapter.hpp"
#include "profile_options.hpp"

namespace ring_tool {

using namespace perturb::profiles;

std::unique_ptr<Ring> make_envoy(const RingSpec& spec) {
  ProfileOptions options(spec);
  EnvoyOptions result;
  result.minimum_ring_size = options.whole("minimum_ring_size", result.minimum_ring_size);
  result.maximum_ring_size = options.whole("maximum_ring_size", result.maximum_ring_size);
  result.hash_function =
      options.choice<EnvoyHashFunction>("hash_function", {"xx_hash", "murmur_hash_2"}).value_or(result.hash_function);
  result.use_hostname_for_hashing = options.flag("use_hostname_for_hashing");
  options.expect_no_others();
  return make_profile(spec, [&] { return EnvoyRing(result); });
}

std::unique_ptr<Ring> make_maglev(const RingSpec& spec) {
  ProfileOptions options(spec);
  MaglevOptions result;
  result.table_size = options.whole("table_size", result.table_size);
  result.use_hostname_for_hashing = options.flag("use_hostname_for_hashing");
  options.expect_no_others();
  return make_profile(spec, [&] { return MaglevRing(result); });
}

std::unique_ptr<Ring> make_grpc(const RingSpec& spec) {
  ProfileOptions options(spec);
  GrpcOptions result;
  result.min_ring_size = options.whole("min_ring_size", result.min_ring_size);
  result.max_ring_size = options.whole("max_ring_size", result.max_ring_size);
  result.ring_size_cap = options.whole("ring_size_cap", result.ring_size_cap);
  result.implementation =
      options.choice<GrpcImplementation>("implementation", {"core", "go"}).value_or(result.implementation);
  options.expect_no_others();
  return make_profile(spec, [&] { return GrpcRing(result); });
}

std::unique_ptr<Ring> make_brpc(const RingSpec& spec) {
  ProfileOptions options(spec);
  BrpcOptions result;
  result.balancer =
      options.choice<BrpcBalancer>("balancer", {"c_murmurhash", "c_md5", "c_ketama"}).value_or(result.balancer);
  result.replicas = static_cast<std::uint32_t>(options.whole("replicas", result.replicas));
  options.expect_no_others();
  return make_profile(spec, [&] { return BrpcRing(result); });
}

}  // namespace ring_tool
