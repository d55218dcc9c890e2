#include "agent/fleet/signed_asking.hpp"

#include <doctest/doctest.h>

#include "agent/events/digest.hpp"
#include "agent/tls/request.hpp"
#include "agent/tls/signature.hpp"

namespace fairlead::agent::fleet {
namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::hours(480'000)};

struct Fleet {
  tls::Credential authority = *tls::make_fleet_authority("Tests", kNow);
  std::string key = *events::DeviceKey::from_seed(std::string(32, 's'))->private_key_pem();

  [[nodiscard]] SignedAsking ask(const std::string& body = "{}") const {
    exchange::SignedRequest question;
    question.method = "POST";
    question.host = "hub.example";
    question.path = "/v1/events";
    return *SignedAsking::make({"https://hub.example", authority.certificate_pem(), ""}, key, question, body, kNow);
  }
};

/// What the hub reads of it.
exchange::SignedRequest arrived(const SignedAsking& asking) {
  const auto fields = asking.fields();
  const auto value = [&](std::size_t at) { return fields.at(at).substr(fields.at(at).find(' ') + 1); };
  exchange::SignedRequest out;
  out.method = "POST";
  out.host = "hub.example";
  out.path = "/v1/events";
  out.digest = value(0);
  out.input = value(1);
  out.signature = value(2);
  return out;
}

exchange::SignedAnswer answered(const tls::Credential& by, const SignedAsking& to, const std::string& body) {
  exchange::SignedAnswer out;
  out.status = 200;
  out.digest = exchange::content_digest(body);
  exchange::write_input(out, arrived(to), kNow);
  out.signature = exchange::signature_field(*tls::sign_as_authority(by, exchange::signature_base(out, arrived(to))));
  return out;
}

}  // namespace

TEST_CASE("signed asking: what the authority answered to it is believed, and nothing else") {
  const Fleet fleet;
  const SignedAsking asking = fleet.ask();
  const exchange::SignedAnswer good = answered(fleet.authority, asking, "[]");
  CHECK(asking.check(good, "[]") == kNow);

  const auto refused = [&](const exchange::SignedAnswer& answer, const std::string& body = "[]") {
    const auto checked = asking.check(answer, body);
    return !checked && checked.error().code == Errc::untrusted;
  };
  CHECK(refused({200, "", "", "", "", ""}));
  CHECK(refused(good, "[1]"));
  exchange::SignedAnswer changed = good;
  changed.digest = exchange::content_digest("[1]");
  CHECK(refused(changed, "[1]"));
  changed = good;
  changed.status = 400;
  CHECK(refused(changed));
  changed = good;
  changed.etag = "\"9\"";
  CHECK(refused(changed));
  changed = good;
  changed.retry_after = "86400";
  CHECK(refused(changed));
  changed = good;
  changed.input += "0";
  CHECK(refused(changed));
  // The same question once more has another nonce: an older answer is none to it.
  CHECK(refused(answered(fleet.authority, fleet.ask(), "[]")));
  CHECK(refused(answered(*tls::make_fleet_authority("Tests", kNow), asking, "[]")));
}

}  // namespace fairlead::agent::fleet
