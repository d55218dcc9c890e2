#pragma once
// Where a message body ends (RFC 9112 section 6), and the chunked coding both ways (section 7). Without I/O.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/http/head.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::http {

struct Framing {
  enum class Kind : std::uint8_t { none, length, chunked, until_close } kind = Kind::none;
  std::uint64_t length = 0;  // for Kind::length
};

/// Content-Length or Transfer-Encoding, never both; the latter exactly `chunked` and only in HTTP/1.1; a repeated
/// Content-Length is an error. Errors: Errc::bad_message or unsupported (501).
[[nodiscard]] Result<Framing> request_framing(const RequestHead& head);

/// For the answer to `method`; 1xx, 204, 304 and answers to HEAD have none, a 2xx to CONNECT has none.
/// Errors  Errc::bad_message, Side::upstream: two lengths, length beside coding, an unknown coding.
[[nodiscard]] Result<Framing> response_framing(std::string_view method, const ResponseHead& head);

/// Takes the chunked coding off, strictly: no space before a size, sizes up to 16 hex digits, extensions and trailers
/// read and dropped within limits, CRLF only.
class ChunkedDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // bytes of the input that were used up
    std::string_view data;     // body bytes inside the input, possibly empty
    bool done = false;         // the last chunk and the trailer section have ended
  };
  /// Reads as far as the first run of body bytes: call again with the rest until `consumed` is all or `done`.
  /// Errors  Errc::bad_message (Side::client; the caller turns it around for an origin's body); the decoder is then
  /// unusable.
  [[nodiscard]] Result<Step> next(std::string_view input);

 private:
  enum class State : std::uint8_t {
    size,
    extension_start,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
    failed,
  };
  [[nodiscard]] Result<void> step(char c);
  [[nodiscard]] Result<void> step_size_line(char c);
  [[nodiscard]] Result<void> step_trailer(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;
  unsigned digits_ = 0;
  std::size_t overhead_ = 0;  // bytes of extensions and trailers, bounded
};

/// "1f4\r\n": what stands before a chunk of `size` bytes (never 0); after it comes "\r\n", after the last one
/// kLastChunk.
[[nodiscard]] std::string_view chunk_head(std::size_t size, char (&buffer)[20]);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace fairlead::agent::http
