#include "rules/catalog/imports/host_taker.hpp"

#include <cstddef>

#include "rules/base/text.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/url/host.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::catalog {
namespace {

/// "co.uk" in a list is a slip that would close half the web; the same rule holds for hosts in categories.
bool is_short_registry(std::string_view host) {
  constexpr std::size_t kLongestRegistry = 6;
  return host.size() <= kLongestRegistry && is_open_registry(host);
}

std::string_view without_wildcard(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  if (text.starts_with('.')) text.remove_prefix(1);
  return text;
}

std::string_view without_slashes_at_end(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

std::string_view without_comment(std::string_view line) {
  line = line.substr(0, line.find('#'));
  line = text::trim(line, " \t");
  return line.starts_with('!') || line.starts_with(';') || line.starts_with("//") ? std::string_view() : line;
}

void HostTaker::take_host(std::string_view text, Addresses addresses, std::uint32_t line) {
  const auto kind = url::canonical_host(without_wildcard(text), host_);
  if (!kind) return sink_.skipped(Skipped::not_a_host, text, line);
  if (*kind != url::HostKind::name && addresses == Addresses::left_out)
    return sink_.skipped(Skipped::address, text, line);
  take_canonical(*kind, text, line);
}

void HostTaker::take_canonical(url::HostKind kind, std::string_view text, std::uint32_t line) {
  const bool is_name = kind == url::HostKind::name;
  if (is_name && host_.find('.') == std::string::npos) {
    const bool is_registry = url::is_public_suffix(host_);
    return sink_.skipped(is_registry ? Skipped::matches_everything : Skipped::not_a_host, text, line);
  }
  if (is_name && is_short_registry(host_)) return sink_.skipped(Skipped::matches_everything, text, line);
  sink_.host(host_, line);
}

void HostTaker::take_address(std::string_view text, std::uint32_t line) {
  static constexpr text::ByteSet kMoreThanHost{"/?:@[\\ \t"};
  const bool is_host = kMoreThanHost.first_in(text) == text.size();
  if (is_host) return take_host(text, Addresses::taken, line);
  take_url(text, line);
}

void HostTaker::take_url(std::string_view text, std::uint32_t line) {
  // A browser would read "/page" as a host that lacks its slashes.
  if (text.find_first_of("/?\\") == 0) return sink_.skipped(Skipped::not_a_path, text, line);
  text_.clear();
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme > text.find_first_of("/?")) text_ = "http://";
  const std::string_view address = scheme == std::string_view::npos ? without_wildcard(text) : text;
  text_.append(address);
  if (!url_.assign(text_)) {
    // An IPv6 address may stand without its brackets.
    if (text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos) {
      text_.assign("[").append(text).append("]");
      return take_host(text_, Addresses::taken, line);
    }
    return sink_.skipped(Skipped::not_a_path, text, line);
  }
  const std::string_view path = without_slashes_at_end(url_.path_and_query());
  host_ = url_.host();
  if (path == "/") return take_canonical(url_.host_kind(), text, line);
  if (url_.host_kind() == url::HostKind::name && host_.find('.') == std::string::npos)
    return sink_.skipped(Skipped::not_a_host, text, line);
  // squidGuard looks a URL up without "www."; path rules hold below their host, so this form catches both.
  std::string_view host = host_;
  if (host.starts_with("www.") && host.find('.', 4) != std::string_view::npos) host.remove_prefix(4);
  sink_.path(host, path, line);
}

}  // namespace fairlead::rules::catalog
