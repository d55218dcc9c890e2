#include "agent/http/framing.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "rules/base/text.hpp"

namespace fairlead::agent::http {
namespace {

// No body is an exabyte long; eighteen digits are what every reader of numbers agrees on.
constexpr std::uint64_t kMaxBodyBytes = 999'999'999'999'999'999;

// RFC 9110 section 8.6: 1*DIGIT. Nineteen digits cannot overflow.
std::optional<std::uint64_t> read_length(std::string_view value) {
  if (value.empty() || value.size() > 19 || !std::all_of(value.begin(), value.end(), text::is_digit)) {
    return std::nullopt;
  }
  std::uint64_t length = 0;
  for (const char c : value) length = length * 10 + static_cast<std::uint64_t>(c - '0');
  if (length > kMaxBodyBytes) return std::nullopt;
  return length;
}

// What the two framing fields say, the same in both directions; nothing when there is neither.
Result<std::optional<Framing>> read_framing(const Fields& fields, int minor_version, Side side) {
  const std::size_t lengths = fields.count("content-length");
  const std::size_t codings = fields.count("transfer-encoding");
  if (lengths == 0 && codings == 0) return std::nullopt;
  // RFC 9112 section 6.3 rule 3 and 5: both together, or a length repeated, is how requests are smuggled.
  if (lengths != 0 && codings != 0) {
    return fail(Errc::bad_message, side, "Content-Length beside Transfer-Encoding");
  }
  if (lengths > 1 || codings > 1) return fail(Errc::bad_message, side, "a framing field that is repeated");
  if (codings == 1) {
    // RFC 9112 section 6.1: a 1.0 message with this field is faulty.
    if (minor_version == 0) return fail(Errc::bad_message, side, "Transfer-Encoding in HTTP/1.0");
    if (!text::equals_ignoring_case(fields.find("transfer-encoding")->value, "chunked")) {
      return fail(Errc::unsupported, side, "a transfer coding other than chunked");
    }
    return Framing{Framing::Kind::chunked, 0};
  }
  const auto length = read_length(fields.find("content-length")->value);
  if (!length) return fail(Errc::bad_message, side, "a Content-Length that is no number");
  return Framing{Framing::Kind::length, *length};
}

}  // namespace

Result<Framing> request_framing(const RequestHead& head) {
  auto stated = read_framing(head.fields, head.minor_version, Side::client);
  if (!stated) return tl::unexpected(std::move(stated).error());
  if (!*stated) return Framing{};
  // RFC 9110 sections 9.3.6 and 9.3.8: these have no content; what follows a CONNECT is the tunnel.
  const bool empty = (*stated)->kind == Framing::Kind::length && (*stated)->length == 0;
  if (!empty && (head.method == "CONNECT" || head.method == "TRACE")) {
    return fail(Errc::bad_message, Side::client, "a body where the method has none");
  }
  return **stated;
}

Result<Framing> response_framing(std::string_view method, const ResponseHead& head) {
  auto stated = read_framing(head.fields, head.minor_version, Side::upstream);
  if (!stated) {
    Error error = std::move(stated).error();
    error.code = Errc::bad_message;
    return tl::unexpected(std::move(error));
  }
  const bool none = method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304 ||
                    (method == "CONNECT" && head.status < 300);
  if (none) return Framing{};
  return stated->value_or(Framing{Framing::Kind::until_close, 0});
}

}  // namespace fairlead::agent::http
