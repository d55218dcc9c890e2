// A chunked body is decoded alike however it arrives, and what was decoded and coded anew is decoded to the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/http/framing.hpp"

namespace {

using namespace fairlead::agent::http;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  std::string body;
  std::size_t consumed = 0;
  bool done = false;
  bool refused = false;
};

// Gives the decoder pieces of 1 to 1 + `mask` bytes, by turns from `seed`.
Outcome decode(std::string_view input, std::uint32_t seed, std::size_t mask) {
  ChunkedDecoder decoder;
  Outcome outcome;
  while (outcome.consumed < input.size() && !outcome.done) {
    seed = seed * 1664525 + 1013904223;
    const std::string_view piece = input.substr(outcome.consumed, 1 + ((seed >> 16) & mask));
    const auto step = decoder.next(piece);
    if (!step) {
      outcome.refused = true;
      return outcome;
    }
    require(step->consumed <= piece.size() && (step->consumed > 0 || step->done));
    outcome.consumed += step->consumed;
    outcome.body += step->data;
    outcome.done = step->done;
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 65536) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Outcome small = decode(input, data[0], 3);
  const Outcome large = decode(input, data[1], 4095);
  require(small.refused == large.refused && small.done == large.done && small.body == large.body);
  if (!small.refused) require(small.consumed == large.consumed);
  if (!small.done) return 0;

  std::string coded;
  char buffer[20];
  if (!small.body.empty()) {
    coded.append(chunk_head(small.body.size(), buffer)).append(small.body).append("\r\n");
  }
  coded.append(kLastChunk);
  const Outcome again = decode(coded, data[0], 63);
  require(again.done && again.body == small.body && again.consumed == coded.size());
  return 0;
}
