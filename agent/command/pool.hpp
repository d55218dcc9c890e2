#pragma once
// Things that one thread uses at a time, lent to whoever asks next; made where none is free, so that there are no more
// of them than threads that ask. Any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace fairlead::agent::command {

template <class Thing>
class Pool {
 public:
  explicit Pool(std::function<std::unique_ptr<Thing>()> make) : make_(std::move(make)) {}

  /// What `use` returns when it is given one.
  template <class Use>
  auto with(Use use) {
    std::unique_ptr<Thing> thing = take();
    auto out = use(*thing);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(thing));
    return out;
  }

 private:
  std::unique_ptr<Thing> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return make_();
    std::unique_ptr<Thing> out = std::move(free_.back());
    free_.pop_back();
    return out;
  }

  std::function<std::unique_ptr<Thing>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Thing>> free_;
};

}  // namespace fairlead::agent::command
