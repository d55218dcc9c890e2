#pragma once
// Which of the fields that a proxy must treat itself a name stands for. Private to this room. Pure; any thread.

#include <cstdint>
#include <string_view>

namespace fairlead::agent::http {

enum class FieldName : std::uint8_t {
  other,  // end-to-end: passed on
  host,
  connection,
  content_length,
  transfer_encoding,
  upgrade,
  expect,
  te,
  trailer,
  keep_alive,
  http2_settings,
  proxy,  // any Proxy-... field
};

/// name    a field name as received, any case.
/// Returns what it stands for. Cost: the length decides which one or two names are compared.
[[nodiscard]] FieldName classify_name(std::string_view name);

/// The same for a reader that takes '_' for '-', as CGI-like origins do: "content_length" is content_length here.
[[nodiscard]] FieldName classify_folded_name(std::string_view name);

}  // namespace fairlead::agent::http
