#include "rules/catalog/host_text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "rules/catalog/fields.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::string_view kCountryPart = "{}";

constexpr auto kOpenRegistries = std::to_array<std::string_view>({
    "co.uk",  "org.uk", "me.uk",  "ltd.uk", "plc.uk", "net.uk", "com.au", "net.au", "org.au", "id.au",
    "co.nz",  "net.nz", "org.nz", "co.za",  "org.za", "co.in",  "net.in", "org.in", "co.jp",  "or.jp",
    "ne.jp",  "co.kr",  "or.kr",  "com.cn", "net.cn", "org.cn", "com.hk", "com.tw", "com.sg", "com.my",
    "com.ph", "com.vn", "co.th",  "co.id",  "com.pk", "com.bd", "com.br", "net.br", "org.br", "com.ar",
    "com.mx", "com.co", "com.pe", "com.ve", "com.tr", "com.ua", "com.ru", "com.pl", "com.es", "com.pt",
    "com.gr", "com.cy", "com.mt", "co.il",  "org.il", "com.sa", "com.eg", "co.ke",  "com.ng", "com.gh",
    "co.ie",  "uk.com", "us.com", "eu.com", "de.com", "uk.net", "gb.net", "co.com",
});
constexpr auto kClosedRegistries = std::to_array<std::string_view>({
    "gov.uk",
    "nhs.uk",
    "police.uk",
    "mod.uk",
    "ac.uk",
    "sch.uk",
    "gov.scot",
    "gov.wales",
    "nhs.scot",
    "nhs.wales",
    "parliament.uk",
    "gov.ie",
    "europa.eu",
});

std::optional<std::string> complain(const YamlNode& node, std::string text, Problems& problems) {
  problems.error(node.at, std::move(text));
  return std::nullopt;
}

/// What is written where only a host may stand, and the mend; "" when it looks like a host.
std::string slip_of(std::string_view text) {
  const std::string written = in_quotes(text);
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    const std::string_view rest = text.substr(scheme + 3);
    return "a host has no 'https://'; write " + in_quotes(rest.substr(0, rest.find_first_of("/?#")));
  }
  if (text.starts_with("*.")) {
    return "a host stands for everything below it already; write " + in_quotes(text.substr(2)) + " without '*.'";
  }
  if (text.find('*') != std::string_view::npos) {
    return written + " holds a '*', which hosts do not know; write the parent host, or a pattern with 'in: host'";
  }
  if (text.starts_with('.')) return "a host stands for everything below it already; write " + in_quotes(text.substr(1));
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (slash + 1 == text.size()) return "a host has no '/'; write " + in_quotes(text.substr(0, slash));
    return written + " holds a path; write it under 'paths'";
  }
  if (text.find_first_of("?#") != std::string_view::npos) return written + " is more than a host; write the host alone";
  if (text.find_first_of(" \t,") != std::string_view::npos)
    return written + " holds a space or comma; write one host an entry";
  if (text.find('@') != std::string_view::npos)
    return written + " holds an '@'; write the host alone, the part behind it";
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !text.starts_with('[')) {
    if (text.find(':', colon + 1) != std::string_view::npos)
      return "an IPv6 address needs brackets; write '[" + std::string(text) + "]'";
    return "a host has no port; write " + in_quotes(text.substr(0, colon));
  }
  return {};
}

/// The canonical host, and that it is not wider than `breadth` permits.
std::optional<std::string> checked_host(const YamlNode& node, std::string_view text, Breadth breadth,
                                        Problems& problems) {
  std::string host;
  const auto kind = url::canonical_host(text, host);
  if (!kind) return complain(node, in_quotes(text) + " is not a host: " + kind.error().context, problems);
  if (*kind != url::HostKind::name) return host;
  const bool is_too_wide = is_open_registry(host) || (breadth == Breadth::owned_names && is_closed_registry(host));
  if (host.find('.') == std::string::npos) {
    return complain(
        node,
        in_quotes(text) +
            " is a single label and would stand for far too much; write a whole name, such as 'example.org'",
        problems);
  }
  if (is_too_wide) {
    return complain(
        node, in_quotes(text) + " stands for every name registered below it; write the names that are meant", problems);
  }
  return host;
}

/// Host and path behind the first '/', the path canonical and without '/' at its end.
std::optional<HostAndPath> checked_path(const YamlNode& node, std::string_view text, Problems& problems) {
  const std::size_t slash = text.find('/');
  if (text.find_first_of("?#") != std::string_view::npos) {
    problems.error(node.at,
                   in_quotes(text) + " holds a '?' or '#'; write host and path alone, or a pattern with 'in: query'");
    return std::nullopt;
  }
  if (std::string slip = slip_of(text.substr(0, slash)); !slip.empty()) {
    problems.error(node.at, std::move(slip));
    return std::nullopt;
  }
  auto host = checked_host(node, text.substr(0, slash), Breadth::owned_names, problems);
  if (!host) return std::nullopt;
  url::CanonicalUrl address;
  if (const auto read = address.assign("https://" + std::string(text)); !read) {
    problems.error(node.at, in_quotes(text) + " is not a host and path: " + read.error().context);
    return std::nullopt;
  }
  std::string path(address.path());
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return HostAndPath{std::move(*host), std::move(path)};
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_open_registry(std::string_view host) {
  return host.find('.') == std::string_view::npos || is_one_of(host, kOpenRegistries);
}

bool is_closed_registry(std::string_view host) { return is_one_of(host, kClosedRegistries); }

std::optional<std::string> read_host(const YamlNode& node, Breadth breadth, Problems& problems) {
  const std::optional<std::string> text = read_text(node, "a host", problems);
  if (!text) return std::nullopt;
  if (std::string slip = slip_of(*text); !slip.empty()) return complain(node, std::move(slip), problems);
  return checked_host(node, *text, breadth, problems);
}

std::optional<std::string> read_engine_host(const YamlNode& node, Problems& problems) {
  const auto text = read_text(node, "a host", problems);
  if (!text || text->find_first_of("{}") == std::string::npos)
    return text ? read_host(node, Breadth::owned_names, problems) : text;
  if (!text->ends_with(".{}") || text->find_first_of("{}") != text->size() - kCountryPart.size()) {
    problems.error(node.at, in_quotes(*text) +
                                " has its '{}' in a wrong place; write it once and at the end, such as 'google.{}'");
    return std::nullopt;
  }
  // The name in front is checked as it would be in one country.
  YamlNode in_one_country = node;
  in_one_country.text = text->substr(0, text->size() - kCountryPart.size()) + "de";
  auto host = read_host(in_one_country, Breadth::owned_names, problems);
  if (!host) return std::nullopt;
  return host->substr(0, host->size() - 2) + std::string(kCountryPart);
}

std::vector<HostRule> read_hosts(const Fields& fields, std::string_view key, Breadth breadth, Problems& problems) {
  std::vector<HostRule> hosts;
  for (const YamlNode& item : fields.list(key)) {
    if (auto host = read_host(item, breadth, problems)) hosts.push_back({std::move(*host), item.at});
  }
  return hosts;
}

std::optional<HostAndPath> read_path(const YamlNode& node, Problems& problems) {
  const std::optional<std::string> text = read_text(node, "a path", problems);
  if (!text) return std::nullopt;
  if (const std::size_t scheme = text->find("://"); scheme != std::string::npos) {
    problems.error(node.at,
                   "a path rule has no 'https://'; write " + in_quotes(std::string_view(*text).substr(scheme + 3)));
    return std::nullopt;
  }
  if (text->starts_with('/')) {
    problems.error(node.at,
                   in_quotes(*text) + " has no host; write 'example.org" + *text + "', or a pattern with 'in: path'");
    return std::nullopt;
  }
  auto rule = checked_path(node, *text, problems);
  if (rule && rule->path == "/") {
    problems.error(node.at, in_quotes(*text) + " has no path; write " + in_quotes(rule->host) + " under 'hosts'");
    return std::nullopt;
  }
  return rule;
}

std::optional<HostAndPath> read_address(const YamlNode& node, Problems& problems) {
  const std::optional<std::string> text = read_text(node, "url", problems);
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  if (rest.starts_with("https://")) rest.remove_prefix(8);
  if (rest.starts_with("http://")) rest.remove_prefix(7);
  return checked_path(node, rest, problems);
}

std::optional<std::string> read_test_url(const YamlNode& node, Problems& problems) {
  std::optional<std::string> text = read_text(node, "an address", problems);
  if (!text) return std::nullopt;
  const bool is_bare_host = text->find("://") == std::string::npos;
  if (is_bare_host && text->find_first_of("/?#") != std::string::npos) {
    return complain(node, in_quotes(*text) + " is neither a URL nor a bare host; write 'https://" + *text + "'",
                    problems);
  }
  std::string address = is_bare_host ? "https://" + *text + "/" : std::move(*text);
  url::CanonicalUrl canonical;
  if (const auto read = canonical.assign(address); !read) {
    return complain(
        node,
        in_quotes(address) + " cannot be judged: " + read.error().context + "; write a URL that a browser can open",
        problems);
  }
  return address;
}

std::optional<std::string> read_link(const YamlNode& node, std::string_view what, Problems& problems) {
  std::optional<std::string> text = read_text(node, what, problems);
  if (!text) return std::nullopt;
  url::CanonicalUrl canonical;
  const bool is_web = text->starts_with("https://") || text->starts_with("http://");
  if (!is_web || !canonical.assign(*text)) {
    return complain(
        node,
        in_quotes(*text) + " is not a web address; write one that begins with 'https://', or leave it empty (\"\")",
        problems);
  }
  return text;
}

}  // namespace fairlead::rules::catalog
