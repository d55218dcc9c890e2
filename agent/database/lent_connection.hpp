#pragma once
// A connection that threads borrow, one after the other: opened at the first use, and anew after the database went
// away.

#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "agent/database/connection.hpp"

namespace fairlead::agent::database {

class LentConnection {
 public:
  using Prepare = Result<void> (*)(Connection&);

  /// place     as for connect()
  /// prepare   run once with each connection that is opened: makes the tables where they are not there
  LentConnection(std::string place, Prepare prepare) : place_(std::move(place)), prepare_(prepare) {}

  /// What a task returns that may be done twice: reading, or writing that comes to the same. It is tried again when the
  /// connection turns out to have gone since its last use.
  /// Errors   those of connect(), of prepare, and of the task.
  template <class Out>
  [[nodiscard]] Result<Out> run(const std::function<Result<Out>(Connection&)>& task) {
    const std::lock_guard hold(mutex_);
    const bool used = connection_ != nullptr;
    auto out = lend<Out>(task);
    return used && !out && out.error().code == Errc::closed ? lend<Out>(task) : out;
  }
  /// The same, not tried again: whether a commit under way came through is not known.
  template <class Out>
  [[nodiscard]] Result<Out> run_once(const std::function<Result<Out>(Connection&)>& task) {
    const std::lock_guard hold(mutex_);
    return lend<Out>(task);
  }

 private:
  template <class Out>
  Result<Out> lend(const std::function<Result<Out>(Connection&)>& task) {
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
    auto out = task(*connection_);
    if (!out) drop_after(out.error());
    return out;
  }
  Result<void> open();
  void drop_after(const Error& error);

  std::string place_;
  Prepare prepare_;
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;  // null: not open
};

}  // namespace fairlead::agent::database
