#pragma once
// The one canonical form of a URL (RFC 3986, WHATWG URL): what rules see, what decisions rest on and what is forwarded.
// No other component is ever given the client's URL text. Values; usable from any thread, one object from one thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::rules::url {

enum class Scheme : std::uint8_t { http, https, ws, wss };
enum class HostKind : std::uint8_t { name, ipv4, ipv6 };

struct Parts;  // parts.hpp: a URL split, nothing decoded yet

[[nodiscard]] std::string_view to_string(Scheme scheme);
[[nodiscard]] std::uint16_t default_port(Scheme scheme);

/// A URL in canonical form, with three readings of its path and query:
///  - path(), query(): what is forwarded;
///  - words(): what word patterns see: path and query percent-decoded once, '+' in the query as space, lower case;
///  - origin_path(): how a lenient origin may read the path (percent-decoded once, '\' as '/', ";parameters" dropped,
///    empty and dot segments removed; a slash at the end stays). Block rules on paths must hold for path() and for
///    origin_path(). A path that servers would resolve to different places ("..", and two such tricks) is refused.
/// An object can be assigned again and again; it keeps its memory, so that the request path does not allocate.
class CanonicalUrl {
 public:
  CanonicalUrl() = default;

  /// Reads an absolute URL ("http://host:port/path?query#fragment") as a browser would.
  /// text     up to 64 KiB, UTF-8 or percent-encoded; user info is read and dropped; the fragment is dropped.
  /// Errors   Errc::bad_host or bad_url (Side::client); on error the object is empty.
  /// Source   WHATWG URL, "basic URL parser"; only http, https, ws and wss.
  [[nodiscard]] Result<void> assign(std::string_view text);

  /// Reads the authority-form of CONNECT ("host:port", the port is required); path "/" and no query.
  /// Source   RFC 9112 section 3.2.3
  [[nodiscard]] Result<void> assign_authority(Scheme scheme, std::string_view authority);

  /// Joins a Host field value ("host" or "host:port") and an origin-form target ("/path?query").
  /// Source   RFC 9112 section 3.2.1 and 7.1
  [[nodiscard]] Result<void> assign_origin_form(Scheme scheme, std::string_view host_field, std::string_view target);

  [[nodiscard]] Scheme scheme() const { return scheme_; }
  [[nodiscard]] HostKind host_kind() const { return host_kind_; }
  /// Lower-case A-labels, dotted quad, or IPv6 without brackets (compressed, RFC 5952). Never empty after success.
  [[nodiscard]] std::string_view host() const { return view(host_begin_, host_size_); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool has_default_port() const { return port_ == default_port(scheme_); }
  /// "host", "host:port" when the port is not the default, IPv6 in brackets: for the Host field.
  [[nodiscard]] std::string_view authority() const { return view(authority_begin_, authority_size_); }
  /// Begins with '/'.
  [[nodiscard]] std::string_view path() const { return view(path_begin_, path_size_); }
  /// Without '?'; empty when there is none.  A lone '?' stays in path_and_query() and href().
  [[nodiscard]] std::string_view query() const { return view(query_begin_, query_size_); }
  /// Path and, where there is one, '?' and query: for the origin-form request line.
  [[nodiscard]] std::string_view path_and_query() const { return view(path_begin_, text_.size() - path_begin_); }
  /// The whole: scheme://authority/path?query.
  [[nodiscard]] std::string_view href() const { return text_; }

  [[nodiscard]] std::string_view words() const { return words_; }
  [[nodiscard]] std::string_view origin_path() const { return origin_path_; }

 private:
  void clear();
  [[nodiscard]] Result<void> build(const Parts& parts);
  [[nodiscard]] Result<void> append_authority(std::string_view raw_host);
  [[nodiscard]] std::string_view view(std::size_t begin, std::size_t size) const {
    return std::string_view(text_).substr(begin, size);
  }

  std::string text_;
  std::string words_;
  std::string origin_path_;
  std::size_t host_begin_ = 0, host_size_ = 0;
  std::size_t authority_begin_ = 0, authority_size_ = 0;
  std::size_t path_begin_ = 0, path_size_ = 0;
  std::size_t query_begin_ = 0, query_size_ = 0;
  Scheme scheme_ = Scheme::http;
  HostKind host_kind_ = HostKind::name;
  std::uint16_t port_ = 0;
};

}  // namespace fairlead::rules::url
