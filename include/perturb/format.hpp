// SPDX-License-Identifier: MIT
/// @file std::format for perturb's types: std::format("{}", table).
///
/// Tables, sets and sharded tables are `{"a": 1, "b": 2}` and `{"a", "b"}`. Where the standard library formats ranges,
/// as C++23 says, it formats them itself, and views too, with all that its format specifications can say; before that,
/// this header does, and the specification must be empty: `{}`. HashValue, Token128, NodeState, servers of profiles,
/// and what a ring's points(), arcs() and arcs_of() give are always formatted by this header, with an empty
/// specification.
///
/// Needs a standard library with std::format: libstdc++ from 13, libc++ from 19, Microsoft's. Elsewhere
/// <perturb/fmt.hpp> does the same with {fmt}.
#pragma once

#include <perturb/config.hpp>
#include <perturb/interop/text.hpp>

#include <version>

#if !defined(__cpp_lib_format)
#error "perturb/format.hpp needs std::format, which this standard library lacks: include <perturb/fmt.hpp> instead"
#else

#include <format>
#include <string_view>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::interop {

template <class Out>
struct FormatSink {
  Out out;

  void text(std::string_view characters) { out = std::format_to(std::move(out), "{}", characters); }
  template <class T>
  void leaf(const T& value) {
    out = std::format_to(std::move(out), "{}", value);
  }
};

#if defined(__cpp_lib_format_ranges)
template <class T>
concept FormattedHere = Value<T>;
#else
template <class T>
concept FormattedHere = Value<T> || Table<T>;
#endif

}  // namespace perturb::inline PERTURB_ABI::detail::interop

/// Complexity: linear in the text, and in bucket_count() of a HashTable or HashSet.
/// Throws: what formatting an element throws.
template <perturb::detail::interop::FormattedHere T>
struct std::formatter<T> {
  constexpr auto parse(std::format_parse_context& context) {
    if (context.begin() != context.end() && *context.begin() != '}')
      throw std::format_error("perturb: the format specification of this type must be empty");
    return context.begin();
  }
  template <class Context>
  auto format(const T& value, Context& context) const {
    perturb::detail::interop::FormatSink<decltype(context.out())> sink{context.out()};
    perturb::detail::interop::Writer(sink).write(value);
    return std::move(sink.out);
  }
};

#endif
