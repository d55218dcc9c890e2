// Any bytes as a packed list: unpacked within the limits, or refused.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/catalog/imports/archive.hpp"

namespace {

namespace catalog = fairlead::rules::catalog;

void require(bool holds) {
  if (!holds) std::abort();
}

struct CountingSink final : catalog::MemberSink {
  bool is_open = false;
  std::uint64_t bytes = 0;
  std::size_t members = 0;

  bool begin_member(std::string_view name) override {
    require(!is_open);
    is_open = name.size() % 2 == 0;
    ++members;
    return is_open;
  }
  void take_piece(std::string_view piece) override {
    require(is_open && !piece.empty());
    bytes += piece.size();
  }
  void end_member() override {
    require(is_open);
    is_open = false;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CountingSink sink;
  const bool is_whole = catalog::unpack_bytes({reinterpret_cast<const char*>(data), size}, "list.gz", sink).has_value();
  require(sink.bytes <= catalog::kMostUnpacked && sink.members <= catalog::kMostMembers);
  require(!is_whole || !sink.is_open);
  return 0;
}
