// SPDX-License-Identifier: MIT
/// @file Interprets bytes as operations on two tables, and does the same to two std::map that say what they must hold.
/// One machine for HashTable and HashSet: elements are numbers, as in the other tests (support/numbers.hpp).
#pragma once

#include "fuzz/input.hpp"
#include "support/numbers.hpp"

#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fuzz {

using kit::Number;

/// Hashes numbers well or badly, as its shape says, and fails when told to.
class ShapedHash {
 public:
  using is_avalanching = void;  // so that the shape reaches the slots
  static constexpr unsigned kShapes = 7;

  explicit ShapedHash(unsigned shape = 0) : shape_(shape) {}

  template <class Key>
  std::uint64_t operator()(const Key& key) const {
    Failures::point();
    const std::uint64_t n = kit::number_of(key);
    switch (shape_) {
      case 1:
        return n;  // neighbours share groups and have few tags
      case 2:
        return n << 4;  // a group for each
      case 3:
        return n << 58;  // 64 values of the high bits, one home
      case 4:
        return 42;  // one hash for all
      case 5:
        return n % 3;
      case 6:
        return ~std::uint64_t{0} - n;
      default:
        return perturb::XxHash<std::uint64_t>()(n);
    }
  }

 private:
  unsigned shape_;
};

/// Compares and fails when told to.
struct FailingEqual {
  template <class Key>
  bool operator()(const Key& a, const Key& b) const {
    Failures::point();
    return a == b;
  }
};

/// A part of an element whose copies and moves can fail.
class Fragile {
 public:
  explicit Fragile(Number number) : number_(number) {}
  Fragile(const Fragile& other) : number_((Failures::point(), other.number_)) {}
  Fragile& operator=(const Fragile& other) {
    Failures::point();
    number_ = other.number_;
    return *this;
  }
  ~Fragile() { expect(self_ == this, "an object is moved by its constructors"); }

  Number number() const { return number_; }
  friend bool operator==(const Fragile& a, const Fragile& b) { return a.number_ == b.number_; }

 private:
  const Fragile* self_ = this;
  Number number_;
};

}  // namespace fuzz

template <>
struct kit::Numbered<fuzz::Fragile> {
  static fuzz::Fragile make(Number n) { return fuzz::Fragile(n); }
  static Number number_of(const fuzz::Fragile& x) { return x.number(); }
};

namespace fuzz {

template <class Table>
class TableMachine {
  static constexpr bool kIsMap = requires { typename Table::mapped_type; };
  using Key = typename Table::key_type;
  using Hash = typename Table::hasher;
  using Reference = std::map<Number, Number>;
  static constexpr bool kCopies = std::is_copy_constructible_v<typename Table::value_type>;

  template <class T, bool is_map>
  struct MappedOf {
    using type = typename T::mapped_type;
  };
  template <class T>
  struct MappedOf<T, false> {
    using type = Number;
  };
  using Mapped = typename MappedOf<Table, kIsMap>::type;

 public:
  explicit TableMachine(Input& input) : input_(input), shape_(input.below(ShapedHash::kShapes)) {
    constexpr Number kDomains[] = {6, 40, 700, 30'000};
    domain_ = kDomains[input.below(std::size(kDomains))];
    // Where all keys have one home, each insertion compares with all others: more of them find nothing new.
    if (shape_ >= 3 && shape_ <= 5) domain_ = (std::min)(domain_, kDomains[2]);
    for (auto& side : sides_) side.table = empty_table();
  }

  void run() {
    for (unsigned steps = 0; input_.is_left() && steps < 600 && work_ < 200'000; ++steps) {
      step();
      expect_counts(sides_[0]);
      if (steps % 16 == 15) expect_equal(sides_[0]);
      if (input_.byte() < 24) std::swap(sides_[0], sides_[1]);  // by moves
    }
    for (const auto& side : sides_) expect_equal(side);
  }

 private:
  struct Side {
    Table table;
    Reference reference;
  };

  Table empty_table() const {
    if constexpr (std::is_constructible_v<Hash, unsigned>) {
      return Table(0, Hash(shape_));
    } else {
      return Table();
    }
  }
  Number number() { return input_.below(domain_); }
  Key key(Number n) const { return kit::make<Key>(n); }
  Mapped value(Number n) const { return kit::make<Mapped>(n); }

  template <class Element>
  static Number key_of(const Element& element) {
    if constexpr (kIsMap) {
      return kit::number_of(element.first);
    } else {
      return kit::number_of(element);
    }
  }
  template <class Element>
  static Number value_of(const Element& element) {
    if constexpr (kIsMap) {
      return kit::number_of(element.second);
    } else {
      return kit::number_of(element);
    }
  }

  // ---- what must always be true -------------------------------------------------------------------------------------

  static void expect_counts(const Side& side) {
    using Growth = typename Table::growth_policy;
    const Table& table = side.table;
    const std::size_t capacity = table.bucket_count();
    expect(table.size() == side.reference.size(), "the sizes are equal");
    expect(capacity == 0 || (capacity >= 8 && std::has_single_bit(capacity)), "the capacity is a power of two");
    expect(capacity == 0 ? table.tombstone_count() == 0
                         : table.size() + table.tombstone_count() <= Growth::max_fill(capacity),
           "the fill is within the load limit");
  }
  void expect_equal(const Side& side) {
    std::size_t visited = 0;
    for (auto it = side.table.begin(); it != side.table.end(); ++it, ++visited) {
      const auto known = side.reference.find(key_of(*it));
      expect(known != side.reference.end() && known->second == value_of(*it), "an element is that of the reference");
    }
    expect(visited == side.reference.size(), "each element is visited once");
    for (const auto& [n, v] : side.reference) {
      const auto it = side.table.find(key(n));
      expect(it != side.table.end() && key_of(*it) == n && value_of(*it) == v, "each element is found");
    }
    work_ += 2 * visited;
  }
  // After a failure in the middle of several insertions: what was there is there, and all else comes from `offered`.
  void adopt(Side& side, const Reference& before, const Reference& offered, bool may_assign) {
    Reference now;
    for (const auto& element : side.table) {
      expect(now.emplace(key_of(element), value_of(element)).second, "no element is there twice");
    }
    for (const auto& [n, v] : before) {
      const auto it = now.find(n);
      expect(it != now.end(), "no element is lost");
      expect(it->second == v || (may_assign && offered.contains(n)), "no value changes");
    }
    for (const auto& [n, v] : now) expect(before.contains(n) || offered.contains(n), "no element comes from nowhere");
    side.reference = std::move(now);
    expect_equal(side);
  }

  // ---- operations ---------------------------------------------------------------------------------------------------

  void step() {
    switch (input_.below(24)) {
      case 0:
      case 1:
        return insert();
      case 2:
        return assign();
      case 3:
        return subscript();
      case 4:
      case 5:
        return erase();
      case 6:
        return erase_at();
      case 7:
        return erase_some();
      case 8:
        return take_out();
      case 9:
        return look_up();
      case 10:
        return look_up_many();
      case 11:
        return resize();
      case 12:
        return clear();
      case 13:
        return copy();
      case 14:
        return merge();
      case 15:
        return erase_many_by_key();
      case 16:
        return insert_from_itself();
      default:
        return insert_many();
    }
  }

  void insert() {
    auto& [table, reference] = sides_[0];
    const Number n = number();
    const Number v = kIsMap ? input_.byte() : n;
    const auto h = table.hash(key(n));
    const bool with_hash = input_.flag();
    std::optional<bool> is_new;
    attempt(input_, [&] {
      if constexpr (kIsMap) {
        is_new = with_hash ? table.try_emplace(h, key(n), value(v)).second : table.emplace(key(n), value(v)).second;
      } else {
        is_new = table.insert(key(n)).second;
      }
    });
    if (is_new) expect(reference.emplace(n, v).second == *is_new, "insertion knows whether the key is new");
  }
  void assign() {
    if constexpr (kIsMap && std::is_nothrow_move_assignable_v<Mapped>) {
      auto& [table, reference] = sides_[0];
      const Number n = number();
      const Number v = input_.byte();
      if (attempt(input_, [&] { table.insert_or_assign(key(n), value(v)); })) reference[n] = v;
    }
  }
  void subscript() {
    if constexpr (kIsMap && std::is_default_constructible_v<Mapped>) {
      auto& [table, reference] = sides_[0];
      const Number n = number();
      if (attempt(input_, [&] { table[key(n)]; }) && !reference.contains(n)) {
        reference[n] = kit::number_of(table.at(key(n)));
      }
    }
  }
  void erase() {
    auto& [table, reference] = sides_[0];
    const Number n = number();
    const auto h = table.hash(key(n));
    const bool with_hash = input_.flag();
    std::optional<std::size_t> erased;
    attempt(input_, [&] { erased = with_hash ? table.erase(key(n), h) : table.erase(key(n)); });
    if (erased) expect(*erased == reference.erase(n), "erasing knows whether the key was there");
  }
  void erase_at() {
    auto& [table, reference] = sides_[0];
    auto it = table.begin();
    for (std::size_t steps = input_.byte() % 16u; it != table.end() && steps > 0; --steps) ++it;
    for (std::size_t count = input_.byte() % 64u; it != table.end() && count > 0; --count) {
      reference.erase(key_of(*it));
      it = table.erase(it);
    }
  }
  void erase_some() {
    auto& [table, reference] = sides_[0];
    const Number divisor = 1u + input_.byte() % 7u;
    const auto is_chosen = [&](const auto& element) { return key_of(element) % divisor == 0; };
    const std::size_t erased = table.erase_if(is_chosen);
    expect(erased == std::erase_if(reference, [&](const auto& e) { return e.first % divisor == 0; }),
           "erase_if counts");
  }
  void erase_many_by_key() {
    auto& [table, reference] = sides_[0];
    const Number first = number();
    const Number last = first + input_.below(domain_ / 2 + 1);
    for (Number n = first; n < last; ++n) {
      expect(table.erase(key(n)) == reference.erase(n), "erasing knows whether the key was there");
    }
    work_ += last - first;
  }
  void take_out() {
    auto& [table, reference] = sides_[0];
    const Number n = number();
    std::optional<Number> taken;
    const bool came_through = attempt(input_, [&] {
      if (auto element = table.extract(key(n))) taken = value_of(*element);
    });
    if (!came_through) return;
    const auto known = reference.find(n);
    expect(taken.has_value() == (known != reference.end()), "extract knows whether the key was there");
    if (!taken) return;
    expect(*taken == known->second, "extract gives the element");
    reference.erase(known);
  }
  void look_up() {
    const auto& [table, reference] = sides_[0];
    const Number n = number();
    std::optional<bool> is_found;
    attempt(input_, [&] { is_found = table.contains(key(n)); });
    if (is_found) expect(*is_found == reference.contains(n), "contains() is right");
    expect(table.count(key(n), table.hash(key(n))) == reference.count(n), "count() with a hash is right");
  }
  void look_up_many() {
    auto& [table, reference] = sides_[0];
    std::vector<Key> keys;
    for (std::size_t count = input_.byte(); count > 0; --count) keys.push_back(key(number()));
    if constexpr (kIsMap) {
      std::vector<Mapped*> found(keys.size());
      table.find_batch(std::span<const Key>(keys), std::span<Mapped*>(found));
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto known = reference.find(kit::number_of(keys[i]));
        expect((found[i] != nullptr) == (known != reference.end()), "find_batch finds what is there");
        if (found[i] != nullptr) expect(kit::number_of(*found[i]) == known->second, "find_batch finds the value");
      }
    } else {
      std::vector<const Key*> found(keys.size());
      table.find_batch(std::span<const Key>(keys), std::span<const Key*>(found));
      for (std::size_t i = 0; i < keys.size(); ++i) {
        expect((found[i] != nullptr) == reference.contains(kit::number_of(keys[i])), "find_batch finds what is there");
      }
    }
  }
  void resize() {
    auto& [table, reference] = sides_[0];
    const std::size_t n = input_.below<std::size_t>(2 * domain_);
    const std::uint8_t how = input_.byte();
    attempt(input_, [&] {
      if (how % 4 == 0) table.shrink_to_fit();
      if (how % 4 == 1) table.rehash(n);
      if (how % 4 == 2) table.rehash(0);
      if (how % 4 == 3) table.reserve(n);
    });
    work_ += table.bucket_count() / 16;
    expect_equal(sides_[0]);
  }
  void clear() {
    auto& [table, reference] = sides_[0];
    const std::size_t capacity = table.bucket_count();
    if (input_.byte() % 4 != 0) return;
    table.clear();
    reference.clear();
    expect(table.bucket_count() == capacity, "clear() keeps the capacity");
  }
  void copy() {
    if constexpr (kCopies) {
      auto& [table, reference] = sides_[0];
      auto& other = sides_[1];
      work_ += table.bucket_count() / 16;
      std::optional<Table> made;
      attempt(input_, [&] { made.emplace(std::as_const(table)); });
      if (!made) return;
      if constexpr (!std::is_same_v<Mapped, Fragile>) expect(*made == table, "a copy is equal");
      other.table = std::move(*made);
      other.reference = reference;
    }
  }
  void merge() {
    auto& [table, reference] = sides_[0];
    auto& other = sides_[1];
    const Reference before = reference;
    const Reference other_before = other.reference;
    work_ += other.table.bucket_count() / 16 + other.table.size();
    if (attempt(input_, [&] { table.merge(other.table); })) {
      reference.merge(other.reference);
      return expect_equal(other);
    }
    adopt(sides_[0], before, other_before, false);
    Reference rest;
    for (const auto& element : other.table) rest.emplace(key_of(element), value_of(element));
    for (const auto& [n, v] : other_before) {
      expect(rest.contains(n) || (reference.contains(n) && !before.contains(n)), "merge loses no element");
      expect(!(rest.contains(n) && reference.contains(n) && !before.contains(n)), "merge doubles no element");
    }
    other.reference = std::move(rest);
    expect_equal(other);
  }
  void insert_from_itself() {
    if constexpr (kIsMap && kCopies) {
      auto& [table, reference] = sides_[0];
      if (table.empty()) return;
      const auto source = std::next(table.begin(), static_cast<std::ptrdiff_t>(input_.byte() % table.size()));
      const Number n = number();
      const Number v = value_of(*source);
      if (attempt(input_, [&] { table.try_emplace(key(n), source->second); })) reference.emplace(n, v);
    }
  }
  void insert_many() {
    auto& [table, reference] = sides_[0];
    const Number first = number();
    const Number count = input_.below(domain_ / 2 + 1);
    const Number stride = 1u + input_.byte() % 3u;
    const std::uint8_t how = input_.byte() % 3;
    Reference offered;
    std::vector<kit_element> elements;
    for (Number i = 0; i < count; ++i) {
      const Number n = (first + i * stride) % domain_;
      offered.emplace(n, kIsMap ? i & 0xFF : n);
      if constexpr (kIsMap) {
        elements.emplace_back(key(n), value(i & 0xFF));
      } else {
        elements.push_back(key(n));
      }
    }
    work_ += count;
    const Reference before = reference;
    const bool came_through = attempt(input_, [&] {
      if constexpr (kCopies) {
        if (how == 0) {
          table.insert_batch(elements);
          return;
        }
        if (how == 1) {
          table.insert(elements.begin(), elements.end());
          return;
        }
      }
      for (auto& element : elements) table.insert(std::move(element));
    });
    if (came_through) {
      for (const auto& entry : offered) reference.insert(entry);
    } else {
      adopt(sides_[0], before, offered, false);
    }
  }

  template <class T, bool is_map>
  struct ElementOf {
    using type = std::pair<Key, Mapped>;
  };
  template <class T>
  struct ElementOf<T, false> {
    using type = Key;
  };
  using kit_element = typename ElementOf<Table, kIsMap>::type;

  Input& input_;
  unsigned shape_;
  Number domain_;
  Number work_ = 0;
  Side sides_[2];
};

template <class Table>
void run_table_machine(Input& input) {
  TableMachine<Table>(input).run();
}

}  // namespace fuzz
