// Any bytes as the fields of a signed request and of a signed answer: read or refused, and what is read is written the
// same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/exchange/signed_message.hpp"

namespace {

namespace exchange = fairlead::agent::exchange;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  exchange::SignedRequest request;
  request.method = "POST";
  request.input = text;
  if (const auto read = exchange::read_input(request)) {
    require(exchange::signature_base(request).ends_with(text.substr(text.find('=') + 1)));
    exchange::write_input(request, *read);
    require(request.input == text);
  }
  exchange::SignedAnswer answer;
  answer.input = text;
  if (const auto created = exchange::read_input(answer, request)) {
    exchange::write_input(answer, request, *created);
    require(answer.input == text);
  }
  if (const auto signature = exchange::read_signature(text)) require(exchange::signature_field(*signature) == text);
  if (const auto der = exchange::read_client_certificate(text)) require(der->size() < text.size());
  return 0;
}
