// Any bytes as an evidence pack: clean or named, and what is clean stays clean only as it is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/events/pack.hpp"

namespace {

using namespace fairlead::agent::events;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view pack(reinterpret_cast<const char*>(data), size);
  if (!verify_pack(pack).first_bad.empty()) return 0;
  for (const std::size_t at : {std::size_t{0}, size / 3, size / 2, size - 1}) {
    std::string changed(pack);
    changed[at] = static_cast<char>(changed[at] ^ 1);
    require(!verify_pack(changed).first_bad.empty());
  }
  return 0;
}
