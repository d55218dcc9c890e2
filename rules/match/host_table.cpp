#include "rules/match/host_table.hpp"

#include <algorithm>
#include <bit>

#include "rules/match/names/name_hash.hpp"

namespace fairlead::rules::match {
void HostTable::add(std::string_view host, std::uint32_t value) { added_.push_back({std::string(host), value}); }

void HostTable::seal() {
  std::stable_sort(added_.begin(), added_.end(), [](const Added& a, const Added& b) { return a.host < b.host; });
  slots_.assign(std::bit_ceil(added_.size() * 2 + 1), Slot{});
  for (std::size_t i = 0; i < added_.size();) {
    const std::string& host = added_[i].host;
    Slot slot{hash_name(host), static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(host.size()),
              static_cast<std::uint32_t>(values_.size()), 0};
    text_ += host;
    for (; i < added_.size() && added_[i].host == host; ++i, ++slot.values_size) values_.push_back(added_[i].value);
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].values_size != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
  added_ = {};
  text_.shrink_to_fit();
  values_.shrink_to_fit();
}

std::span<const std::uint32_t> HostTable::find(const HostSuffix& suffix) const {
  if (values_.empty()) return {};
  for (std::size_t at = suffix.hash & (slots_.size() - 1); slots_[at].values_size != 0;
       at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.hash == suffix.hash &&
        std::string_view(text_).substr(slot.text_begin, slot.text_size) == suffix.text) {  // never the hash alone
      return std::span(values_).subspan(slot.values_begin, slot.values_size);
    }
  }
  return {};
}

}  // namespace fairlead::rules::match
