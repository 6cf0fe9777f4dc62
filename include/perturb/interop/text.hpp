// SPDX-License-Identifier: MIT
/// @file How tables, hash values and the parts of rings are written as text, whatever writes it: ostream.hpp, fmt.hpp
/// and format.hpp have a sink each.
///
/// The text of a table is that of C++23's std::format and of {fmt}: `{"a": 1, "b": 2}`, of a set `{"a", "b"}`. Strings
/// and characters inside are quoted and escaped, ranges are `[1, 2]`, pairs and tuples `(1, "a")`.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/ring_members.hpp>
#include <perturb/ring_types.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::interop {

enum class TableKind : std::uint8_t { none, map, set };

template <class T>
inline constexpr TableKind kTableKind = TableKind::none;
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
inline constexpr TableKind kTableKind<HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>> = TableKind::map;
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
inline constexpr TableKind kTableKind<OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>> = TableKind::map;
template <class Key, class T, class Node, class Hash, class Placement, class KeyEqual, class Allocator>
inline constexpr TableKind kTableKind<ShardedTable<Key, T, Node, Hash, Placement, KeyEqual, Allocator>> =
    TableKind::map;
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
inline constexpr TableKind kTableKind<HashSet<Key, Hash, KeyEqual, Allocator, Growth>> = TableKind::set;
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
inline constexpr TableKind kTableKind<OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>> = TableKind::set;

/// A table, set or sharded table.
template <class T>
concept Table = kTableKind<T> != TableKind::none;

template <class T>
inline constexpr bool is_value = false;
template <>
inline constexpr bool is_value<HashValue> = true;
template <>
inline constexpr bool is_value<Token128> = true;
template <>
inline constexpr bool is_value<NodeState> = true;
template <>
inline constexpr bool is_value<profiles::Server> = true;
template <>
inline constexpr bool is_value<profiles::ServerNode> = true;
template <class Token>
inline constexpr bool is_value<Arc<Token>> = true;
template <class Node, class Token>
inline constexpr bool is_value<RingPoint<Node, Token>> = true;
template <class Node, class Token>
inline constexpr bool is_value<ArcEnd<Node, Token>> = true;
template <class Node>
inline constexpr bool is_value<RingMember<Node>> = true;

/// A hash value, or a part of a ring.
template <class T>
concept Value = is_value<T>;

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;
template <class T>
concept Character = std::same_as<T, char>;
template <class T>
concept Byte = std::same_as<T, signed char> || std::same_as<T, unsigned char>;
template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };
// Not a range of itself, such as std::filesystem::path, whose elements are paths again: it would never end.
template <class T>
concept Range = requires(const T& range) {
  std::ranges::begin(range);
  std::ranges::end(range);
} && !std::same_as<std::iter_value_t<decltype(std::ranges::begin(std::declval<const T&>()))>, T>;

/// Writes to a `Sink`, which has text(std::string_view) and leaf(value): what its library makes of a value that is none
/// of those above.
template <class Sink>
class Writer {
 public:
  explicit Writer(Sink& sink) noexcept : sink_(sink) {}

  template <class T>
  void write(const T& value) {
    if constexpr (Table<T>) {
      write_elements<kTableKind<T>>(value, '{', '}');
    } else if constexpr (Value<T>) {
      write_value(value);
    } else if constexpr (Text<T>) {
      write_quoted(value, '"');
    } else if constexpr (Character<T>) {
      write_quoted(std::string_view(&value, 1), '\'');
    } else if constexpr (std::same_as<T, bool>) {
      sink_.text(value ? "true" : "false");
    } else if constexpr (Byte<T>) {
      sink_.leaf(static_cast<int>(value));
    } else if constexpr (TupleLike<T> && !Range<T>) {
      sink_.text("(");
      std::apply([this](const auto&... parts) { this->write_parts(parts...); }, value);
      sink_.text(")");
    } else if constexpr (Range<T>) {
      write_elements<TableKind::none>(value, '[', ']');
    } else {
      sink_.leaf(value);
    }
  }

 private:
  template <TableKind kKind, class T>
  void write_elements(const T& elements, char open, char close) {
    put(open);
    using Element = std::iter_value_t<decltype(std::ranges::begin(elements))>;
    const char* separator = "";
    for (const Element& element : elements) {  // of a std::vector<bool> this is the bool, not its proxy
      sink_.text(std::exchange(separator, ", "));
      if constexpr (kKind == TableKind::map) {
        write(element.first);
        sink_.text(": ");
        write(element.second);
      } else {
        write(element);
      }
    }
    put(close);
  }

  template <class... Parts>
  void write_parts(const Parts&... parts) {
    const char* separator = "";
    ((sink_.text(std::exchange(separator, ", ")), write(parts)), ...);
  }

  void put(char character) { sink_.text(std::string_view(&character, 1)); }

  void write_quoted(std::string_view text, char quote) {
    put(quote);
    for (const char character : text) write_escaped(character, quote);
    put(quote);
  }
  void write_escaped(char character, char quote) {
    constexpr unsigned char kDelete = 0x7F;
    const auto code = static_cast<unsigned char>(character);
    if (character == '\n') return sink_.text("\\n");
    if (character == '\t') return sink_.text("\\t");
    if (character == '\r') return sink_.text("\\r");
    if (character == quote || character == '\\') put('\\');
    if (code >= ' ' && code != kDelete) return put(character);
    sink_.text("\\u{");
    if (code >= 16) put(digit(code >> 4));
    put(digit(code));
    put('}');
  }

  static constexpr char digit(std::uint64_t number) noexcept { return "0123456789abcdef"[number & 15]; }
  template <std::unsigned_integral T>
  void write_digits(T number) {
    for (unsigned shift = 8 * sizeof(T); shift != 0;) put(digit(std::uint64_t{number} >> (shift -= 4)));
  }

  void write_value(HashValue hash) { write_token(hash.value); }
  void write_value(Token128 token) { write_token(token); }
  void write_value(NodeState state) {
    sink_.text(state == NodeState::up ? "up" : state == NodeState::draining ? "draining" : "down");
  }
  void write_value(const profiles::Server& server) {
    sink_.text(server.host);
    if (server.port == 0) return;  // a unix socket
    sink_.text(":");
    sink_.leaf(server.port);
  }
  void write_value(const profiles::ServerNode& node) { write_value(node.server); }
  template <class Token>
  void write_value(const Arc<Token>& arc) {
    sink_.text("(");
    write_token(arc.after);
    sink_.text(", ");
    write_token(arc.upto);
    sink_.text("]");
  }
  template <class Node, class Token>
  void write_value(const RingPoint<Node, Token>& point) {
    write_owned(point.token, point.node);
  }
  template <class Node, class Token>
  void write_value(const ArcEnd<Node, Token>& end) {
    write_owned(end.upto, end.node);
  }
  template <class Node>
  void write_value(const RingMember<Node>& member) {
    write(member.node);
    sink_.text(": ");
    sink_.leaf(member.weight);
    if (!member.state.has_value()) return;
    sink_.text(" ");
    write_value(*member.state);
  }
  template <class Token, class Node>
  void write_owned(const Token& token, const Node& node) {
    write_token(token);
    sink_.text(": ");
    write(node);
  }
  template <std::unsigned_integral Token>
  void write_token(Token token) {
    sink_.text("0x");
    write_digits(token);
  }
  void write_token(Token128 token) {
    write_token(token.high);
    write_digits(token.low);
  }

  Sink& sink_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::interop
