#pragma once
// A connection that threads borrow, one after the other: opened at the first use, and anew after the database went
// away.

#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/database/connection.hpp"

namespace fairlead::agent::database {

class LentConnection {
 public:
  using Prepare = Result<void> (*)(Connection&);

  /// place     as for connect()
  /// prepare   run once with each connection that is opened: makes the tables where they are not there
  LentConnection(std::string place, Prepare prepare) : place_(std::move(place)), prepare_(prepare) {}

  /// What a task that only reads returns; tried again when the connection turns out to have gone since its last use.
  /// Errors   those of connect(), of prepare, and of the task.
  template <class Out>
  [[nodiscard]] Result<Out> read(const std::function<Result<Out>(Connection&)>& task) {
    const std::lock_guard hold(mutex_);
    const bool used = connection_ != nullptr;
    auto out = lend<Out>(task);
    return used && connection_ == nullptr ? lend<Out>(task) : out;
  }
  /// The same for a task that writes, which is not tried again: whether a commit under way came through is not known.
  template <class Out>
  [[nodiscard]] Result<Out> write(const std::function<Result<Out>(Connection&)>& task) {
    const std::lock_guard hold(mutex_);
    return lend<Out>(task);
  }

 private:
  template <class Out>
  Result<Out> lend(const std::function<Result<Out>(Connection&)>& task) {
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
    auto out = task(*connection_);
    if (!out && out.error().code == Errc::closed) connection_.reset();
    return out;
  }
  Result<void> open();

  std::string place_;
  Prepare prepare_;
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;  // null: not open
};

}  // namespace fairlead::agent::database
