// SPDX-License-Identifier: MIT
/// @file The hashers: XxHash (the default), StdHash, IdentityHash, RandomSeed; the equality Equal; and what
/// the table and the ring require of a hasher.
///
/// XxHash is xxHash (XXH3) for strings and contiguous ranges of integers only. An integer is hashed by a multiply fold
/// (hash/mix.hpp), and a value of several parts by one fold for each part (hash_state.hpp).
///
/// A hasher is a copyable function object that returns an integer of up to 64 bits for a `const Key&`.
/// A nested type `is_avalanching` (other than std::false_type) says that each bit of the result depends on each bit of
/// the key. The results of other hashers, and those narrower than 64 bits, are mixed by hash_key before they are used.
/// With a nested type `is_transparent` on both the hasher and the equality, a table can be searched by other types
/// than its key type.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/hash/os_seed.hpp>
#include <perturb/hash_state.hpp>
#include <perturb/std_parts.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

/// A final hash: the table derives slot and tag from it, the ring its token. It is a type of its own, so that it cannot
/// be mistaken for a key or for the unmixed result of a hasher.
struct HashValue {
  std::uint64_t value;

  explicit constexpr HashValue(std::uint64_t final_hash) noexcept : value(final_hash) {}
  friend constexpr bool operator==(HashValue, HashValue) noexcept = default;
};

/// Whether `Hash` says that each bit of its result depends on each bit of the key: it has a nested type is_avalanching
/// that is not std::false_type.
template <class Hash>
inline constexpr bool is_avalanching_v = false;
template <class Hash>
  requires requires { typename Hash::is_avalanching; }
inline constexpr bool is_avalanching_v<Hash> = !std::same_as<typename Hash::is_avalanching, std::false_type>;

/// Whether `Function` (a hasher or an equality) accepts other types than the key: it has a nested type is_transparent.
template <class Function>
inline constexpr bool is_transparent_v = requires { typename Function::is_transparent; };

namespace detail::hashing {

/// The bits of a hasher's result, without the sign: a number and its unsigned counterpart are the same hash.
template <class Result>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t bits_of(Result result) noexcept {
  if constexpr (std::signed_integral<Result>) {
    return static_cast<std::make_unsigned_t<Result>>(result);
  } else if constexpr (std::integral<Result>) {
    return result;
  } else {
    return 0;  // refused by hash_key
  }
}

}  // namespace detail::hashing

/// The final hash of `key`: hash(key), mixed unless the hasher is avalanching and returns 64 bits.
/// Complexity: one call of the hasher. Throws: what the hasher throws.
template <class Hash, class Key>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr HashValue hash_key(const Hash& hash,
                                                                 const Key& key) noexcept(noexcept(hash(key))) {
  using Result = std::remove_cvref_t<decltype(hash(key))>;
  static_assert(std::integral<Result> && sizeof(Result) <= 8,
                "perturb: the hasher must return an integer of at most 64 bits, such as std::uint64_t");
  const std::uint64_t result = detail::hashing::bits_of(hash(key));
  if constexpr (is_avalanching_v<Hash> && sizeof(Result) == 8) {
    return HashValue(result);
  } else {
    return HashValue(detail::hashing::mix(result));
  }
}

/// Chosen when the hasher cannot be called: one message, instead of an error for each use.
template <class Hash, class Key>
  requires(!requires(const Hash& hash, const Key& key) { hash(key); })
HashValue hash_key(const Hash&, const Key&) {
  static_assert(sizeof(Hash) == 0,
                "perturb: the hasher must be callable as std::uint64_t operator()(const Key&) const; use "
                "perturb::XxHash<Key>, or pass a hasher that is");
  return HashValue(0);
}

namespace detail::hashing {

/// The hash of one value by XxHash: of an integer one fold, of a string or a contiguous range of integers its XXH3, of
/// anything else what HashState makes of its parts.
template <class T>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t hash_value(const T& value, FoldSeed seed) noexcept(
    is_nothrow_hashable_v<T>) {
  if constexpr (HashedAsInteger<T>) {
    return fold_integer(static_cast<std::uint64_t>(integer_value(value)), seed);
  } else if constexpr (HashedAsBytes<T>) {
    return hashing::hash_as_bytes(value, seed.seed());
  } else {
    HashState state(seed);
    state(value);
    return state.finish();
  }
}

/// What the three forms of XxHash share: the seed.
class Seeded {
 public:
  using is_avalanching = void;

  constexpr Seeded() noexcept : seed_(0) {}
  /// Different seeds give unrelated hash values.
  explicit constexpr Seeded(std::uint64_t seed) noexcept : seed_(seed) {}

  [[nodiscard]] constexpr std::uint64_t seed() const noexcept { return seed_.seed(); }
  friend constexpr bool operator==(const Seeded&, const Seeded&) noexcept = default;

 protected:
  FoldSeed seed_;
};

/// Whether `Hash` is XxHash in any form and the std::hash of a part goes into its hash of a `Key`.
template <class Hash, class Key>
inline constexpr bool hashes_by_std_hash_v = std::derived_from<Hash, Seeded> && key_traits<Key>().by_std_hash;

}  // namespace detail::hashing

/// The default hasher: XXH3 of xxHash for strings and contiguous ranges of integers. An integer (XxHash<int>) is not
/// hashed by xxHash but by a multiply fold, and everything else by one fold for each of its parts: hash_state.hpp.
/// A class with a std::hash and without a perturb_hash, other than the standard's containers, pairs and the like, is
/// hashed by its std::hash, mixed; that result is not protected by a seed against keys that an attacker chooses.
/// The same value has otherwise the same result in every process and on every platform. XxHash<> hashes every type that
/// XxHash<Key> can, with the same result. For strings it is transparent: std::string, std::string_view, `const char*`
/// and `char[N]` (the last two up to the NUL) have equal results.
/// Complexity: one multiplication for an integer, else linear in the value's parts.
/// Throws: nothing, unless hashing a user's type does.
template <class Key>
struct XxHash : detail::hashing::Seeded {
  using Seeded::Seeded;

  [[nodiscard]] constexpr std::uint64_t operator()(const Key& key) const noexcept(is_nothrow_hashable_v<Key>) {
    return detail::hashing::hash_value(key, seed_);
  }
};

template <detail::hashing::StringLike Key>
struct XxHash<Key> : detail::hashing::Seeded {
  using Seeded::Seeded;
  using is_transparent = void;

  [[nodiscard]] std::uint64_t operator()(std::basic_string_view<detail::hashing::CharacterOf<Key>> key) const noexcept {
    return detail::hashing::hash_value(key, seed_);
  }
};

template <>
struct XxHash<void> : detail::hashing::Seeded {
  using Seeded::Seeded;
  using is_transparent = void;

  template <class Key>
  [[nodiscard]] constexpr std::uint64_t operator()(const Key& key) const noexcept(is_nothrow_hashable_v<Key>) {
    return detail::hashing::hash_value(key, seed_);
  }
};

/// std::hash. It may be the identity, so its results are mixed. Transparent for strings: std::hash of a string equals
/// that of its view.
template <class Key>
struct StdHash {
  [[nodiscard]] std::size_t operator()(const Key& key) const noexcept(noexcept(std::hash<Key>()(key))) {
    return std::hash<Key>()(key);
  }
};

template <detail::hashing::StringLike Key>
struct StdHash<Key> {
  using is_transparent = void;

  [[nodiscard]] std::size_t operator()(std::basic_string_view<detail::hashing::CharacterOf<Key>> key) const noexcept {
    return std::hash<std::basic_string_view<detail::hashing::CharacterOf<Key>>>()(key);
  }
};

template <>
struct StdHash<void> {
  using is_transparent = void;

  template <class Key>
  [[nodiscard]] std::size_t operator()(const Key& key) const noexcept(noexcept(StdHash<std::decay_t<Key>>()(key))) {
    return StdHash<std::decay_t<Key>>()(key);
  }
};

/// An integer, enum or pointer is its own hash (mixed before use): for keys that are random already.
struct IdentityHash {
  template <class Key>
    requires detail::hashing::Integer<Key>
  [[nodiscard]] constexpr std::uint64_t operator()(const Key& key) const noexcept {
    return static_cast<std::uint64_t>(detail::hashing::integer_value(key));
  }
  template <class Object>
  [[nodiscard]] std::uint64_t operator()(Object* const& key) const noexcept {
    return reinterpret_cast<std::uintptr_t>(key);
  }
};

/// The hasher `Hash` with a seed from the operating system, for keys that an attacker can choose. A copy of the hasher
/// (and of a table that has it) has the same seed; each RandomSeed that is default-constructed draws a new one.
template <class Hash>
class RandomSeed : public Hash {
  static_assert(
      std::constructible_from<Hash, std::uint64_t>,
      "perturb::RandomSeed<Hash>: Hash must have a constructor from a std::uint64_t seed, as XxHash<Key> has");

 public:
  /// Throws: std::runtime_error when the operating system gives no random bytes.
  RandomSeed() : Hash(detail::hashing::os_seed()) {}
  /// A given seed instead, for instance to repeat a run.
  explicit constexpr RandomSeed(std::uint64_t seed) noexcept(std::is_nothrow_constructible_v<Hash, std::uint64_t>)
      : Hash(seed) {}
};

namespace detail::hashing {

// Whether == of an `A` that is sought and a `B` that is stored says the same as == of the `A` converted to a `B`, as
// far as numbers are concerned: 0.1 == 0.1F is false, 16777217 == 16777216.0F is true, and both are equal once
// converted. Integers are compared by value instead, and hashed by it. Pairs, tuples and optionals go by their parts.
template <class A, class B>
consteval bool compares_as_converted();

template <class A, class B>
concept TuplesOfOneSize = TupleLike<A> && TupleLike<B> && (std::tuple_size<A>::value == std::tuple_size<B>::value);

template <class A, class B, std::size_t... Index>
consteval bool parts_compare_as_converted(std::index_sequence<Index...>) {
  return (hashing::compares_as_converted<std::tuple_element_t<Index, A>, std::tuple_element_t<Index, B>>() && ...);
}

template <class A, class B>
consteval bool compares_as_converted() {
  if constexpr (std::floating_point<A> && std::floating_point<B>) {
    return sizeof(A) <= sizeof(B);  // each value of A is a B
  } else if constexpr (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>) {
    return std::integral<A> && std::integral<B>;
  } else if constexpr (is_optional<A> && is_optional<B>) {
    return hashing::compares_as_converted<typename A::value_type, typename B::value_type>();
  } else if constexpr (is_std_type<A> && is_std_type<B> && TuplesOfOneSize<A, B>) {
    return hashing::parts_compare_as_converted<A, B>(std::make_index_sequence<std::tuple_size_v<A>>());
  } else {
    return true;
  }
}

/// Whether a `K` may be inserted as it is, hashed and compared by transparent functions, and converted to a `Key` only
/// where it is stored: then its hash and its equality are those of the converted key. That holds for strings, and is
/// the promise of the functions where a class of the user's is involved. All else is converted first: 0.1 to a float
/// key, a pointer to a pointer to a base class.
template <class K, class Key>
inline constexpr bool inserts_unconverted_v =
    std::same_as<K, Key> || (StringLike<K> && StringLike<Key>) || UserType<K> || UserType<Key>;

template <class A, class B>
consteval bool is_nothrow_comparable() {
  if constexpr ((StringLike<A> && StringLike<B>) || !compares_as_converted<A, B>() ||
                (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)) {
    return true;
  } else if constexpr (Comparable<A, B>) {
    return noexcept(static_cast<bool>(std::declval<const A&>() == std::declval<const B&>()));
  } else {
    return false;
  }
}

/// ==, by the bits: with -ffast-math a compiler may take NaN for equal to every number.
template <std::floating_point T>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr bool equal_floats(T a, T b) noexcept {
  constexpr std::uint64_t kInfinity = std::uint64_t{0x7FF} << 53;  // both without the sign
  const auto x = std::bit_cast<std::uint64_t>(static_cast<double>(a));
  const auto y = std::bit_cast<std::uint64_t>(static_cast<double>(b));
  const bool are_equal = x == y ? (x << 1) <= kInfinity : ((x | y) << 1) == 0;
  if constexpr (sizeof(T) <= sizeof(double)) {
    return are_equal;
  } else {
    return are_equal && !(a < b) && !(b < a);
  }
}

template <class A, class B>
PERTURB_ALWAYS_INLINE constexpr bool equal_values(const A& a, const B& b) noexcept(is_nothrow_comparable<A, B>()) {
  constexpr bool kIsRefused = !compares_as_converted<A, B>();
  static_assert(
      !kIsRefused,
      "perturb::Equal<>: the == of these two types of numbers is not the equality of the converted key (0.1 is "
      "not 0.1F, 16777217 is 16777216.0F): convert what you look up to the key type");
  if constexpr (kIsRefused) {
    return false;
  } else if constexpr (std::floating_point<A> && std::floating_point<B>) {
    return hashing::equal_floats(static_cast<B>(a), b);
  } else if constexpr (StringLike<A> && StringLike<B>) {
    return hashing::text(a) == hashing::text(b);
  } else if constexpr (std::integral<A> && std::integral<B> && !std::same_as<A, B>) {
    const auto x = integer_value(a);
    const auto y = integer_value(b);
    using Common = std::common_type_t<decltype(x), decltype(y)>;
    return (x < decltype(x){}) == (y < decltype(y){}) && static_cast<Common>(x) == static_cast<Common>(y);
  } else if constexpr (Comparable<A, B>) {
    return static_cast<bool>(a == b);
  } else if constexpr (Range<A> && Range<B>) {
    auto a_it = std::ranges::begin(a);
    auto b_it = std::ranges::begin(b);
    for (; a_it != std::ranges::end(a) && b_it != std::ranges::end(b); static_cast<void>(++a_it), ++b_it) {
      if (!hashing::equal_values(*a_it, *b_it)) return false;
    }
    return a_it == std::ranges::end(a) && b_it == std::ranges::end(b);
  } else {
    static_assert(sizeof(A) == 0,
                  "perturb::Equal: these keys have no operator==; write one, or pass an equality of your own");
    return false;
  }
}

}  // namespace detail::hashing

/// The default equality: ==. For strings it is transparent and compares characters, never addresses; ranges without ==
/// (std::span) are compared element by element.
template <class Key>
struct Equal {
  [[nodiscard]] constexpr bool operator()(const Key& a, const Key& b) const
      noexcept(detail::hashing::is_nothrow_comparable<Key, Key>()) {
    return detail::hashing::equal_values(a, b);
  }
};

template <detail::hashing::StringLike Key>
struct Equal<Key> {
  using is_transparent = void;
  using View = std::basic_string_view<detail::hashing::CharacterOf<Key>>;

  [[nodiscard]] constexpr bool operator()(View a, View b) const noexcept { return a == b; }
};

/// Compares keys of different types: strings as characters, integers by value (-1 is not 4294967295u), others by ==.
/// Called as equal(sought, stored). Refuses numbers for which == is not the equality of the converted key: a double or
/// an integer sought among floats, a floating-point number among integers.
template <>
struct Equal<void> {
  using is_transparent = void;

  template <class A, class B>
  [[nodiscard]] constexpr bool operator()(const A& a, const B& b) const
      noexcept(detail::hashing::is_nothrow_comparable<A, B>()) {
    return detail::hashing::equal_values(a, b);
  }
};

}  // namespace perturb::inline PERTURB_ABI
