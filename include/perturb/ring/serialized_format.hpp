// SPDX-License-Identifier: MIT
/// @file Images: how rings and migration plans are written as bytes, and how such bytes are checked before they are
/// read. The same on every platform:
///
///    0   8   "perturb" and the kind of the object: 'R' a ring, 'P' a migration plan
///    8   4   the version of the format
///   12   8   the size of the body
///   20   8   XXH3 of the body, seeded with XXH3 of the 20 bytes before
///   28       the body
///
/// Integers are little-endian, a double is its IEEE 754 bits, a string is its length in four bytes and its bytes.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

inline constexpr std::string_view kMagic = "perturb";
inline constexpr std::uint32_t kImageVersion = 1;
inline constexpr std::size_t kImageHeader = 28;
inline constexpr std::size_t kHashedHeader = 20;
enum class ImageKind : char { ring = 'R', plan = 'P' };

/// Throws SnapshotError.
[[noreturn]] inline void refuse_image(const std::string& why) {
  detail::raise<SnapshotError>("perturb: this is not a usable image: " + why);
}

/// The bytes of a token, lowest first; of one of 128 bits those of its upper half come first.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::array<std::byte, sizeof(T)> bytes_of(T token) noexcept {
  return hashing::little_endian_bytes(token);
}
[[nodiscard]] constexpr std::array<std::byte, sizeof(Token128)> bytes_of(Token128 token) noexcept {
  return std::bit_cast<std::array<std::byte, sizeof(Token128)>>(
      std::array{hashing::little_endian_bytes(token.high), hashing::little_endian_bytes(token.low)});
}

/// Writes the body of an image, then the image.
class ImageWriter {
 public:
  ImageWriter() : bytes_(kImageHeader) {}

  template <std::unsigned_integral T>
  void integer(T value) {
    for (const std::byte byte : hashing::little_endian_bytes(value)) bytes_.push_back(byte);
  }
  void real(double value) { integer(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    integer(hashing::integer_cast<std::uint32_t>(value.size()));
    for (const char c : value) bytes_.push_back(static_cast<std::byte>(c));
  }
  template <TokenType Token>
  void token(Token token) {
    for (const std::byte byte : ring::bytes_of(token)) bytes_.push_back(byte);
  }
  /// An identity that is owned: a std::string or an integer.
  template <class Id>
  void identity(const Id& id) {
    if constexpr (std::convertible_to<const Id&, std::string_view>) {
      text(id);
    } else {
      integer(static_cast<std::uint64_t>(id));
    }
  }

  [[nodiscard]] std::span<const std::byte> body() const noexcept { return std::span(bytes_).subspan(kImageHeader); }
  [[nodiscard]] std::uint64_t body_hash() const noexcept { return hashing::xxh3(body().data(), body().size(), 0); }
  [[nodiscard]] std::vector<std::byte> finish(ImageKind kind) && {
    std::vector<std::byte> body = std::move(bytes_);
    bytes_.clear();
    for (const char c : kMagic) bytes_.push_back(static_cast<std::byte>(c));
    bytes_.push_back(static_cast<std::byte>(kind));
    integer(kImageVersion);
    integer(std::uint64_t{body.size() - kImageHeader});
    integer(hashing::xxh3(body.data() + kImageHeader, body.size() - kImageHeader,
                          hashing::xxh3(bytes_.data(), kHashedHeader, 0)));
    for (std::size_t i = 0; i < kImageHeader; ++i) body[i] = bytes_[i];
    return body;
  }

 private:
  std::vector<std::byte> bytes_;
};

/// Checks an image and reads its body. Every member throws SnapshotError where the bytes are not what they should be.
class ImageReader {
 public:
  ImageReader(std::span<const std::byte> image, ImageKind kind) : rest_(image) {
    const std::size_t known = (std::min)(image.size(), kMagic.size());
    for (std::size_t i = 0; i < known; ++i) {
      if (image[i] != static_cast<std::byte>(kMagic[i])) refuse_image("the bytes are of something else than perturb");
    }
    if (image.size() < kImageHeader) {
      refuse_image("it is truncated: it has " + std::to_string(image.size()) + " of at least " +
                   std::to_string(kImageHeader) + " bytes");
    }
    rest_ = image.subspan(kMagic.size());
    const auto found = static_cast<ImageKind>(integer<std::uint8_t>());
    if (found != kind) {
      refuse_image(found == ImageKind::ring   ? "it is the image of a ring, not of a migration plan"
                   : found == ImageKind::plan ? "it is the image of a migration plan, not of a ring"
                                              : "it is the image of an unknown kind of object");
    }
    const auto version = integer<std::uint32_t>();
    if (version > kImageVersion) {
      refuse_image("it has format version " + std::to_string(version) + ", and this library reads versions up to " +
                   std::to_string(kImageVersion) + "; update the library");
    }
    if (version == 0) refuse_image("it is damaged: there is no format version 0");
    const auto size = integer<std::uint64_t>();
    const auto checksum = integer<std::uint64_t>();
    if (rest_.size() < size) {
      refuse_image("it is truncated: its body has " + std::to_string(rest_.size()) + " of " + std::to_string(size) +
                   " bytes");
    }
    if (rest_.size() > size) {
      refuse_image(std::to_string(rest_.size() - size) + " bytes follow its end");
    }
    if (hashing::xxh3(rest_.data(), rest_.size(), hashing::xxh3(image.data(), kHashedHeader, 0)) != checksum) {
      refuse_image("it is damaged: its checksum is wrong");
    }
  }

  template <std::unsigned_integral T>
  [[nodiscard]] T integer() {
    const std::span<const std::byte> bytes = take(sizeof(T));
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
    }
    return value;
  }
  [[nodiscard]] double real() { return std::bit_cast<double>(integer<std::uint64_t>()); }
  [[nodiscard]] std::string text() {
    const std::span<const std::byte> bytes = take(integer<std::uint32_t>());
    std::string value;
    value.reserve(bytes.size());
    for (const std::byte byte : bytes) value.push_back(static_cast<char>(byte));
    return value;
  }
  template <TokenType Token>
  [[nodiscard]] Token token() {
    if constexpr (std::same_as<Token, Token128>) {
      const auto high = integer<std::uint64_t>();
      return {high, integer<std::uint64_t>()};
    } else {
      return integer<Token>();
    }
  }
  template <class Id>
  [[nodiscard]] Id identity() {
    if constexpr (std::same_as<Id, std::string>) {
      return text();
    } else {
      const auto value = integer<std::uint64_t>();
      const Id id = static_cast<Id>(value);
      if (static_cast<std::uint64_t>(id) != value) refuse_image("an identity in it does not fit the node's type");
      return id;
    }
  }
  /// A number of elements of which each takes at least `smallest` bytes, so that it cannot exceed what is there.
  [[nodiscard]] std::size_t count(std::size_t smallest) {
    const auto value = integer<std::uint64_t>();
    expect_room(value, smallest);
    return static_cast<std::size_t>(value);
  }
  /// Throws unless `count` elements of at least `smallest` bytes can follow.
  void expect_room(std::uint64_t count, std::size_t smallest) const {
    if (count > rest_.size() / smallest) refuse_image("it is damaged: a list in it is longer than the body");
  }
  /// Throws unless everything has been read.
  void expect_end() const {
    if (!rest_.empty())
      refuse_image("it is damaged: " + std::to_string(rest_.size()) + " bytes of its body are unused");
  }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (size > rest_.size()) refuse_image("it is damaged: its body ends within a value");
    const std::span<const std::byte> bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }

  std::span<const std::byte> rest_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
