#pragma once
// Recognises a search: which hosts, paths and parameters hold the words that a person typed. Built once, then const.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/words.hpp"

namespace fairlead::rules::match {

class SearchEngines {
 public:
  SearchEngines() = default;
  explicit SearchEngines(const std::vector<catalog::SearchEngine>& engines);

  /// Calls `each(raw_value)` for every value that may hold words: of every engine that fits, of every repeated
  /// parameter.
  template <class Function>
  void each_value(const url::CanonicalUrl& url, Function&& each) const {
    if (url.query().empty() || by_label_.empty()) return;
    std::vector<std::string_view> params;
    append_params(url, params);
    if (params.empty()) return;
    url::for_each_parameter(url.query(), [&](std::string_view name, std::string_view value) {
      if (is_one_of(name, params)) each(value);
    });
  }

  /// Whether a host, on any of its paths, is that of a search engine that is nothing else.
  [[nodiscard]] bool is_engine(std::string_view host) const;

  /// Appends the names of the parameters that may hold words: of every engine that fits. Views into this object.
  void append_params(const url::CanonicalUrl& url, std::vector<std::string_view>& params) const;

 private:
  struct Place {
    std::vector<std::string> labels;  // of the host; "{}" stands for a country part
    std::string path;                 // begins with '/'; a segment may be "*"
    std::vector<std::string> params;
    bool within_site;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  /// Calls `each(place)` for every place on `host`, until it returns true.
  template <class Function>
  bool any_place(std::string_view host, Function&& each) const;
  static bool is_one_of(std::string_view name, const std::vector<std::string_view>& params);

  std::vector<Place> places_;
  std::unordered_map<std::string, std::vector<std::size_t>, TextHash, std::equal_to<>>
      by_label_;  // longest label of a host
};

}  // namespace fairlead::rules::match
