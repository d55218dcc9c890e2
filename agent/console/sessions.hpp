#pragma once
// Who is signed in. Only in memory: a restart of the agent signs everybody out. A session is known by a random token
// that only the browser keeps; here its SHA-256 is kept. Usable from any thread.

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/console/accounts.hpp"

namespace fairlead::agent::console {

inline constexpr std::chrono::minutes kIdleFor{30};  // without a request
inline constexpr std::chrono::hours kLongest{8};     // altogether
inline constexpr std::size_t kMostSessions = 200;    // of all accounts; the one idle for longest goes

struct Session {
  std::string account;
  std::uint64_t generation = 0;  // of the account, when it signed in
  std::string person;            // of the operating system, who signed in; empty: not known
  std::string csrf;              // what each of its forms sends along
  Moment began{}, used{};
  Moment looked{};  // when the account had looked the last time before it signed in
};

class Sessions {
 public:
  /// Begins one and returns its token, never one that a browser brought along.
  [[nodiscard]] std::string begin(const Account& account, std::string_view person, Moment now);
  /// The session of a token, unless it is over. Counts as its use.
  [[nodiscard]] std::optional<Session> find(std::string_view token, Moment now);
  void end(std::string_view token);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, Session> by_digest_;
};

/// The field value that hands a token to the browser, and the one that takes it back.
/// secure  the connection is TLS: then the browser shall never send it over any other.
[[nodiscard]] std::string session_cookie(std::string_view token, bool secure);
[[nodiscard]] std::string ended_cookie(bool secure);
/// The token in a Cookie field; empty when there is none. The first of several counts.
[[nodiscard]] std::string_view token_in(std::string_view cookie_field, bool secure);

}  // namespace fairlead::agent::console
