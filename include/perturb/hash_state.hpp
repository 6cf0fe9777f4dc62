// SPDX-License-Identifier: MIT
// clang-format off
/// @file How a value becomes a hash of 64 bits: HashState, which absorbs its parts, and which types can be hashed.
///
/// Every value is a sequence of *atoms* of 64 bits. Each atom is absorbed by one multiply fold (hash/mix.hpp). All but
/// the first are xored with the seed: the fold of one integer is 0 under every seed, so without that atoms were known
/// that end in equal states. The atom of
///
///   integer, enum, bool, character       its value, sign-extended (char and wchar_t: as unsigned): 5, 5u and
///                                        std::uint64_t{5} are the same atom
///   128-bit integer                      as one of 64 bits and the same sign if that has its value, else a hash of its
///                                        halves
///   float, double                        the bits of its value as a double, -0 as +0: 1.0f and 1.0 are the same atom
///   long double                          as a double if that is exact, else a hash of three doubles whose sum it is
///   pointer to an object, unique_ptr,    its address
///     shared_ptr
///   string, view, const char*, char[N]   XXH3 of its characters; of the last two up to the NUL
///   contiguous range of integers         XXH3 of its elements, each little-endian (std::vector, std::array, std::span,
///                                        T[N])
///   other forward range                  its length, then its elements
///   pair, tuple                          its elements
///   optional                             0, or 1 and the value
///   variant                              the index of the alternative + 1, then the value
///   user's type with a perturb_hash      what that gives to the state, whatever else the type is
///   other class with a std::hash         the number that std::hash gives
///   other class with an AbslHashValue    what that gives to its state: combine, combine_contiguous, combine_unordered
///   user's range, tuple-like class       as the standard's, if it has no operator== of its own: see
///                                        hash/own_functions.hpp
///
/// The hash of an integer is thus one fold. A string or a contiguous range of integers that is the whole key is not
/// folded: its XXH3 is the hash (hashers.hpp). With a seed, XXH3 of more than 240 bytes has a secret of its own
/// (hash/xxhash.hpp).
///
/// A sequence of atoms belongs to exactly one value of its type: an atom holds a whole string, and what has no fixed
/// number of parts begins with their number. So {{1}, {2, 3}} and {{1, 2}, {3}}, or ("ab", "c") and ("a", "bc"), are
/// different sequences and collide only by chance.
///
/// Results for values (not addresses) are the same in every process and on every platform, as far as the value is: the
/// elements of std::vector<long> and the characters of std::wstring have the platform's width. The numbers of std::hash
/// are the platform's, too.
/// Strings with other character traits than std::char_traits, and ranges with a hasher of their own
/// (std::unordered_set), are refused: equal ones may have different elements or another order of them.
// clang-format on
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash/absl_hash.hpp>
#include <perturb/hash/key_traits.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/std_parts.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace perturb::inline PERTURB_ABI {

/// Whether XxHash can hash a `T`.
template <class T>
inline constexpr bool is_hashable_v = detail::hashing::key_traits<T>().hashable;
/// Whether XxHash of a `T` cannot throw. A user's type says so by a `noexcept` perturb_hash.
template <class T>
inline constexpr bool is_nothrow_hashable_v = is_hashable_v<T> && detail::hashing::key_traits<T>().nothrow;
/// Whether the hash of a `T` depends on its value alone: not on an address anywhere in it, and not on a std::hash,
/// which differs between platforms. Types with a perturb_hash or an AbslHashValue are assumed to be hashed so.
template <class T>
inline constexpr bool is_value_hashed_v =
    !detail::hashing::key_traits<T>().by_address && !detail::hashing::key_traits<T>().by_std_hash;

namespace detail::hashing {

/// XXH3 of the characters of a string, or of the elements of a contiguous range of integers.
template <HashedAsBytes T>
[[nodiscard]] PERTURB_ALWAYS_INLINE std::uint64_t hash_as_bytes(const T& value, std::uint64_t seed) noexcept {
  if constexpr (StringLike<T>) {
    const auto characters = detail::hashing::text(value);
    return hashing::hash_elements(characters.data(), characters.size(), seed);
  } else {
    return hashing::hash_elements(std::ranges::data(value), std::ranges::size(value), seed);
  }
}

}  // namespace detail::hashing

/// What a perturb_hash passes the parts of its value to: `state(value.a, value.b)`. XxHash makes it; users do not.
class HashState {
 public:
  explicit constexpr HashState(detail::hashing::FoldSeed seed) noexcept : seed_(seed) {}

  /// Absorbs the parts, in order. A part that decides how many others follow, or of which types, must come before them.
  /// Complexity: linear in the parts. Throws: nothing, unless hashing a user's type or stepping through a range does.
  template <class... Parts>
  constexpr void operator()(const Parts&... parts) noexcept((is_nothrow_hashable_v<Parts> && ...)) {
    (absorb(parts), ...);
  }

  /// The hash of what was absorbed.
  [[nodiscard]] constexpr std::uint64_t finish() const noexcept { return folded_; }
  /// A state with the same seed that has absorbed nothing.
  [[nodiscard]] constexpr HashState fresh() const noexcept { return HashState(seed_); }

 private:
  constexpr void fold(std::uint64_t atom) noexcept {
    folded_ = detail::hashing::fold_integer(folded_ ^ (atom ^ mask_), seed_);
    mask_ = seed_.seed();
  }

  // One atom for several words.
  template <class... Words>
  constexpr void fold_together(Words... words) noexcept {
    HashState together(seed_);
    (together.fold(words), ...);
    fold(together.finish());
  }

  template <class T>
  constexpr void absorb_wide(T value) noexcept {
    using Narrow = std::conditional_t<(T(-1) < T(0)), std::int64_t, std::uint64_t>;
    const auto low = static_cast<std::uint64_t>(value);
    if (static_cast<T>(static_cast<Narrow>(low)) == value) {
      fold(low);
    } else {
      fold_together(low, static_cast<std::uint64_t>(value >> 64));
    }
  }

  // By the bits: with -fno-signed-zeros a compiler may take -0.0 for 0.0 where the value decides.
  static constexpr std::uint64_t bits_of(double value) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return bits == std::uint64_t{1} << 63 ? 0 : bits;
  }

  template <class T>
  constexpr void absorb_floating(T value) noexcept {
    const auto nearest = static_cast<double>(value);
    if constexpr (sizeof(T) > sizeof(double)) {
      if (static_cast<T>(nearest) < value || value < static_cast<T>(nearest)) {
        const T rest = value - static_cast<T>(nearest);
        const auto next = static_cast<double>(rest);
        return fold_together(bits_of(nearest), bits_of(next),
                             bits_of(static_cast<double>(rest - static_cast<T>(next))));
      }
    }
    fold(bits_of(nearest));
  }

  template <class T>
  PERTURB_ALWAYS_INLINE constexpr void absorb(const T& value) noexcept(is_nothrow_hashable_v<T>) {
    constexpr bool kHasOwnEquality = detail::hashing::key_traits<T>().own_equality;
    static_assert(is_hashable_v<T> || kHasOwnEquality,
                  "perturb::XxHash cannot hash this type: write template <class State> void perturb_hash(State& state, "
                  "const T& value) { state(value.a, value.b); } beside the type, specialize std::hash, or pass a "
                  "hasher of your own");
    static_assert(!kHasOwnEquality,
                  "perturb::XxHash does not hash this type, or a part of it, by its elements, because it has an "
                  "operator== of its own, which may compare something else: write template <class State> void "
                  "perturb_hash(State& state, const T& value) { state(value.a); } beside it with what is compared, "
                  "specialize std::hash, or pass a hasher of your own");
    if constexpr (!is_hashable_v<T>) {
      // Nothing more, so that the message above is the only one.
    } else if constexpr (detail::hashing::UserHashed<T>) {
      perturb_hash(*this, value);
    } else if constexpr (detail::hashing::HashedAsBytes<T>) {
      fold(detail::hashing::hash_as_bytes(value, seed_.seed()));
    } else if constexpr (detail::hashing::Integer<T>) {
      fold(static_cast<std::uint64_t>(detail::hashing::integer_value(value)));
    } else if constexpr (detail::hashing::WideInteger<T>) {
      absorb_wide(value);
    } else if constexpr (std::is_floating_point_v<T>) {
      absorb_floating(value);
    } else if constexpr (std::is_null_pointer_v<T>) {
      fold(0);
    } else if constexpr (detail::hashing::is_smart_pointer<T>) {
      fold(reinterpret_cast<std::uintptr_t>(static_cast<const volatile void*>(value.get())));
    } else if constexpr (detail::hashing::Pointer<T>) {
      fold(reinterpret_cast<std::uintptr_t>(static_cast<const volatile void*>(value)));
    } else if constexpr (detail::hashing::is_optional<T>) {
      fold(value.has_value());
      if (value.has_value()) absorb(*value);
    } else if constexpr (detail::hashing::is_variant<T>) {
      fold(static_cast<std::uint64_t>(value.index()) + 1);
      if (!value.valueless_by_exception()) std::visit([this](const auto& held) { this->absorb(held); }, value);
    } else if constexpr (detail::hashing::HashedByStdHash<T>) {
      fold(static_cast<std::uint64_t>(std::hash<T>()(value)));
    } else if constexpr (detail::hashing::AbslHashed<T, HashState>) {
      AbslHashValue(detail::hashing::AbslState<HashState>(*this), value);
    } else if constexpr (detail::hashing::Range<T>) {
      absorb_range(value);
    } else if constexpr (detail::hashing::TupleLike<T>) {
      absorb_tuple(value, std::make_index_sequence<std::tuple_size_v<T>>());
    }
  }

  template <class T>
  constexpr void absorb_range(const T& range) noexcept(is_nothrow_hashable_v<T>) {
    std::uint64_t count = 0;
    if constexpr (requires { std::ranges::size(range); }) {
      count = static_cast<std::uint64_t>(std::ranges::size(range));
    } else {
      for (auto it = std::ranges::begin(range); it != std::ranges::end(range); ++it) ++count;
    }
    fold(count);
    for (auto it = std::ranges::begin(range); it != std::ranges::end(range); ++it) {
      const detail::hashing::ElementOf<T>& element = *it;  // of std::vector<bool> this is the bool, not its proxy
      absorb(element);
    }
  }

  template <class T, std::size_t... Index>
  constexpr void absorb_tuple(const T& value, std::index_sequence<Index...>) noexcept(is_nothrow_hashable_v<T>) {
    using std::get;
    if constexpr (detail::hashing::is_std_type<T> && (requires { std::get<Index>(value); } && ...)) {
      (absorb(std::get<Index>(value)), ...);
    } else {
      (absorb(get<Index>(value)), ...);
    }
  }

  detail::hashing::FoldSeed seed_;
  std::uint64_t folded_ = 0;
  std::uint64_t mask_ = 0;  // of the next atom: the seed, except of the first, so that an integer alone is one fold
};

}  // namespace perturb::inline PERTURB_ABI
