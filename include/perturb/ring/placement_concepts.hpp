// SPDX-License-Identifier: MIT
/// @file What HashRing requires of a placement, as concepts; placement.hpp explains it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/token.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class P>
concept PlacementBase = std::copyable<P> && TokenType<typename P::token_type> && requires {
  { P::kBound } -> std::convertible_to<BoundRule>;
  { P::kTies } -> std::convertible_to<TieRule>;
};

/// Whether the points follow from all members together.
template <class P, class Node>
concept WholePlacement =
    PlacementBase<P> && requires(const P& placement, std::span<const Node> nodes, std::span<const double> weights) {
      placement.place_all(nodes, weights, [](std::size_t, typename P::token_type) {});
    };

/// Whether the points of a node follow from its identity and weight.
template <class P, class Node>
concept IncrementalPlacement = PlacementBase<P> && requires(const P& placement, const Node& node, double weight) {
  { placement.point_count(weight) } -> std::convertible_to<std::uint64_t>;
  placement.place(node, weight, [](typename P::token_type) {});
};

/// Whether the points of a node are a part of its own sequence, which part follows from all members together.
template <class P, class Node>
concept CountedPlacement =
    PlacementBase<P> && requires(const P& placement, std::span<const Node> nodes, std::span<const double> weights,
                                 const Node& node, PointRange range) {
      { placement.point_ranges(nodes, weights) } -> std::same_as<std::vector<PointRange>>;
      placement.place_range(node, range, [](typename P::token_type) {});
    };

/// Whether a whole placement is given all members, and not only those that are up.
template <class P>
concept PlacesAllMembers = requires {
  requires bool { P::kPlacesAllMembers };
};

/// Whether the points of a node follow from the points that are there when it joins.
template <class P, class Node>
concept ContextPlacement =
    PlacementBase<P> &&
    requires(const P& placement, std::span<const typename P::token_type> tokens, std::span<const std::uint32_t> numbers,
             std::span<const Node> nodes, std::span<const double> weights, double weight) {
      { placement.point_count(weight) } -> std::convertible_to<std::uint64_t>;
      placement.place_among(tokens, numbers, nodes, weights, numbers, [](std::uint32_t, typename P::token_type) {});
    };

/// Whether the points of a node in such a placement stay when it gets another weight, but for those that it gives up.
template <class P, class Node>
concept KeepsReweighed =
    ContextPlacement<P, Node> &&
    requires(const P& placement, std::span<const typename P::token_type> tokens, std::span<const std::uint32_t> numbers,
             std::span<const Node> nodes, std::span<const double> weights) {
      placement.give_up(tokens, numbers, nodes, weights, numbers, [](std::uint32_t, typename P::token_type) {});
    };

/// Whether a placement keeps only one of several points with equal tokens.
template <class P>
inline constexpr bool keeps_one_v = P::kTies == TieRule::keep_first || P::kTies == TieRule::keep_last;

/// Whether a placement makes the token of a key itself.
template <class P, class Hash, class Key>
concept MakesKeyTokens = requires(const P& placement, const Hash& hash, const Key& key) {
  { placement.key_token(hash, key) } -> std::same_as<typename P::token_type>;
};

/// Whether making the token of a key cannot throw.
template <class P, class Hash, class Key>
inline constexpr bool makes_tokens_nothrow_v = [] {
  if constexpr (MakesKeyTokens<P, Hash, Key>) {
    return noexcept(std::declval<const P&>().key_token(std::declval<const Hash&>(), std::declval<const Key&>()));
  } else {
    return noexcept(perturb::hash_key(std::declval<const Hash&>(), std::declval<const Key&>()));
  }
}();

// Whether P has a member of the name key_token: then the name is ambiguous in a class that has it from two bases.
struct HasKeyTokenName {
  int key_token;
};
template <class P>
struct KeyTokenOfTwoBases : P, HasKeyTokenName {};
template <class P>
concept NamesKeyToken = std::is_class_v<P> && !std::is_final_v<P> && !requires { &KeyTokenOfTwoBases<P>::key_token; };

/// Fails to compile if a placement has a key_token that cannot make the token of this key: the ring would use another
/// token without a word. (Not consteval: clang++ before 14 leaves calls of such functions that return void to the
/// linker.)
template <class P, class Hash, class Key>
constexpr void check_key_token() {
  constexpr bool kAccepts =
      requires(P& placement, const Hash& hash, const Key& key) { placement.key_token(hash, key); };
  static_assert(MakesKeyTokens<P, Hash, Key> || !kAccepts,
                "perturb::HashRing: key_token of the placement must be a const member and return exactly token_type");
  static_assert(kAccepts || !NamesKeyToken<P>,
                "perturb::HashRing: the placement makes the tokens of keys by its key_token(hash, key), which does not "
                "accept a key of this type; pass a key that it accepts");
}

// A type that only a hasher of anything accepts. Whether a hasher does cannot be asked by a call, since a deduced
// return type would be deduced, by compiling the body. A call that is ambiguous needs no return type: so a function is
// added that is as good as one that takes anything, and better than none.
struct NoKey {};
struct TakesNoKeyByReference {
  template <class Key>
  void operator()(const Key& key, int = {}) const;
};
struct TakesNoKeyForwarded {
  template <class Key>
  void operator()(Key&& key, int = {}) const;
};
template <class Hash, class Other>
struct HashOrOther : Hash, Other {
  using Hash::operator();
  using Other::operator();
};
template <class Hash, class Other>
concept PrefersOther = requires(const HashOrOther<Hash, Other>& hash, const NoKey& key) { hash(key); };

template <class Hash>
concept HasOneCallOperator = requires { &Hash::operator(); };

/// Whether std::invocable tells which keys a hasher accepts: not if it is a template that takes anything, which may not
/// compile for what it takes. Those of this library do.
template <class Hash>
concept TellsItsKeys =
    !std::is_class_v<Hash> || std::same_as<Hash, XxHash<>> || std::same_as<Hash, RandomSeed<XxHash<>>> ||
    std::same_as<Hash, StdHash<>> || HasOneCallOperator<Hash> ||
    (!std::is_final_v<Hash> && PrefersOther<Hash, TakesNoKeyByReference> && PrefersOther<Hash, TakesNoKeyForwarded>);

/// Whether a ring with this hasher and this placement gives a key of this type a token, as far as that can be found
/// out.
template <class P, class Hash, class Key>
concept AcceptsKey = TellsItsKeys<Hash> && std::invocable<const Hash&, const Key&> &&
                     (MakesKeyTokens<P, Hash, Key> || !NamesKeyToken<P>);

/// Whether two of them can be compared, or cannot differ.
template <class T>
concept ComparableOrStateless = std::equality_comparable<T> || std::is_empty_v<T>;

template <ComparableOrStateless T>
[[nodiscard]] constexpr bool are_equal(const T& a, const T& b) {
  if constexpr (std::equality_comparable<T>) {
    return a == b;
  } else {
    return true;
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
