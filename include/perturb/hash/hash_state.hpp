// SPDX-License-Identifier: MIT
/// @file How a value becomes 64 bits: the state that the parts of a value are absorbed into, and which types have
/// parts.
///
/// Every value is a sequence of *atoms* of 64 bits, absorbed one after the other by one multiply fold each:
///
///   integer, enum, bool, character   its value, sign-extended: 5, 5u and std::uint64_t{5} are the same atom
///   128-bit integer                  one atom if 64 bits can hold it, else its halves
///   float, double                    the bits of its value as a double, -0 as +0: 1.0f and 1.0 are the same atom
///   long double                      as a double if that is exact, else the sum of three doubles
///   pointer to an object, or to one  its address (also std::unique_ptr and std::shared_ptr)
///   string, view, const char*, char[N]   XXH3 of its characters; the last two up to the NUL
///   contiguous range of integers     XXH3 of its elements, each little-endian (std::vector, std::array, std::span,
///   T[N]) other forward range              its length, then its elements pair, tuple                      its elements
///   optional                         0, or 1 and the value
///   variant                          the index of the alternative + 1, then the value
///   user's type                      what its perturb_hash gives to the state
///
/// A sequence of atoms can be read back as the parts of exactly one value of its type: an atom holds a whole string,
/// and what has no fixed number of parts begins with their number. So {{1}, {2, 3}} and {{1, 2}, {3}}, or ("ab", "c")
/// and
/// ("a", "bc"), differ before hashing and collide only by chance.
///
/// Results for values (not addresses) are the same in every process and on every platform, as far as the value is: the
/// elements of std::vector<long> or the characters of std::wstring count with the platform's width, and a plain char
/// beyond 127 on its own with the platform's sign.
/// Strings of foreign character traits and ranges with a hasher of their own (std::unordered_set) are refused: what
/// their == compares is not what their elements say.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/hash/xxhash.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace perturb::inline PERTURB_ABI {

class HashState;

namespace detail::hashing {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

// text(value): the characters of anything that is a string. An array without a NUL ends where it ends.
template <Character C, class Allocator>
constexpr std::basic_string_view<C> text(const std::basic_string<C, std::char_traits<C>, Allocator>& string) noexcept {
  return string;
}
template <Character C>
constexpr std::basic_string_view<C> text(const std::basic_string_view<C>& view) noexcept {
  return view;
}
template <class C>
  requires Character<std::remove_const_t<C>>
constexpr std::basic_string_view<std::remove_const_t<C>> text(C* const& c_string) noexcept {
  return c_string;
}
template <Character C, std::size_t N>
constexpr std::basic_string_view<C> text(const C (&array)[N]) noexcept {
  const C* const end = std::char_traits<C>::find(array, N, C());
  return {array, end == nullptr ? N : static_cast<std::size_t>(end - array)};
}

template <class T>
inline constexpr bool is_string = false;
template <Character C, class Allocator>
inline constexpr bool is_string<std::basic_string<C, std::char_traits<C>, Allocator>> = true;
template <Character C>
inline constexpr bool is_string<std::basic_string_view<C>> = true;
template <class C>
inline constexpr bool is_string<C*> = Character<std::remove_const_t<C>>;
template <class C, std::size_t N>
inline constexpr bool is_string<C[N]> = Character<std::remove_const_t<C>>;

// Exactly these: a class derived from std::string may have an == of its own.
template <class T>
concept StringLike = is_string<std::remove_const_t<T>>;

/// The character type of a string.
template <StringLike T>
using CharacterOf = typename decltype(detail::hashing::text(std::declval<const T&>()))::value_type;

template <class T>
concept UserHashed = requires(HashState& state, const T& value) { perturb_hash(state, value); };

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;
template <class T>
concept WideInteger = std::same_as<T, Int128> || std::same_as<T, UInt128>;
#else
template <class T>
concept WideInteger = false;
#endif

template <class T>
concept Integer = (std::is_integral_v<T> || std::is_enum_v<T>) && sizeof(T) <= 8;

template <class T>
inline constexpr bool is_smart_pointer = false;
template <class T, class Deleter>
inline constexpr bool is_smart_pointer<std::unique_ptr<T, Deleter>> = true;
template <class T>
inline constexpr bool is_smart_pointer<std::shared_ptr<T>> = true;

template <class T>
concept Pointer = std::is_null_pointer_v<T> || is_smart_pointer<T> ||
                  (std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
using IteratorOf = decltype(std::ranges::begin(std::declval<const T&>()));
template <class T>
using ElementOf = std::iter_value_t<IteratorOf<T>>;

template <class T>
concept Range = requires(const T& range) {
  std::ranges::begin(range);
  std::ranges::end(range);
} && std::forward_iterator<IteratorOf<T>> && !std::same_as<ElementOf<T>, T> && !requires {
  typename T::traits_type;
} && !requires { typename T::hasher; };

// A contiguous range of integers.
template <class T>
concept IntegerRange = Range<T> && requires(const T& range) {
  std::ranges::data(range);
  std::ranges::size(range);
} && Integer<ElementOf<T>>;

template <class T>
concept HashedAsBytes = !UserHashed<T> && (StringLike<T> || IntegerRange<T>);

template <HashedAsBytes T>
[[nodiscard]] PERTURB_ALWAYS_INLINE std::uint64_t hash_as_bytes(const T& value, std::uint64_t seed) noexcept {
  if constexpr (StringLike<T>) {
    const auto characters = text(value);
    return hash_elements(characters.data(), characters.size(), seed);
  } else {
    return hash_elements(std::ranges::data(value), std::ranges::size(value), seed);
  }
}

template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };

/// What can be said of a key type before any key is there.
struct KeyTraits {
  bool hashable = true;
  bool nothrow = true;   // hashing it cannot throw
  bool by_value = true;  // no address is part of the hash

  constexpr KeyTraits operator&(KeyTraits other) const noexcept {
    return {hashable && other.hashable, nothrow && other.nothrow, by_value && other.by_value};
  }
};

template <class T>
consteval KeyTraits key_traits();

template <class T, std::size_t... I>
consteval KeyTraits tuple_traits(std::index_sequence<I...>) {
  return (KeyTraits{} & ... & key_traits<std::tuple_element_t<I, T>>());
}
template <class... Ts>
consteval KeyTraits variant_traits(const std::variant<Ts...>*) {
  return (KeyTraits{} & ... & key_traits<Ts>());
}

template <class Q>
consteval KeyTraits key_traits() {
  using T = std::remove_cvref_t<Q>;
  if constexpr (UserHashed<T>) {
    return {.nothrow = noexcept(perturb_hash(std::declval<HashState&>(), std::declval<const T&>()))};
  } else if constexpr (Integer<T> || WideInteger<T> || std::is_floating_point_v<T> || StringLike<T> ||
                       std::same_as<T, std::monostate>) {
    return {};
  } else if constexpr (Pointer<T>) {
    return {.by_value = false};
  } else if constexpr (is_optional<T>) {
    return key_traits<typename T::value_type>();
  } else if constexpr (is_variant<T>) {
    return variant_traits(static_cast<const T*>(nullptr));
  } else if constexpr (Range<T>) {
    using Iterator = IteratorOf<T>;
    return key_traits<ElementOf<T>>() &
           KeyTraits{.nothrow = noexcept(std::ranges::begin(std::declval<const T&>())) &&
                                noexcept(++std::declval<Iterator&>()) && noexcept(*std::declval<Iterator&>())};
  } else if constexpr (TupleLike<T>) {
    return tuple_traits<T>(std::make_index_sequence<std::tuple_size_v<T>>());
  } else {
    return {.hashable = false};
  }
}

}  // namespace detail::hashing

/// Whether XxHash can hash a `T`.
template <class T>
inline constexpr bool is_hashable_v = detail::hashing::key_traits<T>().hashable;
/// Whether XxHash of a `T` cannot throw. A user's type says so by a `noexcept` perturb_hash.
template <class T>
inline constexpr bool is_nothrow_hashable_v = is_hashable_v<T> && detail::hashing::key_traits<T>().nothrow;
/// Whether the hash of a `T` follows from its value alone, and not from an address anywhere in it: what a ring asks of
/// keys and identities. Types with a perturb_hash of their own are taken to be.
template <class T>
inline constexpr bool is_value_hashed_v = detail::hashing::key_traits<T>().by_value;
/// Whether `T` is a `const char*` or another pointer to characters: as a key it would dangle, and == compares
/// addresses.
template <class T>
inline constexpr bool is_c_string_v =
    detail::hashing::StringLike<std::decay_t<T>> && std::is_pointer_v<std::decay_t<T>>;

/// What a perturb_hash gives the parts of its value to: `state(value.a, value.b)`.
class HashState {
 public:
  explicit constexpr HashState(FoldSeed seed) noexcept : seed_(seed) {}

  /// Absorbs the parts, in order. What decides about the number or the types of later parts has to come first.
  template <class... Parts>
  constexpr void operator()(const Parts&... parts) noexcept((is_nothrow_hashable_v<Parts> && ...)) {
    (absorb(parts), ...);
  }

  /// The hash of what was absorbed.
  [[nodiscard]] constexpr std::uint64_t finish() const noexcept { return folded_; }

 private:
  constexpr void fold(std::uint64_t atom) noexcept { folded_ = fold_integer(folded_ ^ atom, seed_); }

  template <class T>
  constexpr void absorb_wide(T value) noexcept {
    const auto low = static_cast<std::uint64_t>(value);
    const auto high = static_cast<std::uint64_t>(value >> 64);
    const std::uint64_t sign_of_low = (low >> 63) != 0 ? ~std::uint64_t{0} : 0;
    fold(low);
    if (high != 0 && high != sign_of_low) fold(high);
  }

  template <class T>
  constexpr void absorb_floating(T value) noexcept {
    const auto nearest = static_cast<double>(value);
    fold(std::bit_cast<std::uint64_t>(nearest == 0 ? 0.0 : nearest));
    if constexpr (sizeof(T) > sizeof(double)) {
      if (static_cast<T>(nearest) != value) {
        const T rest = value - static_cast<T>(nearest);
        const auto next = static_cast<double>(rest);
        (*this)(next, static_cast<double>(rest - static_cast<T>(next)));
      }
    }
  }

  template <class T>
  PERTURB_ALWAYS_INLINE constexpr void absorb(const T& value) noexcept(is_nothrow_hashable_v<T>) {
    static_assert(is_hashable_v<T>,
                  "perturb::XxHash cannot hash this type: write template <class State> void perturb_hash(State& state, "
                  "const T& value) { state(value.a, value.b); } beside the type, or pass a hasher of your own");
    if constexpr (!is_hashable_v<T>) {
      // Nothing more: the sentence above is the whole message.
    } else if constexpr (detail::hashing::UserHashed<T>) {
      perturb_hash(*this, value);
    } else if constexpr (detail::hashing::HashedAsBytes<T>) {
      fold(detail::hashing::hash_as_bytes(value, seed_.seed()));
    } else if constexpr (detail::hashing::Integer<T>) {
      fold(static_cast<std::uint64_t>(value));
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

  template <class T, std::size_t... I>
  constexpr void absorb_tuple(const T& value, std::index_sequence<I...>) noexcept(is_nothrow_hashable_v<T>) {
    using std::get;
    (absorb(get<I>(value)), ...);
  }

  FoldSeed seed_;
  std::uint64_t folded_ = 0;
};

/// The hash of one value: of a string or a contiguous range of integers its atom as it is, of anything else the fold of
/// its atoms.
template <class T>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t hash_value(const T& value, FoldSeed seed) noexcept(
    is_nothrow_hashable_v<T>) {
  if constexpr (detail::hashing::HashedAsBytes<T>) {
    return detail::hashing::hash_as_bytes(value, seed.seed());
  } else {
    HashState state(seed);
    state(value);
    return state.finish();
  }
}

}  // namespace perturb::inline PERTURB_ABI
