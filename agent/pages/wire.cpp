#include <algorithm>
#include <string>

#include "agent/pages/pages.hpp"
#include "agent/pages/shell.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::pages {

namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 511:
      return "Network Authentication Required";
    default:
      return "";
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return text::is_alnum(c) || c == '-'; });
}

bool is_one_line(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
  if (!is_name(name) || !is_one_line(value)) return;
  out.append("\r\n").append(name).append(": ").append(value);
}

}  // namespace

std::string to_wire(const Answer& answer, bool head_only, bool keep_alive) {
  // An answer of our own to something that went wrong ends the connection: what follows on it may not be what it seems.
  const bool stays_open = keep_alive && answer.status < 400;
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  out += reason_of(answer.status);
  add_field(out, "Content-Type", answer.content_type);
  out += "\r\nContent-Length: " + std::to_string(answer.body.size());
  out += "\r\nCache-Control: no-store";
  add_field(out, "Content-Security-Policy",
            answer.content_security_policy.empty() ? content_security_policy() : answer.content_security_policy);
  out += "\r\nReferrer-Policy: no-referrer";
  out += "\r\nX-Content-Type-Options: nosniff";
  for (const Field& field : answer.fields) add_field(out, field.name, field.value);
  out += stays_open ? "\r\nConnection: keep-alive" : "\r\nConnection: close";
  out += "\r\n\r\n";
  if (!head_only) out += answer.body;
  return out;
}

}  // namespace fairlead::agent::pages
