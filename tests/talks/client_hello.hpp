#pragma once
// The smallest ClientHello (RFC 8446 section 4.1.2), in one record; without a server_name where none is given.

#include <string>
#include <string_view>

namespace fairlead::talks {

inline std::string with_length(std::string_view bytes, int width) {
  std::string out;
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) out += static_cast<char>((bytes.size() >> shift) & 0xFF);
  return out.append(bytes);
}

inline std::string client_hello(std::string_view server_name) {
  const std::string name = std::string(1, '\0') + with_length(server_name, 2);
  const std::string named = std::string("\0\0", 2) + with_length(with_length(name, 2), 2);
  const std::string extension = server_name.empty() ? std::string() : named;
  std::string body("\x03\x03", 2);
  body.append(32, 'r');                                     // random
  body.append(1, '\0');                                     // no session id
  body.append(with_length(std::string("\x13\x01", 2), 2));  // one cipher suite
  body.append(with_length(std::string(1, '\0'), 1));        // no compression
  body.append(with_length(extension, 2));
  const std::string handshake = std::string(1, '\x01') + with_length(body, 3);
  return std::string("\x16\x03\x01", 3) + with_length(handshake, 2);
}

}  // namespace fairlead::talks
