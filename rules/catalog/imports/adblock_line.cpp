#include "rules/catalog/imports/adblock_line.hpp"

#include <algorithm>

#include "rules/base/text.hpp"

namespace fairlead::rules::catalog {
namespace {

bool is_regex(std::string_view pattern) {
  return pattern.size() > 2 && pattern.starts_with('/') && pattern.ends_with('/');
}

/// True for "##", "#@#", "#?#", "#@?#", "#$#", "#@$#", "#$?#", "#%#", "#@%#" at `hash`.
bool is_cosmetic_mark(std::string_view line, std::size_t hash) {
  std::size_t at = hash + 1;
  if (at < line.size() && line[at] == '@') ++at;
  while (at < line.size() && at < hash + 4 && (line[at] == '?' || line[at] == '$' || line[at] == '%')) ++at;
  return at < line.size() && line[at] == '#';
}

/// AdGuard's "example.org$$script" and "$@$".
bool has_html_mark(std::string_view line) {
  for (const std::string_view mark : {"$$", "$@$"}) {
    const std::size_t at = line.find(mark);
    if (at != std::string_view::npos && at + mark.size() < line.size() && text::is_alpha(line[at + mark.size()]))
      return true;
  }
  return false;
}

bool is_option_name(std::string_view name) {
  if (name.starts_with('~')) name.remove_prefix(1);
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; });
}

/// Splits "script,domain=a|b"; false when the text is no list of options, because the '$' belonged to the pattern.
/// A comma inside a value is part of it when what follows is no option's name ("replace=/a,b.c/d/").
bool split_options(std::string_view text, std::vector<std::string_view>& options) {
  options.clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view option = text.substr(begin, end - begin);
    if (is_option_name(option.substr(0, option.find('=')))) {
      options.push_back(option);
    } else if (!options.empty() && options.back().find('=') != std::string_view::npos) {
      const auto* start = options.back().data();
      options.back() = std::string_view(start, static_cast<std::size_t>(text.data() + end - start));
    } else {
      return false;
    }
    begin = end + 1;
  }
  return !options.empty();
}

}  // namespace

AdblockKind kind_of(std::string_view line) {
  if (line.empty() || line.front() == '!') return AdblockKind::comment;
  if (line.front() == '[' && line.ends_with(']')) return AdblockKind::comment;
  const std::size_t hash = line.find('#');
  for (std::size_t at = hash; at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (is_cosmetic_mark(line, at)) {
      // "#### heading" of lists that began as hosts files.
      const bool is_heading = at == 0 && line.find_first_not_of('#') > 3;
      return is_heading ? AdblockKind::comment : AdblockKind::cosmetic;
    }
  }
  if (hash == 0) return AdblockKind::comment;
  return has_html_mark(line) ? AdblockKind::cosmetic : AdblockKind::network;
}

void split_filter(std::string_view line, AdblockParts& parts) {
  parts.options.clear();
  parts.exception = line.starts_with("@@");
  if (parts.exception) line.remove_prefix(2);
  parts.pattern = line;
  parts.is_regex = is_regex(line);
  // From the right: a '$' may stand in the pattern, rarely in a value.
  for (std::size_t at = line.rfind('$'); !parts.is_regex && at != std::string_view::npos;
       at = line.rfind('$', at - 1)) {
    if (split_options(line.substr(at + 1), parts.options)) {
      parts.pattern = line.substr(0, at);
      parts.is_regex = is_regex(parts.pattern);
      break;
    }
    parts.options.clear();
    if (at == 0) break;
  }
  if (parts.is_regex) parts.pattern = parts.pattern.substr(1, parts.pattern.size() - 2);
}

std::string cancelled_by(std::string_view line) {
  constexpr std::string_view kBadFilter = "badfilter";
  if (line.find(kBadFilter) == std::string_view::npos) return {};
  AdblockParts parts;
  split_filter(line, parts);
  if (std::find(parts.options.begin(), parts.options.end(), kBadFilter) == parts.options.end()) return {};
  std::string filter(line.substr(0, static_cast<std::size_t>(parts.options.front().data() - line.data()) - 1));
  char mark = '$';
  for (const std::string_view option : parts.options) {
    if (option == kBadFilter) continue;
    filter.append(1, mark).append(option);
    mark = ',';
  }
  return filter;
}

}  // namespace fairlead::rules::catalog
