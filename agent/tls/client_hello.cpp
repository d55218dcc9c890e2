#include "agent/tls/client_hello.hpp"

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <utility>

namespace fairlead::agent::tls {
namespace {

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kHandshakeHeader = 4;
constexpr std::size_t kMaxRecordBytes = 16384 + 256;
constexpr std::size_t kMaxNameBytes = 255;
constexpr unsigned kServerName = 0;
constexpr unsigned kAlpn = 16;
constexpr unsigned kEncryptedClientHello = 0xfe0d;
// Extensions that come and go between connections of one program.
constexpr unsigned kPadding = 21, kPreSharedKey = 41, kEarlyData = 42, kCookie = 44, kSessionTicket = 35;

tl::unexpected<Error> refuse(std::string_view reason) {
  return fail(Errc::bad_message, Side::client, "ClientHello: " + std::string(reason));
}

unsigned byte_at(std::string_view s, std::size_t i) { return static_cast<unsigned char>(s[i]); }
unsigned number16(std::string_view s, std::size_t i) { return byte_at(s, i) << 8 | byte_at(s, i + 1); }

// Reads numbers and length-prefixed vectors from the front; once something does not fit, `ok` stays false.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  unsigned number(std::size_t width) {
    unsigned value = 0;
    for (const char c : take(width)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) ok_ = false;
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view vector(std::size_t width) { return take(number(width)); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// RFC 6066 section 3: a ServerNameList; host_name is the only type, and a list has one of a type.
Result<void> read_server_name(std::string_view data, ClientHello& hello) {
  Cursor extension(data);
  Cursor list(extension.vector(2));
  const unsigned type = list.number(1);
  const std::string_view name = list.vector(2);
  if (!extension.ok() || !extension.at_end() || !list.ok() || !list.at_end()) {
    return refuse("a server name list that is not exactly one name");
  }
  if (type != 0) return refuse("a server name that is no host name");
  if (name.empty() || name.size() > kMaxNameBytes) return refuse("a server name of a length that no host has");
  if (!std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    return refuse("a byte in the server name that no host has");
  }
  hello.server_name = name;
  return {};
}

// RFC 7301 section 3.1
Result<void> read_protocols(std::string_view data, ClientHello& hello) {
  Cursor extension(data);
  Cursor list(extension.vector(2));
  if (!extension.ok() || !extension.at_end() || list.at_end()) return refuse("an ALPN list of the wrong length");
  while (!list.at_end()) {
    const std::string_view protocol = list.vector(1);
    if (!list.ok() || protocol.empty()) return refuse("an ALPN name of the wrong length");
    hello.protocols.emplace_back(protocol);
  }
  return {};
}

/// RFC 8701: values that stand for nothing, chosen at random.
bool is_grease(unsigned value) { return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff); }

/// Mixes a number into the fingerprint so that the order does not count: some programs shuffle.
void mix(unsigned value, std::uint64_t& fingerprint) {
  if (is_grease(value & 0xffff)) return;
  std::uint64_t x = value + 0x9e3779b97f4a7c15;  // splitmix64
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  fingerprint += x ^ x >> 31;
}

bool comes_and_goes(unsigned extension) {
  return extension == kServerName || extension == kPadding || extension == kPreSharedKey || extension == kEarlyData ||
         extension == kCookie || extension == kSessionTicket;
}

Result<void> read_extensions(std::string_view data, ClientHello& hello) {
  Cursor list(data);
  std::bitset<65536> seen;
  while (!list.at_end()) {
    const unsigned type = list.number(2);
    const std::string_view body = list.vector(2);
    if (!list.ok()) return refuse("an extension whose length does not fit");
    // RFC 8446 section 4.2: not more than one of the same type; the two ends might read different ones.
    if (seen[type]) return refuse("an extension that is there twice");
    seen[type] = true;
    if (type == kEncryptedClientHello) hello.encrypted_hello = true;
    if (!comes_and_goes(type)) mix(0x10000 + type, hello.fingerprint);
    Result<void> read;
    if (type == kServerName) read = read_server_name(body, hello);
    if (type == kAlpn) read = read_protocols(body, hello);
    if (!read) return read;
  }
  return {};
}

// RFC 8446 section 4.1.2; `body` is what follows type and length.
Result<void> read_client_hello(std::string_view body, ClientHello& hello) {
  Cursor cursor(body);
  const unsigned version = cursor.number(2);
  cursor.take(32);
  const std::string_view session = cursor.vector(1);
  const std::string_view suites = cursor.vector(2);
  const std::string_view compressions = cursor.vector(1);
  if (!cursor.ok()) return refuse("it is shorter than its parts");
  if (version < 0x0300 || version > 0x0304) return refuse("a version that is not TLS");
  if (session.size() > 32) return refuse("a session id that is too long");
  if (suites.empty() || suites.size() % 2 != 0) return refuse("a cipher list of the wrong length");
  if (compressions.empty()) return refuse("no compression method");
  for (std::size_t i = 0; i < suites.size(); i += 2) mix(number16(suites, i), hello.fingerprint);
  if (cursor.at_end()) return {};  // before TLS 1.3 extensions may be left out
  const std::string_view extensions = cursor.vector(2);
  if (!cursor.ok() || !cursor.at_end()) return refuse("extensions whose length does not fit");
  return read_extensions(extensions, hello);
}

std::size_t handshake_size(std::string_view handshake) {
  return kHandshakeHeader + (byte_at(handshake, 1) << 16 | number16(handshake, 2));
}

}  // namespace

Result<bool> ClientHelloReader::feed(std::string_view bytes) {
  if (complete_) return true;
  if (auto taken = take_records(bytes); !taken) return tl::unexpected(std::move(taken).error());
  const bool whole = handshake_.size() >= kHandshakeHeader && handshake_.size() == handshake_size(handshake_);
  if (!whole) {
    if (bytes.size() > kMaxClientHelloBytes) {
      return fail(Errc::too_large, Side::client,
                  "ClientHello: more than " + std::to_string(kMaxClientHelloBytes) + " bytes");
    }
    return false;
  }
  const std::string_view body = std::string_view(handshake_).substr(kHandshakeHeader);
  if (auto read = read_client_hello(body, hello_); !read) return tl::unexpected(std::move(read).error());
  complete_ = true;
  handshake_.clear();
  handshake_.shrink_to_fit();
  return true;
}

// Joins the payloads of whole records until the ClientHello is whole; refuses as soon as a byte cannot be right.
Result<void> ClientHelloReader::take_records(std::string_view bytes) {
  while (true) {
    const std::string_view rest = bytes.substr(std::min(taken_, bytes.size()));
    if (rest.empty()) return {};
    if (byte_at(rest, 0) != 22) return refuse(taken_ == 0 ? "this is not TLS" : "a record of another type inside");
    if (rest.size() > 1 && byte_at(rest, 1) != 3) return refuse("a record version that is not TLS");
    if (rest.size() < kRecordHeader) return {};
    if (byte_at(rest, 2) > 4) return refuse("a record version that is not TLS");
    const std::size_t size = number16(rest, 3);
    if (size == 0 || size > kMaxRecordBytes) return refuse("a record of a length that none has");
    if (taken_ == 0 && rest.size() > kRecordHeader && byte_at(rest, kRecordHeader) != 1) {
      return refuse("the first message is another");
    }
    if (rest.size() < kRecordHeader + size) return {};
    handshake_.append(rest.substr(kRecordHeader, size));
    taken_ += kRecordHeader + size;
    if (handshake_.size() < kHandshakeHeader) continue;
    const std::size_t whole = handshake_size(handshake_);
    if (whole > kMaxClientHelloBytes) {
      return fail(Errc::too_large, Side::client, "ClientHello: longer than any");
    }
    if (handshake_.size() > whole) return refuse("bytes behind it in its record");
    if (handshake_.size() == whole) return {};
  }
}

}  // namespace fairlead::agent::tls
