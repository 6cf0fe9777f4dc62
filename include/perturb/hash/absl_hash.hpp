// SPDX-License-Identifier: MIT
/// @file Keys that say by an AbslHashValue how they are hashed: what Abseil's tables ask for is enough for these, too.
/// Nothing of Abseil is included.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/own_functions.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// What an AbslHashValue gets as its `H`, with the members of that which Abseil documents. `State` is HashState.
template <class State>
class AbslState {
 public:
  explicit constexpr AbslState(State& state) noexcept : state_(&state) {}
  AbslState(AbslState&&) = default;
  AbslState& operator=(AbslState&&) = default;
  AbslState(const AbslState&) = delete;
  AbslState& operator=(const AbslState&) = delete;
  ~AbslState() = default;

  template <class... Parts>
  static constexpr AbslState combine(AbslState absl, const Parts&... parts) {
    (*absl.state_)(parts...);
    return absl;
  }
  template <class T>
  static constexpr AbslState combine_contiguous(AbslState absl, const T* data, std::size_t size) {
    (*absl.state_)(std::span<const T>(data, size));
    return absl;
  }
  /// The same for every order of the elements.
  template <class Iterator>
  static constexpr AbslState combine_unordered(AbslState absl, Iterator first, Iterator last) {
    std::uint64_t sum = 0;
    std::uint64_t count = 0;
    for (; first != last; ++first, ++count) {
      State each = absl.state_->fresh();
      each(*first);
      sum += each.finish();
    }
    (*absl.state_)(count, sum);
    return absl;
  }

 private:
  State* state_;
};

/// Has an AbslHashValue. `State` is HashState, which is incomplete here.
template <class T, class State>
concept AbslHashed =
    std::is_class_v<T> && requires(AbslState<State> state, const T& value) { AbslHashValue(std::move(state), value); };

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
