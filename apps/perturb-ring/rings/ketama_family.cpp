// SPDX-License-Identifier: MIT
/// @file libmemcached, twemproxy, ketama.
#include <perturb/profiles/ketama.hpp>
#include <perturb/profiles/libmemcached.hpp>
#include <perturb/profiles/twemproxy.hpp>

#include <memory>

#include "makers.hpp"
#include "profile_adapter.hpp"
#include "profile_options.hpp"

namespace ring_tool {

using namespace perturb::profiles;

std::unique_ptr<Ring> make_libmemcached(const RingSpec& spec) {
  ProfileOptions options(spec);
  LibmemcachedOptions result;
  result.mode = options.choice<LibmemcachedMode>("mode", {"consistent", "ketama", "weighted", "spy", "spy_unweighted"})
                    .value_or(LibmemcachedMode::consistent);
  result.hash =
      options.choice<LibmemcachedHash>("hash", {"one_at_a_time", "md5", "crc", "fnv1_64", "fnv1a_64", "fnv1_32",
                                                "fnv1a_32", "hsieh", "murmur", "jenkins", "murmur3"});
  options.expect_no_others();
  return make_profile(spec, [&] { return LibmemcachedRing(result); });
}

std::unique_ptr<Ring> make_twemproxy(const RingSpec& spec) {
  ProfileOptions options(spec);
  TwemproxyOptions result;
  result.hash = options
                    .choice<TwemproxyHash>("hash", {"one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64",
                                                    "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins"})
                    .value_or(TwemproxyHash::fnv1a_64);
  result.hash_tag = options.text("hash_tag");
  options.expect_no_others();
  if (!result.hash_tag.empty() && result.hash_tag.size() != 2)
    options.refuse("hash_tag", "must have two characters, such as {}");
  return make_profile(spec, [&] { return TwemproxyRing(result); });
}

std::unique_ptr<Ring> make_ketama(const RingSpec& spec) {
  ProfileOptions(spec).expect_no_others();
  return make_profile(spec, [] { return KetamaRing(); });
}

}  // namespace ring_tool
