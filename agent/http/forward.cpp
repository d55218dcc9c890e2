#include "agent/http/forward.hpp"

#include <algorithm>
#include <charconv>

#include "agent/http/field_name.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::http {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_framing(std::string& out, const Framing& framing) {
  if (framing.kind == Framing::Kind::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (framing.kind == Framing::Kind::length) {
    out.append("Content-Length: ");
    append_number(out, framing.length);
    out.append("\r\n");
  }
}

// RFC 9110 section 7.6.1: Connection names further fields that end here. The usual options name none.
bool nominates_fields(const Fields& fields) {
  return std::any_of(fields.all.begin(), fields.all.end(), [](const Field& field) {
    return classify_name(field.name) == FieldName::connection &&
           !text::equals_ignoring_case(field.value, "keep-alive") &&
           !text::equals_ignoring_case(field.value, "close") && !text::equals_ignoring_case(field.value, "upgrade");
  });
}

bool keeps_alive(const Fields& fields, int minor_version, bool hear_proxy_connection) {
  const auto says = [&](std::string_view option) {
    return fields.has_token("connection", option) ||
           (hear_proxy_connection && fields.has_token("proxy-connection", option));
  };
  if (says("close")) return false;
  return minor_version >= 1 || says("keep-alive");
}

// Folded lines become spaces (RFC 9112 section 5.2); no other CR or LF can be in a parsed value.
void append_unfolded(std::string& out, const Field& field) {
  const std::size_t begin = out.size() + field.name.size() + 2;
  append_field(out, field.name, field.value);
  if (field.value.find('\n') == std::string_view::npos) return;
  for (std::size_t i = begin; i < begin + field.value.size(); ++i) {
    if (out[i] == '\r' || out[i] == '\n') out[i] = ' ';
  }
}

void append_request_fields(const RequestHead& head, const rules::url::CanonicalUrl& url, std::string& out) {
  append_field(out, "Host", url.authority());
  const bool nominated = nominates_fields(head.fields);
  for (const Field& field : head.fields.all) {
    const FieldName name = classify_name(field.name);
    const bool expect = name == FieldName::expect && head.minor_version >= 1;
    if (name != FieldName::other && !expect) continue;
    if (nominated && head.fields.has_token("connection", field.name)) continue;
    append_field(out, field.name, field.value);
  }
}

}  // namespace

bool is_websocket_upgrade(const RequestHead& head) {
  if (head.method != "GET" || head.minor_version < 1) return false;
  const Field* upgrade = head.fields.find("upgrade");
  return upgrade != nullptr && head.fields.count("upgrade") == 1 &&
         text::equals_ignoring_case(upgrade->value, "websocket") && head.fields.has_token("connection", "upgrade") &&
         head.fields.count("sec-websocket-key") == 1 && head.fields.count("content-length") == 0 &&
         head.fields.count("transfer-encoding") == 0;
}

bool wants_keep_alive(const RequestHead& head) { return keeps_alive(head.fields, head.minor_version, true); }

bool allows_keep_alive(const ResponseHead& head) { return keeps_alive(head.fields, head.minor_version, false); }

void write_request(const RequestHead& head, const rules::url::CanonicalUrl& url, const Framing& framing, bool websocket,
                   std::string& out) {
  out.append(head.method).append(" ").append(url.path_and_query()).append(" HTTP/1.1\r\n");
  append_request_fields(head, url, out);
  if (websocket) out.append("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  append_framing(out, framing);
  out.append("\r\n");
}

void write_request_to_proxy(const RequestHead& head, const rules::url::CanonicalUrl& url, const Framing& framing,
                            std::string_view authorization, std::string& out) {
  out.append(head.method).append(" ").append(url.href()).append(" HTTP/1.1\r\n");
  append_request_fields(head, url, out);
  if (!authorization.empty()) append_field(out, "Proxy-Authorization", authorization);
  append_framing(out, framing);
  out.append("\r\n");
}

void write_tunnel_request(std::string_view authority, std::string_view authorization, std::string& out) {
  out.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
  append_field(out, "Host", authority);
  if (!authorization.empty()) append_field(out, "Proxy-Authorization", authorization);
  out.append("\r\n");
}

void write_response(const ResponseHead& head, const Framing& framing, int client_minor_version, bool keep_alive,
                    std::string& out) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(head.status));
  out.append(" ").append(head.reason).append("\r\n");
  const bool informational = head.status < 200;
  const bool describes_length = framing.kind == Framing::Kind::none && !informational && head.status != 204;
  const bool nominated = nominates_fields(head.fields);
  for (const Field& field : head.fields.all) {
    const FieldName name = classify_name(field.name);
    const bool stays = name == FieldName::other || (name == FieldName::content_length && describes_length) ||
                       (name == FieldName::upgrade && head.status == 101);
    if (!stays) continue;
    if (nominated && head.status != 101 && head.fields.has_token("connection", field.name)) continue;
    append_unfolded(out, field);
  }
  append_framing(out, framing);
  if (head.status == 101) {
    out.append("Connection: Upgrade\r\n");
  } else if (!informational && !keep_alive) {
    out.append("Connection: close\r\n");
  } else if (!informational && client_minor_version == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace fairlead::agent::http
