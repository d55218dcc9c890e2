#pragma once
// One question to the hub that proves itself, and the proof of its answer: where the network breaks TLS open, nothing
// that comes from there is believed unless the fleet's authority signed it as the answer to this very question. Pure;
// any thread.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/exchange/signed_message.hpp"
#include "agent/fleet/membership.hpp"

namespace fairlead::agent::fleet {

class SignedAsking {
 public:
  /// question   its method, host, path, encoding and If-None-Match.
  /// body       as it travels.
  /// key        PKCS #8 PEM of the device's key.
  /// created    by the hub's clock, as far as it is known.
  /// Errors     bad_file, internal.
  [[nodiscard]] static Result<SignedAsking> make(const Membership& membership, std::string_view key,
                                                 exchange::SignedRequest question, std::string_view body,
                                                 std::chrono::sys_seconds created);
  /// Lines of the request's head.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// Returns  when the hub answered, by its clock.
  /// Errors   untrusted: it is not the hub's answer to this.
  [[nodiscard]] Result<std::chrono::sys_seconds> check(const exchange::SignedAnswer& answer,
                                                       std::string_view body) const;

 private:
  SignedAsking(std::string authority, exchange::SignedRequest request)
      : authority_(std::move(authority)), request_(std::move(request)) {}
  std::string authority_;
  exchange::SignedRequest request_;
};

}  // namespace fairlead::agent::fleet
