#include "agent/lists/answer.hpp"

#include <charconv>
#include <chrono>

#include "agent/lists/utc_time.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::lists {
namespace {

constexpr std::chrono::seconds kSettled{60};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct ContentRange {
  std::uint64_t first = 0, last = 0, size = 0;
};

/// "bytes 1000-1999/2000"; a size that is left open ("*") gives nothing: we could not tell when the file is whole.
std::optional<ContentRange> read_range(std::string_view text) {
  if (!text.starts_with("bytes ")) return std::nullopt;
  text.remove_prefix(6);
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
  const auto first = number(text.substr(0, dash)), last = number(text.substr(dash + 1, slash - dash - 1)),
             size = number(text.substr(slash + 1));
  if (!first || !last || !size || *first > *last || *last >= *size) return std::nullopt;
  return ContentRange{*first, *last, *size};
}

tl::unexpected<Error> answered(Errc code, int status, const std::string& meaning) {
  return fail(code, Side::upstream, "answered " + std::to_string(status) + ": " + meaning);
}

tl::unexpected<Error> judge_failure(int status) {
  if (status == 404 || status == 410)
    return answered(Errc::not_found, status, "the list is not there; see whether its publisher moved it");
  if (status == 401 || status == 403 || status == 407)
    return answered(Errc::refused, status, "it does not give us the list");
  if (status == 429 || status >= 500)
    return answered(Errc::refused, status, "the server is busy or broken; it will be asked again");
  return answered(Errc::refused, status, "that is no answer to a download");
}

Result<Body> judge_file(const AnswerHead& head, const Asked& asked, Body body) {
  if (text::lower(head.content_type).starts_with("text/html"))
    return fail(Errc::bad_message, Side::upstream, "sent a web page instead of a list");
  if (!head.content_length && !head.chunked) {
    return fail(Errc::bad_message, Side::upstream,
                "does not say where the list ends, so that one that was cut could not be told from a whole one");
  }
  const auto size = whole_size(head, body);
  if (size && *size > asked.most_bytes) {
    return fail(Errc::too_large, Side::upstream,
                "offers " + std::to_string(*size) + " bytes; most_bytes permits " + std::to_string(asked.most_bytes));
  }
  return body;
}

}  // namespace

void AnswerHead::add_line(std::string_view line) {
  line = text::trim(line);
  if (line.starts_with("HTTP/")) {
    *this = AnswerHead();
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos) status = static_cast<int>(number(line.substr(space + 1, 3)).value_or(0));
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = text::lower(line.substr(0, colon));
  const std::string_view value = text::trim(line.substr(colon + 1));
  if (name == "etag") etag = value;
  if (name == "last-modified") last_modified = value;
  if (name == "date") date = value;
  if (name == "content-type") content_type = value;
  if (name == "content-range") content_range = value;
  if (name == "content-length") content_length = number(value);
  if (name == "transfer-encoding") chunked = text::lower(value).ends_with("chunked");
}

Result<Body> judge(const AnswerHead& head, const Asked& asked) {
  if (head.status == 200) return judge_file(head, asked, Body::whole);
  if (head.status == 304 && asked.only_if_new) return Body::no_news;
  if (asked.from_byte == 0) return judge_failure(head.status);
  if (head.status == 416) return Body::start_over;
  if (head.status != 206) return judge_failure(head.status);
  const auto range = read_range(head.content_range);
  // Ours runs to the end of the file; anything else would leave a hole in it.
  if (!range || range->first != asked.from_byte || range->last + 1 != range->size) return Body::start_over;
  return judge_file(head, asked, Body::rest);
}

std::optional<std::uint64_t> whole_size(const AnswerHead& head, Body body) {
  if (body == Body::whole) return head.content_length;
  const auto range = read_range(head.content_range);
  return range ? std::optional(range->size) : std::nullopt;
}

std::string validator_for_range(const AnswerHead& head) {
  if (head.etag.starts_with('"')) return head.etag;
  // A date says little about a file that was written within the same minute.
  const auto changed = from_http_date(head.last_modified), sent = from_http_date(head.date);
  return changed && sent && *changed + kSettled <= *sent ? head.last_modified : std::string();
}

bool begins_a_web_page(std::string_view first_bytes) {
  if (first_bytes.starts_with("\xEF\xBB\xBF")) first_bytes.remove_prefix(3);
  return text::trim(first_bytes).starts_with('<');
}

}  // namespace fairlead::agent::lists
