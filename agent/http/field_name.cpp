#include "agent/http/field_name.hpp"

#include <cstddef>

#include "rules/base/text.hpp"

namespace fairlead::agent::http {
namespace {

constexpr char fold(char c) { return c == '_' ? '-' : text::to_lower(c); }

// `known` is in lower case and no longer than `name`.
template <char (*Fold)(char)>
bool begins_with(std::string_view name, std::string_view known) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (Fold(name[i]) != known[i]) return false;
  }
  return true;
}

template <char (*Fold)(char)>
FieldName classify(std::string_view name) {
  const auto is = [name](std::string_view known) { return begins_with<Fold>(name, known); };
  switch (name.size()) {
    case 2:
      if (is("te")) return FieldName::te;
      break;
    case 4:
      if (is("host")) return FieldName::host;
      break;
    case 6:
      if (is("expect")) return FieldName::expect;
      break;
    case 7:
      if (is("upgrade")) return FieldName::upgrade;
      if (is("trailer")) return FieldName::trailer;
      break;
    case 10:
      if (is("connection")) return FieldName::connection;
      if (is("keep-alive")) return FieldName::keep_alive;
      break;
    case 14:
      if (is("content-length")) return FieldName::content_length;
      if (is("http2-settings")) return FieldName::http2_settings;
      break;
    case 17:
      if (is("transfer-encoding")) return FieldName::transfer_encoding;
      break;
    default:
      break;
  }
  constexpr std::string_view kProxy = "proxy-";
  return name.size() > kProxy.size() && is(kProxy) ? FieldName::proxy : FieldName::other;
}

}  // namespace

FieldName classify_name(std::string_view name) { return classify<text::to_lower>(name); }
FieldName classify_folded_name(std::string_view name) { return classify<fold>(name); }

}  // namespace fairlead::agent::http
