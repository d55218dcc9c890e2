#include <algorithm>
#include <bitset>
#include <limits>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"
#include "rules/catalog/schedule_text.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::uint16_t kSubmission = 587, kSubmissions = 465;  // RFC 8314
constexpr std::size_t kMostRecipients = 20;

/// This machine itself, where nobody else can listen in.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          std::all_of(host.begin(), host.end(), [](char c) { return text::is_digit(c) || c == '.'; }));
}

bool fits_local_part(char c) {
  return text::is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

/// A plain address, "lead@example.org": no name, no quotes, no byte that could end a header's line or a command.
std::optional<std::string> read_mail_address(const YamlNode& node, std::string_view what, Problems& problems) {
  constexpr std::size_t kLongestLocal = 64, kLongest = 254;  // RFC 5321, 4.5.3.1
  auto written = read_text(node, what, problems);
  if (!written) return std::nullopt;
  const std::size_t at = written->rfind('@');
  const std::string_view local = std::string_view(*written).substr(0, at == std::string::npos ? 0 : at);
  std::string domain;
  const bool good = at != std::string::npos && !local.empty() && local.size() <= kLongestLocal &&
                    written->size() <= kLongest && std::all_of(local.begin(), local.end(), fits_local_part) &&
                    local.front() != '.' && local.back() != '.' && local.find("..") == std::string_view::npos &&
                    url::canonical_host(std::string_view(*written).substr(at + 1), domain) == url::HostKind::name;
  if (!good) {
    problems.error(node.at,
                   in_quotes(*written) + " is no mail address; write one alone, such as 'safeguarding@example.org'");
    return std::nullopt;
  }
  return std::string(local) + "@" + domain;
}

struct Server {
  std::string host;
  std::uint16_t port = 0;
  bool tls_at_once = false;
};

/// "smtp://host", "smtps://host:port"
std::optional<Server> parse_server(std::string_view written) {
  Server server;
  server.tls_at_once = written.starts_with("smtps://");
  if (!server.tls_at_once && !written.starts_with("smtp://")) return std::nullopt;
  server.port = server.tls_at_once ? kSubmissions : kSubmission;
  std::string_view rest = written.substr(written.find("//") + 2);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    const std::string_view digits = rest.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), text::is_digit)) return {};
    const int port = std::stoi(std::string(digits));
    if (port < 1 || port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    server.port = static_cast<std::uint16_t>(port);
    rest = rest.substr(0, colon);
  }
  if (rest.find_first_of("@/?#%") != std::string_view::npos) return std::nullopt;
  if (!url::canonical_host(rest, server.host)) return std::nullopt;
  return server;
}

void read_mail(const YamlNode& node, Problems& problems, Alerts& alerts) {
  enum class StartTls : std::uint8_t { required, off };
  const Fields fields(node, kMailKeys, "a mail channel", problems);
  MailChannel mail;
  mail.at = node.at;
  if (!fields.is_map()) return;
  const bool off = fields.choice("starttls", kStartTls, StartTls::required) == StartTls::off;
  if (const YamlNode* written = fields.require("server")) {
    const auto text = read_text(*written, "server", problems);
    const auto server = text ? parse_server(*text) : std::nullopt;
    if (server) {
      mail.host = server->host;
      mail.port = server->port;
      mail.tls_at_once = server->tls_at_once;
    } else if (text) {
      problems.error(written->at, in_quotes(*text) +
                                      " is no mail server; write 'smtp://mail.example.org:587' (STARTTLS) "
                                      "or 'smtps://mail.example.org:465', and the account under 'user'");
    }
  }
  mail.plain = off && !mail.tls_at_once;
  if (mail.plain && !mail.host.empty() && !is_loopback(mail.host)) {
    problems.error(
        fields.find("starttls")->at,
        "mail that tells of people goes out encrypted; delete 'starttls: off', which is for a server on this "
        "machine itself");
  }
  if (const YamlNode* from = fields.require("from"))
    mail.from = read_mail_address(*from, "from", problems).value_or("");
  const YamlNode* to = fields.require("to");
  for (const YamlNode& item : fields.list("to")) {
    auto address = read_mail_address(item, "to", problems);
    if (!address) continue;
    if (std::find(mail.to.begin(), mail.to.end(), *address) != mail.to.end()) {
      problems.error(item.at, in_quotes(*address) + " stands twice in 'to'; delete one");
    } else {
      mail.to.push_back(std::move(*address));
    }
  }
  if (to != nullptr && to->kind == YamlNode::Kind::list && to->children.empty())
    problems.error(to->at, "mail to nobody reaches nobody; name an address under 'to', or delete the channel");
  if (mail.to.size() > kMostRecipients)
    problems.error(to->at, "these are more than " + std::to_string(kMostRecipients) +
                               " addresses; write that of a mailing list instead");
  mail.user = fields.optional_text("user");
  mail.password_file = fields.optional_text("password_file");
  mail.ca_file = fields.optional_text("ca_file");
  if (mail.user.empty() != mail.password_file.empty())
    problems.error(node.at, "'user' and 'password_file' go together; write both, or neither");
  alerts.mail.push_back(std::move(mail));
}

/// https, or http to this machine itself; "" after a problem.
std::string read_own_link(const YamlNode& node, std::string_view what, Problems& problems) {
  const auto written = read_text(node, what, problems);
  if (!written) return {};
  url::CanonicalUrl address;
  const bool is_web = written->starts_with("https://") || written->starts_with("http://");
  const bool has_more = written->find('#') != std::string::npos || written->find('@') != std::string::npos;
  if (!is_web || has_more || !address.assign(*written)) {
    problems.error(node.at, in_quotes(*written) +
                                " is no address to send to; write one such as "
                                "'https://alerts.example.org/fairlead'");
    return {};
  }
  if (address.scheme() != url::Scheme::https && !is_loopback(address.host())) {
    problems.error(node.at, in_quotes(*written) + " can be read on its way; write 'https://'");
    return {};
  }
  return std::string(address.href());
}

void read_webhook(const YamlNode& node, Problems& problems, Alerts& alerts) {
  const Fields fields(node, kWebhookKeys, "a webhook", problems);
  WebhookChannel webhook;
  webhook.at = node.at;
  if (!fields.is_map()) return;
  if (const YamlNode* url = fields.require("url")) webhook.url = read_own_link(*url, "url", problems);
  webhook.secret_file = fields.text("secret_file");
  webhook.ca_file = fields.optional_text("ca_file");
  alerts.webhooks.push_back(std::move(webhook));
}

void read_channels(const Fields& fields, Problems& problems, Alerts& alerts) {
  for (const YamlNode& item : fields.list("channels")) {
    const Fields channel(item, kChannelKeys, "a channel", problems);
    if (!channel.is_map()) continue;
    const YamlNode* mail = channel.find("mail");
    const YamlNode* webhook = channel.find("webhook");
    const bool is_misspelt = mail == nullptr && webhook == nullptr && !item.children.empty();  // told of already
    if (is_misspelt) continue;
    if ((mail == nullptr) == (webhook == nullptr)) {
      problems.error(item.at, "a channel is either 'mail' or 'webhook'; write '- mail: {...}' or '- webhook: {...}'");
    } else if (mail != nullptr) {
      read_mail(*mail, problems, alerts);
    } else {
      read_webhook(*webhook, problems, alerts);
    }
  }
}

void read_rules(const Fields& alerts_fields, const KnownCategories& categories, Problems& problems, Alerts& alerts) {
  const YamlNode* node = alerts_fields.find("rules");
  if (node == nullptr) return;
  const Fields fields(*node, kAlertRulesKeys, "'rules' of 'alerts'", problems);
  if (const YamlNode* severities = fields.find("severity")) {
    const Fields words(*severities, kSeverities, "'severity' of 'rules'", problems);
    for (std::size_t i = 0; i < kSeverities.size(); ++i)
      alerts.by_severity[i] = words.choice(kSeverities[i], kAlertWays, alerts.by_severity[i]);
  }
  const YamlNode* ways = fields.find("categories");
  if (ways == nullptr || ways->kind == YamlNode::Kind::broken) return;
  const std::vector<std::string> known = categories.ids();
  const std::vector<std::string_view> views(known.begin(), known.end());
  const Fields words(*ways, views, "'categories' of 'rules'", problems);
  for (std::size_t i = 0; i < categories.read.size(); ++i) {
    if (words.find(categories.read[i].id) == nullptr) continue;
    alerts.by_category.push_back(
        {static_cast<std::uint16_t>(i), words.choice(categories.read[i].id, kAlertWays, AlertWay::none)});
  }
}

void read_digest(const Fields& alerts_fields, Problems& problems, Alerts& alerts) {
  const YamlNode* node = alerts_fields.find("digest");
  if (node == nullptr) return;
  const Fields fields(*node, kDigestKeys, "'digest'", problems);
  if (const YamlNode* daily = fields.find("daily")) {
    const auto text = read_text(*daily, "daily", problems);
    const auto time = text ? parse_time_of_day(*text) : std::nullopt;
    if (time) alerts.daily_at = *time;
    if (text && !time)
      problems.error(daily->at, in_quotes(*text) + " is no time of the day; write one such as '08:00'");
  }
  if (const YamlNode* weekly = fields.find("weekly")) {
    const auto text = read_text(*weekly, "weekly", problems);
    if (!text) return;
    const std::size_t space = text->find(' ');
    const auto day = parse_weekday(text->substr(0, space));
    const auto time = space == std::string::npos ? std::nullopt : parse_time_of_day(text->substr(space + 1));
    if (day && time) {
      alerts.weekly_on = *day;
      alerts.weekly_at = *time;
    } else {
      problems.error(weekly->at, in_quotes(*text) + " is no time of the week; write one such as 'mon 08:00'");
    }
  }
}

/// Is no minute of a week left out?
bool is_always_open(const Schedule& schedule) {
  constexpr std::size_t kDay = std::size_t{24} * 60, kWeek = 7 * kDay;
  std::bitset<kWeek> open;
  for (const Span& span : schedule.spans) {
    const std::size_t length = span.end - span.begin + (span.end <= span.begin ? kDay : 0);
    for (std::size_t day = 0; day < 7; ++day) {
      if ((span.days >> day & 1U) == 0) continue;
      for (std::size_t minute = 0; minute < length; ++minute) open.set((day * kDay + span.begin + minute) % kWeek);
    }
  }
  return open.all();
}

void read_quiet_hours(const Fields& alerts_fields, Problems& problems, PolicyFile& policy) {
  const YamlNode* node = alerts_fields.find("quiet_hours");
  if (node == nullptr) return;
  const Fields fields(*node, kQuietHoursKeys, "'quiet_hours'", problems);
  const auto word = fields.choice("override", kQuietOverrides, static_cast<std::uint8_t>(Severity::critical));
  const bool nothing = word == kQuietOverrides.size() - 1;
  policy.alerts.quiet_override = nothing ? std::nullopt : std::optional(static_cast<Severity>(word));
  const YamlNode* schedule = fields.require("schedule");
  const auto name = schedule == nullptr ? std::nullopt : read_text(*schedule, "schedule", problems);
  if (!name) return;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < policy.schedules.size(); ++i) {
    known.push_back(policy.schedules[i].id);
    if (policy.schedules[i].id == *name) policy.alerts.quiet = static_cast<std::uint16_t>(i);
  }
  if (!policy.alerts.quiet) {
    problems.error(schedule->at, "there is no schedule " + in_quotes(*name) + mend(*name, known));
  } else if (is_always_open(policy.schedules[*policy.alerts.quiet])) {
    problems.error(schedule->at, in_quotes(*name) +
                                     " is open the whole week, so that quiet hours would never end; leave time in "
                                     "which alerts may go out, or write 'none' under 'rules'");
  }
}

/// "12h", "10m": a whole number with its unit.
std::optional<int> read_count(const YamlNode& node, std::string_view what, char unit, std::string_view example,
                              int most, Problems& problems) {
  const auto text = read_text(node, what, problems);
  if (!text) return std::nullopt;
  YamlNode number = node;
  number.text = text->substr(0, text->size() - 1);
  const bool is_whole = !number.text.empty() && std::all_of(number.text.begin(), number.text.end(), text::is_digit);
  if (text->back() != unit || !is_whole) {
    problems.error(node.at, in_quotes(what) + " cannot be " + in_quotes(*text) + "; write " + std::string(example));
    return std::nullopt;
  }
  return read_number(number, what, 1, most, problems);
}

void read_limits(const Fields& alerts_fields, Problems& problems, Alerts& alerts) {
  constexpr int kMostHours = 24 * 31, kMostMinutes = 24 * 60, kMostMessages = 1000;
  if (const YamlNode* again = alerts_fields.find("again_after")) {
    const auto hours = read_count(*again, "again_after", 'h', "a number of hours, such as '12h'", kMostHours, problems);
    if (hours) alerts.again_after = std::chrono::hours(*hours);
  }
  const YamlNode* node = alerts_fields.find("fold");
  if (node == nullptr) return;
  const Fields fields(*node, kFoldKeys, "'fold'", problems);
  if (const YamlNode* most = fields.find("most")) {
    if (const auto count = read_number(*most, "most", 1, kMostMessages, problems))
      alerts.fold_most = static_cast<std::uint32_t>(*count);
  }
  if (const YamlNode* within = fields.find("within")) {
    const auto minutes =
        read_count(*within, "within", 'm', "a number of minutes, such as '10m'", kMostMinutes, problems);
    if (minutes) alerts.fold_within = std::chrono::minutes(*minutes);
  }
}

void read_includes(const Fields& alerts_fields, Problems& problems, AlertIncludes& includes) {
  const YamlNode* node = alerts_fields.find("includes");
  if (node == nullptr) return;
  const Fields fields(*node, kIncludesKeys, "'includes'", problems);
  includes.device = fields.truth("device", includes.device);
  includes.severity = fields.truth("severity", includes.severity);
  includes.risk = fields.truth("risk", includes.risk);
  includes.category = fields.truth("category", includes.category);
  includes.person = fields.truth("person", includes.person);
  includes.host = fields.truth("host", includes.host);
  if (includes.person) includes.person_at = fields.find("person")->at;
  if (includes.host) includes.host_at = fields.find("host")->at;
}

}  // namespace

void read_alerts(const Fields& fields, const KnownCategories& categories, Problems& problems, PolicyFile& policy) {
  const YamlNode* node = fields.find("alerts");
  if (node == nullptr) return;
  const Fields alerts(*node, kAlertsKeys, "'alerts'", problems);
  if (!alerts.is_map()) return;
  policy.alerts.quiet_override = Severity::critical;
  read_channels(alerts, problems, policy.alerts);
  read_rules(alerts, categories, problems, policy.alerts);
  read_digest(alerts, problems, policy.alerts);
  read_quiet_hours(alerts, problems, policy);
  read_limits(alerts, problems, policy.alerts);
  read_includes(alerts, problems, policy.alerts.includes);
  if (const YamlNode* console = alerts.find("console")) {
    std::string address = read_own_link(*console, "console", problems);
    while (address.ends_with('/')) address.pop_back();
    if (!address.empty()) policy.alerts.console = std::move(address);
  }
}

}  // namespace fairlead::rules::catalog
