#pragma once
// What `alerts` of policy.yaml stands for: who is told of incidents, how soon, when not, and what the text may say.
// Plain data, made only by load.hpp; part of values.hpp, which is what others include.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/catalog/position.hpp"

namespace fairlead::rules::catalog {

enum class Severity : std::uint8_t;

/// How soon somebody is told of an incident.
enum class AlertWay : std::uint8_t { none, weekly, daily, at_once };

/// Mail over SMTP with TLS: from the first byte, or by STARTTLS without which nothing is sent.
struct MailChannel {
  std::string host;  // canonical, IPv6 without brackets
  std::uint16_t port = 587;
  bool tls_at_once = false;         // smtps://
  bool plain = false;               // without TLS; only to this machine itself
  std::string from;                 // an address of plain ASCII, as all of these
  std::vector<std::string> to;      // at least one
  std::string user, password_file;  // both or none; the file's path as it was written
  std::string ca_file;              // empty: the authorities that the system trusts
  Position at;
};

/// A POST over HTTPS, or over HTTP to this machine itself.
struct WebhookChannel {
  std::string url;  // canonical
  std::string secret_file, ca_file;
  Position at;
};

/// What the text of an alert may say besides the incident's number.
struct AlertIncludes {
  bool device = true, severity = true, risk = true, category = true, person = false, host = false;
  Position person_at, host_at;  // where a true one was written
};

struct CategoryAlert {
  std::uint16_t category = 0;  // index into Catalog::categories
  AlertWay way = AlertWay::none;
};

struct Alerts {
  std::vector<MailChannel> mail;
  std::vector<WebhookChannel> webhooks;
  std::array<AlertWay, 4> by_severity{AlertWay::none, AlertWay::none, AlertWay::at_once, AlertWay::at_once};
  std::vector<CategoryAlert> by_category;  // goes before by_severity
  std::chrono::minutes daily_at{8 * 60};   // of the local day
  std::uint8_t weekly_on = 0;              // 0 = Monday
  std::chrono::minutes weekly_at{8 * 60};
  std::optional<std::uint16_t> quiet;      // index into PolicyFile::schedules: nothing goes out while it is open
  std::optional<Severity> quiet_override;  // but what is at least this severe; none: nothing at all
  std::chrono::hours again_after{12};      // the same incident not again before, unless it became more severe
  std::uint32_t fold_most = 3;             // more than these within `fold_within` become one
  std::chrono::minutes fold_within{10};
  std::string console = "http://127.0.0.1:3129";  // canonical, without a slash at the end
  AlertIncludes includes;
  [[nodiscard]] bool has_channel() const { return !mail.empty() || !webhooks.empty(); }
};

}  // namespace fairlead::rules::catalog
