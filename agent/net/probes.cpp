#include "agent/net/probes.hpp"

#include <array>
#include <span>

#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::chrono::minutes kGoodFor{1};
constexpr std::size_t kMost = 64;  // everybody may ask for one

}  // namespace

std::string Probes::name_below(std::string_view host, Clock::time_point now) {
  std::erase_if(until_, [now](const auto& given) { return given.second <= now; });
  if (until_.size() >= kMost) return {};
  std::array<unsigned char, 8> random{};
  events::fill_random(std::span(reinterpret_cast<char*>(random.data()), random.size()));
  std::string name = "check-";
  name.append(text::hex(random)).append(".").append(host);
  until_.emplace(name, now + kGoodFor);
  return name;
}

bool Probes::take(std::string_view host, Clock::time_point now) {
  if (until_.empty()) return false;
  const auto given = until_.find(std::string(host));
  if (given == until_.end()) return false;
  const bool good = given->second > now;
  until_.erase(given);
  return good;
}

}  // namespace fairlead::agent::net
