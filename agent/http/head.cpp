#include "agent/http/head.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "agent/http/field_name.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::http {
namespace {

// More is no browser; and each field is compared with each option.
constexpr std::size_t kMaxConnectionBytes = 1024;

enum : unsigned char { kToken = 1, kTarget = 2, kHostByte = 4 };

// RFC 9110 section 5.6.2: tchar. A request-target has visible ASCII only; a Host field fewer bytes still.
constexpr std::array<unsigned char, 256> kBytes = [] {
  std::array<unsigned char, 256> table{};
  for (unsigned c = 0x21; c <= 0x7e; ++c) table[c] |= kTarget;
  for (unsigned c = 0; c < 128; ++c) {
    if (text::is_alnum(static_cast<char>(c))) table[c] |= kToken | kHostByte;
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] |= kToken;
  for (const char c : std::string_view("-._~%:[]")) table[static_cast<unsigned char>(c)] |= kHostByte;
  return table;
}();

bool is(char c, unsigned char kind) { return (kBytes[static_cast<unsigned char>(c)] & kind) != 0; }

bool all(std::string_view s, unsigned char kind) {
  return std::all_of(s.begin(), s.end(), [kind](char c) { return is(c, kind); });
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

// Looks at eight bytes at a time; a word with a byte below 0x20 or a DEL is looked at again byte by byte (it may be a
// tab).
bool has_control(std::string_view s) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  while (s.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data(), sizeof word);
    const std::uint64_t below_space = (word - kOnes * 0x20) & ~word & kHigh;
    const std::uint64_t del = word ^ (kOnes * 0x7f);
    const std::uint64_t is_del = (del - kOnes) & ~del & kHigh;
    if ((below_space | is_del) != 0 && std::any_of(s.begin(), s.begin() + sizeof word, is_control)) return true;
    s.remove_prefix(sizeof word);
  }
  return std::any_of(s.begin(), s.end(), is_control);
}

bool has_obs_text(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Takes the next line off `rest`. `rest` ends in CRLF; whether a CR or LF stands alone inside a line, has_control
// tells.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) {  // only when the caller did not measure with HeadScanner
    const std::string_view line = rest;
    rest = {};
    return line;
  }
  const bool crlf = end > 0 && rest[end - 1] == '\r';
  const std::string_view line = rest.substr(0, crlf ? end - 1 : end + 1);  // a bare LF stays inside and is refused
  rest.remove_prefix(end + 1);
  return line;
}

struct Reader {
  Side side;
  std::size_t line = 0;

  [[nodiscard]] tl::unexpected<Error> refuse(Errc code, std::string_view reason) const {
    return fail(code, side, "line " + std::to_string(line) + " of the head: " + std::string(reason));
  }
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view reason) const {
    return refuse(Errc::bad_message, reason);
  }
};

// RFC 9112 section 5.1: no whitespace between name and colon; the name is a token.
Result<FieldName> read_field(const Reader& reader, std::string_view line, Field& field) {
  std::size_t end = 0;
  bool underscore = false;
  for (; end < line.size() && is(line[end], kToken); ++end) underscore |= line[end] == '_';
  if (end == line.size()) return reader.refuse("a field without a colon");
  if (end == 0) return reader.refuse("a field without a name");
  if (line[end] != ':') {
    const bool space = line[end] == ' ' || line[end] == '\t';
    return reader.refuse(space ? "a space in or after a field name" : "a field name with a byte that is no token");
  }
  field = {line.substr(0, end), trim(line.substr(end + 1))};
  if (has_control(field.value)) return reader.refuse("a control byte in a field value");
  const FieldName name = classify_name(field.name);
  const bool decides = name == FieldName::host || name == FieldName::connection || name == FieldName::content_length ||
                       name == FieldName::transfer_encoding;
  if (decides && has_obs_text(field.value)) return reader.refuse("a byte above 0x7e in a field that decides framing");
  if (name == FieldName::connection && field.value.size() > kMaxConnectionBytes) {
    return reader.refuse("a Connection field that is too long");
  }
  // An origin that reads '_' as '-' would see a second framing or Host field in such a request.
  if (underscore && reader.side == Side::client && classify_folded_name(field.name) != FieldName::other) {
    return reader.refuse("a field name that mimics another by an underscore");
  }
  return name;
}

// "host" or "host:port" by its bytes; what the host means is for rules/url to say.
bool is_plain_host(std::string_view value) {
  if (value.empty() || !all(value, kHostByte)) return false;
  const std::size_t bracket = value.rfind(']');
  const std::size_t colon = value.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == 0) return false;
  if (bracket != std::string_view::npos &&
      (value.front() != '[' || (colon != bracket + 1 && bracket + 1 != value.size()))) {
    return false;
  }
  if (colon == std::string_view::npos) return true;
  const std::string_view port = value.substr(colon + 1);
  return port.size() <= 5 && std::all_of(port.begin(), port.end(), text::is_digit);
}

// RFC 9112 section 2.3: HTTP-name is case-sensitive. Returns the minor version.
Result<int> read_version(const Reader& reader, std::string_view version) {
  if (version == "HTTP/1.1") return 1;
  if (version == "HTTP/1.0") return 0;
  const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && text::is_digit(version[5]) &&
                      version[6] == '.' && text::is_digit(version[7]);
  if (shaped) return reader.refuse(Errc::unsupported, "a version of HTTP that is neither 1.0 nor 1.1");
  return reader.refuse("no HTTP version where one belongs");
}

// RFC 9112 section 3: method SP request-target SP HTTP-version, one space each.
Result<void> read_request_line(const Reader& reader, std::string_view line, RequestHead& out) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return reader.refuse("a request line that has not three parts");
  out.method = line.substr(0, first);
  out.target = line.substr(first + 1, last - first - 1);
  if (out.method.empty() || !all(out.method, kToken)) return reader.refuse("a method that is no token");
  if (out.target.empty() || !all(out.target, kTarget)) return reader.refuse("a byte that no request target may have");
  auto minor = read_version(reader, line.substr(last + 1));
  if (!minor) return tl::unexpected(std::move(minor).error());
  out.minor_version = *minor;
  return {};
}

// RFC 9112 section 4: HTTP-version SP status-code SP [ reason-phrase ]; the last space is often left out.
Result<void> read_status_line(const Reader& reader, std::string_view line, ResponseHead& out) {
  auto minor = read_version(reader, line.substr(0, line.find(' ')));
  if (!minor) return tl::unexpected(std::move(minor).error());
  out.minor_version = *minor;
  const std::string_view rest = line.size() > 9 ? line.substr(9) : std::string_view{};
  const bool three_digits = rest.size() >= 3 && std::all_of(rest.begin(), rest.begin() + 3, text::is_digit);
  if (!three_digits || rest[0] == '0' || (rest.size() > 3 && rest[3] != ' ')) {
    return reader.refuse("a status that is not three digits");
  }
  out.status = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
  out.reason = rest.size() > 4 ? rest.substr(4) : std::string_view{};
  if (has_control(out.reason)) return reader.refuse("a control byte in the reason phrase");
  return {};
}

// RFC 9112 section 5.2: a folded line may be taken for a space in an answer. The value's view then spans the fold.
Result<void> unfold(const Reader& reader, std::string_view line, Fields& fields) {
  if (fields.all.empty()) return reader.refuse("a folded line before the first field");
  Field& field = fields.all.back();
  const FieldName name = classify_name(field.name);
  if (name != FieldName::other) return reader.refuse("a folded line in a field that decides framing");
  if (has_control(line)) return reader.refuse("a control byte in a folded line");
  const std::string_view tail = trim(line);
  if (tail.empty()) return {};
  if (field.value.empty()) {
    field.value = tail;
    return {};
  }
  field.value =
      std::string_view(field.value.data(), static_cast<std::size_t>(tail.data() + tail.size() - field.value.data()));
  return {};
}

// The sizes first, here and inline: most names differ by them.
bool is_named(const Field& field, std::string_view name) {
  return field.name.size() == name.size() && text::equals_ignoring_case(field.name, name);
}

}  // namespace

const Field* Fields::find(std::string_view name) const {
  for (const Field& field : all) {
    if (is_named(field, name)) return &field;
  }
  return nullptr;
}

std::size_t Fields::count(std::string_view name) const {
  std::size_t found = 0;
  for (const Field& field : all) found += is_named(field, name) ? 1 : 0;
  return found;
}

bool Fields::has_token(std::string_view name, std::string_view token) const {
  for (const Field& field : all) {
    if (!is_named(field, name)) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (text::equals_ignoring_case(trim(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

Result<std::size_t> HeadScanner::scan(std::string_view bytes) {
  const auto refuse = [](std::string_view reason) {
    return fail(Errc::bad_message, Side::client, "head: " + std::string(reason));
  };
  const std::string_view seen = bytes.substr(0, kMaxHeadBytes);
  if (seen_ == 0 && !seen.empty() && seen[0] != '\r' && !is(seen[0], kToken)) {
    return refuse("it does not begin as HTTP does");
  }
  // Where a line ends decides first: what stands behind the head is not ours to judge.
  std::size_t from = std::min(seen_, seen.size());
  std::size_t size = 0;
  while (size == 0) {
    const std::size_t lf = seen.find('\n', from);
    if (lf == std::string_view::npos) break;
    if (lf == 0 || seen[lf - 1] != '\r') return refuse("a line feed without a carriage return");
    if (lf == 3 && seen[1] == '\n') return refuse("more than one empty line in front");
    if (lf >= 3 && seen[lf - 2] == '\n') size = lf + 1;
    from = lf + 1;
  }
  const std::size_t old = std::min(seen_, seen.size());
  const std::string_view fresh = seen.substr(old, (size != 0 ? size : seen.size()) - old);
  if (fresh.find('\0') != std::string_view::npos) return refuse("a zero byte");
  for (std::size_t cr = fresh.find('\r'); cr != std::string_view::npos; cr = fresh.find('\r', cr + 1)) {
    if (cr + 1 < fresh.size() && fresh[cr + 1] != '\n') return refuse("a carriage return without a line feed");
  }
  if (size != 0) return size;
  if (bytes.size() >= kMaxHeadBytes) {
    return fail(Errc::too_large, Side::client, "head: more than " + std::to_string(kMaxHeadBytes) + " bytes");
  }
  // A CR at the very end is looked at again together with what follows it.
  seen_ = !seen.empty() && seen.back() == '\r' ? seen.size() - 1 : seen.size();
  return std::size_t{0};
}

Result<void> parse_request_head(std::string_view head, RequestHead& out) {
  Reader reader{Side::client};
  out.fields.all.clear();
  out.method = out.target = {};
  if (head.size() > kMaxHeadBytes) return reader.refuse(Errc::too_large, "too many bytes");
  if (head.starts_with("\r\n")) head.remove_prefix(2);  // RFC 9112 section 2.2: one empty line is ignored
  std::string_view rest = head;
  ++reader.line;
  if (auto read = read_request_line(reader, take_line(rest), out); !read) return read;
  int hosts = 0;
  while (true) {
    if (rest.empty()) return reader.refuse("it does not end in an empty line");
    const std::string_view line = take_line(rest);
    ++reader.line;
    if (line.empty()) break;
    if (out.fields.all.size() == kMaxFields) return reader.refuse(Errc::too_large, "too many fields");
    if (line[0] == ' ' || line[0] == '\t') return reader.refuse("a folded line");
    Field& field = out.fields.all.emplace_back();
    auto name = read_field(reader, line, field);
    if (!name) return tl::unexpected(std::move(name).error());
    if (*name != FieldName::host) continue;
    // RFC 9112 section 3.2: a request has one Host, and it is a host.
    if (++hosts > 1) return reader.refuse("more than one Host field");
    if (!is_plain_host(field.value)) return reader.refuse("a Host field that names no host");
  }
  if (!rest.empty()) return reader.refuse("bytes after the empty line");
  if (hosts == 0 && out.minor_version >= 1) return reader.refuse("no Host field");
  return {};
}

Result<void> parse_response_head(std::string_view head, ResponseHead& out) {
  Reader reader{Side::upstream};
  out.fields.all.clear();
  out.reason = {};
  out.status = 0;
  if (head.size() > kMaxHeadBytes) return reader.refuse(Errc::too_large, "too many bytes");
  std::string_view rest = head;
  ++reader.line;
  if (auto read = read_status_line(reader, take_line(rest), out); !read) return read;
  while (true) {
    if (rest.empty()) return reader.refuse("it does not end in an empty line");
    const std::string_view line = take_line(rest);
    ++reader.line;
    if (line.empty()) break;
    if (line[0] == ' ' || line[0] == '\t') {
      if (auto folded = unfold(reader, line, out.fields); !folded) return folded;
      continue;
    }
    if (out.fields.all.size() == kMaxFields) return reader.refuse(Errc::too_large, "too many fields");
    auto name = read_field(reader, line, out.fields.all.emplace_back());
    if (!name) return tl::unexpected(std::move(name).error());
  }
  if (!rest.empty()) return reader.refuse("bytes after the empty line");
  return {};
}

}  // namespace fairlead::agent::http
