#pragma once
// Who is signed in. A session is known by a random token that only the browser keeps; here its SHA-256 is kept. Every
// method blocks; usable from any thread but the event loop's.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/console/accounts.hpp"
#include "agent/database/lent_connection.hpp"

namespace fairlead::agent::console {

inline constexpr std::chrono::minutes kIdleFor{30};  // without a request
inline constexpr std::chrono::hours kLongest{8};     // altogether
inline constexpr std::size_t kMostSessions = 2000;   // of all accounts; the one idle for longest goes

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
  /// place   as database::connect() reads it: where several hubs find them, or kInMemory: the end of the program signs
  ///         everybody out.
  explicit Sessions(std::string place);

  /// Begins one and returns its token, never one that a browser brought along.
  /// Errors  those of database::Connection.
  [[nodiscard]] Result<std::string> begin(const Account& account, std::string_view person, Moment now);
  /// The session of a token, unless it is over, or cannot be read. Counts as its use.
  [[nodiscard]] std::optional<Session> find(std::string_view token, Moment now);
  /// Errors  those of database::Connection: it goes on until it is over by itself.
  [[nodiscard]] Result<void> end(std::string_view token);

 private:
  database::LentConnection store_;
};

/// The field value that hands a token to the browser, and the one that takes it back.
/// secure  the connection is TLS: then the browser shall never send it over any other.
[[nodiscard]] std::string session_cookie(std::string_view token, bool secure);
[[nodiscard]] std::string ended_cookie(bool secure);
/// The token in a Cookie field; empty when there is none. The first of several counts.
[[nodiscard]] std::string_view token_in(std::string_view cookie_field, bool secure);

}  // namespace fairlead::agent::console
