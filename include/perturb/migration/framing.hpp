// SPDX-License-Identifier: MIT
/// @file How records lie in a journal's file, and how a file is read that a crash cut short or a disk damaged.
///
///    0   8   "perturbJ"
///    8   4   the version of the format
///   12       the records, each
///              0   4   the size of its bytes
///              4   4   its index
///              8   8   XXH3 of its bytes, seeded with XXH3 of the 8 bytes before
///             16       its bytes
///
/// Integers are little-endian. A crash while a record is written leaves a tail that is no record, with nothing after
/// it. If a record does follow, something else damaged the file.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/xxhash.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::migration {

inline constexpr std::string_view kJournalMagic = "perturbJ";
inline constexpr std::uint32_t kJournalVersion = 1;
inline constexpr std::size_t kJournalHeader = 12;
inline constexpr std::size_t kRecordHeader = 16;
inline constexpr std::size_t kLargestRecord = 1U << 20;

template <std::unsigned_integral T>
void put_integer(std::vector<std::byte>& bytes, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}
/// Pre: bytes.size() >= sizeof(T).
template <std::unsigned_integral T>
[[nodiscard]] T get_integer(std::span<const std::byte> bytes) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
  }
  return value;
}

[[nodiscard]] inline std::vector<std::byte> journal_header() {
  std::vector<std::byte> bytes;
  for (const char c : kJournalMagic) bytes.push_back(static_cast<std::byte>(c));
  migration::put_integer(bytes, kJournalVersion);
  return bytes;
}

[[nodiscard]] inline std::vector<std::byte> framed(std::span<const std::byte> record, std::uint32_t index) {
  std::vector<std::byte> bytes;
  migration::put_integer(bytes, static_cast<std::uint32_t>(record.size()));
  migration::put_integer(bytes, index);
  const std::uint64_t seed = hashing::xxh3(bytes.data(), bytes.size(), 0);
  migration::put_integer(bytes, hashing::xxh3(record.data(), record.size(), seed));
  bytes.insert(bytes.end(), record.begin(), record.end());
  return bytes;
}

/// The size of the whole record that begins at the first byte, or 0 if none does.
[[nodiscard]] inline std::size_t record_size_at(std::span<const std::byte> bytes, std::uint32_t least_index) noexcept {
  if (bytes.size() < kRecordHeader) return 0;
  const std::size_t size = migration::get_integer<std::uint32_t>(bytes);
  if (size > kLargestRecord || size > bytes.size() - kRecordHeader) return 0;
  if (migration::get_integer<std::uint32_t>(bytes.subspan(4)) < least_index) return 0;
  const std::uint64_t sum = hashing::xxh3(bytes.data() + kRecordHeader, size, hashing::xxh3(bytes.data(), 8, 0));
  return migration::get_integer<std::uint64_t>(bytes.subspan(8)) == sum ? kRecordHeader + size : 0;
}

enum class JournalState : std::uint8_t {
  whole,    ///< or with a tail that a crash left
  foreign,  ///< no journal
  newer,    ///< of a later format
  damaged,  ///< records follow a part that is none
};
struct JournalContent {
  JournalState state = JournalState::whole;
  std::vector<std::vector<std::byte>> records;
  std::size_t size = 0;  ///< of the header and the records: the offset of the tail or of the damage
};

[[nodiscard]] inline JournalContent read_journal(std::span<const std::byte> bytes) {
  JournalContent content;
  const std::vector<std::byte> header = migration::journal_header();
  const std::size_t known = (std::min)(bytes.size(), kJournalMagic.size());
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(known), header.begin())) {
    content.state = JournalState::foreign;
    return content;
  }
  if (bytes.size() < kJournalHeader) return content;  // not even the header was written: nothing is lost
  if (migration::get_integer<std::uint32_t>(bytes.subspan(kJournalMagic.size())) != kJournalVersion) {
    content.state = JournalState::newer;
    return content;
  }
  content.size = kJournalHeader;
  while (content.size < bytes.size()) {
    const auto index = static_cast<std::uint32_t>(content.records.size());
    const std::size_t size = migration::record_size_at(bytes.subspan(content.size), index);
    if (size == 0 || migration::get_integer<std::uint32_t>(bytes.subspan(content.size + 4)) != index) break;
    const auto record = bytes.subspan(content.size + kRecordHeader, size - kRecordHeader);
    content.records.emplace_back(record.begin(), record.end());
    content.size += size;
  }
  // A later record anywhere in what is left: that is no crash.
  for (std::size_t at = content.size; at < bytes.size(); ++at) {
    if (migration::record_size_at(bytes.subspan(at), static_cast<std::uint32_t>(content.records.size())) != 0) {
      content.state = JournalState::damaged;
      break;
    }
  }
  return content;
}

}  // namespace perturb::inline PERTURB_ABI::detail::migration
