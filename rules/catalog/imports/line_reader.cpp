#include "rules/catalog/imports/line_reader.hpp"

#include <algorithm>

namespace fairlead::rules::catalog {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

void LineReader::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
  after_cr_ = false;
  while (!bytes.empty()) {
    const auto* end = std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
    const auto size = static_cast<std::size_t>(end - bytes.begin());
    if (size == bytes.size()) return keep(bytes);
    end_line(bytes.substr(0, size));
    const bool is_cr = bytes[size] == '\r';
    bytes.remove_prefix(size + 1);
    if (is_cr && bytes.empty()) after_cr_ = true;
    if (is_cr && bytes.starts_with('\n')) bytes.remove_prefix(1);
  }
}

void LineReader::finish() {
  if (!begun_.empty() || is_too_long_) end_line({});
}

void LineReader::keep(std::string_view part) {
  const std::size_t room = kLongestLine - begun_.size();
  is_too_long_ = is_too_long_ || part.size() > room;
  begun_.append(part.substr(0, room));
}

void LineReader::end_line(std::string_view part) {
  ++line_;
  if (begun_.empty() && part.size() <= kLongestLine) return take(part);
  keep(part);
  if (!is_too_long_)
    take(begun_);
  else if (sink_ != nullptr)
    sink_->skipped(Skipped::too_long, begun_, line_);
  begun_.clear();
  is_too_long_ = false;
}

void LineReader::take(std::string_view line) {
  if (line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  importer_.take_line(line, line_);
}

}  // namespace fairlead::rules::catalog
