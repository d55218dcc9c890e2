#include "rules/match/search_engines.hpp"

#include <algorithm>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::string_view kAnyCountry = "{}";

template <class Label>
std::vector<Label> split(std::string_view text, char separator) {
  std::vector<Label> labels;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    labels.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return labels;
}

bool label_fits(std::string_view wanted, std::string_view label) {
  return wanted == label || (wanted == kAnyCountry && !label.empty() && label.size() <= 3);
}

/// "google.{}" fits google.de and google.co.uk: a country part at the end is one label or two.
bool host_fits(const std::vector<std::string>& wanted, const std::vector<std::string_view>& labels) {
  const bool two = wanted.back() == kAnyCountry && labels.size() == wanted.size() + 1;
  if (!two && labels.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!label_fits(wanted[i], labels[i])) return false;
  }
  return !two || label_fits(kAnyCountry, labels.back());
}

/// True when `path` is `wanted` or lies below it; a segment "*" of `wanted` fits any.
bool path_fits(std::string_view wanted, std::string_view path) {
  while (wanted.ends_with('/')) wanted.remove_suffix(1);
  while (!wanted.empty()) {
    const std::size_t wanted_end = std::min(wanted.find('/', 1), wanted.size());
    const std::size_t end = std::min(path.find('/', 1), path.size());
    if (path.empty() || (wanted.substr(0, wanted_end) != "/*" && wanted.substr(0, wanted_end) != path.substr(0, end))) {
      return false;
    }
    wanted.remove_prefix(wanted_end);
    path.remove_prefix(end);
  }
  return true;
}

}  // namespace

SearchEngines::SearchEngines(const std::vector<catalog::SearchEngine>& engines) {
  for (const catalog::SearchEngine& engine : engines) {
    for (std::string_view host : engine.hosts) {
      const std::size_t slash = std::min(host.find('/'), host.size());
      const std::vector<std::string> labels = split<std::string>(text::without_www(host.substr(0, slash)), '.');
      const auto anchor = std::max_element(
          labels.begin(), labels.end(), [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
      // A host with a path of its own stands for that path; the engine's paths are for the other hosts.
      std::vector<std::string> paths = engine.paths;
      if (slash < host.size()) paths = {std::string(host.substr(slash))};
      if (paths.empty()) paths = {"/"};
      for (const std::string& path : paths) {
        by_label_[*anchor].push_back(places_.size());
        places_.push_back({labels, path, engine.params, engine.within_site});
      }
    }
  }
}

template <class Function>
bool SearchEngines::any_place(std::string_view host, Function&& each) const {
  host = text::without_www(host);
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (const auto found = by_label_.find(host.substr(begin, end - begin)); found != by_label_.end()) {
      const auto labels = split<std::string_view>(host, '.');
      for (const std::size_t number : found->second) {
        if (host_fits(places_[number].labels, labels) && each(places_[number])) return true;
      }
    }
    begin = end + 1;
  }
  return false;
}

void SearchEngines::append_params(const url::CanonicalUrl& url, std::vector<std::string_view>& params) const {
  any_place(url.host(), [&](const Place& place) {
    if (path_fits(place.path, url.path()) || path_fits(place.path, url.origin_path())) {
      params.insert(params.end(), place.params.begin(), place.params.end());
    }
    return false;
  });
}

bool SearchEngines::is_engine(std::string_view host) const {
  return any_place(host, [](const Place& place) { return !place.within_site; });
}

bool SearchEngines::is_one_of(std::string_view name, const std::vector<std::string_view>& params) {
  if (name.find_first_of("%+") == std::string_view::npos)
    return std::find(params.begin(), params.end(), name) != params.end();
  std::string folded;  // an escaped name is still that name to the engine
  url::fold_words(name, folded);
  return std::find(params.begin(), params.end(), folded) != params.end();
}

}  // namespace fairlead::rules::match
