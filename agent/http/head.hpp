#pragma once
// Request and response heads, read once and strictly (RFC 9112): what is not exactly the grammar is an error, never
// guessed. Without I/O. Views point into the bytes given; an object may be parsed into again and keeps its memory.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::http {

inline constexpr std::size_t kMaxHeadBytes = 65536;
inline constexpr std::size_t kMaxFields = 200;

struct Field {
  // The value is without leading and trailing SP / HTAB. In an answer it may span folded lines and then holds their CR
  // LF; write_response turns them into spaces. Framing, hop-by-hop and request fields are never folded.
  std::string_view name, value;
};

/// Looks for the end of a head in bytes that arrive piece by piece, and refuses early what can never become one (bare
/// CR or LF, NUL, a first byte that is no token, more than kMaxHeadBytes).
class HeadScanner {
 public:
  /// bytes   everything received since the head began (grows between calls).
  /// Returns the size of the head with its final CRLF CRLF, or 0 when more bytes are needed.
  /// Errors  Errc::bad_message, too_large (Side::client; the caller turns it around for an origin's head).
  [[nodiscard]] Result<std::size_t> scan(std::string_view bytes);
  void reset() { seen_ = 0; }

 private:
  std::size_t seen_ = 0;
};

struct Fields {
  std::vector<Field> all;
  /// The first field of that name (case-insensitive) or nullptr.
  [[nodiscard]] const Field* find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  /// Does a comma-separated list field (all its lines) hold this token, without regard to case?
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;
};

struct RequestHead {
  std::string_view method, target;
  int minor_version = 1;  // HTTP/1.<minor>
  Fields fields;
};

struct ResponseHead {
  int status = 0;
  std::string_view reason;
  int minor_version = 1;
  Fields fields;
};

/// head    exactly the bytes that HeadScanner measured.
/// Errors  Errc::bad_message (400), too_large (431), unsupported (501/505); the context names the line and the reason.
/// Source  RFC 9112 sections 3, 5; RFC 9110 section 5. One empty line before the request line is skipped (2.2).
[[nodiscard]] Result<void> parse_request_head(std::string_view head, RequestHead& out);
[[nodiscard]] Result<void> parse_response_head(std::string_view head, ResponseHead& out);

}  // namespace fairlead::agent::http
