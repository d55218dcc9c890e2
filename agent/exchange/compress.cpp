#include "agent/exchange/compress.hpp"

#include <algorithm>
#include <memory>

#include <zstd.h>
#include <zstd_errors.h>

namespace fairlead::agent::exchange {
namespace {

constexpr int kLevel = 3;
constexpr int kWindowLog = 23;  // 8 MiB, what every decoder should have (RFC 8878, 3.1.1.1.2), and no frame gets more

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

Result<std::string> compress(std::string_view plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), kLevel);
  if (ZSTD_isError(size) != 0) return fail(Errc::internal, Side::local, "a body could not be compressed");
  out.resize(size);
  return out;
}

Result<std::string> decompress(std::string_view compressed, std::size_t most) {
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLog)) != 0)
    return fail(Errc::internal, Side::local, "no body can be decompressed");
  std::string out;
  ZSTD_inBuffer in{compressed.data(), compressed.size(), 0};
  for (;;) {
    const std::size_t had = out.size();
    out.resize(std::min(most + 1, had + ZSTD_DStreamOutSize()));
    ZSTD_outBuffer room{out.data() + had, out.size() - had, 0};
    const std::size_t left = ZSTD_decompressStream(context.get(), &room, &in);
    out.resize(had + room.pos);
    // A frame that asks for a larger window holds more than that.
    if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge)
      return fail(Errc::too_large, Side::client, "the body is too large");
    if (ZSTD_isError(left) != 0) return fail(Errc::bad_message, Side::client, "the body is no Zstandard frame");
    if (out.size() > most) return fail(Errc::too_large, Side::client, "the body is too large");
    if (left == 0 && in.pos == in.size) return out;
    // Everything was given and nothing more comes out: it was cut off.
    if (in.pos == in.size && room.pos < room.size) return fail(Errc::bad_message, Side::client, "the body is cut off");
  }
}

}  // namespace fairlead::agent::exchange
