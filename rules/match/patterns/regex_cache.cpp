#include "rules/match/patterns/regex_cache.hpp"

#include <utility>

namespace fairlead::rules::match {
namespace {

/// What a program may take after so many uses.
constexpr std::size_t memory_after(std::uint32_t uses) {
  if (uses < 256) return std::size_t{64} << 10U;
  return uses < 4096 ? std::size_t{256} << 10U : std::size_t{1} << 20U;
}

}  // namespace

std::shared_ptr<const Regex> RegexCache::get(std::uint32_t pattern, std::string_view text, bool any_case) {
  const std::lock_guard lock(mutex_);
  std::uint32_t uses = 0;
  if (const auto found = entries_.find(pattern); found != entries_.end()) {
    Entry& entry = found->second;
    order_.splice(order_.begin(), order_, entry.place);
    uses = ++entry.uses;
    if (entry.regex->memory() >= memory_after(uses)) return entry.regex;
    used_ -= entry.regex->memory();
    order_.pop_front();
    entries_.erase(found);
  }
  auto compiled = Regex::compile(text, any_case, memory_after(uses));
  if (!compiled || compiled->memory() > most_) return nullptr;
  auto regex = std::make_shared<const Regex>(std::move(*compiled));
  used_ += regex->memory();
  make_room();
  order_.push_front(pattern);
  entries_.emplace(pattern, Entry{regex, order_.begin(), uses});
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
