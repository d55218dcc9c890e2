#pragma once
// What is written down about a stopped or observed request: exactly the fields of the design, redacted before it
// exists. Plain data.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/policy/person.hpp"
#include "rules/policy/rules.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::events {

enum class Kind : std::uint8_t { blocked, observed, malformed, passed_through };
[[nodiscard]] std::string_view to_string(Kind kind);

/// Was it a person who went there, or a page that fetched it? With the sign that told.
enum class Navigation : std::uint8_t { yes, no, unknown };
[[nodiscard]] std::string_view to_string(Navigation navigation);

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;
/// Since 1970, of UTC.
[[nodiscard]] std::int64_t day_of(TimePoint time);

struct Event {
  std::string id;  // decision id, shown to the learner: "K7QM-2D4X"
  TimePoint time{};
  Kind kind = Kind::blocked;
  std::string person, found, group;  // found: how the person was found
  std::string method, url;           // url as far as the category's `record` allows
  std::string host;
  std::string words;  // search words, only where the category's `record` is words
  Navigation navigation = Navigation::unknown;
  std::string navigation_sign;
  std::string category, risk, severity, review;
  std::string rule, source, span, level;  // source: "conduct/gambling.yaml:12"
  std::string losers;                     // JSON array, for the explanation
  std::string ruleset_id, policy_version;
};

/// Facts of the request that a Decision does not hold.
struct Circumstances {
  std::string_view method;
  Navigation navigation = Navigation::unknown;
  std::string_view navigation_sign;
  TimePoint time{};
};

/// A fresh decision id: 8 random characters of 30 that cannot be misread (39 bits), shown as "K7QM-2D4X".
[[nodiscard]] std::string new_decision_id();

/// The event of a decision, cut down to what its category may record: `none` and `host` keep the host alone (scheme and
/// port with it), `path` host and path without query, `words` the host and the folded search words.
[[nodiscard]] Event make_event(const rules::policy::Rules& rules, const rules::policy::Decision& decision,
                               const rules::url::CanonicalUrl& url, const rules::policy::Person& person,
                               const Circumstances& circumstances, std::string id);

/// Cuts every field to what the store keeps of it, so that a hostile request cannot fill memory or disk: url 2,048
/// bytes, the others 512; `losers` that are over 8,192 bytes become an empty array.
void cut_to_limits(Event& event);

}  // namespace fairlead::agent::events
