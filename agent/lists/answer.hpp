#pragma once
// What a server's answer to a download means: its head, read line by line, and whether its body is the file, the rest
// of it, or nothing that belongs on the disk. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::lists {

/// The fields of a final answer that a download looks at. The library that reads the wire has checked the grammar.
struct AnswerHead {
  int status = 0;
  std::string etag, last_modified, date, content_type, content_range;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;

  /// One line as it came. "HTTP/1.1 200 OK" begins anew: what stood before was a redirect or an interim answer.
  void add_line(std::string_view line);
};

/// What was asked for.
struct Asked {
  std::uint64_t from_byte = 0;  // 0: all of it
  bool only_if_new = false;
  std::uint64_t most_bytes = 0;
};

enum class Body : std::uint8_t {
  whole,       // the file from its first byte
  rest,        // from Asked::from_byte on
  no_news,     // the file is the one that we have
  start_over,  // nothing to continue with: ask again for all of it
};

/// Errors   not_found, refused, too_large, bad_message; the context is a sentence that begins in the middle:
///          "answered 503: ..." after the host's name.
[[nodiscard]] Result<Body> judge(const AnswerHead& head, const Asked& asked);

/// The size that the whole file will have, where the answer says it.
[[nodiscard]] std::optional<std::uint64_t> whole_size(const AnswerHead& head, Body body);

/// The validator with which this download may be continued (RFC 9110, 13.1.5: strong ones only), or "".
[[nodiscard]] std::string validator_for_range(const AnswerHead& head);

/// Do a file's first bytes begin a web page? No format of lists begins with '<'; sign-in pages of networks do.
[[nodiscard]] bool begins_a_web_page(std::string_view first_bytes);

}  // namespace fairlead::agent::lists
