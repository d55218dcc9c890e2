#pragma once
// Devices that prove themselves by a signature over each request, and answers that prove themselves by the authority's:
// for networks that break TLS open (exchange/signed_message.hpp). It knows no socket. Belongs to the server's thread.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "agent/exchange/signed_message.hpp"
#include "agent/hub/device.hpp"
#include "agent/tls/credential.hpp"

namespace fairlead::agent::hub {

/// The answer to a request that was made at another time than this, by the hub's clock, says what is wrong; it tells
/// the hub's time too.
inline constexpr std::chrono::minutes kSignedWithin{10};

/// What a signature says of a request.
struct SignedProof {
  bool is_signed = false;  // by whoever holds the key that it names; only then is its answer signed
  std::string device;      // empty: nobody is proven
  std::string fault;       // why not; empty where it has no certificate yet
};

class SignedTalk {
 public:
  /// authority   outlives this object.
  SignedTalk(const tls::Credential& authority, std::function<Now()> now)
      : authority_(authority), now_(std::move(now)) {}

  /// All but whether the body is the one of the digest, and whether the request was there before.
  [[nodiscard]] SignedProof prove(const exchange::SignedRequest& request) const;
  /// Whether this is the first time within which its signature is good; remembered by that, which has one spelling and
  /// covers the nonce. Of other hubs, and of the time before a start, nothing is known here: what has numbers (events,
  /// reports, entries) has no effect when it is heard twice, and what a laptop told of itself can be told once more.
  [[nodiscard]] bool is_new(const exchange::SignedRequest& request);
  /// Fills in what proves an answer; nothing where it cannot be signed.
  void sign(exchange::SignedAnswer& answer, std::string_view body, const exchange::SignedRequest& to) const;

 private:
  const tls::Credential& authority_;
  std::function<Now()> now_;
  // What was heard in this span and in the one before; each lasts as long as a signature can be good.
  std::unordered_set<std::string> heard_, heard_before_;
  Now since_{};
};

}  // namespace fairlead::agent::hub
