#include "rules/catalog/problem.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "rules/base/text.hpp"

namespace fairlead::rules::catalog {
namespace {

// A file that is wrong throughout (a list saved under the wrong name) must not fill the screen and the memory.
constexpr std::size_t kMostPerFile = 500;
constexpr std::size_t kLongestQuote = 60;

auto place(const Problem& problem) {
  return std::tie(problem.file, problem.line, problem.column, problem.kind, problem.text);
}

}  // namespace

std::uint32_t Problems::add_file(std::string name) {
  files_.push_back(std::move(name));
  counts_.push_back(0);
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void Problems::error(Position at, std::string text) { add(Problem::Kind::error, at, std::move(text)); }

void Problems::warning(Position at, std::string text) { add(Problem::Kind::warning, at, std::move(text)); }

void Problems::file_error(std::string file, std::string text) {
  problems_.push_back({Problem::Kind::error, std::move(file), 0, 0, std::move(text)});
}

void Problems::file_warning(std::string file, std::string text) {
  problems_.push_back({Problem::Kind::warning, std::move(file), 0, 0, std::move(text)});
}

void Problems::add(Problem::Kind kind, Position at, std::string text) {
  std::size_t& count = counts_.at(at.file);
  ++count;
  if (count < kMostPerFile) {
    problems_.push_back({kind, files_[at.file], at.line, at.column, std::move(text)});
  } else if (count == kMostPerFile) {
    problems_.push_back({Problem::Kind::error, files_[at.file], at.line, at.column,
                         "there are more mistakes than can be shown; mend those above first"});
  }
}

std::vector<Problem> Problems::take() {
  std::vector<Problem> sorted = std::move(problems_);
  problems_.clear();
  std::sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) { return place(a) < place(b); });
  const auto same = [](const Problem& a, const Problem& b) { return place(a) == place(b); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

std::string one_of(const std::vector<std::string>& words) {
  std::string joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) joined += i + 1 == words.size() ? " or " : ", ";
    joined += in_quotes(words[i]);
  }
  return joined;
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  const bool cut = text.size() > kLongestQuote;
  std::size_t size = cut ? kLongestQuote : text.size();
  // A code point is not cut in half: step back over continuation bytes.
  while (cut && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  for (const char c : text.substr(0, size)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  result += cut ? "...'" : "'";
  return result;
}

std::string mend(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kFewEnoughToList = 12;
  const std::string_view close = text::nearest(word, known);
  if (!close.empty()) return "; write " + in_quotes(close);
  if (known.empty() || known.size() > kFewEnoughToList) return {};
  return "; known " + std::string(known.size() == 1 ? "is " : "are ") + one_of(known);
}

std::string to_string(const Problem& problem) {
  std::string line = problem.file;
  if (problem.line > 0) line += ":" + std::to_string(problem.line);
  if (problem.line > 0 && problem.column > 0) line += ":" + std::to_string(problem.column);
  if (!line.empty()) line += ": ";
  line += problem.kind == Problem::Kind::error ? "error: " : "warning: ";
  return line + problem.text;
}

}  // namespace fairlead::rules::catalog
