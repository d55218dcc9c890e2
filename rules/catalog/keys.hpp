#pragma once
// Every key and every word that the files may hold, in one table: the reader refuses what is not here, and a test holds
// the JSON Schemas against it. Words of an enumeration stand in the order of its enumerators in values.hpp.

#include <array>
#include <span>
#include <string_view>

namespace fairlead::rules::catalog {

template <class... Words>
constexpr auto words(Words... all) {
  return std::array<std::string_view, sizeof...(Words)>{std::string_view(all)...};
}

inline constexpr auto kRisks = words("content", "contact", "conduct");
inline constexpr auto kSeverities = words("low", "medium", "high", "critical");
inline constexpr auto kRecords = words("none", "host", "path", "words");
inline constexpr auto kReviews = words("none", "it", "week", "day", "now");
inline constexpr auto kWheres = words("host", "path", "query", "url");
inline constexpr auto kActions = words("allow", "observe", "block");
inline constexpr auto kListFormats =
    words("hosts", "domains", "wildcards", "dnsmasq", "unbound", "ut1", "adblock", "regex", "hashed");
inline constexpr auto kSignpostKinds = words("help", "report", "advice");
inline constexpr auto kAudiences = words("all", "learner", "staff");
inline constexpr auto kLocalTargets = words("refuse", "allow");
inline constexpr auto kRestrictions = words("off", "moderate", "strict");
inline constexpr auto kCoverProfiles = words("off", "standard", "strict");
inline constexpr auto kRequired = words("off", "ask", "wait");

// A category file.
inline constexpr auto kCategoryKeys = words("category", "title", "risk", "severity", "says", "help", "record", "review",
                                            "quiet", "opaque", "statutory", "lists", "block", "allow", "tests");
inline constexpr auto kBlockKeys = words("hosts", "hashed_hosts", "paths", "patterns", "searches");
inline constexpr auto kAllowKeys = words("hosts", "paths", "patterns", "searches");
inline constexpr auto kPatternKeys = words("id", "re2", "in", "because");
inline constexpr auto kSearchKeys = words("id", "re2");
inline constexpr auto kTestsKeys = words("must_block", "must_allow");

// policy.yaml
inline constexpr auto kPolicyKeys = words("organisation", "version", "review_date", "time_zone", "contacts", "links",
                                          "reporting_routes", "schedules", "groups", "unknown_person", "exceptions",
                                          "network", "inspect", "cover", "events", "alerts", "agreement", "loosening");
inline constexpr auto kContactsKeys = words("safeguarding_lead", "it");
inline constexpr auto kContactKeys = words("title", "name", "phone", "email");
inline constexpr auto kLinkKeys = words("title", "url", "categories");
inline constexpr auto kReportingRouteKeys =
    words("id", "title", "says", "contact", "phone", "email", "url", "categories");
inline constexpr auto kGroupKeys = words("title", "like", "users", "os_groups", "actions", "default", "safe_search");
inline constexpr auto kGroupSafeSearchKeys = words("engines", "youtube");
inline constexpr auto kScheduledActionKeys = words("allow_during", "otherwise");
inline constexpr auto kExceptionKeys = words("url", "groups", "action", "owner", "reason", "expires");
inline constexpr auto kNetworkKeys =
    words("connect_ports", "plain_connect_ports", "local_targets", "judge_addresses", "judge_aliases",
          "address_targets", "allowed_addresses", "local_hosts", "upstream_proxy");
inline constexpr auto kUpstreamProxyKeys = words("address", "credentials_file", "except");
inline constexpr auto kInspectKeys = words("search", "hosts");
inline constexpr auto kCoverKeys = words("profile", "exempt", "open", "extensions");
inline constexpr auto kOpeningKeys = words("to", "tcp", "udp", "because");
inline constexpr auto kEventsKeys = words("retention");
inline constexpr auto kAgreementKeys = words("required", "text", "link");
inline constexpr auto kLooseningKeys = words("severity", "second_person", "delay");
inline constexpr auto kRetentionKeys = words("low", "medium", "high", "critical", "observed");

inline constexpr auto kAlertWays = words("none", "weekly", "daily", "at_once");
inline constexpr auto kStartTls = words("required", "off");
inline constexpr auto kQuietOverrides = words("low", "medium", "high", "critical", "nothing");
inline constexpr auto kAlertsKeys =
    words("channels", "rules", "digest", "quiet_hours", "again_after", "fold", "console", "includes");
inline constexpr auto kChannelKeys = words("mail", "webhook");
inline constexpr auto kMailKeys = words("server", "starttls", "from", "to", "user", "password_file", "ca_file");
inline constexpr auto kWebhookKeys = words("url", "secret_file", "ca_file");
inline constexpr auto kAlertRulesKeys = words("severity", "categories");
inline constexpr auto kDigestKeys = words("daily", "weekly");
inline constexpr auto kQuietHoursKeys = words("schedule", "override");
inline constexpr auto kFoldKeys = words("most", "within");
inline constexpr auto kIncludesKeys = words("device", "severity", "risk", "category", "person", "host");

// lists.yaml
inline constexpr auto kListsFileKeys = words("lists");
inline constexpr auto kListKeys =
    words("title", "from", "format", "member", "licence", "refresh", "most_megabytes", "public_key", "sha256");

// protected.yaml, signposts.yaml, search_engines.yaml, safe_search.yaml, carriers.yaml
inline constexpr auto kProtectedFileKeys = words("protected", "imitated");
inline constexpr auto kProtectedKeys = words("hosts", "because");
inline constexpr auto kSignpostsFileKeys = words("signposts");
inline constexpr auto kSignpostKeys = words("name", "kind", "for", "phone", "sms", "url");
inline constexpr auto kEnginesFileKeys = words("engines");
inline constexpr auto kEngineKeys = words("name", "hosts", "paths", "params", "within_site");
inline constexpr auto kSafeSearchFileKeys = words("engines");
inline constexpr auto kSafeSearchKeys = words("id", "hosts", "to", "parameter");
inline constexpr auto kLevelKeys = words("moderate", "strict");
inline constexpr auto kCarriersFileKeys = words("carriers", "mentions");
inline constexpr auto kCarrierKeys = words("name", "hosts", "paths", "params", "behind");
inline constexpr auto kMentionKeys = words("hosts", "paths", "params");

// siem.yaml of a hub; its fields stand in siem_file.hpp.
inline constexpr auto kSiemKeys = words("syslog", "otlp", "fields");
inline constexpr auto kSiemSyslogKeys = words("server", "ca_file", "id");
inline constexpr auto kSiemOtlpKeys = words("url", "ca_file", "token_file");

}  // namespace fairlead::rules::catalog
