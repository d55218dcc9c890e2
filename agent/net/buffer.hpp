#pragma once
// Bytes received and not yet consumed, in one block that grows to a limit and is given back when the connection rests.

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace fairlead::agent::net {

class Buffer {
 public:
  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  /// Room for at least `size` more bytes; views taken before are invalid.
  [[nodiscard]] std::span<char> prepare(std::size_t size) {
    if (capacity_ - end_ < size) make_room(size);
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t size) { end_ += size; }
  void consume(std::size_t size) {
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Gives the memory back when nothing is held.
  void release() {
    if (!empty()) return;
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }

 private:
  void make_room(std::size_t size) {
    const std::size_t held = end_ - begin_;
    if (capacity_ - held >= size) {
      std::memmove(data_.get(), data_.get() + begin_, held);
    } else {
      const std::size_t capacity = std::max(held + size, capacity_ * 2);
      auto grown = std::make_unique_for_overwrite<char[]>(capacity);
      if (held > 0) std::memcpy(grown.get(), data_.get() + begin_, held);
      data_ = std::move(grown);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace fairlead::agent::net
