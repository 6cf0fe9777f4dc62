// SPDX-License-Identifier: MIT
/// @file JSON of nlohmann-json (from 3.11 on, which is not part of perturb) and tables with string keys.
///
/// nlohmann-json takes a HashTable or OrderedHashTable with string keys for an object by itself, and a HashSet for an
/// array: `nlohmann::json json = table;` and `json.get<perturb::HashTable<std::string, int>>()`, which throws
/// nlohmann::json::type_error where the value is no object or an element no int. This header adds what it does not do:
/// parse_json refuses duplicate keys, of which nlohmann-json silently keeps the last; and OrderedJson keeps the order
/// of an object's members.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// What parse_json throws where an object has the same key twice.
class DuplicateKey : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

namespace detail::interop {

// As nlohmann-json wants the type of its objects: with an allocator in the fourth place, and a comparison that has a
// name.
template <class Key, class T, class Compare, class Allocator>
struct JsonObject : OrderedHashTable<Key, T>::template with_allocator<Allocator> {
  using Base = typename OrderedHashTable<Key, T>::template with_allocator<Allocator>;
  using Base::Base;
  using key_compare = Compare;
};

}  // namespace detail::interop

/// nlohmann::json whose objects are OrderedHashTables: members stay in the order in which they were inserted, as with
/// nlohmann::ordered_json, but finding one does not take longer in a large object.
using OrderedJson = nlohmann::basic_json<detail::interop::JsonObject>;

namespace detail::interop {

/// Hears of each event of the parser, and throws at the second occurrence of a key in an object.
class DuplicateCheck {
 public:
  bool operator()(int, OrderedJson::parse_event_t event, OrderedJson& parsed) {
    using Event = OrderedJson::parse_event_t;
    if (event == Event::object_start) {
      keys_.emplace_back();
    } else if (event == Event::object_end) {
      keys_.pop_back();
    } else if (event == Event::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second)
        detail::raise<DuplicateKey>(("perturb::parse_json: an object has the key \"" + key + "\" twice").c_str());
    }
    return true;
  }

 private:
  std::vector<HashSet<std::string>> keys_;  // of each object that has begun and not ended
};

}  // namespace detail::interop

/// The table of an object in JSON, for instance `parse_json<OrderedHashTable<std::string, int>>(text)`. An ordered
/// table has the order of the text. Values are converted as json.get<T>() does, which rounds numbers that do not fit.
/// Complexity: O(text.size()) expected.
/// Throws: nlohmann::json::parse_error where `text` is not JSON, or something follows it; nlohmann::json::type_error
/// where it is no object, or a value cannot become a T; DuplicateKey where an object in it has a key twice, at any
/// depth.
template <class Table>
[[nodiscard]] Table parse_json(std::string_view text) {
  using Key = typename Table::key_type;
  static_assert(std::constructible_from<Key, std::string> && !std::same_as<Key, std::string_view>,
                "perturb::parse_json: the keys of the table must be strings that own their characters: not "
                "std::string_view, which would refer to the parser's");
  detail::interop::DuplicateCheck refuse_duplicates;
  OrderedJson json = OrderedJson::parse(text, [&](int depth, OrderedJson::parse_event_t event, OrderedJson& parsed) {
    return refuse_duplicates(depth, event, parsed);
  });
  // The error that nlohmann-json has for this; get_ref would speak of itself.
  if (!json.is_object()) static_cast<void>(json.get<OrderedHashTable<std::string, OrderedJson>>());
  Table table;
  const auto& object = json.get_ref<const OrderedJson::object_t&>();
  table.reserve(object.size());
  for (const auto& [key, value] : object)
    table.try_emplace(Key(key), value.template get<typename Table::mapped_type>());
  return table;
}

}  // namespace perturb::inline PERTURB_ABI
