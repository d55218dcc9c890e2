#pragma once
// The desks of a hub's pages, each lent to one thread at a time: one of the sites that its borrower sees, never
// another. Any thread.

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/hub/desk.hpp"

namespace fairlead::agent::command {

class DeskPool {
 public:
  /// place    of the hub's store.
  explicit DeskPool(std::string place) : place_(std::move(place)) {}

  /// What `use` returns when it is given a desk of this scope.
  template <class Use>
  auto with(const hub::Scope& scope, Use use) {
    std::unique_ptr<hub::Desk> desk = take(scope);
    auto out = use(*desk);
    give(std::move(desk));
    return out;
  }

 private:
  [[nodiscard]] std::unique_ptr<hub::Desk> take(const hub::Scope& scope);
  void give(std::unique_ptr<hub::Desk> desk);

  std::string place_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<hub::Desk>> free_;  // the one that was used last is the last
};

}  // namespace fairlead::agent::command
