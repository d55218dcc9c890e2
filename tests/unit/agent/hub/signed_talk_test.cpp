#include "agent/hub/signed_talk.hpp"

#include <doctest/doctest.h>

#include "agent/events/digest.hpp"
#include "agent/tls/request.hpp"
#include "agent/tls/signature.hpp"

namespace fairlead::agent::hub {
namespace {

using namespace std::chrono_literals;

struct Talk {
  Now now{std::chrono::hours(480'000)};
  tls::Credential authority = *tls::make_fleet_authority("Tests", seconds_of(now));
  SignedTalk talk{authority, [this] { return now; }};
  events::DeviceKey key = *events::DeviceKey::from_seed(std::string(32, 's'));
  std::string pem = *key.private_key_pem();
  std::string certificate = *tls::grant(authority, *tls::make_request(pem), std::string(key.id()), seconds_of(now));

  static std::chrono::sys_seconds seconds_of(Now time) { return std::chrono::floor<std::chrono::seconds>(time); }

  [[nodiscard]] exchange::SignedRequest request(std::chrono::seconds wrong = 0s,
                                                const std::string& nonce = "bm9u") const {
    exchange::SignedRequest out;
    out.method = "POST";
    out.host = "hub.example";
    out.path = "/v1/events";
    out.digest = exchange::content_digest("{}");
    out.certificate = exchange::client_certificate(certificate);
    exchange::write_input(out, {seconds_of(now) + wrong, nonce, std::string(key.public_key())});
    out.signature = exchange::signature_field(*tls::sign_as_device(pem, exchange::signature_base(out)));
    return out;
  }
};

}  // namespace

TEST_CASE("signed talk: who signs with the key of a good certificate is that device, within ten minutes") {
  const Talk hub;
  CHECK(hub.talk.prove(hub.request()).device == hub.key.id());
  CHECK(hub.talk.prove(hub.request(10min)).device == hub.key.id());
  for (const auto wrong : {std::chrono::seconds(-601), std::chrono::seconds(601)}) {
    const SignedProof proof = hub.talk.prove(hub.request(wrong));
    CHECK(proof.is_signed);
    CHECK(proof.device.empty());
    CHECK(proof.fault == "signature refused: it was made at another time");
  }
}

TEST_CASE("signed talk: a certificate that has ended proves nobody, and its holder is told so") {
  Talk hub;
  hub.now += 366 * 24h;
  const SignedProof proof = hub.talk.prove(hub.request());
  CHECK(proof.is_signed);
  CHECK(proof.device.empty());
  CHECK(proof.fault == "signature refused: certificate: certificate has expired");
}

TEST_CASE("signed talk: without a certificate nobody is proven, and nobody is refused") {
  Talk hub;
  exchange::SignedRequest request = hub.request();
  request.certificate.clear();
  exchange::write_input(request, {Talk::seconds_of(hub.now), "bm9u", std::string(hub.key.public_key())});
  request.signature = exchange::signature_field(*tls::sign_as_device(hub.pem, exchange::signature_base(request)));
  const SignedProof proof = hub.talk.prove(request);
  CHECK(proof.is_signed);
  CHECK(proof.device.empty());
  CHECK(proof.fault.empty());
}

TEST_CASE("signed talk: a request is new once, for as long as its signature is good") {
  Talk hub;
  const auto early = hub.request(10min);
  CHECK(hub.talk.is_new(early));
  for (int minutes = 0; minutes < 20; ++minutes, hub.now += 1min) {
    CAPTURE(minutes);
    CHECK_FALSE(hub.talk.is_new(early));
    CHECK(hub.talk.is_new(hub.request(0s, "other" + std::to_string(minutes))));
  }
  hub.now += 1min;
  CHECK(hub.talk.prove(early).device.empty());
}

TEST_CASE("signed talk: an answer is the authority's, over what it says and to whom") {
  const Talk hub;
  const auto request = hub.request();
  exchange::SignedAnswer answer;
  answer.status = 200;
  hub.talk.sign(answer, "{}", request);
  const auto signature = exchange::read_signature(answer.signature);
  REQUIRE(signature);
  const std::string pem = hub.authority.certificate_pem();
  CHECK(tls::signed_by_authority(pem, exchange::signature_base(answer, request), *signature));
  CHECK_FALSE(tls::signed_by_authority(pem, exchange::signature_base(answer, hub.request(0s, "b3Ro")), *signature));
  CHECK_FALSE(tls::signed_by_authority(pem, exchange::signature_base(answer, request), signature->substr(1)));
  const auto other = tls::make_fleet_authority("Tests", Talk::seconds_of(hub.now));
  CHECK_FALSE(
      tls::signed_by_authority(other->certificate_pem(), exchange::signature_base(answer, request), *signature));
}

}  // namespace fairlead::agent::hub
