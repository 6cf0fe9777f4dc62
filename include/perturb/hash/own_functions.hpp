// SPDX-License-Identifier: MIT
/// @file What a key's type says about itself: whether it is one of the standard library's, has a std::hash, or has an
/// operator== of its own.
///
/// A type that looks like a range or a tuple may be hashed by its parts only if it is compared by its parts. That is
/// known of the types of the standard library, and is taken for granted where a type has no operator== or inherits that
/// of a standard container. An operator== of the user's may compare something else.
#pragma once

#include <perturb/config.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::hashing {

template <class T>
concept ClassType = std::is_class_v<T> || std::is_union_v<T>;

/// Whether the class `T` is declared in namespace std. Its name is read as the compiler writes it: that needs no
/// header of a container, and holds for containers that later standards add.
template <class T>
consteval bool is_declared_in_std() {
#if defined(_MSC_VER) && !defined(__clang__)
  constexpr std::string_view kFunction = __FUNCSIG__;
  constexpr std::string_view kBefore = "is_declared_in_std<";
  constexpr std::string_view kName = kFunction.substr(kFunction.find(kBefore) + kBefore.size());
  return kName.starts_with("class std::") || kName.starts_with("struct std::");
#else
  constexpr std::string_view kFunction = __PRETTY_FUNCTION__;
  constexpr std::string_view kBefore = "T = ";
  return kFunction.substr(kFunction.find(kBefore) + kBefore.size()).starts_with("std::");
#endif
}
template <class T>
inline constexpr bool is_std_type = false;
template <ClassType T>
inline constexpr bool is_std_type<T> = is_declared_in_std<T>();

template <class T>
concept UserType = ClassType<T> && !is_std_type<T>;

/// Has a std::hash.
template <class T>
concept StdHashed = ClassType<T> && requires(const T& value) {
  { std::hash<T>()(value) } -> std::convertible_to<std::size_t>;
};

template <class A, class B>
concept Comparable = requires(const A& a, const B& b) {
  { a == b } -> std::convertible_to<bool>;
};

namespace worse_equality {
/// A better match for a `T` than the operator== of a base class, and a worse one than any that is made for `T`.
struct Chosen {};
template <class T>
Chosen operator==(const T&, const T&);

template <class T>
concept IsChosen = requires(const T& value) {
  { operator==(value, value) } -> std::same_as<Chosen>;  // g++ 11 does not find the one above for value == value
};
}  // namespace worse_equality

/// Converts to a `T`. Templates cannot deduce that: no operator== of the standard's containers takes it, but one that
/// the user wrote for `T` or for a base class does.
template <class T>
struct ConvertsTo {
  operator const T&() const;
};

/// Has an operator== that the user wrote, for the class itself or for a base class.
/// Note: not detected is a function template for a base class of the user's.
template <class T>
concept HasOwnEquality = UserType<T> && Comparable<T, T> && (!worse_equality::IsChosen<T> || requires(const T& value) {
                           value.operator==(value);
                         } || Comparable<ConvertsTo<T>, ConvertsTo<T>>);

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
