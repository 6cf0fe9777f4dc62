// SPDX-License-Identifier: MIT
/// @file operator<< for tables, sets, sharded tables, HashValue, Token128, NodeState, servers of profiles, and what a
/// ring's points(), arcs() and arcs_of() give.
///
/// The text is for people and logs: `{"a": 1, "b": 2}` for a table, `{"a", "b"}` for a set; strings and characters in
/// it are quoted, a bool is `true` or `false`. It is that of <perturb/fmt.hpp> and <perturb/format.hpp>, except that
/// numbers are written as the stream is set to. To be read by programs: <perturb/json.hpp>.
#pragma once

#include <perturb/config.hpp>
#include <perturb/interop/text.hpp>

#include <ostream>
#include <string_view>

namespace perturb::inline PERTURB_ABI {

namespace detail::interop {

struct StreamSink {
  std::ostream& stream;

  void text(std::string_view characters) { stream << characters; }
  template <class T>
  void leaf(const T& value) {
    static_assert(
        requires { stream << value; },
        "perturb: this type in a table cannot be written to a stream: give it an operator<<");
    if constexpr (requires { stream << value; }) stream << value;
  }
};

}  // namespace detail::interop

/// Writes `value` as text. The stream's width is reset and otherwise ignored.
/// Complexity: linear in the text, and in bucket_count() of a HashTable or HashSet.
/// Throws: what writing an element throws.
template <class T>
  requires(detail::interop::Table<T> || detail::interop::Value<T>)
std::ostream& operator<<(std::ostream& stream, const T& value) {
  stream.width(0);
  detail::interop::StreamSink sink{stream};
  detail::interop::Writer(sink).write(value);
  return stream;
}

}  // namespace perturb::inline PERTURB_ABI

// Servers of profiles are in a namespace of their own, where argument-dependent lookup begins.
namespace perturb::inline PERTURB_ABI::profiles {

/// As above.
inline std::ostream& operator<<(std::ostream& stream, const Server& server) {
  return perturb::operator<<(stream, server);
}
inline std::ostream& operator<<(std::ostream& stream, const ServerNode& node) {
  return perturb::operator<<(stream, node);
}

}  // namespace perturb::inline PERTURB_ABI::profiles
