#include "rules/base/eight_bytes.hpp"

#include <doctest/doctest.h>

#include <array>

#include "rules/base/text.hpp"

namespace fairlead::text {
namespace {

TEST_CASE("eight bytes: each byte at each place, beside neighbours that could carry over") {
  for (const unsigned neighbour : {0x00U, 0x2EU, 0x5AU, 0x7FU, 0x80U, 0xFFU}) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      for (std::size_t at = 0; at < 8; ++at) {
        std::array<char, 8> bytes;
        bytes.fill(static_cast<char>(neighbour));
        bytes[at] = static_cast<char>(byte);
        std::uint64_t lower = 0, dots = 0;
        for (std::size_t i = 0; i < 8; ++i) {
          lower |= std::uint64_t{static_cast<unsigned char>(to_lower(bytes[i]))} << (8 * i);
          if (bytes[i] == '.') dots |= std::uint64_t{0x80} << (8 * i);
        }
        const std::uint64_t loaded = load_eight(bytes.data());
        REQUIRE(lower_eight(loaded) == lower);
        REQUIRE(where_equal(loaded, '.') == dots);
      }
    }
  }
}

TEST_CASE("ByteSet: the first of its bytes") {
  constexpr ByteSet kSet{"/?"};
  CHECK(kSet.first_in("a/b?c") == 1);
  CHECK(kSet.first_in("a?b/c") == 1);
  CHECK(kSet.first_in("abc") == 3);
  CHECK(kSet.first_in("") == 0);
}

}  // namespace
}  // namespace fairlead::text
