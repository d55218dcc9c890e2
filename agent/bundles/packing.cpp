#include "agent/bundles/packing.hpp"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::bundles {
namespace {

namespace fs = std::filesystem;

constexpr int kLevel = 15;
constexpr int kWindowLog = 27;  // 128 MiB: what a decoder takes without being asked to

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

tl::unexpected<Error> internal() { return fail(Errc::internal, Side::local, "Zstandard cannot be used"); }
tl::unexpected<Error> not_written(const fs::path& to) {
  return fail(Errc::disk_full, Side::local, to.string() + " cannot be written: is the disk full?");
}

/// The bundle that a delta is from; empty where there is none.
Result<platform::MappedFile> map_base(const fs::path& base) {
  if (base.empty()) return platform::MappedFile{};
  return platform::map_file(base);
}

}  // namespace

Result<void> pack(const fs::path& bundle, const fs::path& base, const fs::path& to) {
  const auto whole = platform::map_file(bundle);
  if (!whole) return tl::unexpected(whole.error());
  const auto from = map_base(base);
  if (!from) return tl::unexpected(from.error());
  const std::uint64_t both = whole->bytes.size() + from->bytes.size();
  if (!base.empty() && both > kMostForDelta)
    return fail(Errc::too_large, Side::local, "the two bundles are too large for a delta");
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  bool good = context != nullptr;
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    good = good && ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), parameter, value)) == 0;
  };
  set(ZSTD_c_compressionLevel, kLevel);
  set(ZSTD_c_checksumFlag, 1);
  if (!base.empty()) {
    set(ZSTD_c_windowLog, std::clamp(static_cast<int>(std::bit_width(both)), 10, kWindowLog));
    set(ZSTD_c_enableLongDistanceMatching, 1);
    good = good && ZSTD_isError(ZSTD_CCtx_refPrefix(context.get(), from->bytes.data(), from->bytes.size())) == 0;
  }
  if (!good) return internal();
  std::vector<char> out(ZSTD_compressBound(whole->bytes.size()));
  const std::size_t size =
      ZSTD_compress2(context.get(), out.data(), out.size(), whole->bytes.data(), whole->bytes.size());
  if (ZSTD_isError(size) != 0) return internal();
  std::ofstream file(to, std::ios::binary | std::ios::trunc);
  file.write(out.data(), static_cast<std::streamsize>(size));
  file.close();
  return file ? Result<void>() : not_written(to);
}

Result<void> unpack(const fs::path& packed, const fs::path& base, std::uint64_t size, const fs::path& to) {
  const auto from = map_base(base);
  if (!from) return tl::unexpected(from.error());
  const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLog)) != 0 ||
      (!base.empty() && ZSTD_isError(ZSTD_DCtx_refPrefix(context.get(), from->bytes.data(), from->bytes.size())) != 0))
    return internal();
  std::ifstream in(packed, std::ios::binary);
  if (!in) return fail(Errc::not_found, Side::local, "cannot read " + packed.string());
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  std::vector<char> piece(ZSTD_DStreamInSize()), plain(ZSTD_DStreamOutSize());
  std::uint64_t all = 0;
  std::size_t left = 1;  // of the frame; 0: it ended
  while (left != 0) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    ZSTD_inBuffer bytes{piece.data(), static_cast<std::size_t>(in.gcount()), 0};
    if (bytes.size == 0) return fail(Errc::bad_file, Side::upstream, "the bundle is cut off");
    for (bool more = true; more;) {
      ZSTD_outBuffer room{plain.data(), plain.size(), 0};
      left = ZSTD_decompressStream(context.get(), &room, &bytes);
      if (ZSTD_isError(left) != 0) return fail(Errc::bad_file, Side::upstream, "the bundle cannot be unpacked");
      all += room.pos;
      if (all > size) return fail(Errc::too_large, Side::upstream, "the bundle is larger than its manifest says");
      out.write(plain.data(), static_cast<std::streamsize>(room.pos));
      more = left != 0 && (bytes.pos < bytes.size || room.pos == room.size);  // what the decoder still holds
    }
  }
  out.close();
  if (!out) return not_written(to);
  if (all != size) return fail(Errc::bad_file, Side::upstream, "the bundle is shorter than its manifest says");
  return {};
}

}  // namespace fairlead::agent::bundles
