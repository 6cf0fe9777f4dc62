// SPDX-License-Identifier: MIT
/// @file Which types can be hashed, and as what: the concepts that HashState chooses by (hash_state.hpp).
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash/absl_hash.hpp>
#include <perturb/hash/own_functions.hpp>
#include <perturb/std_parts.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace perturb::inline PERTURB_ABI::detail::hashing {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char16_t> ||
#if defined(__cpp_char8_t)
                    std::same_as<T, char8_t> ||
#endif
                    std::same_as<T, char32_t>;

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

/// Whether `T` is a `const char*` or another pointer to characters: as a key it would dangle, and == would compare
/// addresses.
template <class T>
inline constexpr bool is_c_string_v = StringLike<std::decay_t<T>> && std::is_pointer_v<std::decay_t<T>>;

/// The character type of a string.
template <StringLike T>
using CharacterOf = typename decltype(detail::hashing::text(std::declval<const T&>()))::value_type;

/// Has a perturb_hash, which comes before everything else that the type could be.
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

/// The value by which an integer or enum is hashed and compared with other types. A char or wchar_t counts as unsigned,
/// since whether it is differs between platforms.
template <Integer T>
[[nodiscard]] constexpr auto integer_value(T value) noexcept {
  if constexpr (std::same_as<T, char> || std::same_as<T, wchar_t>) {
    return static_cast<std::make_unsigned_t<T>>(value);
  } else {
    return value;
  }
}

/// A std::unique_ptr or std::shared_ptr, by its members, so that their header is not needed here.
template <class T>
inline constexpr bool is_smart_pointer = is_std_type<T> && requires(const T& pointer) {
  typename T::element_type;
  pointer.get();
  static_cast<bool>(pointer);
};

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
concept TupleLike = requires { std::tuple_size<T>::value; };

template <class T>
concept Composite = Range<T> || TupleLike<T>;

/// Hashed by its elements: what is compared by them. See own_functions.hpp.
template <class T>
concept HashedByParts =
    Composite<T> && (is_std_type<T> || (!StdHashed<T> && !AbslHashed<T, HashState> && !HasOwnEquality<T>));

/// Hashed by its std::hash, unless a rule for particular types comes first.
template <class T>
concept HashedByStdHash = StdHashed<T> && !(is_std_type<T> && Composite<T>);

/// Hashed by XXH3 of the characters or elements.
template <class T>
concept HashedAsBytes = !UserHashed<T> && (StringLike<T> || (IntegerRange<T> && HashedByParts<T>));

/// Hashed by one fold of the value.
template <class T>
concept HashedAsInteger = !UserHashed<T> && Integer<T>;

/// What the type of a key says about hashing it.
struct KeyTraits {
  bool hashable = true;
  bool nothrow = true;        // hashing it cannot throw
  bool by_address = false;    // an address is part of the hash
  bool by_std_hash = false;   // a std::hash is part of the hash
  bool own_equality = false;  // not hashable because of an operator== of its own

  constexpr KeyTraits operator&(KeyTraits other) const noexcept {
    return {hashable && other.hashable, nothrow && other.nothrow, by_address || other.by_address,
            by_std_hash || other.by_std_hash, own_equality || other.own_equality};
  }
};

template <class T>
consteval KeyTraits key_traits();

template <class T, std::size_t... Index>
consteval KeyTraits tuple_traits(std::index_sequence<Index...>) {
  return (KeyTraits{} & ... & hashing::key_traits<std::tuple_element_t<Index, T>>());
}
template <class... Ts>
consteval KeyTraits variant_traits(const std::variant<Ts...>*) {
  return (KeyTraits{} & ... & hashing::key_traits<Ts>());
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
    return {.by_address = true};
  } else if constexpr (is_optional<T>) {
    return hashing::key_traits<typename T::value_type>();
  } else if constexpr (is_variant<T>) {
    return hashing::variant_traits(static_cast<const T*>(nullptr));
  } else if constexpr (HashedByStdHash<T>) {
    return {.nothrow = noexcept(std::hash<T>()(std::declval<const T&>())), .by_std_hash = true};
  } else if constexpr (AbslHashed<T, HashState>) {
    return {.nothrow = noexcept(AbslHashValue(std::declval<AbslState<HashState>>(), std::declval<const T&>()))};
  } else if constexpr (Composite<T> && !HashedByParts<T>) {
    return {.hashable = false, .own_equality = true};
  } else if constexpr (Range<T>) {
    using Iterator = IteratorOf<T>;
    return hashing::key_traits<ElementOf<T>>() &
           KeyTraits{.nothrow = noexcept(std::ranges::begin(std::declval<const T&>())) &&
                                noexcept(++std::declval<Iterator&>()) && noexcept(*std::declval<Iterator&>())};
  } else if constexpr (TupleLike<T>) {
    return hashing::tuple_traits<T>(std::make_index_sequence<std::tuple_size_v<T>>());
  } else {
    return {.hashable = false};
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
