// SPDX-License-Identifier: MIT
// Operations on OrderedHashTable: those of every table (table_machine.hpp), and those that are about the order, beside
// a plain list.
#include "fuzz/table_machine.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using fuzz::expect;
using kit::Number;

template <class Key, class T>
using Failing =
    perturb::OrderedHashTable<Key, T, fuzz::ShapedHash, fuzz::FailingEqual, fuzz::Allocator<std::pair<const Key, T>>>;
/// A map and a list of its elements in order.
template <class Table>
class OrderMachine {
  using Key = typename Table::key_type;
  using Mapped = typename Table::mapped_type;
  using Items = std::vector<std::pair<Number, Number>>;

 public:
  explicit OrderMachine(fuzz::Input& input)
      : input_(input), table_(0, fuzz::ShapedHash(input.below(fuzz::ShapedHash::kShapes))) {
    constexpr Number kDomains[] = {6, 40, 300};
    domain_ = kDomains[input.below(std::size(kDomains))];
  }

  void run() {
    for (unsigned steps = 0; input_.is_left() && steps < 300 && work_ < 20'000; ++steps) {
      step();
      work_ += items_.size() + 1;
      if (steps % 8 == 7) expect_equal();
    }
    expect_equal();
  }

 private:
  static Key key(Number n) { return kit::make<Key>(n); }
  static Number number_of(const typename Table::value_type& element) { return kit::number_of(element.first); }
  Number number() { return input_.below(domain_); }
  typename Items::iterator in_list(Number n) {
    return std::find_if(items_.begin(), items_.end(), [n](const auto& item) { return item.first == n; });
  }
  static bool is_item(const typename Table::value_type& element, const typename Items::value_type& item) {
    return number_of(element) == item.first && kit::number_of(element.second) == item.second;
  }

  void expect_equal() {
    expect(table_.size() == items_.size(), "the sizes are equal");
    expect(std::equal(table_.begin(), table_.end(), items_.begin(), items_.end(), is_item), "the order is kept");
    auto it = table_.end();
    for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
      expect(is_item(*--it, *item), "the order backwards is the same");
    }
    expect(it == table_.begin(), "backwards it ends at the first");
    expect(table_.nth(items_.size()) == table_.end(), "there is no element after the last");
    if (items_.empty()) return;
    const std::size_t rank = input_.byte() % items_.size();
    expect(is_item(*table_.nth(rank), items_[rank]), "nth finds the element");
    expect(is_item(table_.front(), items_.front()) && is_item(table_.back(), items_.back()), "both ends are right");
    if (table_.is_contiguous()) {
      const auto entries = table_.entries();
      expect(std::equal(entries.begin(), entries.end(), items_.begin(), items_.end(), is_item), "entries() are all");
    }
  }

  void step() {
    switch (input_.below(15)) {
      case 0:
      case 1:
      case 2:
        return insert_many();
      case 3:
      case 4:
        return erase();
      case 5:
      case 6:
        return move();
      case 7:
        return pop(true);
      case 8:
        return pop(false);
      case 9:
        return erase_some();
      case 10:
        return sort();
      case 11:
        return resize();
      case 12:
        return reach_back();
      default:
        return insert(number(), input_.byte());
    }
  }

  void insert(Number n, Number v) {
    std::optional<bool> is_new;
    attempt(input_, [&] { is_new = table_.try_emplace(key(n), kit::make<Mapped>(v)).second; });
    if (!is_new) return;
    expect(*is_new == (in_list(n) == items_.end()), "insertion knows whether the key is new");
    if (*is_new) items_.emplace_back(n, v);
  }
  void insert_many() {
    const Number first = number();
    for (Number count = input_.below<Number>(40); count > 0; --count) insert((first + count) % domain_, count);
  }
  void erase() {
    const Number n = number();
    const auto item = in_list(n);
    if (input_.flag()) {
      const auto it = table_.find(key(n));
      expect((it == table_.end()) == (item == items_.end()), "find finds what is there");
      if (it == table_.end()) return;
      const auto next = table_.erase(it);
      const auto after = items_.erase(item);
      expect(after == items_.end() ? next == table_.end() : is_item(*next, *after), "erase gives the one after it");
      return;
    }
    std::optional<std::size_t> erased;
    attempt(input_, [&] { erased = table_.erase(key(n)); });
    if (!erased) return;
    expect(*erased == (item != items_.end() ? 1u : 0u), "erasing knows whether the key was there");
    if (item != items_.end()) items_.erase(item);
  }
  void move() {
    const Number n = number();
    const bool last = input_.flag();
    std::optional<bool> moved;
    attempt(input_, [&] { moved = table_.move_to_end(key(n), last); });
    if (!moved) return;
    const auto item = in_list(n);
    expect(*moved == (item != items_.end()), "move_to_end knows whether the key is there");
    if (!*moved) return;
    last ? std::rotate(item, item + 1, items_.end()) : std::rotate(items_.begin(), item, item + 1);
  }
  void pop(bool first) {
    for (unsigned count = input_.byte() % 16u; count > 0; --count) {
      const auto popped = first ? table_.pop_front() : table_.pop_back();
      expect(popped.has_value() == !items_.empty(), "there is an element to pop unless the table is empty");
      if (!popped) return;
      const auto item = first ? items_.begin() : std::prev(items_.end());
      expect(kit::number_of(popped->first) == item->first, "the first or the last is popped");
      items_.erase(item);
    }
  }
  void erase_some() {
    const Number divisor = 1u + input_.byte() % 7u;
    const auto leaves = [&](Number n) { return n % divisor == 0; };
    const std::size_t erased = table_.erase_if([&](const auto& element) { return leaves(number_of(element)); });
    expect(erased == std::erase_if(items_, [&](const auto& item) { return leaves(item.first); }), "erase_if counts");
  }
  void sort() {
    const Number modulus = 1u + input_.byte() % 5u;
    const auto before = [&](Number a, Number b) { return a % modulus < b % modulus; };
    const bool came_through = attempt(input_, [&] {
      table_.sort([&](const auto& a, const auto& b) {
        fuzz::Failures::point();
        return before(number_of(a), number_of(b));
      });
    });
    if (!came_through) return;
    for (auto it = items_.begin(); it != items_.end(); ++it) {
      const auto to = std::upper_bound(items_.begin(), it, *it,
                                       [&](const auto& a, const auto& b) { return before(a.first, b.first); });
      std::rotate(to, it, it + 1);
    }
  }
  void resize() {
    const auto n = static_cast<std::size_t>(input_.below(2 * domain_));
    const std::uint8_t how = input_.byte();
    attempt(input_, [&] {
      if (how % 4 == 0) table_.shrink_to_fit();
      if (how % 4 == 1) table_.rehash(n);
      if (how % 4 == 2) table_.reserve(n);
      if (how == 3) {
        table_.clear();
        items_.clear();
      }
    });
  }
  void reach_back() {
    auto it = table_.end();
    for (unsigned count = input_.byte() % 8u; count > 0 && it != table_.begin(); --count) --it;
    if (it == table_.end()) return;
    const auto item = in_list(number_of(*it));
    expect(item != items_.end(), "an element is that of the list");
    table_.erase(it);
    items_.erase(item);
  }

  fuzz::Input& input_;
  Table table_;
  Items items_;
  Number domain_;
  Number work_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  if (input.below(4) == 0) {
    fuzz::run_table_machine<Failing<std::uint32_t, fuzz::Fragile>>(input);
  } else {
    OrderMachine<Failing<std::string, std::unique_ptr<std::uint64_t>>>(input).run();
  }
  return 0;
}
