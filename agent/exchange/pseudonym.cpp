#include "agent/exchange/pseudonym.hpp"

#include <array>

#include "agent/events/digest.hpp"

namespace fairlead::agent::exchange {
namespace {

std::string digest_of(std::string_view salt, std::string_view person) {
  return std::string(events::Hasher().add("fairlead pseudonym 1").add(salt).add(person).finish().view());
}

}  // namespace

bool Pseudonym::names(std::string_view person) const { return digest_of(salt, person) == digest; }

Pseudonym pseudonym_of(std::string_view person) {
  std::array<char, Pseudonym::kBytes> random{};
  events::fill_random(random);
  Pseudonym out;
  out.salt.assign(random.begin(), random.end());
  out.digest = digest_of(out.salt, person);
  return out;
}

}  // namespace fairlead::agent::exchange
