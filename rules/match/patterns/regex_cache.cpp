#include "rules/match/patterns/regex_cache.hpp"

#include <utility>

namespace fairlead::rules::match {

std::shared_ptr<const Regex> RegexCache::get(std::uint32_t pattern, std::string_view text, bool any_case) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(pattern); found != entries_.end()) {
    order_.splice(order_.begin(), order_, found->second.place);
    return found->second.regex;
  }
  auto compiled = Regex::compile(text, any_case);
  if (!compiled || compiled->memory() > most_) return nullptr;
  auto regex = std::make_shared<const Regex>(std::move(*compiled));
  used_ += regex->memory();
  while (used_ > most_) {  // a thread that still matches with one of these keeps it for that long
    const auto oldest = entries_.find(order_.back());
    used_ -= oldest->second.regex->memory();
    entries_.erase(oldest);
    order_.pop_back();
  }
  order_.push_front(pattern);
  entries_.emplace(pattern, Entry{regex, order_.begin()});
  return regex;
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
