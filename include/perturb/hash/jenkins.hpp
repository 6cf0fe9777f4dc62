// SPDX-License-Identifier: MIT
/// @file Bob Jenkins' lookup3, which libmemcached and twemproxy call `jenkins` and start with 13.
///
/// Source: B. Jenkins, lookup3.c, hashlittle() (public domain), burtleburtle.net/bob/c/lookup3.c.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

[[nodiscard]] constexpr std::uint32_t jenkins_lookup3(std::string_view key, std::uint32_t start) noexcept {
  std::uint32_t a = 0xDEADBEEF + hashing::integer_cast<std::uint32_t>(key.size()) + start;
  std::uint32_t b = a;
  std::uint32_t c = a;
  if (key.empty()) return c;

  // Adds up to twelve bytes, the rest counting as zeros.
  const auto add = [&](std::string_view bytes) {
    std::array<std::uint32_t, 3> words{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      words[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * (i % 4));
    }
    a += words[0];
    b += words[1];
    c += words[2];
  };
  const auto mix_step = [](std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int distance) {
    x -= z;
    x ^= std::rotl(z, distance);
    z += y;
  };
  const auto final_step = [](std::uint32_t& x, std::uint32_t y, int distance) {
    x ^= y;
    x -= std::rotl(y, distance);
  };

  while (key.size() > 12) {
    add(key.substr(0, 12));
    mix_step(a, b, c, 4);
    mix_step(b, c, a, 6);
    mix_step(c, a, b, 8);
    mix_step(a, b, c, 16);
    mix_step(b, c, a, 19);
    mix_step(c, a, b, 4);
    key.remove_prefix(12);
  }
  add(key);
  final_step(c, b, 14);
  final_step(a, c, 11);
  final_step(b, a, 25);
  final_step(c, b, 16);
  final_step(a, c, 4);
  final_step(b, a, 14);
  final_step(c, b, 24);
  return c;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
