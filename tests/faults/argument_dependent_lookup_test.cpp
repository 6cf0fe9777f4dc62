// SPDX-License-Identifier: MIT
/// @file Keys, values, functions and allocators from a namespace that has a greedy template for every name that perturb
/// uses: none of its own calls may go there. All are deleted, so that one that does is an error.
#include "support/table_kinds.hpp"

#include <perturb/perturb.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace greedy {

struct Key {
  int number = 0;
  friend bool operator==(const Key& a, const Key& b) { return a.number == b.number; }
  template <class State>
  friend void perturb_hash(State& state, const Key& key) noexcept {
    state(key.number);
  }
};
/// Not trivial, so that tables move and destroy it one by one.
struct Value {
  Value() = default;
  explicit Value(int n) : text(std::to_string(n)) {}
  friend bool operator==(const Value& a, const Value& b) { return a.text == b.text; }
  std::string text;
};
/// Its move may throw.
struct Careful {
  explicit Careful(int n = 0) : number(n) {}
  Careful(const Careful& other) : number(other.number) {}
  Careful& operator=(const Careful&) = default;
  friend bool operator==(const Careful& a, const Careful& b) { return a.number == b.number; }
  int number;
};
struct Hash {
  using is_transparent = void;
  std::size_t operator()(const Key& key) const { return std::hash<int>()(key.number); }
  std::size_t operator()(int number) const { return std::hash<int>()(number); }
};
struct Equal {
  using is_transparent = void;
  bool operator()(const Key& a, const Key& b) const { return a.number == b.number; }
  bool operator()(int a, const Key& b) const { return a == b.number; }
};
template <class T>
struct Allocator {
  using value_type = T;
  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) {}
  T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* memory, std::size_t n) { std::allocator<T>().deallocate(memory, n); }
  friend bool operator==(const Allocator&, const Allocator&) { return true; }
};
struct Growth : perturb::growth::Dict {};
struct Node {
  std::string name;
  const std::string& id() const { return name; }
  friend bool operator==(const Node&, const Node&) = default;
};

}  // namespace greedy

// In the namespace of the types, after them: found by argument-dependent look-up alone.
namespace greedy {

#define GREEDY(name)                      \
  template <class... Args>                \
  void name(Args&&...) = delete;          \
  template <class A>                      \
  void name(A&&) = delete;                \
  template <class A>                      \
  void name(const A&) = delete;           \
  template <class A, class B>             \
  void name(A&&, B&&) = delete;           \
  template <class A, class B>             \
  void name(const A&, const B&) = delete; \
  template <class A, class B, class C>    \
  void name(A&&, B&&, C&&) = delete

// clang-format off
GREEDY(absorb); GREEDY(absorb_floating); GREEDY(absorb_range); GREEDY(absorb_tuple); GREEDY(absorb_wide); GREEDY(add);
GREEDY(add_node); GREEDY(add_nodes); GREEDY(addressof); GREEDY(adopt); GREEDY(advance); GREEDY(advise);
GREEDY(allocate); GREEDY(allocate_index); GREEDY(allocator); GREEDY(allocator_); GREEDY(append); GREEDY(appended);
GREEDY(arc_at); GREEDY(arc_ends); GREEDY(arcs); GREEDY(arcs_); GREEDY(arcs_of); GREEDY(array); GREEDY(array_);
GREEDY(arriving_); GREEDY(assign); GREEDY(assign_each); GREEDY(assigned); GREEDY(at); GREEDY(at_least);
GREEDY(at_offset); GREEDY(at_place); GREEDY(back); GREEDY(balance); GREEDY(balance_of); GREEDY(base_); GREEDY(before);
GREEDY(before_); GREEDY(begin_); GREEDY(begin_of); GREEDY(belongs_to); GREEDY(bit_ceil); GREEDY(bit_floor);
GREEDY(bit_width); GREEDY(bits_); GREEDY(block); GREEDY(block_); GREEDY(blocks); GREEDY(bucket_count);
GREEDY(bucket_place); GREEDY(byte_at); GREEDY(bytes); GREEDY(bytes_); GREEDY(c); GREEDY(can_move);
GREEDY(can_roll_back); GREEDY(cannot_throw); GREEDY(capacity); GREEDY(capacity_); GREEDY(capacity_for); GREEDY(cbegin);
GREEDY(ceil); GREEDY(cend); GREEDY(change_to); GREEDY(changes_node); GREEDY(check_); GREEDY(check_hash);
GREEDY(check_idle); GREEDY(check_point_count); GREEDY(check_stored_key); GREEDY(check_usable); GREEDY(check_weight);
GREEDY(checked_front); GREEDY(checked_place); GREEDY(clear); GREEDY(clear_holes); GREEDY(commit);
GREEDY(common_segments); GREEDY(comparable_with); GREEDY(compare); GREEDY(compare_until); GREEDY(construct);
GREEDY(construct_copied_part); GREEDY(construct_moved_part); GREEDY(contains); GREEDY(control); GREEDY(control_bytes);
GREEDY(control_of); GREEDY(controls); GREEDY(controls_); GREEDY(copied); GREEDY(copies_bytes); GREEDY(copy);
GREEDY(copy_array); GREEDY(copy_bytes); GREEDY(copy_elements); GREEDY(copy_entries); GREEDY(copy_hash);
GREEDY(copy_hashes); GREEDY(copy_index); GREEDY(copy_row); GREEDY(copy_slot_bytes); GREEDY(core_);
GREEDY(core_allocator); GREEDY(count); GREEDY(count_); GREEDY(count_before); GREEDY(countl_zero); GREEDY(countr_zero);
GREEDY(counts_); GREEDY(has_counts); GREEDY(crc16); GREEDY(crc16_in_32_bits); GREEDY(crc32); GREEDY(crc32_in_15_bits);
GREEDY(data); GREEDY(deallocate); GREEDY(deallocate_index); GREEDY(departing); GREEDY(departure); GREEDY(destroy);
GREEDY(destroy_copied_part); GREEDY(destroy_elements); GREEDY(destroys_nothing); GREEDY(device); GREEDY(digest);
GREEDY(dismiss); GREEDY(distance_to); GREEDY(djb2); GREEDY(drop_array); GREEDY(drop_lowest); GREEDY(drop_memory);
GREEDY(drop_staying); GREEDY(element); GREEDY(elements); GREEDY(emit); GREEDY(emplace); GREEDY(emplace_hint);
GREEDY(emplace_value); GREEDY(empty); GREEDY(empty_shards); GREEDY(end_); GREEDY(end_of); GREEDY(end_of_run);
GREEDY(ends_); GREEDY(ends_of); GREEDY(entries); GREEDY(entries_in_word); GREEDY(entry); GREEDY(equal); GREEDY(equal_);
GREEDY(equal_range); GREEDY(equal_values); GREEDY(erase); GREEDY(erase_and_shrink); GREEDY(erase_if);
GREEDY(erase_in_group); GREEDY(erased); GREEDY(exact_shares); GREEDY(exchange); GREEDY(expected_distinct_tags);
GREEDY(extract); GREEDY(extract_found); GREEDY(extracts_safely); GREEDY(f); GREEDY(fill); GREEDY(fill_holes);
GREEDY(final_step); GREEDY(find); GREEDY(find_batch); GREEDY(find_batch_into); GREEDY(find_hashed); GREEDY(find_in);
GREEDY(find_in_group); GREEDY(find_node); GREEDY(find_or_insert); GREEDY(find_owner); GREEDY(find_wide);
GREEDY(finish); GREEDY(finish_rehash); GREEDY(finished); GREEDY(first); GREEDY(first_); GREEDY(first_eight);
GREEDY(first_free); GREEDY(first_from); GREEDY(first_not_placed); GREEDY(first_of); GREEDY(first_used);
GREEDY(fit_tables); GREEDY(floor); GREEDY(fnv1); GREEDY(fnv1_32); GREEDY(fnv1_64); GREEDY(fnv1a); GREEDY(fnv1a_32);
GREEDY(fnv1a_64); GREEDY(fnv1a_64_in_32_bits); GREEDY(fold); GREEDY(fold_integer); GREEDY(fold_multiply);
GREEDY(fold_multiply_portable); GREEDY(for_each); GREEDY(for_each_arc_of); GREEDY(for_each_full); GREEDY(for_each_on);
GREEDY(forget); GREEDY(forget_all); GREEDY(found); GREEDY(found_); GREEDY(fraction); GREEDY(fraction_of_ring);
GREEDY(free_array); GREEDY(lengthen_run); GREEDY(free_memory); GREEDY(from_range_t); GREEDY(front);
GREEDY(full_lanes); GREEDY(functions_); GREEDY(gap); GREEDY(gather); GREEDY(generation); GREEDY(generation_);
GREEDY(get_allocator); GREEDY(get_or); GREEDY(give_up); GREEDY(go_on); GREEDY(group); GREEDY(group_of);
GREEDY(grow_index); GREEDY(growth_left); GREEDY(guard); GREEDY(h); GREEDY(half); GREEDY(half_ring);
GREEDY(haproxy_full_hash); GREEDY(has_empty); GREEDY(has_empty_in_group); GREEDY(has_free_entries); GREEDY(has_memory);
GREEDY(has_new_index); GREEDY(hash); GREEDY(hash_); GREEDY(hash_as_bytes); GREEDY(hash_at); GREEDY(hash_elements);
GREEDY(hash_function); GREEDY(hash_key); GREEDY(hash_of); GREEDY(hash_value); GREEDY(hasher); GREEDY(hashes);
GREEDY(hashlittle); GREEDY(high_); GREEDY(high_bits); GREEDY(holds); GREEDY(hole_words); GREEDY(holes);
GREEDY(holes_before); GREEDY(home_mask); GREEDY(hsieh); GREEDY(i_); GREEDY(id); GREEDY(identity_bytes);
GREEDY(identity_text); GREEDY(identity_type); GREEDY(index); GREEDY(index_); GREEDY(index_bytes);
GREEDY(index_entries); GREEDY(insert); GREEDY(insert_batch); GREEDY(insert_hashed); GREEDY(insert_one);
GREEDY(insert_or_assign); GREEDY(insert_range); GREEDY(insert_slowly); GREEDY(insert_unique); GREEDY(insert_with_key);
GREEDY(insert_with_rehash); GREEDY(integer_cast); GREEDY(is_before); GREEDY(is_consistent); GREEDY(is_contiguous);
GREEDY(is_dense); GREEDY(is_empty_arc); GREEDY(is_equal); GREEDY(is_hole); GREEDY(is_huge); GREEDY(is_less);
GREEDY(is_mixed); GREEDY(is_named); GREEDY(is_nothrow_comparable); GREEDY(is_open); GREEDY(is_rank_in_word);
GREEDY(is_recent); GREEDY(is_small); GREEDY(is_sparse); GREEDY(is_trivial); GREEDY(is_whole); GREEDY(it_);
GREEDY(items); GREEDY(iterator_at); GREEDY(jenkins_lookup3); GREEDY(joins_before); GREEDY(keep); GREEDY(keeps_hash);
GREEDY(key); GREEDY(key_comes_first); GREEDY(key_eq); GREEDY(key_equal); GREEDY(key_from); GREEDY(key_goes_first);
GREEDY(key_in); GREEDY(key_of); GREEDY(key_token); GREEDY(key_traits); GREEDY(key_transfer); GREEDY(keys);
GREEDY(keys_); GREEDY(lane); GREEDY(last); GREEDY(layout); GREEDY(least); GREEDY(least_capacity); GREEDY(limit);
GREEDY(line_up); GREEDY(little_endian_bytes); GREEDY(load); GREEDY(load_factor); GREEDY(load_little_endian);
GREEDY(locate); GREEDY(log2); GREEDY(look); GREEDY(look_further); GREEDY(lose); GREEDY(low_); GREEDY(lower_plain);
GREEDY(lowers); GREEDY(lowest); GREEDY(make); GREEDY(make_dense); GREEDY(make_room); GREEDY(mark); GREEDY(mark_erased);
GREEDY(mask); GREEDY(mask_); GREEDY(mask_of); GREEDY(match); GREEDY(match_empty); GREEDY(match_full);
GREEDY(match_tag); GREEDY(match_tombstone); GREEDY(max); GREEDY(max_bucket_count); GREEDY(max_bytes);
GREEDY(max_capacity); GREEDY(max_entries); GREEDY(max_fill); GREEDY(max_load_factor); GREEDY(max_size); GREEDY(md5);
GREEDY(mean_probe_length); GREEDY(memcpy); GREEDY(memory); GREEDY(memory_); GREEDY(memory_bytes); GREEDY(memset);
GREEDY(merge); GREEDY(merged); GREEDY(min); GREEDY(mine); GREEDY(mix); GREEDY(mix_step); GREEDY(mixed);
GREEDY(mixed_high); GREEDY(mixed_low); GREEDY(modified); GREEDY(more_entries); GREEDY(move); GREEDY(move_all);
GREEDY(move_all_carefully); GREEDY(move_at_risk); GREEDY(move_carefully); GREEDY(move_construct);
GREEDY(move_elements); GREEDY(move_elements_by); GREEDY(move_entries); GREEDY(move_found); GREEDY(move_to);
GREEDY(move_to_end); GREEDY(move_up); GREEDY(move_up_word); GREEDY(moved); GREEDY(moved_up); GREEDY(mover);
GREEDY(moves_out); GREEDY(moves_without_throwing); GREEDY(murmur2_32); GREEDY(murmur2_64a); GREEDY(murmur3_x64_128);
GREEDY(murmur3_x86_32); GREEDY(narrow_); GREEDY(narrow_buckets_); GREEDY(new_memory); GREEDY(next); GREEDY(next_);
GREEDY(next_arcs_); GREEDY(next_by_holes); GREEDY(next_entries); GREEDY(next_shards_); GREEDY(no_controls);
GREEDY(node); GREEDY(node_size); GREEDY(node_sizes_); GREEDY(nodes); GREEDY(nodes_); GREEDY(none); GREEDY(nth);
GREEDY(number_nodes); GREEDY(number_of); GREEDY(numbered); GREEDY(numbers); GREEDY(of); GREEDY(offset);
GREEDY(offset_); GREEDY(offset_of); GREEDY(on_throw); GREEDY(one_at_a_time); GREEDY(order); GREEDY(os_seed);
GREEDY(owner); GREEDY(owner_of); GREEDY(owner_of_token); GREEDY(packed); GREEDY(padded); GREEDY(perturb_);
GREEDY(place); GREEDY(place_again); GREEDY(place_all); GREEDY(place_cut_tables); GREEDY(place_left);
GREEDY(place_whole_tables); GREEDY(placement); GREEDY(placement_); GREEDY(plain); GREEDY(plain_offset); GREEDY(plan);
GREEDY(point_count); GREEDY(point_hash_); GREEDY(pointer_to); GREEDY(points); GREEDY(points_); GREEDY(pop);
GREEDY(pop_back); GREEDY(pop_found); GREEDY(pop_front); GREEDY(popcount); GREEDY(position); GREEDY(position_);
GREEDY(position_of); GREEDY(position_of_rank); GREEDY(position_of_this); GREEDY(position_width); GREEDY(positions);
GREEDY(predicate); GREEDY(preference_list); GREEDY(prefetch); GREEDY(prefetch_ahead); GREEDY(prefetch_empty);
GREEDY(prefetch_from); GREEDY(prefetch_group); GREEDY(prefetch_target); GREEDY(prepended); GREEDY(present);
GREEDY(previous); GREEDY(probe); GREEDY(probe_groups); GREEDY(publish); GREEDY(published); GREEDY(raise);
GREEDY(raise_cannot_move); GREEDY(raise_floor); GREEDY(rank); GREEDY(rank_of); GREEDY(read); GREEDY(rebalance);
GREEDY(rebuild); GREEDY(receiver); GREEDY(rehash); GREEDY(rehash_to); GREEDY(rehashed); GREEDY(rehashes_);
GREEDY(release); GREEDY(relocate); GREEDY(remove); GREEDY(remove_node); GREEDY(renumber); GREEDY(replacement);
GREEDY(reserve); GREEDY(reset); GREEDY(reset_counts); GREEDY(result); GREEDY(ring); GREEDY(ring_); GREEDY(round);
GREEDY(route); GREEDY(run); GREEDY(sdbm); GREEDY(search); GREEDY(search_singly); GREEDY(seed); GREEDY(seed_);
GREEDY(sentence_); GREEDY(seq); GREEDY(sequence); GREEDY(set); GREEDY(set_all_empty); GREEDY(set_array);
GREEDY(set_capacity); GREEDY(set_default); GREEDY(set_index); GREEDY(set_memory); GREEDY(set_position);
GREEDY(set_weight); GREEDY(shards_); GREEDY(share); GREEDY(shares); GREEDY(shrink); GREEDY(shrink_after_erase);
GREEDY(shrink_after_many); GREEDY(shrink_if_sparse); GREEDY(shrink_to); GREEDY(shrink_to_fit); GREEDY(shrinks);
GREEDY(shrunk_for); GREEDY(sin); GREEDY(size); GREEDY(size_); GREEDY(slot); GREEDY(slot_); GREEDY(slot_at);
GREEDY(slot_bytes); GREEDY(small_controls); GREEDY(smaller); GREEDY(sort); GREEDY(source); GREEDY(source_);
GREEDY(span_of); GREEDY(spread); GREEDY(sqrt); GREEDY(start); GREEDY(start_); GREEDY(state); GREEDY(state_);
GREEDY(stats); GREEDY(stats_of); GREEDY(stays_as_); GREEDY(step); GREEDY(steps_); GREEDY(stream); GREEDY(swap_arrays);
GREEDY(swap_each); GREEDY(swap_functions); GREEDY(sweep); GREEDY(table); GREEDY(table_); GREEDY(tag_of); GREEDY(take);
GREEDY(take_array); GREEDY(take_entries); GREEDY(take_joining); GREEDY(taken); GREEDY(target); GREEDY(target_);
GREEDY(target_for); GREEDY(text); GREEDY(text_of); GREEDY(theirs); GREEDY(there); GREEDY(to); GREEDY(to_address);
GREEDY(to_come_); GREEDY(token); GREEDY(token_of_hash); GREEDY(tokens); GREEDY(tombstone); GREEDY(tombstone_count);
GREEDY(tombstones); GREEDY(transfer); GREEDY(transfer_construct); GREEDY(transfer_element); GREEDY(transfer_of);
GREEDY(try_emplace); GREEDY(tuple_traits); GREEDY(two_digits); GREEDY(undo); GREEDY(undo_one); GREEDY(up);
GREEDY(update); GREEDY(usable); GREEDY(used); GREEDY(value); GREEDY(checked_back); GREEDY(value_transfer); GREEDY(values);
GREEDY(variant_traits); GREEDY(vdupq_n_u8); GREEDY(verdict); GREEDY(vget_lane_u64); GREEDY(visit);
GREEDY(visit_entries); GREEDY(visit_first); GREEDY(vshrn_n_u16); GREEDY(waiting); GREEDY(walk); GREEDY(was_empty);
GREEDY(watch); GREEDY(weight); GREEDY(weights); GREEDY(what); GREEDY(wide_); GREEDY(widened); GREEDY(width);
GREEDY(with); GREEDY(with_identity); GREEDY(with_weight); GREEDY(with_width); GREEDY(without); GREEDY(word);
GREEDY(words); GREEDY(words_for_holes); GREEDY(write); GREEDY(write_); GREEDY(writer); GREEDY(writer_); GREEDY(wt6);
GREEDY(xxh3); GREEDY(xxh32); GREEDY(xxh64); GREEDY(zero_bytes);
// clang-format on

#undef GREEDY

template <class A, class B>
void operator,(A&&, B&&) = delete;
template <class A>
void operator&(A&&) = delete;

}  // namespace greedy

namespace {

using greedy::Careful;
using greedy::Key;
using greedy::Node;
using greedy::Value;

using kit::HashKind;
using kit::OrderedKind;

template <class T, class Kind = HashKind>
using TableOf = kit::TableOf<Kind, Key, T>;
template <class T, class Kind = HashKind>
using FullTableOf =
    kit::TableOf<Kind, Key, T, greedy::Hash, greedy::Equal, greedy::Allocator<std::pair<const Key, T>>, greedy::Growth>;

template <class Table>
class ArgumentDependentLookupInTables : public ::testing::Test {};
using Tables =
    ::testing::Types<TableOf<int>, TableOf<Value>, TableOf<Careful>, perturb::HashTable<int, Value>, FullTableOf<int>,
                     FullTableOf<Value>, FullTableOf<Careful>, TableOf<int, OrderedKind>, TableOf<Value, OrderedKind>,
                     perturb::OrderedHashTable<int, Value>, FullTableOf<int, OrderedKind>,
                     FullTableOf<Value, OrderedKind>, FullTableOf<Careful, OrderedKind>>;
TYPED_TEST_SUITE(ArgumentDependentLookupInTables, Tables);

TYPED_TEST(ArgumentDependentLookupInTables, FindsNothingForAnyMember) {
  using K = typename TypeParam::key_type;
  using T = typename TypeParam::mapped_type;
  TypeParam table;
  for (int n = 0; n < 100; ++n) table.try_emplace(K{n}, T(n));
  table.insert({K{100}, T(1)});
  table.emplace(K{101}, T(1));
  table.emplace(std::piecewise_construct, std::forward_as_tuple(K{102}), std::forward_as_tuple(1));
  table.insert_or_assign(K{100}, T(2));
  table.set_default(K{103});
  table[K{104}] = T(5);
  EXPECT_TRUE(table.contains(K{3}) && table.count(K{4}) == 1 && table.find(K{3}) != table.end());
  EXPECT_TRUE(table.at(K{5}) == T(5) && *table.get(K{6}) == T(6) && table.get_or(K{7}, T(0)) == T(7));
  const perturb::HashValue hash = table.hash(K{3});
  EXPECT_TRUE(table.contains(K{3}, hash) && table.find(K{3}, hash) != table.end());
  table.try_emplace(hash, K{3}, T(3));
  const std::array<K, 3> keys{K{1}, K{2}, K{3}};
  std::array<T*, 3> values{};
  table.find_batch(std::span<const K>(keys), std::span<T*>(values));
  EXPECT_TRUE(values[2] != nullptr);
  const std::vector<std::pair<K, T>> pairs{{K{200}, T(1)}, {K{201}, T(1)}};
  table.insert_batch(pairs);
  table.insert_range(pairs);
  table.insert(pairs.begin(), pairs.end());
  table.update(pairs);
  EXPECT_TRUE(table.pop(K{200}).has_value());
  EXPECT_TRUE(table.extract(K{201}).has_value());
  static_cast<void>(table.extract(table.begin()));
  table.erase(table.begin());
  EXPECT_TRUE(table.erase(K{50}) == 1);
  perturb::erase_if(table, [](const auto& element) { return element.second == T(60); });
  TypeParam copy(table);
  copy.merge(table);
  EXPECT_TRUE(copy == table);
  copy = table;
  TypeParam moved(std::move(copy));
  moved.swap(table);
  swap(moved, table);
  table.rehash(1000);
  table.reserve(2000);
  table.shrink_to_fit();
  for (int n = 1000; n < 5000; ++n) {
    table.try_emplace(K{n}, T(n));
    table.erase(K{n - 50});
  }
  std::size_t count = 0;
  for (const auto& key : table.keys()) count += key == key ? 1U : 0U;
  for (auto& value : table.values()) count += value == value ? 1U : 0U;
  for (const auto& element : table.items()) count += element == element ? 1U : 0U;
  EXPECT_TRUE(count == 3 * table.size());
  EXPECT_TRUE(!table.stats().verdict().empty());
  if constexpr (kit::kIsOrdered<TypeParam>) {
    EXPECT_TRUE(table.front().second == table.nth(0)->second && table.back().second == std::prev(table.end())->second);
    const auto last = table.pop_back();
    EXPECT_TRUE(last.has_value() && table.pop_front().has_value());
    for (int i = 0; i < 3000; ++i) {
      EXPECT_TRUE(table.move_to_end(K{4960 + i % 30}, i % 2 == 0));
      EXPECT_TRUE(table.move_to_end(K{4960}, table.hash(K{4960})));
    }
    table.sort([](const auto& a, const auto& b) { return std::addressof(a) < std::addressof(b); });
    EXPECT_TRUE(table.is_contiguous() && table.entries().size() == table.size());
    EXPECT_TRUE(std::as_const(table).entries().size() == table.size());
  }
  table.clear();
}

template <class Kind>
class ArgumentDependentLookupInSets : public ::testing::Test {};
TYPED_TEST_SUITE(ArgumentDependentLookupInSets, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(ArgumentDependentLookupInSets, FindsNothingForAnyMember) {
  kit::SetOf<TypeParam, Key> set;
  kit::SetOf<TypeParam, Key, greedy::Hash, greedy::Equal, greedy::Allocator<Key>, greedy::Growth> full;
  std::vector<Key> keys;
  for (int n = 0; n < 300; ++n) keys.push_back(Key{n});
  set.insert(keys.begin(), keys.end());
  set.insert_batch(keys);
  full.insert_range(keys);
  full.insert_batch(keys);
  for (int n = 0; n < 290; ++n) {
    EXPECT_TRUE(set.erase(Key{n}) == 1);
    EXPECT_TRUE(full.erase(n) == 1);
  }
  EXPECT_TRUE(set.extract(Key{295}).has_value());
  EXPECT_TRUE(full.contains(295));
  const std::array<Key, 2> sought{Key{291}, Key{1}};
  std::array<const Key*, 2> found{};
  set.find_batch(std::span<const Key>(sought), std::span<const Key*>(found));
  EXPECT_TRUE(found[0] != nullptr && found[1] == nullptr);
  set.rehash(0);
  auto copy = set;
  copy.merge(set);
  EXPECT_TRUE(copy == set);
  if constexpr (kit::kIsOrdered<decltype(set)>) {
    EXPECT_TRUE(set.move_to_end(set.front()) && full.move_to_end(296, false));
    set.sort([](const Key& a, const Key& b) { return a.number > b.number; });
    EXPECT_TRUE(set.pop_front()->number == 299 && full.pop_front()->number == 296);
  }
}

TYPED_TEST(ArgumentDependentLookupInSets, FindsNothingForKeysInStandardTypes) {
  kit::SetOf<TypeParam, std::pair<Key, std::vector<Key>>> set;
  set.emplace(Key{1}, std::vector<Key>{Key{2}});
  EXPECT_TRUE(set.contains({Key{1}, {Key{2}}}));
  kit::TableOf<TypeParam, std::unique_ptr<Key>, std::shared_ptr<Value>> pointers;
  pointers.try_emplace(std::make_unique<Key>(), nullptr);
  pointers.rehash(100);
  EXPECT_TRUE(pointers.size() == 1);
}

TEST(ArgumentDependentLookup, FindsNothingForRingsAndShards) {
  perturb::HashRing<Node> ring;
  ring.add_node(Node{"a"});
  ring.add_node(Node{"b"}, 2.0);
  EXPECT_TRUE(ring.owner(Key{1}).name.size() == 1);
  EXPECT_TRUE(ring.preference_list(Key{1}, 2).size() == 2);
  ring.set_weight("a", 2.0);
  EXPECT_TRUE(ring.share("a") > 0 && ring.balance().peak > 0);
  perturb::ShardedTable<Key, Value, Node> table;
  table.add_node(Node{"a"});
  table.add_node(Node{"b"});
  for (int n = 0; n < 200; ++n) table.set(Key{n}, Value(n));
  table.add_node(Node{"c"});
  table.remove_node("a");
  for (int n = 0; n < 200; ++n) EXPECT_TRUE(*table.get(Key{n}) == Value(n));
  std::size_t count = 0;
  table.for_each([&](const Key&, const Value&) { ++count; });
  EXPECT_TRUE(count == 200 && table.erase(Key{1}));
  ring.remove_node("a");
}

}  // namespace
