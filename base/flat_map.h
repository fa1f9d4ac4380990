#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sockscope {

/// A hash table of integers for inner loops: open addressing with linear probing in one array, so that a look-up is
/// one or two cache lines and neither hashes a string nor follows a pointer. References are good until the next
/// insertion or erasure.
template <std::integral Key, class Value>
class FlatMap {
 public:
  [[nodiscard]] Value* find(Key key) noexcept {
    const std::size_t at = place_of(key);
    return at == kNowhere ? nullptr : &slots_[at].value;
  }
  [[nodiscard]] const Value* find(Key key) const noexcept { return const_cast<FlatMap*>(this)->find(key); }

  /// The value of the key, made on first sight.
  Value& operator[](Key key) {
    if (Value* const found = find(key)) return *found;
    if (size_ >= slots_.size() / 2) grow();
    ++size_;
    return put(key, Value());
  }

  /// Erases the key, if it is there. What was pushed on by it moves back, so that no look-up stops short.
  void erase(Key key) noexcept {
    std::size_t hole = place_of(key);
    if (hole == kNowhere) return;
    for (std::size_t at = next(hole); slots_[at].is_used; at = next(at)) {
      if (distance(home_of(slots_[at].key), at) < distance(hole, at)) continue;
      slots_[hole] = std::move(slots_[at]);
      hole = at;
    }
    slots_[hole] = Slot();
    --size_;
  }

  /// Erases all that `is_gone(key, value)` says, in time linear in the capacity, which stays.
  template <class Predicate>
  void erase_if(Predicate is_gone) {
    std::vector<Slot> old(slots_.size());
    old.swap(slots_);
    size_ = 0;
    for (Slot& slot : old) {
      if (!slot.is_used || is_gone(slot.key, std::as_const(slot.value))) continue;
      ++size_;
      put(slot.key, std::move(slot.value));
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Calls `visit(key, value)` for each, in no order.
  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const Slot& slot : slots_) {
      if (slot.is_used) visit(slot.key, slot.value);
    }
  }

 private:
  struct Slot {
    Key key{};
    bool is_used = false;
    Value value{};
  };
  static constexpr std::size_t kFirstCapacity = 64;
  static constexpr std::size_t kNowhere = ~std::size_t{0};

  [[nodiscard]] std::size_t place_of(Key key) const noexcept {
    if (slots_.empty()) return kNowhere;
    for (std::size_t at = home_of(key); slots_[at].is_used; at = next(at)) {
      if (slots_[at].key == key) return at;
    }
    return kNowhere;
  }

  // Fibonacci hashing: the product's upper half depends on every bit of the key, of addresses as of small numbers.
  [[nodiscard]] std::size_t home_of(Key key) const noexcept {
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
    return static_cast<std::size_t>((static_cast<std::uint64_t>(key) * golden) >> 32U) & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }
  [[nodiscard]] std::size_t distance(std::size_t from, std::size_t to) const noexcept {
    return (to - from) & (slots_.size() - 1);
  }

  Value& put(Key key, Value&& value) {
    std::size_t at = home_of(key);
    while (slots_[at].is_used) at = next(at);
    slots_[at] = {.key = key, .is_used = true, .value = std::move(value)};
    return slots_[at].value;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? kFirstCapacity : slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (slot.is_used) put(slot.key, std::move(slot.value));
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half of them used; none before the first insertion
  std::size_t size_ = 0;
};

}  // namespace sockscope
