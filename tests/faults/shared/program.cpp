// SPDX-License-Identifier: MIT
/// @file Passes tables between itself and two shared objects, in both directions: usage: program [LEFT RIGHT]. Without
/// arguments the objects are those it is linked with, else they are loaded.
#include "api.hpp"

#include <dlfcn.h>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <utility>

namespace {

const char* kind = "";

void expect(bool holds, const char* what, int line) {
  if (holds) return;
  std::fprintf(stderr, "program.cpp:%d: %s: %s\n", line, kind, what);
  std::exit(1);
}
#define EXPECT(condition) expect(condition, #condition, __LINE__)

const shared::Api& api_of(const char* function, const char* file) {
  void* const object = file == nullptr ? RTLD_DEFAULT : dlopen(file, RTLD_NOW | RTLD_LOCAL);
  void* const found = dlsym(object, function);
  if (found == nullptr) {
    std::fprintf(stderr, "%s: %s\n", function, dlerror());
    std::exit(1);
  }
  return *reinterpret_cast<const shared::Api* (*)()>(found)();
}

/// A table that is made on side `a` is used, emptied and ended on side `b`.
template <class T>
void across(const shared::Functions<T>& a, const shared::Functions<T>& b) {
  {
    T empty = a.make_empty();
    EXPECT(b.count(empty) == 0);
    b.clear(empty);
    b.shrink(empty, 0, 3);
    b.grow(empty, 0, 50);
    a.grow(empty, 50, 100);
    EXPECT(a.count(empty) == 100 && b.count(empty) == 100);
    b.shrink(empty, 0, 90);
    EXPECT(a.count(empty) == 10);
    a.clear(empty);
    b.clear(empty);
  }
  {
    T made_by_a = a.make(0, 40);
    T made_by_b = b.make(0, 5);
    b.swap(made_by_a, made_by_b);
    EXPECT(a.count(made_by_b) == 40 && a.count(made_by_a) == 5);
    T empty = a.make_empty();
    b.swap(made_by_a, empty);
    EXPECT(b.count(made_by_a) == 0 && b.count(empty) == 5);
    b.swap(made_by_a, empty);
    b.move_assign(made_by_a, std::move(made_by_b));
    EXPECT(a.count(made_by_a) == 40 && a.count(made_by_b) == 0);
    a.grow(made_by_b, 0, 20);
    b.copy_assign(made_by_b, made_by_a);
    EXPECT(a.count(made_by_b) == 40);
    b.copy_assign(made_by_b, empty);
    EXPECT(a.count(made_by_b) == 0);
    b.move_assign(made_by_a, a.make_empty());
    EXPECT(b.count(made_by_a) == 0);
    b.grow(made_by_a, 0, 10);
  }
  {
    EXPECT(a.count(b.pass(a.make_empty())) == 0);
    T passed = a.pass(b.pass(a.make(0, 30)));
    EXPECT(passed.size() == 30);
    b.take(passed);
    b.take(std::move(passed));
    b.take(a.make_empty());
    T copy_of_an_empty(passed);
    b.grow(copy_of_an_empty, 0, 10);
    a.grow(passed, 0, 10);
    EXPECT(passed.size() == 10 && copy_of_an_empty.size() == 10);
  }
  {
    T* const first = a.make_on_heap();
    b.delete_from_heap(first);
    T* const second = a.make_on_heap();
    b.grow(*second, 0, 10);
    a.delete_from_heap(second);
    T* const third = a.make_on_heap();
    a.grow(*third, 0, 10);
    b.delete_from_heap(third);
  }
}

/// Iteration goes on, and ends, on another side than where it began.
template <class T>
void walk_across(const shared::Functions<T>& make, const shared::Walk<T>& a, const shared::Walk<T>& b) {
  for (const int n : {0, 1, 5, 200, 3000}) {
    T table = make.make(0, n);
    EXPECT(a.count_between(a.begin(table), b.end(table)) == n);
    EXPECT(a.count_between(b.begin(table), b.end(table)) == n);
    EXPECT(b.count_between(table.begin(), table.end()) == n);
    EXPECT(b.count_between(table.begin(), typename T::iterator()) == n);
    int erased = 0;
    for (auto it = a.begin(table); it != b.end(table); it = erased % 2 == 0 ? a.erase(table, it) : b.erase(table, it)) {
      ++erased;
    }
    EXPECT(erased == n && table.empty());
    b.release(table);
    a.release(table);
    EXPECT(a.begin(table) == b.end(table));
    make.grow(table, 0, 10);
    EXPECT(a.count_between(b.begin(table), a.end(table)) == 10);
  }
}

template <class T>
void all_ways(const char* name, std::initializer_list<const shared::Functions<T>*> sides) {
  kind = name;
  for (const auto* a : sides) {
    for (const auto* b : sides) across(*a, *b);
  }
}
template <class T>
void all_ways(const char* name, std::initializer_list<const shared::Functions<T>*> sides,
              std::initializer_list<const shared::Walk<T>*> walks) {
  all_ways(name, sides);
  for (const auto* make : sides) {
    for (const auto* a : walks) {
      for (const auto* b : walks) walk_across(*make, *a, *b);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool loads = argc == 3;
  const shared::Api& left = api_of("perturb_left_api", loads ? argv[1] : nullptr);
  const shared::Api& right = api_of("perturb_right_api", loads ? argv[2] : nullptr);
  const shared::Api own = shared::api();
  all_ways("HashTable", {&own.table, &left.table, &right.table},
           {&own.table_walk, &left.table_walk, &right.table_walk});
  all_ways("HashSet", {&own.names, &left.names, &right.names}, {&own.names_walk, &left.names_walk, &right.names_walk});
  all_ways("pmr::HashTable", {&own.words, &left.words, &right.words},
           {&own.words_walk, &left.words_walk, &right.words_walk});
  all_ways("ShardedTable", {&own.shards, &left.shards, &right.shards});
  all_ways("HashRing", {&own.ring, &left.ring, &right.ring});
  return 0;
}
