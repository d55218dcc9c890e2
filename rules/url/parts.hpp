#pragma once
// Where the parts of a URL begin and end, as a browser sees it; nothing is decoded yet. Internal to rules/url (and the
// program that compares our reading with a browser's). Pure; the views point into the text that was given.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::url {

struct Parts {
  Scheme scheme = Scheme::http;
  std::string_view host;              // as written, IPv6 with its brackets; never empty
  std::optional<std::uint16_t> port;  // absent when none is written
  std::string_view path;              // up to '?', '#' or the end; may be empty
  std::string_view query;             // after '?', without fragment
  bool has_query = false;
};

/// The text as the parser sees it: without C0 controls and spaces at the ends, without tab, CR and LF anywhere.
/// storage  holds the new text when something inside had to go; untouched otherwise.
[[nodiscard]] std::string_view without_whitespace(std::string_view text, std::string& storage);

/// Splits an absolute URL that went through without_whitespace().
/// Errors   Errc::bad_url (scheme, port) and bad_host (no host).
/// Source   WHATWG URL, "basic URL parser" without base URL, for special schemes.
[[nodiscard]] Result<Parts> split_url(std::string_view text);

/// Splits "host" or "host:port" (no user info) into parts.host and parts.port.
[[nodiscard]] Result<void> split_host_and_port(std::string_view text, Parts& parts);

/// Splits "/path?query" into parts.path, parts.query and parts.has_query; a fragment is dropped.
void split_target(std::string_view target, Parts& parts);

}  // namespace fairlead::rules::url
