// The chunked coding of agent/http/framing.hpp (RFC 9112 section 7.1).
#include <algorithm>
#include <string>

#include "agent/http/framing.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::http {
namespace {

constexpr unsigned kMaxSizeDigits = 16;
constexpr std::uint64_t kMaxChunkBytes = std::uint64_t{1} << 62;
constexpr std::size_t kMaxExtensionBytes = 4096;  // of one chunk
constexpr std::size_t kMaxTrailerBytes = 16384;   // of the whole trailer section

bool is_token_byte(char c) {
  return text::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_text_byte(char c) { return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t'; }

tl::unexpected<Error> refuse(std::string_view reason) {
  return fail(Errc::bad_message, Side::client, "chunked body: " + std::string(reason));
}

}  // namespace

Result<ChunkedDecoder::Step> ChunkedDecoder::next(std::string_view input) {
  std::size_t at = 0;
  while (at < input.size() && state_ != State::done && state_ != State::failed) {
    if (state_ == State::data) {
      const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
      left_ -= take;
      if (left_ == 0) state_ = State::data_cr;
      return Step{at + take, input.substr(at, take), false};
    }
    if (auto stepped = step(input[at]); !stepped) {
      state_ = State::failed;
      return tl::unexpected(std::move(stepped).error());
    }
    ++at;
  }
  if (state_ == State::failed) return refuse("it was refused before");
  return Step{at, {}, state_ == State::done};
}

Result<void> ChunkedDecoder::step(char c) {
  switch (state_) {
    case State::size:
    case State::extension_start:
    case State::extension:
    case State::size_lf:
      return step_size_line(c);
    case State::data_cr:
      if (c != '\r') return refuse("a chunk that is longer than its size");
      state_ = State::data_lf;
      return {};
    case State::data_lf:
      if (c != '\n') return refuse("a chunk without its line end");
      state_ = State::size;
      digits_ = 0;
      overhead_ = 0;
      return {};
    default:
      return step_trailer(c);
  }
}

Result<void> ChunkedDecoder::step_size_line(char c) {
  if (state_ == State::size_lf) {
    if (c != '\n') return refuse("a carriage return without a line feed");
    state_ = left_ == 0 ? State::trailer_start : State::data;
    overhead_ = 0;
    return {};
  }
  if (state_ == State::size) {
    if (const int digit = text::hex_value(c); digit >= 0) {
      if (++digits_ > kMaxSizeDigits) return refuse("a size with too many digits");
      left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
      return {};
    }
    if (digits_ == 0) return refuse("no size where one belongs");
    if (left_ > kMaxChunkBytes) return refuse("a size beyond all measure");
  }
  if (c == '\r' && state_ != State::extension_start) {
    state_ = State::size_lf;
    return {};
  }
  if (++overhead_ > kMaxExtensionBytes) return refuse("extensions that are too long");
  // RFC 9112 section 7.1.1: BWS ";" begins an extension; a size followed by bare space is not in the grammar.
  if (state_ != State::extension) {
    if (c == ';') {
      state_ = State::extension;
    } else if (c == ' ' || c == '\t') {
      state_ = State::extension_start;
    } else {
      return refuse("a size that is no hexadecimal number");
    }
    return {};
  }
  if (!is_text_byte(c)) return refuse("a control byte in an extension");
  return {};
}

Result<void> ChunkedDecoder::step_trailer(char c) {
  if (++overhead_ > kMaxTrailerBytes) return refuse("trailers that are too long");
  switch (state_) {
    case State::trailer_start:
      if (c == '\r') {
        state_ = State::end_lf;
        return {};
      }
      state_ = State::trailer_name;
      if (!is_token_byte(c)) return refuse("a trailer that is no field");
      return {};
    case State::trailer_name:
      if (c == ':') {
        state_ = State::trailer_value;
        return {};
      }
      if (!is_token_byte(c)) return refuse("a trailer that is no field");
      return {};
    case State::trailer_value:
      if (c == '\r') {
        state_ = State::trailer_lf;
        return {};
      }
      if (!is_text_byte(c)) return refuse("a control byte in a trailer");
      return {};
    case State::trailer_lf:
      if (c != '\n') return refuse("a carriage return without a line feed");
      state_ = State::trailer_start;
      return {};
    default:  // end_lf
      if (c != '\n') return refuse("a carriage return without a line feed");
      state_ = State::done;
      return {};
  }
}

std::string_view chunk_head(std::size_t size, char (&buffer)[20]) {
  std::size_t begin = sizeof buffer;
  buffer[--begin] = '\n';
  buffer[--begin] = '\r';
  do {
    buffer[--begin] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
  return {buffer + begin, sizeof buffer - begin};
}

}  // namespace fairlead::agent::http
