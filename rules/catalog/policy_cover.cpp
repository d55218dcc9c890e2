#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "rules/base/text.hpp"
#include "rules/catalog/cover_file.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"

namespace fairlead::rules::catalog {
namespace {

/// Wider ones are no organisation's network but a slip of the pen: 10.0.0.0/8 and 2603::/16 are the widest.
constexpr int kLeastBits4 = 8, kLeastBits6 = 16;

std::optional<url::AddressRange> read_range(const YamlNode& node, Problems& problems) {
  const auto text = read_text(node, "to", problems);
  if (!text) return std::nullopt;
  const auto range = url::parse_address_range(*text);
  if (!range) {
    problems.error(node.at,
                   in_quotes(*text) + " is no IP address; write one such as '203.0.113.7' or '203.0.113.0/24'");
    return std::nullopt;
  }
  const int least = range->is_ipv4() ? kLeastBits4 : kLeastBits6;
  if (range->own_bits() < least) {
    problems.error(node.at, in_quotes(*text) + " is too wide for an opening; write the ranges that are meant, /" +
                                std::to_string(least) + " or narrower");
    return std::nullopt;
  }
  return range;
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

/// "3478" or "3478-3481"
std::optional<PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_port(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_port(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

std::vector<PortRange> read_ports(const Fields& fields, std::string_view key, Problems& problems) {
  std::vector<PortRange> ports;
  for (const YamlNode& item : fields.list(key)) {
    const auto text = read_text(item, key, problems);
    if (!text) continue;
    if (const auto range = parse_ports(*text)) {
      ports.push_back(*range);
    } else {
      problems.error(item.at,
                     in_quotes(*text) + " is no port; write one such as '3478', or a range such as '3478-3481'");
    }
  }
  return ports;
}

Opening read_opening(const YamlNode& node, const Fields& fields, Problems& problems) {
  Opening opening;
  opening.at = node.at;
  const YamlNode* to = fields.require("to");
  for (const YamlNode& item : fields.list("to")) {
    if (const auto range = read_range(item, problems)) opening.to.push_back(*range);
  }
  if (to != nullptr && to->kind == YamlNode::Kind::list && to->children.empty())
    problems.error(to->at, "an opening to nowhere opens nothing; name an address under 'to', or delete the opening");
  opening.tcp = read_ports(fields, "tcp", problems);
  opening.udp = read_ports(fields, "udp", problems);
  const auto names_ports = [&](std::string_view key) {
    const YamlNode* ports = fields.find(key);
    return ports != nullptr && (ports->kind != YamlNode::Kind::list || !ports->children.empty());
  };
  if (!names_ports("tcp") && !names_ports("udp"))
    problems.error(node.at, "an opening needs ports under 'tcp' or 'udp'; add those that are meant");
  opening.because = fields.text("because");
  return opening;
}

/// Names of accounts as the operating system writes them; what none can hold is a slip.
std::vector<std::string> read_accounts(const Fields& cover, Problems& problems) {
  std::vector<std::string> accounts;
  for (const YamlNode& item : cover.list("exempt")) {
    const auto name = read_text(item, "exempt", problems);
    if (!name) continue;
    if (name->find_first_of(" \t:/,") != std::string::npos) {
      problems.error(item.at, in_quotes(*name) + " is no account name; write one alone, as the laptop knows it");
    } else {
      accounts.push_back(*name);
    }
  }
  return accounts;
}

/// Chromium: the first 128 bits of a digest, each four of them as a letter from a to p.
bool is_chromium_id(std::string_view id) {
  constexpr std::size_t kLetters = 32;
  return id.size() == kLetters && std::all_of(id.begin(), id.end(), [](char c) { return c >= 'a' && c <= 'p'; });
}

/// Firefox: "{8-4-4-4-12 hex digits}", or a name with an '@', of these letters (MDN, browser_specific_settings).
bool is_firefox_id(std::string_view id) {
  constexpr std::string_view kForm = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
  constexpr std::size_t kLongest = 80;
  const auto fits_form = [](char c, char form) { return form == 'x' ? text::hex_value(c) >= 0 : c == form; };
  if (id.size() == kForm.size() && std::equal(id.begin(), id.end(), kForm.begin(), fits_form)) return true;
  const std::size_t at = id.find('@');
  const auto fits_name = [](char c) { return text::is_alnum(c) || c == '.' || c == '_' || c == '-'; };
  return id.size() <= kLongest && at != std::string_view::npos && at + 1 < id.size() &&
         std::all_of(id.begin(), id.begin() + static_cast<std::ptrdiff_t>(at), fits_name) &&
         std::all_of(id.begin() + static_cast<std::ptrdiff_t>(at) + 1, id.end(), fits_name);
}

std::vector<std::string> read_extensions(const Fields& cover, Problems& problems) {
  std::vector<std::string> ids;
  for (const YamlNode& item : cover.list("extensions")) {
    const auto id = read_text(item, "extensions", problems);
    if (!id) continue;
    if (is_chromium_id(*id) || is_firefox_id(*id)) {
      ids.push_back(*id);
    } else {
      problems.error(item.at, in_quotes(*id) +
                                  " is no id of an extension; write Chromium's, 32 letters from a to p, or Firefox's, "
                                  "such as 'name@example.org' or '{...}'");
    }
  }
  return ids;
}

}  // namespace

std::string_view to_string(CoverProfile profile) { return kCoverProfiles.at(static_cast<std::size_t>(profile)); }

void read_cover(const Fields& root, Problems& problems, Cover& cover) {
  const YamlNode* node = root.find("cover");
  if (node == nullptr) return;
  const Fields fields(*node, kCoverKeys, "'cover'", problems);
  cover.profile = fields.required_choice("profile", kCoverProfiles, CoverProfile::off);
  cover.exempt = read_accounts(fields, problems);
  for (const YamlNode& item : fields.list("open")) {
    const Fields opening(item, kOpeningKeys, "an opening", problems);
    if (opening.is_map()) cover.open.push_back(read_opening(item, opening, problems));
  }
  cover.extensions = read_extensions(fields, problems);
}

LoadedCover load_cover(std::string_view text) {
  Problems problems;
  LoadedCover loaded;
  const std::uint32_t file = problems.add_file("policy.yaml");
  if (const auto root = read_yaml(text, file, problems)) {
    // The names of the sections are checked, so that a misspelt "cover" is no laptop without a net.
    read_cover(Fields(*root, kPolicyKeys, "policy.yaml", problems), problems, loaded.cover);
  }
  loaded.problems = problems.take();
  return loaded;
}

}  // namespace fairlead::rules::catalog
