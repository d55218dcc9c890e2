#include "agent/events/event.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <nlohmann/json.hpp>

#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::events {
namespace {

namespace catalog = rules::catalog;
namespace policy = rules::policy;
using rules::url::CanonicalUrl;

// Without 0 O 1 I L U: none can be taken for another, none makes a word that hurts.
constexpr std::string_view kIdAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kIdCharacters = 8;
constexpr std::size_t kMostLosers = 10;
constexpr std::size_t kUrlBytes = 2'048;
constexpr std::size_t kFieldBytes = 512;
constexpr std::size_t kLosersBytes = 8'192;

std::string origin_of(const CanonicalUrl& url) {
  return std::string(to_string(url.scheme())) + "://" + std::string(url.authority());
}

/// The text of everything that an event holds of its URL; what is not in here must not come in by another field.
struct Recordable {
  std::string url, words;
  std::string readings;  // url and words as patterns may have read them

  Recordable(const CanonicalUrl& from, const policy::Decision& decision, catalog::Record record)
      : url(origin_of(from)) {
    readings = std::string(from.host()) + '\n' + url + '\n';
    if (record == catalog::Record::path) {
      url += from.path();
      readings += url + '\n' + text::lower(from.path()) + '\n' + text::lower(from.origin_path());
    }
    if (record == catalog::Record::words) {
      words = decision.words;
      readings += words;
    }
  }

  /// The matched text, or nothing where it would tell more than the category records.
  [[nodiscard]] std::string span(const policy::Candidate& candidate) const {
    return readings.find(candidate.span) == std::string::npos ? std::string() : candidate.span;
  }
};

/// What was judged in place of the address that was asked for (inside it, an alias of it), as far as the category
/// records.
std::string other_address(const policy::Decision& decision, catalog::Record record) {
  CanonicalUrl other;
  if (decision.about == policy::About::asked || !other.assign(decision.address)) return {};
  return Recordable(other, decision, record).url;
}

std::string source_of(const policy::Candidate& candidate) {
  if (candidate.file.empty()) return {};
  return std::string(candidate.file) + ':' + std::to_string(candidate.line);
}

std::string losers_of(const policy::Decision& decision, const Recordable& recordable) {
  auto out = nlohmann::ordered_json::array();
  for (const policy::Candidate& loser : decision.losers) {
    if (out.size() == kMostLosers) break;
    out.push_back({{"level", to_string(loser.level)},
                   {"asks", to_string(loser.asks)},
                   {"category", loser.category == nullptr ? std::string_view() : loser.category->id},
                   {"kind", to_string(loser.kind)},
                   {"rule", loser.rule},
                   {"source", source_of(loser)},
                   {"span", recordable.span(loser)}});
  }
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Cuts at a character, so that UTF-8 stays whole.
void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  text.resize(most);
}

}  // namespace

std::int64_t day_of(TimePoint time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::blocked:
      return "blocked";
    case Kind::observed:
      return "observed";
    case Kind::passed_through:
      return "passed_through";
    case Kind::malformed:
      return "malformed";
  }
  return "blocked";
}

std::string_view to_string(Navigation navigation) {
  switch (navigation) {
    case Navigation::yes:
      return "yes";
    case Navigation::no:
      return "no";
    case Navigation::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string new_decision_id() {
  std::string id;
  while (id.size() < kIdCharacters + 1) {
    std::array<char, 16> random{};
    fill_random(random);
    for (const char byte : random) {
      // Five bits a character; the two values over are thrown away, so that each character is as likely as the others.
      const auto value = static_cast<unsigned char>(byte) & 31U;
      if (value >= kIdAlphabet.size() || id.size() == kIdCharacters + 1) continue;
      if (id.size() == kIdCharacters / 2) id += '-';
      id += kIdAlphabet[value];
    }
  }
  return id;
}

Event make_event(const policy::Rules& rules, const policy::Decision& decision, const CanonicalUrl& url,
                 const policy::Person& person, const Circumstances& circumstances, std::string id) {
  const catalog::Category* category = decision.category();
  const catalog::Record record = category == nullptr ? catalog::Record::host : category->record;
  const Recordable recordable(url, decision, record);
  Event event;
  event.id = std::move(id);
  event.time = circumstances.time;
  event.kind = decision.verdict == policy::Verdict::block ? Kind::blocked : Kind::observed;
  event.person = person.name;
  event.found = to_string(person.found);
  if (const auto& groups = rules.policy().groups; decision.group < groups.size())
    event.group = groups[decision.group].id;
  event.method = circumstances.method;
  event.url = recordable.url;
  event.host = url.host();
  event.words = recordable.words;
  event.navigation = circumstances.navigation;
  event.navigation_sign = circumstances.navigation_sign;
  if (category != nullptr) {
    event.category = category->id;
    event.risk = to_string(category->risk);
    event.severity = to_string(category->severity);
    event.review = to_string(category->review);
  }
  if (decision.winner) {
    event.rule = decision.winner->rule;
    event.source = source_of(*decision.winner);
    event.span = other_address(decision, record);
    if (event.span.empty()) event.span = recordable.span(*decision.winner);
  }
  event.level = to_string(decision.level);
  event.losers = losers_of(decision, recordable);
  event.ruleset_id = rules.ruleset_id();
  event.policy_version = rules.policy().version;
  return event;
}

void cut_to_limits(Event& event) {
  for (std::string* field :
       {&event.id, &event.person, &event.found, &event.group, &event.method, &event.host, &event.words,
        &event.navigation_sign, &event.category, &event.risk, &event.severity, &event.review, &event.rule,
        &event.source, &event.span, &event.level, &event.ruleset_id, &event.policy_version})
    cut(*field, kFieldBytes);
  cut(event.url, kUrlBytes);
  if (event.losers.size() > kLosersBytes) event.losers = "[]";
}

}  // namespace fairlead::agent::events
