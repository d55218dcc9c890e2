#include "rules/match/names/host_suffixes.hpp"

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/match/names/name_hash.hpp"

namespace fairlead::rules::match {

HostSuffixes::HostSuffixes(std::string_view host, url::HostKind kind) : host_(host) {
  std::uint64_t hash = kNameHashSeed;
  std::size_t end = host.size();
  if (kind == url::HostKind::name) {
    for (std::size_t i = host.size(); i > 0; --i) {
      if (host[i - 1] != '.') continue;
      hash = hash_label(hash, host.substr(i, end - i));
      if (first_ > 0) suffixes_[--first_] = {hash, i};
      end = i - 1;
    }
  }
  if (first_ > 0) suffixes_[--first_] = {hash_label(hash, host.substr(0, end)), 0};
}

bool is_address(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);  // of a name without a dot: npos + 1 is 0
  return host.find(':') != std::string_view::npos ||
         (!last.empty() && std::all_of(last.begin(), last.end(), text::is_digit));
}

std::uint64_t hash_host(std::string_view host) {
  if (is_address(host)) return hash_label(kNameHashSeed, host);
  std::uint64_t hash = kNameHashSeed;
  std::size_t end = host.size();
  for (std::size_t i = host.size(); i > 0; --i) {
    if (host[i - 1] != '.') continue;
    hash = hash_label(hash, host.substr(i, end - i));
    end = i - 1;
  }
  return hash_label(hash, host.substr(0, end));
}

}  // namespace fairlead::rules::match
