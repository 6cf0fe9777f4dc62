// SPDX-License-Identifier: MIT
/// @file Python's uhashring, by its own rules and by ketama's.
#include <perturb/profiles/uhashring.hpp>

#include <cstdint>
#include <memory>

#include "makers.hpp"
#include "profile_adapter.hpp"
#include "profile_options.hpp"

namespace ring_tool {

using namespace perturb::profiles;

std::unique_ptr<Ring> make_uhashring(const RingSpec& spec) {
  ProfileOptions options(spec);
  UhashringOptions result;
  result.vnodes = static_cast<std::uint32_t>(options.whole("vnodes", result.vnodes, 1 << 24));
  options.expect_no_others();
  return make_profile(spec, [&] { return UhashringRing(result); });
}

std::unique_ptr<Ring> make_uhashring_ketama(const RingSpec& spec) {
  ProfileOptions options(spec);
  UhashringKetamaOptions result;
  result.vnodes = static_cast<std::uint32_t>(options.whole("vnodes", result.vnodes, 1 << 24));
  result.replicas = static_cast<std::uint32_t>(options.whole("replicas", result.replicas));
  options.expect_no_others();
  return make_profile(spec, [&] { return UhashringKetamaRing(result); });
}

}  // namespace ring_tool
