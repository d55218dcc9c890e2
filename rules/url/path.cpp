#include "rules/url/path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "rules/base/text.hpp"
#include "rules/url/bytes.hpp"
#include "rules/url/unicode.hpp"

namespace fairlead::rules::url {
namespace {

/// Copies bytes into a canonical path or query, escape by escape.
class EscapeWriter {
 public:
  EscapeWriter(std::string& out, std::uint8_t encode) : out_(out), encode_(encode) {}

  /// Takes the byte or escape at `at` of `raw`; returns how many bytes it took.
  std::size_t take(std::string_view raw, std::size_t at, bool undo_unreserved) {
    const char c = raw[at];
    if (c != '%') {
      is_a(c, encode_) ? append_escape(out_, c) : out_.push_back(c);
      return 1;
    }
    const int byte = escaped_byte(raw, at);
    if (byte < 0) {
      out_ += '%';
      stray_end_ = out_.size();
      return 1;
    }
    // Undoing "%32" in "%%32e" would make the new escape "%2e": near a stray '%' everything stays as it is.
    const bool near_stray = stray_end_ != 0 && out_.size() < stray_end_ + 2;
    if (undo_unreserved && !near_stray && is_a(static_cast<char>(byte), kUnreserved)) {
      out_ += static_cast<char>(byte);
    } else {
      append_escape(out_, static_cast<char>(byte));
    }
    return 3;
  }

  /// No escape reaches over a slash.
  void end_segment() { stray_end_ = 0; }

 private:
  std::string& out_;
  std::uint8_t encode_;
  std::size_t stray_end_ = 0;  // where the text stood after the last '%' that begins no escape
};

/// Removes the segment that begins behind `slash` when it is "." or "..", and for ".." the one before it.
/// Returns true when it was a dot segment.
bool remove_dot_segment(std::string& out, std::size_t begin, std::size_t slash) {
  const std::string_view segment = std::string_view(out).substr(slash + 1);
  if (segment == ".") {
    out.resize(slash);
    return true;
  }
  if (segment != "..") return false;
  out.resize(slash);
  if (slash > begin) out.resize(out.rfind('/'));
  return true;
}

/// Builds the lenient reading of a path, byte by byte after decoding.
///
/// Servers differ: some drop ";parameters" before they decode, some after, some never; some merge "//" before ".."
/// takes a segment away, some do not. With one such trick in a path, this reading and the path as written cover them
/// all. With
/// ".." and two tricks, they lead to different places, and no one reading can be judged: finish() refuses.
class OriginReading {
 public:
  explicit OriginReading(std::string& out) : out_(out) {}

  void take(char c, bool was_escaped) {
    if (c == '/' || c == '\\') {
      escapes_ = escapes_ || was_escaped;
      if (started_) finish_segment();
      started_ = true;
      slash_ = out_.size();
      out_ += '/';
      dropping_ = false;
    } else if (c == ';') {
      escapes_ = escapes_ || was_escaped;
      parameters_ = true;
      dropping_ = true;
    } else if (!dropping_) {
      out_ += c;
    }
  }

  Result<void> finish() {
    const bool ends_in_slash = out_.size() == slash_ + 1 && !dropping_;
    if (!ends_in_slash) finish_segment();
    if (out_.empty()) out_.push_back('/');
    const int tricks = static_cast<int>(escapes_) + static_cast<int>(parameters_) + static_cast<int>(empty_segments_);
    if (went_up_ && tricks > 1) return fail(Errc::bad_url, Side::client, "path: servers differ in where '..' leads");
    return {};
  }

 private:
  void finish_segment() {
    const std::string_view segment = std::string_view(out_).substr(slash_ + 1);
    if (segment == "..") went_up_ = true;
    if (segment.empty()) {
      empty_segments_ = empty_segments_ || !dropping_;
      out_.resize(slash_);
    } else {
      remove_dot_segment(out_, 0, slash_);
    }
  }

  std::string& out_;
  std::size_t slash_ = 0;  // where the present segment's '/' stands
  bool started_ = false;
  bool dropping_ = false;  // inside ";parameters"
  bool escapes_ = false;   // a separator was written as an escape
  bool parameters_ = false;
  bool empty_segments_ = false;
  bool went_up_ = false;
};

}  // namespace

void append_canonical_path(std::string_view raw, std::string& out) {
  const std::size_t begin = out.size();
  if (!raw.empty() && (raw[0] == '/' || raw[0] == '\\')) raw.remove_prefix(1);
  EscapeWriter writer(out, kEncodeInPath);
  std::size_t slash = begin;
  out += '/';
  for (std::size_t i = 0;;) {
    std::size_t plain = i;
    while (plain < raw.size() && !is_a(raw[plain], kPathStop)) ++plain;
    out.append(raw, i, plain - i);
    i = plain;
    const bool at_end = i == raw.size();
    if (!at_end && raw[i] != '/' && raw[i] != '\\') {
      i += writer.take(raw, i, true);
      continue;
    }
    const bool removed = remove_dot_segment(out, begin, slash);
    writer.end_segment();
    if (at_end) {
      if (removed) out += '/';
      return;
    }
    slash = out.size();
    out += '/';
    ++i;
  }
}

void append_canonical_query(std::string_view raw, std::string& out) {
  EscapeWriter writer(out, kEncodeInQuery);
  for (std::size_t i = 0; i < raw.size();) {
    std::size_t plain = i;
    while (plain < raw.size() && raw[plain] != '%' && !is_a(raw[plain], kEncodeInQuery)) ++plain;
    out.append(raw, i, plain - i);
    i = plain;
    if (i < raw.size()) i += writer.take(raw, i, false);
  }
}

Result<void> read_as_origin(std::string_view path, std::string& out) {
  out.clear();
  bool as_written = true;
  char before = '\0';
  for (const char c : path) {
    as_written &= c != '%' && c != ';' && (c != '/' || before != '/');
    before = c;
  }
  if (as_written) {
    out.assign(path);
    return {};
  }
  OriginReading reading(out);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const int byte = escaped_byte(path, i);
    reading.take(byte < 0 ? path[i] : static_cast<char>(byte), byte >= 0);
    if (byte >= 0) i += 2;
  }
  return reading.finish();
}

void read_as_words(std::string_view path_and_query, std::string& out) {
  const std::size_t question = std::min(path_and_query.find('?'), path_and_query.size());
  out.clear();
  bool ascii = append_folded(path_and_query.substr(0, question), false, out);
  ascii &= append_folded(path_and_query.substr(question), true, out);
  if (ascii) return;
  mend_utf8(out);
  fold_case(out);
}

}  // namespace fairlead::rules::url
