#include "rules/match/path_key.hpp"

#include "rules/base/text.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/path_rule.hpp"

namespace fairlead::rules::match {

std::vector<std::string> path_keys(std::string_view host, std::string_view path, Part part) {
  std::string begin;
  append_host_key(host, begin);
  begin += part == Part::block ? kBlockedPath : kAllowedPath;
  const auto key = [&](std::string_view text) {
    return begin + (part == Part::block ? text::lower(text) : std::string(text));
  };
  if (const std::size_t query = path.find('?'); query != std::string_view::npos) {
    std::string text(path);
    text[query] = kQueryBegin;
    return {key(text)};
  }
  const PathRule rule(host, path);
  std::vector<std::string> keys = {key(rule.path())};
  if (part == Part::block && rule.origin_path() != rule.path()) keys.push_back(key(rule.origin_path()));
  return keys;
}

}  // namespace fairlead::rules::match
