#include "rules/match/patterns/readings.hpp"

#include <algorithm>

#include "rules/match/patterns/hidden_letters.hpp"

namespace fairlead::rules::match {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

/// Where the path ends in the decoded text: before the first '?' that does not come from an escape in the path.
std::size_t size_of_decoded_path(const url::CanonicalUrl& url) {
  std::size_t at = url.words().find('?');
  for (std::size_t escaped = count(url.path(), "%3F"); escaped > 0 && at != std::string_view::npos; --escaped) {
    at = url.words().find('?', at + 1);
  }
  return std::min(at, url.words().size());
}

}  // namespace

Readings::Readings(const url::CanonicalUrl& url)
    : url_(url), origin_differs_(url.origin_path() != url.path()), decoded_path_size_(url.words().size()) {
  // Without an escape or a '+' the decoded text differs in case alone, and need not be judged again.
  const auto holds = [&](char c) { return url.path_and_query().find(c) != std::string_view::npos; };
  decoded_differs_ = holds('%') || holds('+');
  if (decoded_differs_ && !url.query().empty()) decoded_path_size_ = size_of_decoded_path(url);
}

std::string_view Readings::decoded_query() const {
  if (decoded_path_size_ >= url_.words().size()) return {};
  return url_.words().substr(decoded_path_size_ + 1);
}

std::string Readings::behind_authority(std::string_view path, std::string_view query) const {
  std::string text(front());
  text += path;
  if (!query.empty()) text.append("?").append(query);
  return text;
}

void Readings::gather(Subject subject, SeenGrams& grams) const {
  if (subject == Subject::host) {
    grams.begin(url_.host().size());
    return grams.add({url_.host()});
  }
  const std::string_view before = subject == Subject::url ? front() : std::string_view();
  const std::size_t readings = std::size_t{1} + (decoded_differs_ ? 1 : 0) + (origin_differs_ ? 1 : 0);
  std::string buffer;
  grams.begin(readings * (before.size() + url_.path_and_query().size()));
  grams.add({before, url_.path_and_query()});
  if (decoded_differs_) grams.add({before, show_letters(url_.words(), buffer)});
  if (!origin_differs_) return;
  const std::string_view query = url_.path_and_query().substr(url_.path().size());
  grams.add({before, show_letters(url_.origin_path(), buffer), query});
}

}  // namespace fairlead::rules::match
