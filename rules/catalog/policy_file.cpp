#include "rules/catalog/policy_file.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/never_inspected.hpp"
#include "rules/catalog/schedule_text.hpp"

namespace fairlead::rules::catalog {
namespace {

/// Notes what the organisation has still to fill in: "policy.yaml:12: lead phone".
void note_placeholder(Position at, const std::string& what, const Problems& problems, PolicyFile& policy) {
  policy.placeholders.push_back(problems.files()[at.file] + ":" + std::to_string(at.line) + ": " + what);
}

Contact read_contact(const Fields& contacts, std::string_view key, const std::string& who, Problems& problems,
                     PolicyFile& policy) {
  Contact contact;
  const YamlNode* node = contacts.find(key);
  if (node == nullptr) return contact;
  const Fields fields(*node, kContactKeys, "the contact " + in_quotes(key), problems);
  contact.title = fields.optional_text("title");
  contact.name = fields.optional_text("name");
  contact.phone = fields.optional_text("phone");
  contact.email = fields.optional_text("email");
  const auto note = [&](std::string_view field, const std::string& value) {
    if (!value.empty()) return;
    const YamlNode* written = fields.find(field);
    note_placeholder(written == nullptr ? node->at : written->at, who + " " + std::string(field), problems, policy);
  };
  note("name", contact.name);
  note("phone", contact.phone);
  note("email", contact.email);
  return contact;
}

void read_contacts(const Fields& root, Problems& problems, PolicyFile& policy) {
  const YamlNode* node = root.find("contacts");
  if (node == nullptr) return;
  const Fields contacts(*node, kContactsKeys, "'contacts'", problems);
  policy.lead = read_contact(contacts, "safeguarding_lead", "lead", problems, policy);
  policy.it = read_contact(contacts, "it", "it", problems, policy);
}

void read_links(const Fields& root, const KnownCategories& categories, Problems& problems, PolicyFile& policy) {
  const std::vector<std::string> known = categories.ids();
  for (const YamlNode& item : root.list("links")) {
    const Fields fields(item, kLinkKeys, "a link", problems);
    PolicyLink link;
    link.title = fields.text("title");
    if (!fields.optional_text("url").empty()) {
      link.url = read_link(*fields.find("url"), "url", problems).value_or("");
    } else if (fields.is_map()) {
      note_placeholder(item.at, "link " + in_quotes(link.title) + " url", problems, policy);
    }
    for (const YamlNode& category : fields.list("categories")) {
      auto id = read_id(category, "categories", problems);
      if (id && std::find(known.begin(), known.end(), *id) == known.end()) {
        problems.error(category.at, "there is no category " + in_quotes(*id) + mend(*id, known));
      } else if (id) {
        link.categories.push_back(std::move(*id));
      }
    }
    policy.links.push_back(std::move(link));
  }
}

void read_schedules(const Fields& root, Problems& problems, PolicyFile& policy) {
  const YamlNode* node = root.find("schedules");
  if (node == nullptr || node->kind == YamlNode::Kind::broken) return;
  if (node->kind != YamlNode::Kind::map) {
    problems.error(node->at, "'schedules' must be a map of names, each with a list of spans");
    return;
  }
  for (const YamlNode& child : node->children) {
    YamlNode name;
    name.kind = YamlNode::Kind::text;
    name.at = child.key_at;
    name.text = child.key;
    Schedule schedule;
    schedule.id = read_id(name, "schedules", problems).value_or(child.key);
    schedule.at = child.key_at;
    if (child.kind != YamlNode::Kind::list || child.children.empty()) {
      problems.error(
          child.at, "the schedule " + in_quotes(child.key) + " needs a list of spans, such as '- mon-fri 10:30-10:45'");
    }
    for (const YamlNode& item : child.children) {
      const auto text = read_text(item, "a span", problems);
      if (!text) continue;
      auto span = parse_span(*text);
      if (span) schedule.spans.push_back(*span);
      if (!span) problems.error(item.at, std::move(span.error().context));
    }
    policy.schedules.push_back(std::move(schedule));
  }
}

std::vector<std::uint16_t> read_ports(const Fields& network, std::string_view key, Problems& problems) {
  std::vector<std::uint16_t> ports;
  for (const YamlNode& item : network.list(key)) {
    const auto port = read_number(item, key, 1, std::numeric_limits<std::uint16_t>::max(), problems);
    if (port) ports.push_back(static_cast<std::uint16_t>(*port));
  }
  return ports;
}

std::vector<url::AddressRange> read_ranges(const Fields& network, std::string_view key, Problems& problems) {
  std::vector<url::AddressRange> ranges;
  for (const YamlNode& item : network.list(key)) {
    const auto text = read_text(item, key, problems);
    if (!text) continue;
    if (const auto range = url::parse_address_range(*text)) {
      ranges.push_back(*range);
    } else {
      problems.error(item.at,
                     in_quotes(*text) + " is no IP address; write one such as '203.0.113.7' or '203.0.113.0/24'");
    }
  }
  return ranges;
}

void read_network(const Fields& root, Problems& problems, Network& network) {
  enum class Targets : std::uint8_t { refuse, allow };
  const YamlNode* node = root.find("network");
  if (node == nullptr) return;
  const Fields fields(*node, kNetworkKeys, "'network'", problems);
  if (fields.find("connect_ports") != nullptr) network.connect_ports = read_ports(fields, "connect_ports", problems);
  network.plain_connect_ports = read_ports(fields, "plain_connect_ports", problems);
  network.local_targets = fields.choice("local_targets", kLocalTargets, Targets::refuse) == Targets::allow;
  network.judge_addresses = fields.truth("judge_addresses", false);
  network.judge_aliases = fields.truth("judge_aliases", true);
  network.address_targets = fields.choice("address_targets", kLocalTargets, Targets::refuse) == Targets::allow;
  network.allowed_addresses = read_ranges(fields, "allowed_addresses", problems);
  network.local_hosts = read_hosts(fields, "local_hosts", Breadth::owned_names, problems);
  read_upstream_proxy(fields, problems, network.upstream_proxy);
  for (const std::uint16_t port : network.plain_connect_ports) {
    const auto& ports = network.connect_ports;
    if (std::find(ports.begin(), ports.end(), port) != ports.end()) continue;
    problems.error(fields.find("plain_connect_ports")->at,
                   "port " + std::to_string(port) + " is not among 'connect_ports'; write it there too");
  }
}

void read_inspect(const Fields& root, Problems& problems, Inspect& inspect) {
  const YamlNode* node = root.find("inspect");
  if (node == nullptr) return;
  const Fields fields(*node, kInspectKeys, "'inspect'", problems);
  inspect.search = fields.truth("search", false);
  inspect.hosts = read_hosts(fields, "hosts", Breadth::owned_names, problems);
  for (const HostRule& rule : inspect.hosts) {
    const std::string_view who = never_inspected(rule.host);
    if (who.empty()) continue;
    problems.error(rule.at, in_quotes(rule.host) + " is never inspected (" + std::string(who) + "); take it out");
  }
}

/// "30d"
void read_period(const Fields& retention, std::string_view key, Problems& problems, std::chrono::days& period) {
  constexpr int kTenYears = 3650;
  const YamlNode* node = retention.find(key);
  if (node == nullptr) return;
  const auto text = read_text(*node, key, problems);
  if (!text) return;
  YamlNode number = *node;
  number.text = text->substr(0, text->size() - 1);
  const bool is_whole = !number.text.empty() && std::all_of(number.text.begin(), number.text.end(), text::is_digit);
  if (text->back() != 'd' || !is_whole) {
    problems.error(node->at,
                   in_quotes(key) + " cannot be " + in_quotes(*text) + "; write a number of days, such as '30d'");
  } else if (const auto days = read_number(number, key, 1, kTenYears, problems)) {
    period = std::chrono::days(*days);
  }
}

void read_events(const Fields& root, Problems& problems, Retention& retention) {
  const YamlNode* events = root.find("events");
  if (events == nullptr) return;
  const Fields fields(*events, kEventsKeys, "'events'", problems);
  const YamlNode* node = fields.find("retention");
  if (node == nullptr) return;
  const Fields periods(*node, kRetentionKeys, "'retention'", problems);
  read_period(periods, "low", problems, retention.low);
  read_period(periods, "medium", problems, retention.medium);
  read_period(periods, "high", problems, retention.high);
  read_period(periods, "critical", problems, retention.critical);
  read_period(periods, "observed", problems, retention.observed);
}

void read_agreement(const Fields& root, Problems& problems, Agreement& agreement) {
  const YamlNode* node = root.find("agreement");
  if (node == nullptr) return;
  const Fields fields(*node, kAgreementKeys, "'agreement'", problems);
  agreement.required = fields.required_choice("required", kRequired, Agreement::Required::off);
  agreement.text = fields.texts("text");
  if (!fields.optional_text("link").empty()) {
    agreement.link = read_link(*fields.find("link"), "link", problems).value_or("");
  }
  if (agreement.required == Agreement::Required::off || !agreement.text.empty()) return;
  problems.error(node->at, "people cannot agree to nothing; write the sentences under 'text', or 'required: off'");
}

/// "24h", "2d" or "never"
void read_delay(const Fields& fields, Problems& problems, Loosening& loosening) {
  constexpr int kMostHours = 30 * 24;
  const YamlNode* node = fields.find("delay");
  if (node == nullptr) return;
  const auto text = read_text(*node, "delay", problems);
  if (!text) return;
  if (*text == "never") {
    loosening.delay.reset();
    return;
  }
  const bool in_days = text->ends_with('d');
  YamlNode number = *node;
  number.text = text->substr(0, text->size() - 1);
  const bool is_whole = !number.text.empty() && std::all_of(number.text.begin(), number.text.end(), text::is_digit);
  if (!is_whole || (!in_days && !text->ends_with('h'))) {
    problems.error(node->at, "'delay' cannot be " + in_quotes(*text) +
                                 "; write a number of hours or days, such as '24h' or '2d', or 'never'");
  } else if (const auto count = read_number(number, "delay", 1, in_days ? kMostHours / 24 : kMostHours, problems)) {
    loosening.delay = in_days ? std::chrono::hours(std::chrono::days(*count)) : std::chrono::hours(*count);
  }
}

void read_loosening(const Fields& root, Problems& problems, Loosening& loosening) {
  const YamlNode* node = root.find("loosening");
  if (node == nullptr) return;
  const Fields fields(*node, kLooseningKeys, "'loosening'", problems);
  loosening.from = fields.choice("severity", kSeverities, Severity::high);
  loosening.second_person = fields.truth("second_person", true);
  read_delay(fields, problems, loosening);
  if (loosening.second_person || loosening.delay) return;
  problems.error(node->at,
                 "such a change would wait for ever; write 'second_person: true', or a 'delay' such as '24h'");
}

void read_review_date(const Fields& root, Problems& problems, PolicyFile& policy) {
  const YamlNode* node = root.find("review_date");
  if (node == nullptr) return;
  const auto text = read_text(*node, "review_date", problems);
  if (!text) return;
  const auto day = parse_day(*text);
  if (day) policy.review_date = std::chrono::sys_days(*day);
  if (!day) problems.error(node->at, in_quotes(*text) + " is no date; write year-month-day, such as '2027-05-31'");
}

}  // namespace

std::vector<std::string> KnownCategories::ids() const {
  std::vector<std::string> all = broken;
  for (const Category& category : read) all.push_back(category.id);
  return all;
}

PolicyFile read_policy(const YamlNode& root, const KnownCategories& categories, Problems& problems) {
  const Fields fields(root, kPolicyKeys, "policy.yaml", problems);
  PolicyFile policy;
  policy.organisation = fields.text("organisation");
  policy.version = fields.text("version");
  read_review_date(fields, problems, policy);
  if (const std::string zone = fields.optional_text("time_zone"); !zone.empty()) {
    if (is_time_zone(zone))
      policy.time_zone = zone;
    else
      problems.error(fields.find("time_zone")->at,
                     "there is no time zone " + in_quotes(zone) + "; write a name such as 'Europe/London'");
  }
  read_contacts(fields, problems, policy);
  read_links(fields, categories, problems, policy);
  read_reporting_routes(fields, categories, problems, policy);
  read_schedules(fields, problems, policy);
  read_groups(fields, categories, problems, policy);
  read_network(fields, problems, policy.network);
  read_inspect(fields, problems, policy.inspect);
  read_cover(fields, problems, policy.cover);
  read_events(fields, problems, policy.retention);
  read_alerts(fields, categories, problems, policy);
  read_agreement(fields, problems, policy.agreement);
  read_loosening(fields, problems, policy.loosening);
  return policy;
}

}  // namespace fairlead::rules::catalog
