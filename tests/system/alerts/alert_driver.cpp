// One attempt to deliver one message, as a JSON object on standard input describes it (harness.py writes it); prints
// what came of it as JSON. Exit 0 delivered, 1 not.

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "agent/alerts/delivery.hpp"
#include "agent/alerts/text.hpp"
#include "agent/platform/platform.hpp"

namespace {

using nlohmann::json;
namespace alerts = fairlead::agent::alerts;
namespace platform = fairlead::agent::platform;

alerts::DeliveryOptions options_from(const json& given) {
  alerts::DeliveryOptions options;
  options.folder = given.at("folder").get<std::string>();
  options.own_authority = given.value("own_authority", "");
  options.proxy = given.value("proxy", "");
  options.proxy_takes_mail = given.value("proxy_takes_mail", false);
  options.proxy_authorization = given.value("proxy_authorization", "");
  options.connect_limit = options.total_limit = std::chrono::milliseconds(given.value("limit_ms", 2000));
  return options;
}

alerts::Outcome mail(const json& given) {
  fairlead::rules::catalog::MailChannel channel;
  channel.host = given.value("host", "localhost");
  channel.port = given.at("port");
  channel.tls_at_once = given.value("tls_at_once", false);
  channel.plain = given.value("plain", false);
  channel.from = "fairlead@example.org";
  channel.user = given.value("user", "");
  channel.password_file = given.value("password_file", "");
  channel.ca_file = given.value("ca_file", "");
  const std::string to = given.value("to", "lead@example.org");
  const alerts::Envelope envelope{channel.from, to, given.at("key"), platform::wall_clock()};
  return alerts::send_mail(channel, to,
                           alerts::mail_message(envelope, given.value("subject", "S"), given.value("text", "T\n")),
                           options_from(given));
}

alerts::Outcome webhook(const json& given) {
  fairlead::rules::catalog::WebhookChannel channel;
  channel.url = given.at("url");
  channel.secret_file = given.at("secret_file");
  channel.ca_file = given.value("ca_file", "");
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  return alerts::post_webhook(channel, given.at("key"), given.value("body", "{}"), now, options_from(given));
}

}  // namespace

int main() {
  platform::prepare_process();
  const json given = json::parse(std::cin);
  const alerts::Outcome outcome = given.contains("url") ? webhook(given) : mail(given);
  constexpr const char* kVerdicts[] = {"delivered", "retry", "parked"};
  std::cout << json{{"verdict", kVerdicts[static_cast<std::size_t>(outcome.verdict)]},
                    {"says", outcome.says},
                    {"wait", outcome.wait ? json(outcome.wait->count()) : json(nullptr)},
                    {"unreachable", outcome.unreachable},
                    {"in_doubt", outcome.in_doubt}}
                   .dump()
            << "\n";
  return outcome.verdict == alerts::Verdict::delivered ? 0 : 1;
}
