// SPDX-License-Identifier: MIT
/// @file nginx, HAProxy.
#include <perturb/profiles/haproxy.hpp>
#include <perturb/profiles/nginx.hpp>

#include <memory>

#include "makers.hpp"
#include "profile_adapter.hpp"
#include "profile_options.hpp"

namespace ring_tool {

using namespace perturb::profiles;

std::unique_ptr<Ring> make_nginx(const RingSpec& spec) {
  ProfileOptions(spec).expect_no_others();
  return make_profile(spec, [] { return NginxRing(); });
}

std::unique_ptr<Ring> make_haproxy(const RingSpec& spec) {
  ProfileOptions options(spec);
  HaproxyOptions result;
  result.function = options.choice<HaproxyFunction>("function", {"sdbm", "djb2", "wt6", "crc32"});
  result.avalanche = options.flag("avalanche");
  result.hash_key = options.choice<HaproxyHashKey>("hash_key", {"id", "addr", "addr-port", "id32", "guid"})
                        .value_or(HaproxyHashKey::id);
  options.expect_no_others();
  return make_profile(spec, [&] { return HaproxyRing(result); });
}

}  // namespace ring_tool
