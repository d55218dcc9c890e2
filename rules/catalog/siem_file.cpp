#include "rules/catalog/siem_file.hpp"

#include <algorithm>
#include <set>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kLongestName = 32;  // RFC 5424, 6.3.3
constexpr std::string_view kStableId = "id";

/// This machine itself, where nobody else can listen in.
bool is_here(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          std::all_of(host.begin(), host.end(), [](char c) { return text::is_digit(c) || c == '.'; }));
}

/// SD-NAME of RFC 5424, 6: printable ASCII but for what ends it.
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '=' && c != ']' && c != '"';
  });
}

std::string too_open(std::string_view name) {
  return in_quotes(name) +
         " tells of people or laptops, and what goes there can be read on its way; write 'tls://' or 'https://'";
}

/// "tls://host:port", "tcp://host:port"
std::optional<SiemSyslog> parse_server(std::string_view written) {
  SiemSyslog out;
  out.tls = written.starts_with("tls://");
  if (!out.tls && !written.starts_with("tcp://")) return std::nullopt;
  std::string_view rest = written.substr(written.find("//") + 2);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("@/?#%") != std::string_view::npos) return std::nullopt;
  url::CanonicalUrl address;
  if (!address.assign_authority(url::Scheme::https, rest)) return std::nullopt;
  out.host = address.host();
  out.port = address.port();
  return out;
}

std::optional<SiemSyslog> read_syslog(const YamlNode& node, Problems& problems) {
  const Fields fields(node, kSiemSyslogKeys, "'syslog'", problems);
  if (!fields.is_map()) return std::nullopt;
  const YamlNode* written = fields.require("server");
  const auto text = written == nullptr ? std::nullopt : read_text(*written, "server", problems);
  if (!text) return std::nullopt;
  auto out = parse_server(*text);
  if (!out) {
    problems.error(written->at, in_quotes(*text) +
                                    " is no server with its port; write 'tls://siem.example.org:6514', or "
                                    "'tcp://127.0.0.1:601' without TLS");
    return std::nullopt;
  }
  out->ca_file = fields.optional_text("ca_file");
  if (!out->tls && !out->ca_file.empty())
    problems.error(fields.find("ca_file")->at,
                   "there is no authority without TLS; delete 'ca_file', or write 'tls://'");
  if (const YamlNode* id = fields.find("id")) {
    const auto name = read_text(*id, "id", problems);
    const std::size_t at = name ? name->find('@') : std::string::npos;
    const bool good = at != std::string::npos && is_name(*name) && at > 0 && at + 1 < name->size() &&
                      std::all_of(name->begin() + static_cast<std::ptrdiff_t>(at) + 1, name->end(), text::is_digit);
    if (name && !good)
      problems.error(id->at, in_quotes(*name) +
                                 " cannot name structured data; write a name and the organisation's enterprise number, "
                                 "such as 'fairlead@32473'");
    if (good) out->id = *name;
  }
  return out;
}

std::optional<SiemOtlp> read_otlp(const YamlNode& node, Problems& problems) {
  const Fields fields(node, kSiemOtlpKeys, "'otlp'", problems);
  if (!fields.is_map()) return std::nullopt;
  const YamlNode* written = fields.require("url");
  const auto text = written == nullptr ? std::nullopt : read_text(*written, "url", problems);
  if (!text) return std::nullopt;
  url::CanonicalUrl address;
  const bool is_web = text->starts_with("https://") || text->starts_with("http://");
  if (!is_web || text->find_first_of("#@") != std::string::npos || !address.assign(*text)) {
    problems.error(
        written->at,
        in_quotes(*text) + " is no address to send to; write one such as 'https://siem.example.org:4318/v1/logs'");
    return std::nullopt;
  }
  SiemOtlp out{std::string(address.href()), fields.optional_text("ca_file"), fields.optional_text("token_file")};
  if (address.scheme() == url::Scheme::http && !out.token_file.empty() && !is_here(address.host()))
    problems.error(written->at, "the token can be read on its way; write 'https://'");
  return out;
}

bool is_open_to_all(const SiemMapping& mapping) {
  if (mapping.syslog) return !mapping.syslog->tls && !is_here(mapping.syslog->host);
  url::CanonicalUrl address;
  return mapping.otlp && address.assign(mapping.otlp->url) && address.scheme() == url::Scheme::http &&
         !is_here(address.host());
}

void read_fields(const YamlNode& node, Problems& problems, SiemMapping& mapping) {
  const Fields fields(node, kSiemFields, "'fields'", problems);
  std::set<std::string> names;
  for (std::size_t i = 0; i < kSiemFields.size(); ++i) {
    const YamlNode* written = fields.find(kSiemFields[i]);
    const auto name = written == nullptr ? std::nullopt : read_text(*written, kSiemFields[i], problems);
    if (!name) continue;
    if (!is_name(*name)) {
      problems.error(written->at,
                     in_quotes(*name) +
                         " cannot be a name; write up to 32 printable ASCII characters without space, '=', ']' "
                         "and '\"'");
    } else if (*name == kStableId || !names.insert(*name).second) {
      problems.error(written->at, in_quotes(*name) +
                                      (*name == kStableId ? " is the name of what makes an event one of its kind"
                                                          : " stands twice in 'fields'") +
                                      "; write another");
    } else if (is_personal(static_cast<SiemField>(i)) && is_open_to_all(mapping)) {
      problems.error(written->at, too_open(kSiemFields[i]));
    }
    mapping.fields.emplace_back(static_cast<SiemField>(i), *name);
  }
  if (fields.is_map() && node.children.empty())
    problems.error(node.at, "nothing would be told; name a field, or delete 'fields' for those that tell of nobody");
}

}  // namespace

LoadedSiem load_siem(std::string_view text, const std::string& file) {
  Problems problems;
  LoadedSiem out;
  const auto root = read_yaml(text, problems.add_file(file), problems);
  if (root) {
    const Fields fields(*root, kSiemKeys, file, problems);
    const YamlNode* syslog = fields.find("syslog");
    const YamlNode* otlp = fields.find("otlp");
    if ((syslog == nullptr) == (otlp == nullptr))
      problems.error(root->at, "events go to one receiver; write either 'syslog' or 'otlp'");
    if (syslog != nullptr) out.mapping.syslog = read_syslog(*syslog, problems);
    if (otlp != nullptr) out.mapping.otlp = read_otlp(*otlp, problems);
    if (const YamlNode* wanted = fields.find("fields")) {
      read_fields(*wanted, problems, out.mapping);
    } else {
      for (std::size_t i = 0; i < kSiemFields.size(); ++i) {
        if (!is_personal(static_cast<SiemField>(i)))
          out.mapping.fields.emplace_back(static_cast<SiemField>(i), std::string(kSiemFields[i]));
      }
    }
  }
  out.problems = problems.take();
  return out;
}

}  // namespace fairlead::rules::catalog
