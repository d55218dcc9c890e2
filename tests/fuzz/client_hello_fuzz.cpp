// A ClientHello is read alike however its bytes arrive, and a name that is accepted is one that can be judged.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/tls/client_hello.hpp"

namespace {

using namespace fairlead::agent::tls;

void require(bool holds) {
  if (!holds) std::abort();
}

enum class End : std::uint8_t { more, complete, refused };

End read(std::string_view bytes, std::size_t step, ClientHello& hello) {
  ClientHelloReader reader;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    const auto fed = reader.feed(bytes.substr(0, end));
    if (!fed) return End::refused;
    if (*fed) {
      hello = reader.hello();
      return End::complete;
    }
    if (end == bytes.size()) return End::more;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 16384) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ClientHello whole;
  ClientHello pieces;
  const End end = read(bytes, bytes.size() + 1, whole);
  const End again = read(bytes, 1 + data[0] % 64, pieces);
  // Bytes behind the ClientHello can be refused or left alone, but a hello that was read is the same hello.
  if (end == End::complete || again == End::complete) require(end == again);
  require(whole.server_name == pieces.server_name && whole.protocols == pieces.protocols);
  require(whole.encrypted_hello == pieces.encrypted_hello);
  require(whole.server_name.size() <= 255);
  for (const char c : whole.server_name) require(c > 0x20 && c < 0x7f);
  return 0;
}
