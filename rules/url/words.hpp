#pragma once
// Words typed into a search engine, in the form that `searches:` rules see. Pure; usable from any thread.

#include <string>
#include <string_view>

namespace fairlead::rules::url {

/// Folds the value of one query parameter: percent-decoded once, '+' to space, NFKC, case folded, runs of white space
/// collapsed to one space, none at the ends. Invalid UTF-8 becomes U+FFFD. Writes into `out`, whose memory is reused.
void fold_words(std::string_view raw_value, std::string& out);

/// Calls `each(name, raw_value)` for every "name=value" of a query, in order, neither decoded.
template <class Function>
void for_each_parameter(std::string_view query, Function&& each) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos) each(pair.substr(0, equals), pair.substr(equals + 1));
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
}

}  // namespace fairlead::rules::url
