// SPDX-License-Identifier: MIT
/// @file Allocators of the table tests: one with an id, any combination of propagation traits and a ledger that knows
/// every block and every constructed object; one whose pointers are objects; and memory resources by number.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <memory_resource>
#include <new>
#include <type_traits>
#include <utility>

namespace kit {

/// Who allocated what. One ledger for the process: the tests run in one thread.
class Ledger {
 public:
  static Ledger& instance() {
    static Ledger ledger;
    return ledger;
  }

  void allocated(void* block, std::size_t bytes, int id) {
    blocks_[block] = {bytes, id};
    ++allocations_;
  }
  void deallocating(void* block, std::size_t bytes, int id) {
    const auto found = blocks_.find(block);
    ASSERT_NE(found, blocks_.end()) << "a block is given back that was not handed out";
    EXPECT_EQ(found->second.bytes, bytes) << "a block is given back with another size than it was asked for";
    EXPECT_EQ(found->second.id, id) << "a block is given back to an allocator unequal to the one it came from";
    blocks_.erase(found);
  }
  void constructed() { ++constructed_; }
  void destroyed() { ++destroyed_; }

  std::size_t blocks() const { return blocks_.size(); }
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& [address, block] : blocks_) sum += block.bytes;
    return sum;
  }
  std::size_t blocks_of(int id) const {
    std::size_t count = 0;
    for (const auto& [address, block] : blocks_) count += block.id == id ? 1 : 0;
    return count;
  }
  std::uint64_t allocations() const { return allocations_; }
  std::uint64_t constructions() const { return constructed_; }
  std::uint64_t destructions() const { return destroyed_; }

 private:
  struct Block {
    std::size_t bytes;
    int id;
  };
  std::map<void*, Block> blocks_;
  std::uint64_t allocations_ = 0;
  std::uint64_t constructed_ = 0;
  std::uint64_t destroyed_ = 0;
};

template <class T>
T* allocate_aligned(std::size_t n) {
  return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{alignof(T)}));
}
template <class T>
void deallocate_aligned(T* block) {
  ::operator delete(block, std::align_val_t{alignof(T)});
}

/// Which of an allocator's traits are true, and whether a copied container gets another id (id + 100).
struct Propagate {
  bool on_copy = false;
  bool on_move = false;
  bool on_swap = false;
  bool new_id_on_copy_construction = false;
};
inline constexpr Propagate kPropagateNever{};
inline constexpr Propagate kPropagateAlways{true, true, true, false};

template <class T, Propagate Traits>
class IdAllocator {
 public:
  using value_type = T;
  using is_always_equal = std::false_type;
  using propagate_on_container_copy_assignment = std::bool_constant<Traits.on_copy>;
  using propagate_on_container_move_assignment = std::bool_constant<Traits.on_move>;
  using propagate_on_container_swap = std::bool_constant<Traits.on_swap>;
  template <class U>
  struct rebind {
    using other = IdAllocator<U, Traits>;
  };

  explicit IdAllocator(int id = 0) noexcept : id_(id) {}
  template <class U>
  IdAllocator(const IdAllocator<U, Traits>& other) noexcept : id_(other.id()) {}

  T* allocate(std::size_t n) {
    T* block = allocate_aligned<T>(n);
    Ledger::instance().allocated(block, n * sizeof(T), id_);
    return block;
  }
  void deallocate(T* block, std::size_t n) noexcept {
    Ledger::instance().deallocating(block, n * sizeof(T), id_);
    deallocate_aligned(block);
  }
  template <class U, class... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
    Ledger::instance().constructed();
  }
  template <class U>
  void destroy(U* place) noexcept {
    Ledger::instance().destroyed();
    place->~U();
  }
  IdAllocator select_on_container_copy_construction() const {
    return IdAllocator(Traits.new_id_on_copy_construction ? id_ + 100 : id_);
  }

  int id() const noexcept { return id_; }
  friend bool operator==(const IdAllocator& a, const IdAllocator& b) noexcept { return a.id_ == b.id_; }

 private:
  int id_;
};

/// A pointer that is an object, as interprocess allocators have: no conversion to T* but through to_address.
template <class T>
class FancyPointer {
 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using difference_type = std::ptrdiff_t;
  using reference = std::add_lvalue_reference_t<T>;
  using pointer = FancyPointer;
  using iterator_category = std::random_access_iterator_tag;

  FancyPointer() = default;
  FancyPointer(std::nullptr_t) noexcept {}
  template <class U>
    requires(std::is_convertible_v<U*, T*>)
  FancyPointer(const FancyPointer<U>& other) noexcept : raw_(other.raw()) {}
  template <class U>
    requires(std::is_void_v<U> && !std::is_void_v<T>)
  explicit FancyPointer(const FancyPointer<U>& other) noexcept : raw_(static_cast<T*>(other.raw())) {}

  static FancyPointer from_raw(T* raw) noexcept {
    FancyPointer result;
    result.raw_ = raw;
    return result;
  }
  template <class U = T>
    requires(!std::is_void_v<U>)
  static FancyPointer pointer_to(U& object) noexcept {
    return from_raw(std::addressof(object));
  }

  T* raw() const noexcept { return raw_; }
  reference operator*() const noexcept
    requires(!std::is_void_v<T>)
  {
    return *raw_;
  }
  T* operator->() const noexcept { return raw_; }
  reference operator[](difference_type n) const noexcept
    requires(!std::is_void_v<T>)
  {
    return raw_[n];
  }
  explicit operator bool() const noexcept { return raw_ != nullptr; }

  FancyPointer& operator+=(difference_type n) noexcept {
    raw_ += n;
    return *this;
  }
  FancyPointer& operator-=(difference_type n) noexcept { return *this += -n; }
  FancyPointer& operator++() noexcept { return *this += 1; }
  FancyPointer& operator--() noexcept { return *this -= 1; }
  FancyPointer operator++(int) noexcept { return std::exchange(*this, *this + 1); }
  FancyPointer operator--(int) noexcept { return std::exchange(*this, *this - 1); }
  friend FancyPointer operator+(FancyPointer p, difference_type n) noexcept { return p += n; }
  friend FancyPointer operator+(difference_type n, FancyPointer p) noexcept { return p += n; }
  friend FancyPointer operator-(FancyPointer p, difference_type n) noexcept { return p -= n; }
  friend difference_type operator-(FancyPointer a, FancyPointer b) noexcept { return a.raw_ - b.raw_; }
  friend bool operator==(FancyPointer, FancyPointer) = default;
  friend auto operator<=>(FancyPointer, FancyPointer) = default;

 private:
  T* raw_ = nullptr;
};

template <class T>
class FancyAllocator {
 public:
  using value_type = T;
  using pointer = FancyPointer<T>;
  using const_pointer = FancyPointer<const T>;
  using void_pointer = FancyPointer<void>;
  using const_void_pointer = FancyPointer<const void>;
  using difference_type = std::ptrdiff_t;
  using size_type = std::size_t;
  using is_always_equal = std::false_type;

  explicit FancyAllocator(int id = 0) noexcept : id_(id) {}
  template <class U>
  FancyAllocator(const FancyAllocator<U>& other) noexcept : id_(other.id()) {}

  pointer allocate(std::size_t n) {
    T* block = allocate_aligned<T>(n);
    Ledger::instance().allocated(block, n * sizeof(T), id_);
    return pointer::from_raw(block);
  }
  void deallocate(pointer block, std::size_t n) noexcept {
    Ledger::instance().deallocating(block.raw(), n * sizeof(T), id_);
    deallocate_aligned(block.raw());
  }

  int id() const noexcept { return id_; }
  friend bool operator==(const FancyAllocator& a, const FancyAllocator& b) noexcept { return a.id_ == b.id_; }

 private:
  int id_;
};

/// The memory resource with number `id`: equal only to itself, and in the ledger.
inline std::pmr::memory_resource* resource(int id) {
  class Resource final : public std::pmr::memory_resource {
   public:
    explicit Resource(int id) : id_(id) {}
    int id() const { return id_; }

   private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
      void* block = ::operator new(bytes, std::align_val_t{alignment});
      Ledger::instance().allocated(block, bytes, id_);
      return block;
    }
    void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override {
      Ledger::instance().deallocating(block, bytes, id_);
      ::operator delete(block, std::align_val_t{alignment});
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }
    int id_;
  };
  static std::map<int, std::unique_ptr<Resource>> resources;
  auto& entry = resources[id];
  if (!entry) entry = std::make_unique<Resource>(id);
  return entry.get();
}

/// The allocator with number `id`, where the type has numbers.
template <class Allocator>
Allocator allocator(int id) {
  if constexpr (std::is_constructible_v<Allocator, std::pmr::memory_resource*>) {
    return Allocator(resource(id));
  } else if constexpr (std::is_constructible_v<Allocator, int>) {
    return Allocator(id);
  } else {
    return Allocator();
  }
}

/// An allocator that says how many bytes it has.
struct LittleRoom : std::allocator<std::byte> {
  std::size_t room = 0;
  LittleRoom() = default;
  explicit LittleRoom(std::size_t bytes) : room(bytes) {}
  template <class T>
  struct rebind {
    struct other : std::allocator<T> {
      std::size_t room;
      explicit other(const LittleRoom& from) : room(from.room) {}
      [[nodiscard]] std::size_t max_size() const { return room / sizeof(T); }
    };
  };
};

}  // namespace kit
