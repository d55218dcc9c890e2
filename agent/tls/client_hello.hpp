#pragma once
// Reads the whole TLS ClientHello out of the first bytes of a tunnel, over TCP segments and TLS records, without
// touching them. Without I/O.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

inline constexpr std::size_t kMaxClientHelloBytes = 131072;

struct ClientHello {
  std::string server_name;             // as sent (not canonical); empty when there is none
  bool encrypted_hello = false;        // an ECH extension is present
  std::vector<std::string> protocols;  // ALPN
  /// Which program speaks, as far as its hello tells: the same for all of its connections, seldom the same for two
  /// programs. Of the cipher suites and the extensions, whatever their order; none of the random or padding ones.
  std::uint64_t fingerprint = 0;
};

class ClientHelloReader {
 public:
  /// bytes   everything the client has sent in the tunnel so far (grows between calls).
  /// Returns true when the ClientHello is complete.
  /// Errors  Errc::bad_message when it is not TLS or breaks the grammar (two server_names, a length that does not fit,
  /// a
  ///         record of another type inside), too_large above kMaxClientHelloBytes. Side::client.
  /// Source  RFC 8446 sections 4.1.2, 5.1; RFC 6066 section 3
  [[nodiscard]] Result<bool> feed(std::string_view bytes);
  [[nodiscard]] const ClientHello& hello() const { return hello_; }

 private:
  [[nodiscard]] Result<void> take_records(std::string_view bytes);

  ClientHello hello_;
  std::string handshake_;  // the payloads of the records so far, joined
  std::size_t taken_ = 0;  // bytes of whole records that are in handshake_
  bool complete_ = false;
};

}  // namespace fairlead::agent::tls
