// SPDX-License-Identifier: MIT
/// @file What the two shared objects do with tables that others made, and make for others.
#pragma once

#include <perturb/hash_ring.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/pmr.hpp>
#include <perturb/sharded_table.hpp>

#include <string>
#include <utility>

namespace shared {

using Table = perturb::HashTable<int, int>;
using Names = perturb::HashSet<std::string>;
using Shards = perturb::ShardedTable<int, std::string, std::string>;
using Ring = perturb::HashRing<std::string>;
using Words = perturb::pmr::HashTable<std::string, std::string>;

/// The functions on one kind of table. All run in the object that gives the pointers.
template <class T>
struct Functions {
  T (*make_empty)();
  T (*make)(int from, int to);
  T* (*make_on_heap)();
  void (*delete_from_heap)(T*);
  void (*grow)(T&, int from, int to);
  void (*shrink)(T&, int from, int to);
  long (*count)(const T&);
  void (*take)(T);
  T (*pass)(T);
  void (*copy_assign)(T& to, const T& from);
  void (*move_assign)(T& to, T&& from);
  void (*swap)(T&, T&);
  void (*clear)(T&);
};

/// Iteration, where the kind has it.
template <class T>
struct Walk {
  typename T::iterator (*begin)(T&);
  typename T::iterator (*end)(T&);
  long (*count_between)(typename T::iterator, typename T::iterator);
  typename T::iterator (*erase)(T&, typename T::iterator);
  void (*release)(T&);  // gives all memory back
};

struct Api {
  Functions<Table> table;
  Walk<Table> table_walk;
  Functions<Names> names;
  Walk<Names> names_walk;
  Functions<Words> words;
  Walk<Words> words_walk;
  Functions<Shards> shards;
  Functions<Ring> ring;
};

// How each kind gets, loses and counts its elements.
inline void add(Table& table, int n) { table.emplace(n, n); }
inline void add(Names& names, int n) { names.insert("name " + std::to_string(n)); }
inline void add(Words& words, int n) { words.try_emplace(std::to_string(n), "a word of a fair length"); }
inline void add(Shards& shards, int n) {
  if (shards.ring().empty()) shards.add_node("node"), shards.add_node("another node");
  shards.set(n, std::to_string(n));
}
inline void add(Ring& ring, int n) { ring.add_node("node " + std::to_string(n)); }

inline void remove(Table& table, int n) { table.erase(n); }
inline void remove(Names& names, int n) { names.erase("name " + std::to_string(n)); }
inline void remove(Words& words, int n) { words.erase(std::to_string(n)); }
inline void remove(Shards& shards, int n) { shards.erase(n); }
inline void remove(Ring& ring, int n) { ring.remove_node("node " + std::to_string(n)); }

template <class T>
Functions<T> functions() {
  return {
      .make_empty = [] { return T(); },
      .make =
          [](int from, int to) {
            T made;
            for (int n = from; n < to; ++n) add(made, n);
            return made;
          },
      .make_on_heap = [] { return new T; },
      .delete_from_heap = [](T* made) { delete made; },
      .grow =
          [](T& table, int from, int to) {
            for (int n = from; n < to; ++n) add(table, n);
          },
      .shrink =
          [](T& table, int from, int to) {
            for (int n = from; n < to; ++n) remove(table, n);
          },
      .count = [](const T& table) { return static_cast<long>(table.size()); },
      .take = [](T) {},
      .pass = [](T table) { return table; },
      .copy_assign = [](T& to, const T& from) { to = from; },
      .move_assign = [](T& to, T&& from) { to = std::move(from); },
      .swap =
          [](T& a, T& b) {
            using std::swap;
            swap(a, b);
          },
      .clear = [](T& table) { table.clear(); },
  };
}

template <class T>
Walk<T> walk() {
  return {
      .begin = [](T& table) { return table.begin(); },
      .end = [](T& table) { return table.end(); },
      .count_between =
          [](typename T::iterator first, typename T::iterator last) {
            long count = 0;
            for (; first != last; ++first) ++count;
            return count;
          },
      .erase = [](T& table, typename T::iterator it) { return table.erase(it); },
      .release =
          [](T& table) {
            table.clear();
            table.rehash(0);
          },
  };
}

inline Api api() {
  return {
      .table = functions<Table>(),
      .table_walk = walk<Table>(),
      .names = functions<Names>(),
      .names_walk = walk<Names>(),
      .words = functions<Words>(),
      .words_walk = walk<Words>(),
      .shards = functions<Shards>(),
      .ring = functions<Ring>(),
  };
}

}  // namespace shared
