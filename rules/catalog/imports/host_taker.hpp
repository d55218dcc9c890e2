#pragma once
// A host or an address as lists write them, told to the sink in canonical form or with the reason why not. Shared by
// the formats of lines; keeps its memory, so that a line costs no allocation. Inside this room only; one thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/catalog/imports/import.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::catalog {

/// What an IP address among the names means: one more host to block, or something the format cannot mean.
enum class Addresses : std::uint8_t { taken, left_out };

class HostTaker {
 public:
  /// sink  outlives this object.
  explicit HostTaker(ListSink& sink) : sink_(sink) {}

  /// A host alone: "example.org", ".example.org", "*.example.org", "EXAMPLE.org.".
  void take_host(std::string_view text, Addresses addresses, std::uint32_t line);
  /// A host, a host and path, or a URL. Scheme, user info, port and a "www." in front of a path are dropped, since
  /// such lists mean the page however it is reached; a '/' at the end says nothing.
  void take_address(std::string_view text, std::uint32_t line);

 private:
  void take_canonical(url::HostKind kind, std::string_view text, std::uint32_t line);
  void take_url(std::string_view text, std::uint32_t line);

  ListSink& sink_;
  std::string host_;
  std::string text_;
  url::CanonicalUrl url_;
};

/// What stands in front of a '#' or a '!' or ';' at the begin, without white space around: "" for a comment.
[[nodiscard]] std::string_view without_comment(std::string_view line);

}  // namespace fairlead::rules::catalog
