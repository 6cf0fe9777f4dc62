// SPDX-License-Identifier: MIT
/// @file The one scope guard: undoes what has been done when an exception leaves the scope.
#pragma once

#include <perturb/config.hpp>

#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Calls `undo()` at the end of its scope unless dismissed before.
template <class Undo>
class [[nodiscard]] ScopeGuard {
 public:
  explicit ScopeGuard(Undo undo) noexcept : undo_(std::move(undo)) {}
  ~ScopeGuard() {
    if (is_armed_) undo_();
  }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

  void dismiss() noexcept { is_armed_ = false; }

 private:
  Undo undo_;
  bool is_armed_ = true;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
