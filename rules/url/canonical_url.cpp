#include "rules/url/canonical_url.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

#include "rules/url/host.hpp"
#include "rules/url/parts.hpp"
#include "rules/url/path.hpp"

namespace fairlead::rules::url {
namespace {

constexpr std::size_t kTextRoom = std::size_t{64} * 1024;

tl::unexpected<Error> bad_url(std::string context) { return fail(Errc::bad_url, Side::client, std::move(context)); }

Result<void> check_size(std::string_view text) {
  if (text.size() > kTextRoom) return bad_url("longer than 64 KiB");
  return {};
}

}  // namespace

std::string_view to_string(Scheme scheme) {
  switch (scheme) {
    case Scheme::http:
      return "http";
    case Scheme::https:
      return "https";
    case Scheme::ws:
      return "ws";
    case Scheme::wss:
      return "wss";
  }
  return "http";
}

std::uint16_t default_port(Scheme scheme) { return scheme == Scheme::http || scheme == Scheme::ws ? 80 : 443; }

void CanonicalUrl::clear() {
  text_.clear();
  words_.clear();
  origin_path_.clear();
  host_begin_ = host_size_ = authority_begin_ = authority_size_ = 0;
  path_begin_ = path_size_ = query_begin_ = query_size_ = 0;
  scheme_ = Scheme::http;
  host_kind_ = HostKind::name;
  port_ = 0;
}

Result<void> CanonicalUrl::assign(std::string_view text) {
  clear();
  if (auto checked = check_size(text); !checked) return checked;
  std::string storage;
  auto parts = split_url(without_whitespace(text, storage));
  if (!parts) return tl::unexpected(std::move(parts).error());
  return build(*parts);
}

Result<void> CanonicalUrl::assign_authority(Scheme scheme, std::string_view authority) {
  clear();
  if (auto checked = check_size(authority); !checked) return checked;
  Parts parts;
  parts.scheme = scheme;
  if (auto split = split_host_and_port(authority, parts); !split) return split;
  if (!parts.port) return bad_url("port: CONNECT must name one");
  return build(parts);
}

Result<void> CanonicalUrl::assign_origin_form(Scheme scheme, std::string_view host_field, std::string_view target) {
  clear();
  if (auto checked = check_size(target); !checked) return checked;
  if (!target.starts_with('/')) return bad_url("target: does not begin with '/'");
  Parts parts;
  parts.scheme = scheme;
  if (auto split = split_host_and_port(host_field, parts); !split) return split;
  split_target(target, parts);
  return build(parts);
}

Result<void> CanonicalUrl::build(const Parts& parts) {
  scheme_ = parts.scheme;
  port_ = parts.port.value_or(default_port(scheme_));
  text_.append(to_string(scheme_)).append("://");
  authority_begin_ = text_.size();
  if (auto appended = append_authority(parts.host); !appended) {
    clear();
    return appended;
  }
  authority_size_ = text_.size() - authority_begin_;

  path_begin_ = text_.size();
  append_canonical_path(parts.path, text_);
  path_size_ = text_.size() - path_begin_;
  if (parts.has_query) {
    text_ += '?';
    query_begin_ = text_.size();
    append_canonical_query(parts.query, text_);
    query_size_ = text_.size() - query_begin_;
  }
  read_as_words(path_and_query(), words_);
  if (auto read = read_as_origin(path(), origin_path_); !read) {
    clear();
    return read;
  }
  return {};
}

Result<void> CanonicalUrl::append_authority(std::string_view raw_host) {
  host_begin_ = text_.size();
  auto kind = append_canonical_host(raw_host, text_);
  if (!kind) return tl::unexpected(std::move(kind).error());
  host_kind_ = *kind;
  host_size_ = text_.size() - host_begin_;
  if (host_kind_ == HostKind::ipv6) {
    text_.insert(host_begin_, 1, '[');
    text_ += ']';
    ++host_begin_;
  }
  if (has_default_port()) return {};
  std::array<char, 5> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), port_);
  text_ += ':';
  text_.append(digits.data(), end.ptr);
  return {};
}

}  // namespace fairlead::rules::url
