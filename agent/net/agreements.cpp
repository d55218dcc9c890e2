#include "agent/net/agreements.hpp"

#include "rules/policy/agreement.hpp"

namespace fairlead::agent::net {

using rules::catalog::Agreement;

namespace {
constexpr std::chrono::hours kBetweenReminders{12};
constexpr std::size_t kMostReminded = 1000;
}  // namespace

bool Agreements::has_agreed(const rules::policy::Rules& rules, const std::string& person) {
  const auto& policy = rules.policy();
  if (id_.empty() || version_ != policy.version || text_ != policy.agreement.text || link_ != policy.agreement.link) {
    version_ = policy.version;
    text_ = policy.agreement.text;
    link_ = policy.agreement.link;
    id_ = rules::policy::agreement_id(policy);
  }
  return agreed_.contains(key(id_, person));
}

bool Agreements::holds_up(const rules::policy::Rules& rules, const rules::policy::Person& person, bool system_account) {
  if (rules.policy().agreement.required != Agreement::Required::wait) return false;
  if (!complete_ || system_account || person.name.empty()) return false;
  return !has_agreed(rules, person.name);
}

bool Agreements::should_ask(const rules::policy::Rules& rules, const rules::policy::Person& person, bool system_account,
                            std::chrono::sys_seconds now) {
  if (rules.policy().agreement.required == Agreement::Required::off) return false;
  if (!complete_ || system_account || person.name.empty() || has_agreed(rules, person.name)) return false;
  if (asked_.size() >= kMostReminded) asked_.clear();
  const auto [asked, is_new] = asked_.emplace(person.name, now);
  if (!is_new && now - asked->second < kBetweenReminders) return false;
  asked->second = now;
  return true;
}

}  // namespace fairlead::agent::net
