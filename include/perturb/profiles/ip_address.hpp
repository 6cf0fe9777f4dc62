// SPDX-License-Identifier: MIT
/// @file Parses and prints IP addresses, for programs that hash the bytes of a server's address.
///
/// Source: RFC 4291, section 2.2, for version 6; four decimal numbers for version 4.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::profiles {

/// An address in network order.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 4;  ///< 4 or 16

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// Parses a number of up to `digits` digits at the start of `text` and removes it there; nothing if there is none.
[[nodiscard]] inline std::optional<std::uint32_t> take_number(std::string_view& text, int base, std::size_t digits) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  const auto size = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || size > digits) return std::nullopt;
  text.remove_prefix(size);
  return number;
}

[[nodiscard]] inline std::optional<IpAddress> parse_ipv4(std::string_view text) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const bool has_leading_zero = text.starts_with('0') && text.size() > 1 && text[1] != '.';
    const auto number = take_number(text, 10, 3);
    if (!number || *number > 255 || has_leading_zero) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(*number);
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

[[nodiscard]] inline std::optional<IpAddress> parse_ipv6(std::string_view text) {
  IpAddress address;
  address.size = 16;
  std::size_t size = 0;  // bytes read
  std::size_t gap = 16;  // the index of the byte at which "::" stands; 16: there is none
  if (text.starts_with("::")) {
    text.remove_prefix(2);
    gap = 0;
  }
  while (!text.empty()) {
    if (size == 16) return std::nullopt;
    if (const auto tail = parse_ipv4(text); tail && size <= 12) {
      for (std::size_t i = 0; i < 4; ++i) address.bytes[size++] = tail->bytes[i];
      text = {};
      break;
    }
    const auto number = take_number(text, 16, 4);
    if (!number) return std::nullopt;
    address.bytes[size++] = static_cast<std::uint8_t>(*number >> 8);
    address.bytes[size++] = static_cast<std::uint8_t>(*number);
    if (text.empty()) break;
    if (text.starts_with("::") && gap == 16) {
      text.remove_prefix(2);
      gap = size;
    } else if (text.starts_with(':') && text.size() > 1) {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  if (gap == 16) return size == 16 ? std::optional(address) : std::nullopt;
  if (size == 16) return std::nullopt;
  // The bytes after the gap are the last ones of the address.
  for (std::size_t i = 0; i < size - gap; ++i) {
    address.bytes[15 - i] = address.bytes[size - 1 - i];
    address.bytes[size - 1 - i] = 0;
  }
  return address;
}

/// Parses an address of either version, version 6 also in brackets; nothing for any other text, such as a name.
[[nodiscard]] inline std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) return parse_ipv6(text.substr(1, text.size() - 2));
  const auto address = parse_ipv4(text);
  return address ? address : parse_ipv6(text);
}

/// The text of an address of version 6 as inet_ntop writes it, which is RFC 5952's: lower case, no leading zeros, "::"
/// for the longest run of at least two zero groups, and the last four bytes of a mapped address in decimal.
/// Pre: address.size == 16.
[[nodiscard]] inline std::string ipv6_text(const IpAddress& address) {
  std::array<std::uint32_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = std::uint32_t{address.bytes[2 * i]} << 8 | address.bytes[2 * i + 1];
  }
  std::size_t gap = 8;
  std::size_t gap_size = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t size = 0;
    while (i + size < 8 && groups[i + size] == 0) ++size;
    if (size > gap_size) {
      gap = i;
      gap_size = size;
    }
    i += size;
  }
  const bool ends_in_decimal = gap == 0 && (gap_size == 6 || (gap_size == 5 && groups[5] == 0xFFFF));
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    if (i == 6 && ends_in_decimal) {
      for (std::size_t byte = 12; byte < 16; ++byte) {
        text += std::to_string(address.bytes[byte]);
        if (byte != 15) text += '.';
      }
      break;
    }
    std::array<char, 4> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    text.append(digits.data(), result.ptr);
  }
  return text;
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
