#include "agent/events/pack_file.hpp"

#include <fstream>

namespace fairlead::agent::events {

Result<PackVerified> verify_pack_file(const std::filesystem::path& path) {
  constexpr std::size_t kAtOnce = 65'536;
  std::ifstream file(path, std::ios::binary);
  std::string pack;
  // One byte more than a pack can have is enough to refuse it.
  while (file && pack.size() <= kLargestPack) {
    const std::size_t size = pack.size();
    pack.resize(size + kAtOnce);
    file.read(pack.data() + size, kAtOnce);
    pack.resize(size + static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) return fail(Errc::denied, Side::local, "cannot read " + path.string());
  return verify_pack(pack);
}

}  // namespace fairlead::agent::events
