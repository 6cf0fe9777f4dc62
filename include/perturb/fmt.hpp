// SPDX-License-Identifier: MIT
/// @file {fmt} for perturb's types: fmt::print("{}\n", table). Needs {fmt} from 9 on, which is not part of perturb.
///
/// Tables, sets, sharded tables and views are ranges, which <fmt/ranges.h> formats: `{"a": 1, "b": 2}`, `{"a", "b"}`.
/// This header includes it, and adds HashValue, Token128, NodeState, servers of profiles, and what a ring's points(),
/// arcs() and arcs_of() give. The format specification of these must be empty: `{}`.
#pragma once

#include <perturb/config.hpp>
#include <perturb/interop/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::interop {

template <class Out>
struct FmtSink {
  Out out;

  void text(std::string_view characters) { out = fmt::format_to(out, "{}", characters); }
  template <class T>
  void leaf(const T& value) {
    out = fmt::format_to(out, "{}", value);
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::interop

/// Complexity: linear in the text. Throws: what formatting a node throws.
template <perturb::detail::interop::Value T>
struct fmt::formatter<T> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const T& value, Context& context) const {
    perturb::detail::interop::FmtSink<decltype(context.out())> sink{context.out()};
    perturb::detail::interop::Writer(sink).write(value);
    return sink.out;
  }
};
