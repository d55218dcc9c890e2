#include "rules/policy/agreement.hpp"

#include <openssl/sha.h>

#include <array>

#include "rules/base/text.hpp"

namespace fairlead::rules::policy {

std::string agreement_id(const catalog::PolicyFile& policy) {
  constexpr std::size_t kDigits = 8;
  std::string whole;
  const auto add = [&](const std::string& field) {
    whole.append(std::to_string(field.size())).append(":").append(field);
  };
  for (const std::string& sentence : policy.agreement.text) add(sentence);
  add(policy.agreement.link);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(whole.data()), whole.size(), digest.data());
  return policy.version + " " + text::hex(digest).substr(0, kDigits);
}

}  // namespace fairlead::rules::policy
