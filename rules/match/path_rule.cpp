#include "rules/match/path_rule.hpp"

#include "rules/base/text.hpp"

namespace fairlead::rules::match {
namespace {

void drop_slash_at_end(std::string& path) {
  while (path.ends_with('/')) path.pop_back();
}

/// True at a path boundary: "/casino" holds for "/casino" and "/casino/x", not for "/casinos".
bool lies_under(std::string_view path, std::string_view rule, Part part) {
  if (path.size() < rule.size()) return false;
  if (path.size() > rule.size() && path[rule.size()] != '/') return false;
  const std::string_view begin = path.substr(0, rule.size());
  return part == Part::block ? text::equals_ignoring_case(begin, rule) : begin == rule;
}

}  // namespace

PathRule::PathRule(std::string_view host, std::string_view path) : path_(path), origin_path_(path) {
  url::CanonicalUrl url;
  const bool is_address_v6 = host.find(':') != std::string_view::npos;
  const std::string text = "http://" + (is_address_v6 ? "[" + std::string(host) + "]" : std::string(host)) + path_;
  if (url.assign(text)) {
    path_ = url.path();
    origin_path_ = url.origin_path();
  }
  drop_slash_at_end(path_);
  drop_slash_at_end(origin_path_);
}

bool PathRule::speaks_about(const url::CanonicalUrl& url, Part part) const {
  const bool as_written = lies_under(url.path(), path_, part);
  const bool as_origin = lies_under(url.origin_path(), origin_path_, part);
  return part == Part::block ? as_written || as_origin : as_written && as_origin;
}

}  // namespace fairlead::rules::match
