// SPDX-License-Identifier: MIT
// An LRU cache: an ordered table whose first element is the one that was not used for the longest time.
#include <perturb/ordered_hash_table.hpp>

#include <cstddef>
#include <iostream>
#include <string>
#include <utility>

template <class Key, class T>
class LruCache {
 public:
  explicit LruCache(std::size_t capacity) : capacity_(capacity) { entries_.reserve(capacity + 1); }

  const T* get(const Key& key) {
    entries_.move_to_end(key);
    return entries_.get(key);
  }

  void put(const Key& key, T value) {
    entries_.insert_or_assign(key, std::move(value));
    entries_.move_to_end(key);
    if (entries_.size() > capacity_) entries_.pop_front();
  }

  auto keys() const { return entries_.keys(); }

 private:
  std::size_t capacity_;
  perturb::OrderedHashTable<Key, T> entries_;
};

int main() {
  LruCache<std::string, int> cache(3);
  for (const char* page : {"index", "about", "news", "index", "contact", "news"}) {
    if (const int* size = cache.get(page)) {
      std::cout << page << ": a hit of " << *size << " bytes;";
    } else {
      cache.put(page, static_cast<int>(1000 + std::string(page).size()));
      std::cout << page << ": loaded;";
    }
    for (const std::string& key : cache.keys()) std::cout << ' ' << key;
    std::cout << '\n';
  }
}
