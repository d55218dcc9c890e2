#include "agent/hub/signed_talk.hpp"

#include <utility>

#include "agent/tls/signature.hpp"

namespace fairlead::agent::hub {
namespace {

using std::chrono::sys_seconds;

constexpr auto kSpan = 2 * kSignedWithin + std::chrono::seconds(1);  // signatures tell whole seconds
constexpr std::size_t kMostHeard = std::size_t{1} << 20U;

}  // namespace

SignedProof SignedTalk::prove(const exchange::SignedRequest& request) const {
  SignedProof out;
  const auto refused = [&](const std::string& why) {
    out.fault = "signature refused: " + why;
    return out;
  };
  const auto parameters = exchange::read_input(request);
  if (!parameters) return refused("it does not cover the request");
  const auto signature = exchange::read_signature(request.signature);
  if (!signature || !tls::signed_by_device(parameters->key, exchange::signature_base(request), *signature))
    return refused("it is another's");
  out.is_signed = true;
  if (request.certificate.empty()) return out;  // it may ask for one
  const sys_seconds now = std::chrono::floor<std::chrono::seconds>(now_());
  const auto certificate = exchange::read_client_certificate(request.certificate);
  const tls::Vouched vouched = tls::read_vouched(authority_, certificate.value_or(""), now);
  if (!vouched.fault.empty()) return refused("certificate: " + vouched.fault);
  if (vouched.key != parameters->key) return refused("the certificate is another's");
  if (parameters->created < now - kSignedWithin || parameters->created > now + kSignedWithin)
    return refused("it was made at another time");
  out.device = vouched.device;
  return out;
}

bool SignedTalk::is_new(const exchange::SignedRequest& request) {
  const Now now = now_();
  if (now - since_ >= kSpan || now < since_) {
    heard_before_ = now - since_ < 2 * kSpan ? std::move(heard_) : decltype(heard_)();
    heard_.clear();
    since_ = now;
  }
  // Only devices get here, as often as each may ask: this many are no fleet's.
  if (heard_.size() >= kMostHeard) return false;
  return !heard_before_.contains(request.signature) && heard_.insert(request.signature).second;
}

void SignedTalk::sign(exchange::SignedAnswer& answer, std::string_view body, const exchange::SignedRequest& to) const {
  answer.digest = exchange::content_digest(body);
  exchange::write_input(answer, to, std::chrono::floor<std::chrono::seconds>(now_()));
  const auto signature = tls::sign_as_authority(authority_, exchange::signature_base(answer, to));
  answer.signature = signature ? exchange::signature_field(*signature) : "";
}

}  // namespace fairlead::agent::hub
