#include <string>

#include "agent/pages/pages.hpp"
#include "agent/pages/shell.hpp"

namespace fairlead::agent::pages {

namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 413:
      return "Content Too Large";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
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
    default:
      return "";
  }
}

}  // namespace

std::string to_wire(const Answer& answer, bool head_only, bool keep_alive) {
  // An answer of our own to something that went wrong ends the connection: what follows on it may not be what it seems.
  const bool stays_open = keep_alive && answer.status < 400;
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  out += reason_of(answer.status);
  out += "\r\nContent-Type: " + answer.content_type;
  out += "\r\nContent-Length: " + std::to_string(answer.body.size());
  out += "\r\nCache-Control: no-store";
  out += "\r\nContent-Security-Policy: " + content_security_policy();
  out += "\r\nReferrer-Policy: no-referrer";
  out += "\r\nX-Content-Type-Options: nosniff";
  out += stays_open ? "\r\nConnection: keep-alive" : "\r\nConnection: close";
  out += "\r\n\r\n";
  if (!head_only) out += answer.body;
  return out;
}

}  // namespace fairlead::agent::pages
