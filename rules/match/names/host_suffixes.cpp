#include "rules/match/names/host_suffixes.hpp"

#include <algorithm>
#include <bit>

#include "rules/base/eight_bytes.hpp"
#include "rules/base/text.hpp"
#include "rules/match/names/name_hash.hpp"

namespace fairlead::rules::match {

HostSuffixes::HostSuffixes(std::string_view host, url::HostKind kind) : host_(host) {
  std::uint64_t state = kNameHashSeed;
  std::size_t end = host.size();
  std::uint64_t word = 0;
  while (true) {
    word = word_before(host, end);
    std::uint64_t dots = kind == url::HostKind::name ? text::where_equal(word, '.') : 0;
    while (dots != 0 && first_ > 0) {                                            // the last first
      const auto behind = static_cast<std::size_t>(std::countl_zero(dots)) / 8;  // bytes of the word behind the dot
      const std::size_t begin = end - behind;
      suffixes_[--first_] = {hash_suffix(state, word, host.size() - begin), begin};
      dots &= ~(std::uint64_t{0x80} << (8 * (7 - behind)));
    }
    if (end < 8) break;
    state = hash_word(state, word);
    end -= 8;
  }
  if (first_ > 0) suffixes_[--first_] = {hash_suffix(state, word, host.size()), 0};
}

bool is_address(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);  // of a name without a dot: npos + 1 is 0
  return host.find(':') != std::string_view::npos ||
         (!last.empty() && std::all_of(last.begin(), last.end(), text::is_digit));
}

}  // namespace fairlead::rules::match
