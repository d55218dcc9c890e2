#pragma once
// What a Credential is made of. For the .cpp files of this folder only.

#include "agent/tls/credential.hpp"
#include "agent/tls/openssl.hpp"

namespace fairlead::agent::tls {

struct Credential::Parts {
  Certificate certificate;
  Key key;
};

}  // namespace fairlead::agent::tls
