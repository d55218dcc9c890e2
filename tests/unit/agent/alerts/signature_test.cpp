#include "agent/alerts/signature.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::alerts;

TEST_CASE("signature_of: what openssl says of the same bytes") {
  // printf '1767225600.{"format":1}' | openssl dgst -sha256 -hmac secret
  CHECK(signature_of("secret", 1767225600, "{\"format\":1}") ==
        "v1=973b7010c71d7d1e04b7f8f1e8718dc8f350c0340a0847525ff5c27b62beaafa");
}

TEST_CASE("signature_of: secret, time and body all count") {
  const std::string one = signature_of("secret", 1, "23");
  CHECK(one != signature_of("secret", 12, "3"));
  CHECK(one != signature_of("Secret", 1, "23"));
  CHECK(one != signature_of("secret", 2, "23"));
}
