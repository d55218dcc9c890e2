#include "agent/fleet/signed_asking.hpp"

#include <array>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/tls/base64.hpp"
#include "agent/tls/signature.hpp"

namespace fairlead::agent::fleet {

Result<SignedAsking> SignedAsking::make(const Membership& membership, std::string_view key,
                                        exchange::SignedRequest question, std::string_view body,
                                        std::chrono::sys_seconds created) {
  auto public_key = tls::public_key_of(key);
  if (!public_key) return tl::unexpected(std::move(public_key).error());
  std::array<char, 18> nonce{};
  events::fill_random(nonce);
  question.digest = exchange::content_digest(body);
  if (!membership.certificate.empty()) question.certificate = exchange::client_certificate(membership.certificate);
  exchange::write_input(question,
                        {created, tls::base64(std::string_view(nonce.data(), nonce.size())), *std::move(public_key)});
  const auto signature = tls::sign_as_device(key, exchange::signature_base(question));
  if (!signature) return tl::unexpected(signature.error());
  question.signature = exchange::signature_field(*signature);
  return SignedAsking(membership.authority, std::move(question));
}

std::vector<std::string> SignedAsking::fields() const {
  std::vector<std::string> out = {"Content-Digest: " + request_.digest, "Signature-Input: " + request_.input,
                                  "Signature: " + request_.signature};
  if (!request_.certificate.empty()) out.push_back("Client-Cert: " + request_.certificate);
  return out;
}

Result<std::chrono::sys_seconds> SignedAsking::check(const exchange::SignedAnswer& answer,
                                                     std::string_view body) const {
  const auto created = exchange::read_input(answer, request_);
  const auto signature = exchange::read_signature(answer.signature);
  if (!created || !signature || answer.digest != exchange::content_digest(body) ||
      !tls::signed_by_authority(authority_, exchange::signature_base(answer, request_), *signature))
    return fail(Errc::untrusted, Side::upstream,
                "what answers is not the organisation's hub, or it does not take signed requests (fairlead hub serve "
                "--accept-signatures)");
  return *created;
}

}  // namespace fairlead::agent::fleet
