#pragma once
// Carries out on this laptop what its organisation's desk decided: once each, however often the hub tells it. What was
// heard is remembered in a small file until the hub knows; of exceptions the hub is told which set is here. Blocks; the
// sender's thread alone.

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "agent/events/store.hpp"
#include "agent/exchange/notice.hpp"

namespace fairlead::agent::fleet {

struct NoticesOptions {
  std::filesystem::path state;
  events::Store* store = nullptr;  // outlives this object
  std::function<events::TimePoint()> now;
  std::function<void(const std::string&)> tell;  // a line for the log
  /// Lays these exceptions, and no others of the desk, over this laptop's rules. Errors: it is to be told again.
  std::function<Result<void>(const exchange::ExceptionSet&)> except;
};

class Notices {
 public:
  explicit Notices(NoticesOptions options) : options_(std::move(options)) {}

  /// The ids of what was carried out, or cannot be, the latest last, as far as the hub has not confirmed that it knows.
  /// Errors   bad_file, denied.
  [[nodiscard]] Result<std::vector<std::string>> news() const;
  /// The hub has taken these.
  void confirm(const std::vector<std::string>& ids) { hub_knows_.insert(ids.begin(), ids.end()); }

  /// Errors   those of the store and of the disk: it is to be told again. What can never be done is told to the log and
  ///          counts as heard.
  [[nodiscard]] Result<void> carry_out(const exchange::Told& told);

 private:
  [[nodiscard]] Result<std::vector<std::string>> heard() const;
  [[nodiscard]] Result<void> note_heard(std::vector<std::string>& known, const std::string& id) const;
  /// The incidents of events here, each once; those whose time is over are left out.
  [[nodiscard]] Result<std::set<std::uint64_t>> incidents_of(const std::vector<std::string>& events) const;
  /// Writes a line of the book, unless it was written and the power went before that was noted as heard.
  [[nodiscard]] Result<void> write_once(events::Entry entry) const;
  [[nodiscard]] Result<void> carry_out(const exchange::AnswerNotice& answer);
  [[nodiscard]] Result<void> carry_out(const exchange::TaskAnswerNotice& answer);
  [[nodiscard]] Result<void> carry_out(const exchange::ReviewNotice& review);
  void take(const exchange::Told& told);
  [[nodiscard]] Result<void> carry_out(const exchange::ErasureNotice& erasure);

  NoticesOptions options_;
  std::set<std::string> hub_knows_;  // since this process began
  std::string trouble_;              // why exceptions could not be taken over the last time
};

}  // namespace fairlead::agent::fleet
