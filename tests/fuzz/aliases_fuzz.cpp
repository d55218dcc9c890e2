// The answer of a name server, whoever wrote it: read to an end, into names that a chain of bounded length holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/platform/platform.hpp"

using namespace fairlead;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto names = agent::platform::read_aliases({data, size});
  if (!names) {
    const Errc code = names.error().code;
    if (code != Errc::bad_message && code != Errc::not_found) std::abort();
    return 0;
  }
  // What was asked for, and a link for each alias.
  if (names->empty() || names->size() > agent::platform::kMostAliases + 1) std::abort();
  return 0;
}
