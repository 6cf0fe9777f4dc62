// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "../ring.hpp"
#include "makers.hpp"

namespace ring_tool {

namespace {

constexpr std::array<std::string_view, 12> kProfiles = {"perturb", "libmemcached", "twemproxy", "nginx",
                                                        "haproxy", "envoy",        "maglev",    "grpc",
                                                        "brpc",    "ketama",       "uhashring", "uhashring-ketama"};
using Maker = std::unique_ptr<Ring> (*)(const RingSpec&);
constexpr std::array<Maker, kProfiles.size()> kMakers = {
    make_perturb, make_libmemcached, make_twemproxy, make_nginx,  make_haproxy,   make_envoy,
    make_maglev,  make_grpc,         make_brpc,      make_ketama, make_uhashring, make_uhashring_ketama};

}  // namespace

std::span<const std::string_view> profile_names() { return kProfiles; }

std::unique_ptr<Ring> make_ring(const RingSpec& spec) {
  const auto* const it = std::find(kProfiles.begin(), kProfiles.end(), spec.profile);
  if (it == kProfiles.end()) {
    std::string list;
    for (const std::string_view name : kProfiles) list += (list.empty() ? "" : ", ") + std::string(name);
    throw InputError(spec.option_place("profile"), "there is no profile \"" + spec.profile + "\"; there are " + list);
  }
  check_labels(spec);
  return kMakers[static_cast<std::size_t>(it - kProfiles.begin())](spec);
}

std::unique_ptr<Ring> Ring::changed_to(const RingSpec& spec) const { return make_ring(spec); }

}  // namespace ring_tool
