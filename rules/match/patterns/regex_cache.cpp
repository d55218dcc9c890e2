#include "rules/match/patterns/regex_cache.hpp"

#include <utility>

namespace fairlead::rules::match {

std::shared_ptr<const Regex> RegexCache::get(std::uint32_t pattern, std::string_view text, bool any_case,
                                             std::size_t memory) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(pattern); found != entries_.end()) {
    order_.splice(order_.begin(), order_, found->second.place);
    return found->second.regex;
  }
  if (memory > most_) return nullptr;
  auto compiled = Regex::compile(text, any_case, memory);
  if (!compiled) return nullptr;
  auto regex = std::make_shared<const Regex>(std::move(*compiled));
  used_ += regex->memory();
  make_room();
  order_.push_front(pattern);
  entries_.emplace(pattern, Entry{regex, order_.begin()});
  return regex;
}

/// A thread that still matches with one that goes keeps it for that long.
void RegexCache::make_room() {
  while (used_ > most_) {
    const auto oldest = entries_.find(order_.back());
    used_ -= oldest->second.regex->memory();
    entries_.erase(oldest);
    order_.pop_back();
  }
}

void RegexCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  order_.clear();
  used_ = 0;
}

std::size_t RegexCache::used() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

}  // namespace fairlead::rules::match
