// SPDX-License-Identifier: MIT
/// @file Profiles by name, with their options as text: for tests that compare them with the programs' answers.
#pragma once

#include <perturb/profiles.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kit {

using Options = std::map<std::string, std::string>;
using Chooser = std::function<const perturb::profiles::Server*(std::string_view)>;

/// The enumerator that a text names, in a list in the order of the enumeration.
template <class Enumeration>
Enumeration enumerator(std::string_view text, std::initializer_list<std::string_view> names) {
  const auto it = std::find(names.begin(), names.end(), text);
  if (it == names.end()) throw std::runtime_error("choosers: no value is named " + std::string(text));
  return static_cast<Enumeration>(it - names.begin());
}

inline auto make_libmemcached(const Options& options) {
  using namespace perturb::profiles;
  LibmemcachedOptions result;
  result.mode =
      enumerator<LibmemcachedMode>(options.at("mode"), {"consistent", "ketama", "weighted", "spy", "spy_unweighted"});
  if (options.contains("hash")) {
    result.hash = enumerator<LibmemcachedHash>(
        options.at("hash"), {"one_at_a_time", "md5", "crc", "fnv1_64", "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh",
                             "murmur", "jenkins", "murmur3"});
  }
  return LibmemcachedRing(result);
}

inline auto make_haproxy(const Options& options) {
  using namespace perturb::profiles;
  HaproxyOptions result;
  if (options.contains("function")) {
    result.function = enumerator<HaproxyFunction>(options.at("function"), {"sdbm", "djb2", "wt6", "crc32"});
    result.avalanche = options.at("avalanche") == "1";
  }
  if (options.contains("hash_key")) {
    result.hash_key = enumerator<HaproxyHashKey>(options.at("hash_key"), {"id", "addr", "addr-port", "id32", "guid"});
  }
  return HaproxyRing(result);
}

inline auto make_twemproxy(const Options& options) {
  using namespace perturb::profiles;
  TwemproxyOptions result;
  if (options.contains("hash")) {
    result.hash = enumerator<TwemproxyHash>(
        options.at("hash"), {"one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64", "fnv1a_64", "fnv1_32",
                             "fnv1a_32", "hsieh", "murmur", "jenkins"});
  }
  if (options.contains("hash_tag")) result.hash_tag = options.at("hash_tag");
  return TwemproxyRing(result);
}

inline std::uint32_t number_of(const Options& options, const std::string& name, std::uint32_t otherwise) {
  return options.contains(name) ? static_cast<std::uint32_t>(std::stoul(options.at(name))) : otherwise;
}

template <class Ring>
Chooser chooser_of(Ring ring, const std::vector<perturb::profiles::Server>& servers) {
  if (ring.add_servers(servers) != servers.size()) throw std::runtime_error("choosers: a server was taken twice");
  const auto shared = std::make_shared<const Ring>(std::move(ring));
  return [shared](std::string_view key) { return shared->find_server(key); };
}

// Of the programs that cannot be asked.
inline Chooser make_by_rules(const Options& options, const std::vector<perturb::profiles::Server>& servers) {
  using namespace perturb::profiles;
  const std::string& program = options.at("program");
  const auto number = [&](const char* name) { return number_of(options, name, 0); };
  if (program == "maglev") return chooser_of(MaglevRing({.table_size = number("size")}), servers);
  if (program == "brpc") {
    const auto balancer = enumerator<BrpcBalancer>(options.at("balancer"), {"c_murmurhash", "c_md5", "c_ketama"});
    return chooser_of(BrpcRing({.balancer = balancer, .replicas = number("replicas")}), servers);
  }
  if (program == "envoy") {
    return chooser_of(EnvoyRing({.minimum_ring_size = number("minimum"),
                                 .maximum_ring_size = number("maximum"),
                                 .hash_function = static_cast<EnvoyHashFunction>(number("murmur"))}),
                      servers);
  }
  const auto implementation = enumerator<GrpcImplementation>(program, {"grpc-core", "grpc-go"});
  return chooser_of(
      GrpcRing(
          {.min_ring_size = number("minimum"), .max_ring_size = number("maximum"), .implementation = implementation}),
      servers);
}

inline Chooser make_chooser(const std::string& program, const Options& options,
                            const std::vector<perturb::profiles::Server>& servers) {
  if (program == "libmemcached") return chooser_of(make_libmemcached(options), servers);
  if (program == "nginx") return chooser_of(perturb::profiles::NginxRing(), servers);
  if (program.starts_with("haproxy")) return chooser_of(make_haproxy(options), servers);
  if (program == "twemproxy") return chooser_of(make_twemproxy(options), servers);
  if (program == "second_writing") return make_by_rules(options, servers);
  if (program == "ketama") return chooser_of(perturb::profiles::KetamaRing(), servers);
  if (program == "uhashring" && options.at("hash_fn") == "meta") {
    return chooser_of(perturb::profiles::UhashringRing({.vnodes = number_of(options, "vnodes", 160)}), servers);
  }
  if (program == "uhashring") {
    return chooser_of(perturb::profiles::UhashringKetamaRing(
                          {.vnodes = number_of(options, "vnodes", 40), .replicas = number_of(options, "replicas", 4)}),
                      servers);
  }
  throw std::runtime_error("choosers: no profile is named " + program);
}

}  // namespace kit
