#pragma once
// Texts in PEM as OpenSSL reads and writes them. For the .cpp files of this folder only.

#include <string>
#include <string_view>

#include "agent/tls/openssl.hpp"

namespace fairlead::agent::tls {

/// text   outlives what is returned.
[[nodiscard]] inline Bio read_from(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

[[nodiscard]] inline std::string written(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

/// A key that is locked with a password is none that an agent could use: nobody is there to type it.
inline int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

}  // namespace fairlead::agent::tls
